//! `set_variety`: many texts made from few.

use super::sample::{Drawn, Sample};
use super::{Check, Conclusion, Context, Finding, Judge, Reason, Session, SetFinding, Subject};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::data::TrainView;
use crate::text::{Grams, comparison_key};
use rayon::prelude::*;
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "set_variety",
    what: "Names labels whose texts are far more alike than its real rows are: variations of few texts.",
    why: "Twenty variations of one row are one row with a weight; what looks like three hundred texts is fifteen.",
    source: "The mean similarity of a text to the nearest other one, by words, against the same among as many real rows: .50 to .53 where 15 texts were varied 20 times, .12 to .28 among real rows.",
    settings: &[Setting {
        name: "more",
        default: "0.15",
        why: "By how much that mean (0..1) must exceed that of the real rows, and be half as much again.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SetVariety {
    more: f64,
}

impl Default for SetVariety {
    fn default() -> Self {
        SetVariety { more: 0.15 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: SetVariety = read(ENTRY.name, settings)?;
    super::patterns::share(ENTRY.name, "more", check.more)?;
    Ok(Box::new(check))
}

const FEW_SOURCES: Reason = Reason::new("few_sources", "is one of many variations of few texts");

impl Check for SetVariety {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[FEW_SOURCES]
    }

    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        Box::new(Learnt { more: self.more, train: context.train })
    }
}

struct Learnt<'a> {
    more: f64,
    train: TrainView<'a>,
}

impl Judge for Learnt<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        Box::new(Reading { learnt: self, sample: Sample::new(self.train.labels().len()) })
    }
}

struct Reading<'a> {
    learnt: &'a Learnt<'a>,
    sample: Sample,
}

impl Session for Reading<'_> {
    /// Finds nothing on a text by itself.
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        self.sample.add(texts, self.learnt.train.labels());
        vec![None; texts.len()]
    }

    fn conclude(&self) -> Conclusion {
        let labels = self.learnt.train.labels().names();
        let sets = labels
            .iter()
            .zip(self.sample.labels())
            .filter_map(|(label, drawn)| self.learnt.of_label(label, &drawn))
            .collect();
        Conclusion { sets, ..Conclusion::default() }
    }
}

/// Texts of either kind without which nothing is said.
const FEWEST: usize = 20;
/// Texts that are compared with each other.
const MOST: usize = 400;
/// The mean must be so many times that of the real rows.
const TIMES: f64 = 1.5;
/// Texts that are shown.
const EXAMPLES: usize = 4;

impl Learnt<'_> {
    fn of_label(&self, label: &str, drawn: &[Drawn]) -> Option<SetFinding> {
        let id = self.train.labels().id(label)?;
        let real: Vec<&str> = self.train.rows().filter(|row| row.label == id).map(|row| row.text).collect();
        // Of more texts each has a nearer one, so that as many are compared on both sides.
        let n = drawn.len().min(real.len()).min(MOST);
        if n < FEWEST {
            return None;
        }
        let every = |len: usize, at: usize| at * len / n;
        let real: Vec<&str> = (0..n).map(|at| real[every(real.len(), at)]).collect();
        let made: Vec<&str> = drawn[..n].iter().map(|d| d.text.as_str()).collect();
        let (of_made, of_real) = (nearest(&made), nearest(&real));
        let mean = |nearest: &[(usize, f64)]| nearest.iter().map(|(_, s)| s).sum::<f64>() / n as f64;
        let (made, real) = (mean(&of_made), mean(&of_real));
        (made >= real + self.more && made >= TIMES * real).then(|| {
            let closest = (0..n).max_by(|a, b| of_made[*a].1.total_cmp(&of_made[*b].1).then(b.cmp(a))).unwrap_or(0);
            let shown = [closest, of_made[closest].0].into_iter().chain(0..n).take(EXAMPLES);
            SetFinding {
                check: ENTRY.name.to_owned(),
                label: label.to_owned(),
                reason: FEW_SOURCES.name.to_owned(),
                synthetic: made,
                real,
                sentence: format!(
                    "the synthetic texts of `{label}` are variations of few: the nearest other text shares {:.0} % of the words, among as many real rows {:.0} %",
                    100.0 * made,
                    100.0 * real
                ),
                examples: shown.map(|at| (drawn[at].id.clone(), drawn[at].text.clone())).collect(),
            }
        })
    }
}

/// For each text the place of the nearest other one, and how much of their words they share. Equal texts count as one: `copy` tells them.
fn nearest(texts: &[&str]) -> Vec<(usize, f64)> {
    let words: Vec<Grams> = texts.par_iter().map(|t| Grams::of_words(&comparison_key(t), 1)).collect();
    let of_one = |at: usize| {
        let others = words.iter().enumerate().filter(|(other, _)| *other != at);
        let similar = others.map(|(other, grams)| (other, words[at].similarity(grams))).filter(|(_, s)| *s < 1.0);
        similar.fold((at, 0.0), |best, other| if other.1 > best.1 { other } else { best })
    };
    (0..texts.len()).into_par_iter().map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidates;
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;
    use rand::RngExt;

    fn text(i: usize) -> Vec<String> {
        let mut rng = Seed::new(3).child(&i.to_string()).rng();
        (0..12).map(|_| format!("word{}", rng.random_range(0..400))).collect()
    }

    #[test]
    fn names_a_set_of_variations_and_not_one_of_as_many_texts() {
        let mut rows = Rows::default();
        for i in 0..200 {
            rows.push(&text(i).join(" "), "rare").expect("few labels");
            rows.push(&format!("another thing {i}"), "common").expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let found = |texts: Vec<String>| {
            let all = candidates(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            let subjects: Vec<Subject<'_>> = all.iter().map(Subject::new).collect();
            let check = SetVariety::default();
            let judge = check.learn(&context);
            let mut session = judge.begin();
            session.judge(&subjects);
            session.conclude().sets
        };
        let varied = |i: usize| {
            let mut words = text(1_000 + i % 10);
            (0..4).for_each(|k| words[(i / 10 + 3 * k) % 12] = format!("other{}", i * 5 + k));
            words.join(" ")
        };
        let sets = found((0..200).map(varied).collect());
        assert_eq!((sets.len(), sets[0].label.as_str(), sets[0].reason.as_str()), (1, "rare", "few_sources"));
        assert_eq!(sets[0].examples.len(), EXAMPLES);
        assert_eq!(found((500..700).map(|i| text(i).join(" ")).collect()), []);
    }
}
