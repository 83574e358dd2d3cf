//! Texts that the offline generator writes from the training rows at hand: those of a fold, or of an arm.

use super::{Example, Pool, Written};
use crate::data::{Dataset, LabelId, Rows};
use crate::offline::{Ask, Author, Text};
use crate::rng::Seed;

/// Up to `wanted` texts of each label, by id, from `real` and the author's donors alone; `None` where the rows are no data set, as
/// rows of one label are not.
pub(super) fn write(author: Author<'_>, real: &[Example<'_>], wanted: &[usize], seed: Seed) -> Option<Vec<Written>> {
    let name = |label: LabelId| format!("{:05}", label.index());
    let mut rows = Rows::default();
    real.iter().try_for_each(|e| rows.push(e.text, &name(e.label)))?;
    let data = Dataset::new(rows).ok()?;
    let positions = data.train().positions();
    let writer = author.offline.read(data.train(), author.donors);
    let mut written = Vec::new();
    for (index, &wanted) in wanted.iter().enumerate() {
        let label = LabelId(index as u16);
        let Some(there) = data.labels().id(&name(label)).filter(|_| wanted > 0) else { continue };
        let answer = writer.write(&Ask { label: there, wanted, ordinal: 0, taken: &[] }, seed);
        written.extend(answer.texts.into_iter().filter_map(|text| {
            // A harvested row is real: the fold's learner would have to guess its label again.
            let Text::Made { text, source, donors, .. } = text else { return None };
            let parents = std::iter::once(&source).chain(&donors).filter_map(|id| positions.get(id).copied());
            Some(Written { label, parents: parents.collect(), text })
        }));
    }
    Some(written)
}

/// The synthetic rows of a fold, written from its training rows.
pub(crate) struct Anew {
    texts: Vec<Written>,
    /// How many of each label stand for the unchecked rows, and how many for the kept ones.
    naive: Vec<usize>,
    kept: Vec<usize>,
}

impl Anew {
    /// For the training rows of `fold` as many texts to each real row of a label as `whole` has; `None` where nobody can write them.
    pub(crate) fn write(whole: &Pool<'_>, fold: &Pool<'_>, seed: Seed) -> Option<Self> {
        let author = whole.author?;
        let (all, here) = (whole.counts(&whole.real), fold.counts(&fold.real));
        let part = |examples: &[Example<'_>]| -> Vec<usize> {
            let of_all = whole.counts(examples).into_iter().zip(all.iter().zip(&here));
            of_all.map(|(n, (all, here))| (n as f64 * *here as f64 / (*all).max(1) as f64).round() as usize).collect()
        };
        let (naive, kept) = (part(&whole.naive), part(&whole.kept));
        let most: Vec<usize> = naive.iter().zip(&kept).map(|(a, b)| *a.max(b)).collect();
        Some(Anew { texts: write(author, &fold.real, &most, seed)?, naive, kept })
    }

    /// The fold with these texts in the place of its synthetic rows.
    pub(crate) fn within<'a>(&'a self, fold: Pool<'a>) -> Pool<'a> {
        let first = |wanted: &[usize]| {
            let mut left = wanted.to_vec();
            let taken = self.texts.iter().filter(|text| {
                let left = &mut left[text.label.index()];
                let takes = *left > 0;
                *left -= usize::from(takes);
                takes
            });
            taken.map(Written::example).collect()
        };
        Pool { naive: first(&self.naive), kept: first(&self.kept), ..fold }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Folds, example, moods};
    use super::*;
    use crate::offline::Offline;

    #[test]
    fn a_folds_texts_are_made_of_its_own_rows_at_the_same_rate() {
        let texts = moods();
        let author = Offline::default();
        let real = texts.iter().map(|(t, l)| example(t, *l, &[])).collect();
        let naive = vec![example("gloomy", 1, &[3]); 10];
        let kept = naive[..5].to_vec();
        let pool = Pool { real, naive, kept, n_labels: 2, author: Some(Author { offline: &author, donors: &[] }) };
        let folds = Folds::new(&pool, 5, Seed::new(7)).unwrap();
        for fold in 0..5 {
            let training = folds.training(&pool, fold);
            let anew = Anew::write(&pool, &training, Seed::new(7)).unwrap();
            let training = anew.within(training);
            assert_eq!((training.naive.len(), training.kept.len()), (8, 4), "four fifths of the real rows");
            for made in &training.naive {
                let given: Vec<&str> = made.parents.iter().flat_map(|p| training.real[*p].text.split(' ')).collect();
                assert!(made.label == LabelId(1) && !made.parents.is_empty());
                assert!(made.text.split(' ').all(|w| given.contains(&w)), "{made:?}");
            }
        }
        let nobody = Pool { author: None, ..pool };
        assert!(Anew::write(&nobody, &folds.training(&nobody, 0), Seed::new(7)).is_none());
    }
}
