//! `set_habits`: a habit that far too many texts of a label share.

use super::sample::{Drawn, Sample};
use super::{Check, Conclusion, Context, Finding, Judge, Reason, Session, SetFinding, Subject};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::pattern::{Families, Frequent, GiveAway, Kind, RowScore, Traced, features, give_aways, lengths};
use crate::rng::Seed;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "set_habits",
    what: "Names what far too many texts of a label share and its real rows do not: an opening, a phrase, a build, marks, case, length; warns of single texts that hold more of the label's give-aways than 99 % of its real rows. Names as well what real rows have and far too few texts do.",
    why: "Each text may be sound by itself; a classifier still learns the opening that four in ten of them have, and not the label.",
    source: "The give-away statistics of the pattern report: a cluster-robust G-test, Benjamini and Hochberg at 1 %, which named nothing in 60 halves of human rows. Lengths by the chance that a text is longer than a real one: .79 to .99 for doubled texts, .48 to .54 between human halves.",
    settings: &[
        Setting {
            name: "more",
            default: "0.15",
            why: "By how much a phrase's share (0..1) of the texts must exceed its share of the real rows. Any model has habits of a few per cent: those stand in the pattern report.",
        },
        Setting {
            name: "more_marks",
            default: "0.3",
            why: "The same for marks, case and quotation marks, which every writer has in some share.",
        },
        Setting {
            name: "row_score",
            default: "3",
            why: "A text is warned of from this score on, where 99 % of the real rows score less: the sum of log10(times as often as in real rows) over those of the label's ten surest give-aways that it holds, a phrase and its words once. An emoji that no real row has weighs about 2, a comma in 60 against 20 % a half. Counted alike, three ordinary words made 11 of 19 warnings that were read wrong ones.",
        },
        Setting {
            name: "longer",
            default: "0.7",
            why: "Chance (0.5..1) that a text is longer, or shorter, than a real one from which lengths are named, by the lower end of its interval.",
        },
    ],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SetHabits {
    more: f64,
    more_marks: f64,
    row_score: f64,
    longer: f64,
}

impl Default for SetHabits {
    fn default() -> Self {
        SetHabits { more: 0.15, more_marks: 0.3, row_score: 3.0, longer: 0.7 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: SetHabits = read(ENTRY.name, settings)?;
    super::patterns::share(ENTRY.name, "more", check.more)?;
    super::patterns::share(ENTRY.name, "more_marks", check.more_marks)?;
    super::patterns::share(ENTRY.name, "longer", check.longer)?;
    if !(0.0..=30.0).contains(&check.row_score) {
        return Err(SettingsError::BadValue { item: ENTRY.name, message: "row_score is 0 to 30".to_owned() });
    }
    Ok(Box::new(check))
}

const OPENING: Reason = Reason::new("over_used_opening", "begins as far too many of its label");
const PHRASE: Reason = Reason::new("over_used_phrase", "holds a phrase that far too many of its label hold");
const BUILD: Reason = Reason::new("over_used_build", "is built as far too many of its label");
const MARKS: Reason = Reason::new("over_used_marks", "has marks as far too many of its label");
const CASE: Reason = Reason::new("other_case", "has capitals, or none, as far too many of its label");
const QUOTES: Reason = Reason::new("all_in_quotation_marks", "stands in quotation marks as far too many of its label");
const LENGTH: Reason = Reason::new("other_length", "belongs to a set that is far longer or shorter than the real rows");
const MISSING: Reason =
    Reason::new("under_used", "lacks what the real rows of its label have, as far too many of its texts");
const GIVE_AWAYS: Reason = Reason::new("many_give_aways", "holds more of the generator's habits than real rows do");

impl Check for SetHabits {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[OPENING, PHRASE, BUILD, MARKS, CASE, QUOTES, LENGTH, MISSING, GIVE_AWAYS]
    }

    /// The score of a text is how much the give-aways that it holds weigh; the evidence names them.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let frequent = Frequent::of(context.train.rows().map(|row| row.text));
        Box::new(Learnt { check: self, context, frequent })
    }
}

struct Learnt<'a> {
    check: &'a SetHabits,
    context: &'a Context<'a>,
    frequent: Frequent,
}

impl Judge for Learnt<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        Box::new(Reading { learnt: self, sample: Sample::new(self.context.train.labels().len()) })
    }
}

struct Reading<'a> {
    learnt: &'a Learnt<'a>,
    sample: Sample,
}

impl Session for Reading<'_> {
    /// Finds nothing yet: what gives texts away shows in all of them together.
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        self.sample.add(texts, self.learnt.context.train.labels());
        vec![None; texts.len()]
    }

    fn conclude(&self) -> Conclusion {
        let train = self.learnt.context.train;
        let of_label = |(label, drawn): (&String, Vec<Drawn>)| {
            let id = train.labels().id(label)?;
            let real: Vec<Traced<'_>> =
                train.rows().filter(|row| row.label == id).map(|row| Traced { text: row.text, source: None }).collect();
            (drawn.len() >= FEWEST).then(|| self.learnt.of_label(label, &drawn, &real))
        };
        let mut conclusion = Conclusion::default();
        for (sets, findings) in train.labels().names().iter().zip(self.sample.labels()).filter_map(of_label) {
            conclusion.sets.extend(sets);
            conclusion.findings.extend(findings);
        }
        conclusion
    }
}

/// Texts of a label without which nothing is said of its set.
const FEWEST: usize = 20;
/// A habit is named only where the share is so many times that of the real rows.
const TIMES: f64 = 3.0;
/// Texts that are shown.
const EXAMPLES: usize = 2;

impl Learnt<'_> {
    /// What is said of the label's texts as a set, and of some of them.
    fn of_label(&self, label: &str, drawn: &[Drawn], real: &[Traced<'_>]) -> (Vec<SetFinding>, Vec<(String, Finding)>) {
        let made: Vec<Traced<'_>> = drawn.iter().map(Drawn::traced).collect();
        let (made, real) = (Families::new(&made), Families::new(real));
        let habits = give_aways(&made, &real, &self.frequent).found;
        let mut first: BTreeMap<&'static str, SetFinding> = BTreeMap::new();
        for habit in &habits {
            let Some(reason) = self.reason(habit) else { continue };
            first.entry(reason.name).or_insert_with(|| self.finding(label, reason, habit, drawn));
        }
        let mut found: Vec<SetFinding> = first.into_values().collect();
        found.sort_by(|a, b| (b.synthetic - b.real).total_cmp(&(a.synthetic - a.real)));
        found.extend(self.missing(label, &made, &real, drawn));
        found.extend(self.length(label, &made, &real, drawn));
        let score = RowScore::new(&habits, &made, &real, &self.frequent);
        (found, score.map_or_else(Vec::new, |score| self.given_away(&score, drawn)))
    }

    /// The texts that hold too many give-aways.
    fn given_away(&self, score: &RowScore<'_>, drawn: &[Drawn]) -> Vec<(String, Finding)> {
        let finding = |d: &Drawn| {
            let held = score.held(&d.text);
            let of_text = score.of(&held);
            let evidence = held.iter().map(|(feature, _)| feature.to_string()).collect();
            let finding = Finding { evidence, ..Finding::warn(&GIVE_AWAYS) }.with_score(of_text);
            (of_text >= self.check.row_score && of_text > score.usual()).then(|| (d.id.clone(), finding))
        };
        drawn.iter().filter_map(finding).collect()
    }

    /// The reason under which a habit is named, if it is common enough.
    fn reason(&self, habit: &GiveAway) -> Option<&'static Reason> {
        let (reason, more) = match habit.feature.kind {
            Kind::Opening => (&OPENING, self.check.more),
            Kind::Word | Kind::Pair => (&PHRASE, self.check.more),
            Kind::Skeleton => (&BUILD, self.check.more),
            Kind::Mark | Kind::End => (&MARKS, self.check.more_marks),
            Kind::Case => (&CASE, self.check.more_marks),
            Kind::Quotes => (&QUOTES, self.check.more_marks),
        };
        let (made, real) = (habit.synthetic.value, habit.real.value);
        let is_mark = matches!(habit.feature.kind, Kind::Mark | Kind::End | Kind::Case | Kind::Quotes);
        (made >= real + more && (is_mark || made >= TIMES * real)).then_some(reason)
    }

    fn finding(&self, label: &str, reason: &Reason, habit: &GiveAway, drawn: &[Drawn]) -> SetFinding {
        let has = |d: &&Drawn| features(&d.text, &self.frequent).contains(&habit.feature);
        let (made, real) = (habit.synthetic.value, habit.real.value);
        SetFinding {
            check: ENTRY.name.to_owned(),
            label: label.to_owned(),
            reason: reason.name.to_owned(),
            synthetic: made,
            real,
            sentence: format!(
                "{:.0} % of the synthetic texts of `{label}` and {:.0} % of its real ones: {}",
                100.0 * made,
                100.0 * real,
                habit.feature
            ),
            examples: drawn.iter().filter(has).take(EXAMPLES).map(|d| (d.id.clone(), d.text.clone())).collect(),
        }
    }

    /// What real rows have far more often than the texts: a give-away of the real rows. Words and openings alone: marks that are missing show in those
    /// that stand in their place.
    fn missing(&self, label: &str, made: &Families<'_>, real: &Families<'_>, drawn: &[Drawn]) -> Option<SetFinding> {
        let habits = give_aways(real, made, &self.frequent).found;
        let is_phrase = |g: &&GiveAway| matches!(g.feature.kind, Kind::Word | Kind::Pair | Kind::Opening);
        // Read from the other side, the real rows stand where the synthetic ones do.
        let lead = |g: &GiveAway| g.synthetic.value - g.real.value;
        let most = habits.iter().filter(is_phrase).max_by(|a, b| lead(a).total_cmp(&lead(b)))?;
        let lacks = |d: &&Drawn| !features(&d.text, &self.frequent).contains(&most.feature);
        let (of_real, of_made) = (most.synthetic.value, most.real.value);
        (lead(most) >= self.check.more).then(|| SetFinding {
            check: ENTRY.name.to_owned(),
            label: label.to_owned(),
            reason: MISSING.name.to_owned(),
            synthetic: of_made,
            real: of_real,
            sentence: format!(
                "only {:.0} % of the synthetic texts of `{label}`, but {:.0} % of its real ones: {}",
                100.0 * of_made,
                100.0 * of_real,
                most.feature
            ),
            examples: drawn.iter().filter(lacks).take(EXAMPLES).map(|d| (d.id.clone(), d.text.clone())).collect(),
        })
    }

    fn length(&self, label: &str, made: &Families<'_>, real: &Families<'_>, drawn: &[Drawn]) -> Option<SetFinding> {
        let found = lengths(made, real, Seed::new(0).child(label))?;
        let is_longer = found.longer.low >= self.check.longer;
        let is_shorter = found.longer.high <= 1.0 - self.check.longer;
        let word = if is_longer { "longer" } else { "shorter" };
        (is_longer || is_shorter).then(|| SetFinding {
            check: ENTRY.name.to_owned(),
            label: label.to_owned(),
            reason: LENGTH.name.to_owned(),
            synthetic: found.longer.value,
            real: 0.5,
            sentence: format!(
                "the synthetic texts of `{label}` are {word} than its real ones: {} characters in the middle, and {}",
                found.synthetic, found.real
            ),
            examples: drawn.iter().take(EXAMPLES).map(|d| (d.id.clone(), d.text.clone())).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidates;
    use super::*;
    use crate::check::CheckOutcome;
    use crate::data::{Dataset, Rows};

    const WORDS: [&str; 24] = [
        "river", "window", "monday", "uncle", "coffee", "ticket", "garden", "winter", "paper", "kitchen", "doctor",
        "bridge", "letter", "market", "summer", "engine", "teacher", "pocket", "dinner", "harbour", "button", "shadow",
        "village", "thunder",
    ];

    fn text(i: usize) -> String {
        let word = |k: usize| WORDS[(i * (7 + 4 * k) + k * k) % WORDS.len()];
        let end = ["", ".", "!", ""][i % 4];
        format!(
            "{} and the {} near {} {} {}{end}",
            word(0),
            word(1),
            word(2),
            word(3),
            if i.is_multiple_of(3) { word(5) } else { "too" }
        )
    }

    /// The reasons of what is named of the set, and how many texts are warned of.
    fn judged(change: impl Fn(usize, String) -> String) -> (Vec<String>, usize) {
        let mut rows = Rows::default();
        for i in 0..300 {
            rows.push(&text(i), "rare").expect("few labels");
            rows.push(&format!("another thing {i}"), "common").expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let texts: Vec<String> = (300..600).map(|i| change(i, text(i))).collect();
        let all = candidates(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let subjects: Vec<Subject<'_>> = all.iter().map(Subject::new).collect();
        let check = SetHabits::default();
        let judge = check.learn(&context);
        let mut session = judge.begin();
        assert!(session.judge(&subjects).iter().all(Option::is_none));
        let Conclusion { sets, findings, .. } = session.conclude();
        assert!(findings.iter().all(|(_, f)| f.outcome == CheckOutcome::Warn && f.score >= Some(3.0)));
        assert!(findings.is_empty() || !sets.is_empty());
        assert!(sets.iter().all(|s| s.label == "rare" && !s.examples.is_empty()), "{sets:?}");
        (sets.into_iter().map(|s| s.reason).collect(), findings.len())
    }

    fn found(change: impl Fn(usize, String) -> String) -> Vec<String> {
        judged(change).0
    }

    #[test]
    fn warns_of_texts_that_hold_many_give_aways() {
        assert_eq!(judged(|_, t| t).1, 0);
        // Three of five words in each, since habits that always stand together count once.
        let word = |k: usize| ["honestly", "truly", "stunning", "absolutely", "literally"][k % 5];
        let styled = |i: usize, t: String| match i % 3 {
            0 => format!("{t} {} {} {}", word(i), word(i + 1), word(i + 2 + i / 15 % 2)),
            _ => t,
        };
        assert_eq!(judged(styled).1, 100);
    }

    #[test]
    fn names_what_too_many_texts_share_and_nothing_in_texts_like_the_real_ones() {
        assert_eq!(found(|_, t| t), Vec::<String>::new());
        let often = |i: usize, n: usize| i % 10 < n;
        assert!(
            found(|i, t| if often(i, 4) { format!("honestly i must {t}") } else { t })
                .contains(&"over_used_opening".to_owned())
        );
        assert!(
            found(|i, t| if often(i, 3) { t.replace(" near ", " beyond all doubt near ") } else { t })
                .contains(&"over_used_phrase".to_owned())
        );
        assert!(
            found(|_, t| format!("{} 🙂!", t.trim_end_matches(['.', '!']))).contains(&"over_used_marks".to_owned())
        );
        assert!(found(|_, t| t.to_uppercase()).contains(&"other_case".to_owned()));
        assert!(found(|i, t| format!("{t} {}", text(i + 900))).contains(&"other_length".to_owned()));
        // Half of the real texts say so, and hardly one of these.
        assert!(found(|_, t| t.replace(" too", " then")).contains(&"under_used".to_owned()));
    }
}
