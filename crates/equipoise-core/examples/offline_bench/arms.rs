//! The arms of one split: what each trains on, and how it does on the rows kept back.

use crate::Fault;
use crate::data::{Text, dataset};
use crate::eda::eda;
use equipoise_core::data::{LabelId, Labels};
use equipoise_core::learner::{Learner, Problem, most_probable};
use equipoise_core::metric::Confusion;
use equipoise_core::offline::{Ask, Offline, Text as Written};
use equipoise_core::rng::Seed;
use rand::RngExt;

/// Arms in the order of results.
pub(crate) const ARMS: [&str; 6] =
    ["nothing", "duplication", "class weights", "EDA", "offline", "offline + class weights"];
/// Positions in [`ARMS`].
pub(crate) const NOTHING: usize = 0;
pub(crate) const DUPLICATION: usize = 1;
pub(crate) const WEIGHTS: usize = 2;
pub(crate) const EDA: usize = 3;
pub(crate) const OFFLINE: usize = 4;
pub(crate) const BOTH: usize = 5;

/// Figures of an arm on a split, in percent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    /// Of the label in question; 0 where the question is of all labels.
    pub(crate) f1: f64,
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) macro_f1: f64,
    pub(crate) accuracy: f64,
}

/// Training rows, what each label is raised to, test rows.
pub(crate) struct Split<'a> {
    pub(crate) train: Vec<&'a Text>,
    pub(crate) test: Vec<&'a Text>,
    /// Rows of each raised label after raising.
    pub(crate) targets: Vec<(&'a str, usize)>,
    /// The label whose figures are asked for.
    pub(crate) label: Option<&'a str>,
    pub(crate) seed: Seed,
}

impl Split<'_> {
    /// The figures of every arm.
    pub(crate) fn figures(&self, labels: &Labels, learner: &dyn Learner) -> Result<Vec<Figures>, Fault> {
        let id = |name: &str| labels.id(name).ok_or("a label of the data");
        let mut base: Vec<(&str, LabelId)> = Vec::new();
        for text in &self.train {
            base.push((&text.0, id(&text.1)?));
        }
        let data = dataset(&self.train)?;
        let writer = Offline::default().read(data.train(), &[]);
        let mut rng = self.seed.child("rivals").rng();
        let mut times = vec![1.0; base.len()];
        let (mut made, mut edited) = (Vec::new(), Vec::new());
        for (name, target) in &self.targets {
            let label = id(name)?;
            let own: Vec<usize> = (0..base.len()).filter(|i| base[*i].1 == label).collect();
            let wanted = target.saturating_sub(own.len());
            if wanted == 0 || own.is_empty() {
                continue;
            }
            let label_there = data.labels().id(name).ok_or("a label of the rows")?;
            let answer = writer.write(&Ask { label: label_there, wanted, ordinal: 0, taken: &[] }, self.seed);
            made.extend(answer.texts.into_iter().map(|written| match written {
                Written::Made { text, .. } | Written::Harvested { text, .. } => (text, label),
            }));
            // Repeats as weights: counted in the idf they would be 4 to 12 points worse, which would flatter the texts.
            for i in 0..wanted {
                let whole = i / own.len() < wanted / own.len();
                let at = own[if whole { i % own.len() } else { rng.random_range(0..own.len()) }];
                times[at] += 1.0;
                edited.push((eda(base[at].0, &mut rng), label));
            }
        }
        let and = |more: &'_ [(String, LabelId)]| -> Vec<(String, LabelId)> {
            base.iter().map(|(t, l)| ((*t).to_owned(), *l)).chain(more.iter().cloned()).collect()
        };
        let (plain, with_eda, with_texts) = (and(&[]), and(&edited), and(&made));
        let once = |rows: &[(String, LabelId)]| vec![1.0; rows.len()];
        let score = |rows: &[(String, LabelId)], weights: &[f64]| self.score(rows, weights, labels, learner);
        Ok(vec![
            score(&plain, &once(&plain))?,
            score(&plain, &times)?,
            score(&plain, &balanced(&plain, labels.len()))?,
            score(&with_eda, &once(&with_eda))?,
            score(&with_texts, &once(&with_texts))?,
            score(&with_texts, &balanced(&with_texts, labels.len()))?,
        ])
    }

    fn score(
        &self,
        rows: &[(String, LabelId)],
        weights: &[f64],
        labels: &Labels,
        learner: &dyn Learner,
    ) -> Result<Figures, Fault> {
        let texts: Vec<&str> = rows.iter().map(|r| r.0.as_str()).collect();
        let ids: Vec<LabelId> = rows.iter().map(|r| r.1).collect();
        let vectoriser = learner.vectoriser(&texts);
        let features = vectoriser.transform(&texts);
        let model = learner.fit(&Problem { features: &features, labels: &ids, weights, n_labels: labels.len() });
        let asked: Vec<&str> = self.test.iter().map(|t| t.0.as_str()).collect();
        let predicted = most_probable(&model.probabilities(&vectoriser.transform(&asked)), labels.len());
        let truth: Vec<LabelId> =
            self.test.iter().map(|t| labels.id(&t.1).ok_or("a label of the data")).collect::<Result<_, _>>()?;
        let right = truth.iter().zip(&predicted).filter(|(t, p)| t == p).count();
        let confusion = Confusion::new(labels.len(), truth.iter().copied().zip(predicted));
        let share = |a: u64, b: u64| if b == 0 { 0.0 } else { 100.0 * a as f64 / b as f64 };
        let f1 = |l: LabelId| {
            let t = confusion.tally(l);
            share(2 * t.right, t.support + t.predicted)
        };
        let macro_f1 = labels.ids().map(f1).sum::<f64>() / labels.len() as f64;
        let accuracy = share(right as u64, truth.len() as u64);
        let Some(label) = self.label.and_then(|l| labels.id(l)) else {
            return Ok(Figures { macro_f1, accuracy, ..Figures::default() });
        };
        let tally = confusion.tally(label);
        let (precision, recall) = (share(tally.right, tally.predicted), share(tally.right, tally.support));
        Ok(Figures { f1: f1(label), precision, recall, macro_f1, accuracy })
    }
}

/// Weights under which every label has the same sum.
fn balanced(rows: &[(String, LabelId)], n_labels: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n_labels];
    rows.iter().for_each(|r| counts[r.1.index()] += 1.0);
    let n_present = counts.iter().filter(|n| **n > 0.0).count() as f64;
    rows.iter().map(|r| rows.len() as f64 / (n_present * counts[r.1.index()])).collect()
}
