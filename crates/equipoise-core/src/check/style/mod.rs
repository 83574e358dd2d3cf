//! `style`: habits of writing that the label's real rows do not have.

mod habits;

use super::judge::Judge;
use super::patterns::share;
use super::{Check, Context, Finding, Reason, Session};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::generator::Candidate;
use habits::{Group, Habits, Unusual};
use serde::Deserialize;
use std::sync::Arc;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "style",
    what: "Warns of texts whose case, marks, emoji, tags or length hardly any real row of the label has; on request it writes them as the rows are written.",
    why: "Emoji in every generated text and in no real one are the easiest thing that a classifier can learn, and the most worthless.",
    source: "Shares of the label's real rows, and of all rows where the label has fewer than 50; entities and escapes are read as the marks that they stand for. What the text's own row has is not unusual, nor what any row of the label has, unless there are rows enough to say that fewer than the share do: of 200 rows one in a hundred cannot be known. One text is never rejected for its style: a habit harms as the habit of a whole set, of which the set checks speak.",
    settings: &[
        Setting {
            name: "usual_share",
            default: "0.01",
            why: "Share (0..1) of the label's real rows: what fewer have, or all but fewer, is told. Recorded answers have emoji in 51 to 97 % of texts where the real rows have none.",
        },
        Setting {
            name: "normalise",
            default: "false",
            why: "Whether texts are rewritten before they are judged: to lower case, without emoji, final marks or curly quotation marks, each where hardly any real row of the label has it. Off, since it changes what a model wrote.",
        },
    ],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Style {
    usual_share: f64,
    normalise: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { usual_share: 0.01, normalise: false }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Style = read(ENTRY.name, settings)?;
    share(ENTRY.name, "usual_share", check.usual_share)?;
    Ok(Box::new(check))
}

const CASE: Reason = Reason::new("unusual_case", "has capitals, or none, as hardly any real row of the label")
    .with_advice(
        "Some texts had capitals where the real texts have none, or none where they have some: write as they do.",
    );
const MARKS: Reason = Reason::new("unusual_marks", "has marks, or lacks them, as hardly any real row of the label")
    .with_advice("Some texts had marks that the real texts do not use: write as they do.");
const SIGNS: Reason =
    Reason::new("unusual_signs", "has emoji, tags, names or links as hardly any real row of the label")
        .with_advice("Some texts had emoji or tags that the real texts do not use: leave them out.");
const LENGTH: Reason = Reason::new("unusual_length", "is as long or short as hardly any real row of the label")
    .with_advice("Some texts were longer or shorter than the real texts: keep to their length.");

impl Check for Style {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[CASE, MARKS, SIGNS, LENGTH]
    }

    fn only_warns(&self) -> bool {
        true
    }

    /// The evidence is what is unusual, each with its share of the label's real rows; the score is the smallest share.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        Box::new(Learnt { check: self, context, habits: Habits::of_labels(context.train) })
    }
}

struct Learnt<'a> {
    check: &'a Style,
    context: &'a Context<'a>,
    habits: Vec<Option<Arc<Habits>>>,
}

impl Learnt<'_> {
    fn habits(&self, candidate: &Candidate) -> Option<&Habits> {
        self.habits[self.context.train.labels().id(&candidate.label)?.index()].as_deref()
    }

    fn find(&self, candidate: &Candidate) -> Option<Finding> {
        let sources = self.context.sources(candidate);
        let unusual = self.habits(candidate)?.unusual(&candidate.text, &sources, self.check.usual_share);
        let first = unusual.first()?;
        let reason = match first.group {
            Group::Case => &CASE,
            Group::Marks => &MARKS,
            Group::Signs => &SIGNS,
            Group::Length => &LENGTH,
        };
        let score = unusual.iter().map(|u| u.share).fold(1.0, f64::min);
        let said = |u: &Unusual| {
            let (share, at_most) = (100.0 * u.share, 100.0 * u.at_most);
            format!("{}: {share:.1} % of the real rows (at most {at_most:.1} %)", u.name)
        };
        let evidence = unusual.iter().map(said).collect();
        Some(Finding { evidence, ..Finding::warn(reason) }.with_score(score))
    }
}

impl Judge for Learnt<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        super::judge::session(|s| self.find(s.candidate))
    }

    fn mend(&self, candidate: &Candidate) -> Option<String> {
        let habits = self.habits(candidate).filter(|_| self.check.normalise)?;
        habits.normalised(&candidate.text, self.check.usual_share)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::generator::Sources;
    use crate::rng::Seed;

    #[test]
    fn tells_what_hardly_any_row_of_the_label_has_and_writes_as_they_do_on_request() {
        let mut rows = Rows::default();
        for i in 0..200 {
            rows.push(&format!("i was there and it was fine {}", "x".repeat(i % 20)), "rare").expect("few labels");
            rows.push(&format!("Look at that 🙂 #wow {i}!"), "common").expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&[
            "i was there and it was good xx",
            "What a very long day it was 🙂!",
            "i was here, “there” and away",
            "Look at what 🙂 #so 12!",
        ]);
        all[3].label = "common".to_owned();
        let check = Style { normalise: true, ..Style::default() };
        let found = judge(&check, &context, &all);
        assert_eq!(reasons(&found), ["ok", "unusual_case", "unusual_marks", "ok"]);
        assert!(
            found[1].as_ref().unwrap().evidence.iter().any(|e| e == "emoji: 0.0 % of the real rows (at most 1.9 %)"),
            "{:?}",
            found[1]
        );
        let learnt = check.learn(&context);
        assert_eq!(learnt.mend(&all[1]).as_deref(), Some("what a very long day it was"));
        assert_eq!(learnt.mend(&all[0]), None);
    }

    /// The reasons on texts of the label `rare`, of which there are 200 rows as `row` writes them, and each text's own row by its place.
    fn told(row: fn(usize) -> String, n_rows: usize, texts: &[(&str, Option<usize>)]) -> Vec<&'static str> {
        let mut rows = Rows::default();
        for i in 0..n_rows {
            rows.push(&row(i), "rare").expect("few labels");
        }
        (0..200).for_each(|i| rows.push(&format!("so it was on day {i}"), "common").expect("few labels"));
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&texts.iter().map(|(text, _)| *text).collect::<Vec<_>>());
        for (candidate, (_, source)) in all.iter_mut().zip(texts) {
            candidate.sources = source.map_or(Sources::Unknown, |at| Sources::One(dataset.train().get(at).id));
        }
        reasons(&judge(&Style::default(), &context, &all))
    }

    #[test]
    fn a_label_of_few_rows_is_measured_by_all_rows() {
        let row = |i| format!("we came by on day {i}");
        assert_eq!(
            told(row, 9, &[("we went by on day 7 🙂", None), ("we went by on day 7", None)]),
            ["unusual_signs", "ok"]
        );
    }

    #[test]
    fn one_row_that_has_it_among_few_is_enough() {
        let row = |i| if i == 3 { "it rained on day 3 🙂".to_owned() } else { format!("it rained on day {i}") };
        assert_eq!(told(row, 200, &[("it snowed on day 5 🙂", None)]), ["ok"]);
        assert_eq!(told(row, 900, &[("it snowed on day 5 🙂", None)]), ["unusual_signs"]);
    }

    #[test]
    fn rows_are_read_as_people_wrote_them_and_a_face_is_no_link() {
        let row = |i| format!("so it\\u2019s a &quot;day&quot; {i}");
        assert_eq!(told(row, 200, &[("so it’s a \"night\" 7", None)]), ["ok"]);
        let plain = |i| format!("off again on day: {i}");
        assert_eq!(
            told(plain, 200, &[("off again today ://", None), ("off again: see a.example://b", None)]),
            ["ok", "unusual_signs"]
        );
    }

    #[test]
    fn what_the_own_row_has_is_usual_and_so_is_its_length() {
        let row = |i: usize| match i {
            0 => "gone".to_owned(),
            1 => format!("and so on {}", "x".repeat(200)),
            2 => "on the road again 🙂".to_owned(),
            i => format!("and so on {}", "x".repeat(20 + i % 50)),
        };
        let long = format!("and so on {}", "y".repeat(204));
        let texts = [
            ("lost", Some(0)),
            ("off", Some(5)),
            (long.as_str(), Some(1)),
            (long.as_str(), Some(5)),
            ("on the road now 🙂", Some(2)),
        ];
        assert_eq!(told(row, 900, &texts), ["ok", "unusual_length", "ok", "unusual_length", "ok"]);
    }
}
