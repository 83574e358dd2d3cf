//! Some texts of each label, for checks that look at a set as a whole.

use super::Subject;
use crate::data::Labels;
use crate::pattern::Traced;
use crate::text::hash64;

/// Texts that stand for the set of a label: a habit of a tenth of them is seen for certain.
const MOST: usize = 2_000;

/// At most 2,000 texts a label, drawn by the hashes of the texts: the same ones whatever their order.
pub(super) struct Sample {
    labels: Vec<Vec<Drawn>>,
}

/// A text of a sample.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Drawn {
    hash: u64,
    pub(super) id: String,
    pub(super) text: String,
    /// The first row that it was made from, as a number of its own.
    pub(super) source: Option<u64>,
}

impl Sample {
    /// None yet, of so many labels.
    pub(super) fn new(n_labels: usize) -> Self {
        Sample { labels: vec![Vec::new(); n_labels] }
    }

    /// Offers texts; broken ones and those of unknown labels are not taken.
    pub(super) fn add(&mut self, texts: &[Subject<'_>], labels: &Labels) {
        for subject in texts.iter().filter(|s| s.candidate.fault.is_none()) {
            let Some(label) = labels.id(&subject.candidate.label) else { continue };
            let drawn = &mut self.labels[label.index()];
            drawn.push(Drawn {
                hash: hash64(subject.text().as_bytes()),
                id: subject.candidate.id.clone(),
                text: subject.text().to_owned(),
                source: subject.candidate.sources.rows().first().map(|row| hash64(row.to_string().as_bytes())),
            });
            if drawn.len() >= 2 * MOST {
                cut(drawn);
            }
        }
    }

    /// The texts of each label, in the order of the labels.
    pub(super) fn labels(&self) -> impl Iterator<Item = Vec<Drawn>> {
        self.labels.iter().map(|drawn| {
            let mut drawn = drawn.clone();
            cut(&mut drawn);
            drawn
        })
    }
}

/// Leaves the texts of the smallest hashes.
fn cut(drawn: &mut Vec<Drawn>) {
    drawn.sort_unstable();
    drawn.truncate(MOST);
}

impl Drawn {
    /// The text and what it was made from.
    pub(super) fn traced(&self) -> Traced<'_> {
        Traced { text: &self.text, source: self.source }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset};
    use super::*;

    #[test]
    fn draws_the_same_texts_whatever_their_order() {
        let dataset = dataset();
        let texts: Vec<String> = (0..5_000).map(|i| format!("text {i}")).collect();
        let mut all = candidates(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let drawn = |all: &[crate::generator::Candidate]| {
            let mut sample = Sample::new(dataset.labels().len());
            let subjects: Vec<Subject<'_>> = all.iter().map(Subject::new).collect();
            subjects.chunks(700).for_each(|part| sample.add(part, dataset.labels()));
            sample.labels().collect::<Vec<_>>()
        };
        let first = drawn(&all);
        all.reverse();
        assert_eq!(first, drawn(&all));
        let rare = dataset.labels().id("rare").expect("a label").index();
        assert_eq!(first.iter().map(Vec::len).sum::<usize>(), MOST);
        assert_eq!(first[rare].len(), MOST);
    }
}
