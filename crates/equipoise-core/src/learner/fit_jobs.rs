//! Fits that are made elsewhere: by a command, or by a function of the program that embeds this one.
//!
//! An evaluation asks for models and for probabilities as always. A [`JobLearner`] notes what is asked and answers what it knows;
//! the rest becomes [`FitJob`]s, and the evaluation is made once more with their results. Which models are asked for depends on the
//! rows alone, so one round is enough; a second one would be made where it is not.

use super::{Csr, Learner, Model, Problem, Vectoriser};
use crate::data::LabelId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One fit: what to train on and what to predict.
#[derive(Debug, Clone, PartialEq)]
pub struct FitJob {
    /// BLAKE3-256 of everything else in it, in hex.
    pub id: String,
    /// For whatever is random in the fit.
    pub seed: u32,
    /// Number of labels; ids are below it.
    pub n_labels: usize,
    /// Training rows: text, label and weight, finite and above 0; a row of weight 2 counts as two equal ones.
    pub train: Vec<(Arc<str>, LabelId, f64)>,
    /// The texts whose probabilities are wanted, each once.
    pub predict: Vec<Arc<str>>,
}

/// Why the result of a fit is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitResultError {
    /// More or fewer rows than texts.
    #[error("the result ends here; expected a row for each text of `predict`, {expected} in all, and found {found}")]
    Rows {
        /// Rows that came.
        found: usize,
        /// Texts that were asked for.
        expected: usize,
    },
    /// A row that is no distribution over the labels.
    #[error("row {row}: {message}")]
    Row {
        /// The row, from 1.
        row: usize,
        /// What is wrong with it.
        message: String,
    },
}

impl FitJob {
    /// Checks the result of this job: a row for each text, a probability for each label.
    ///
    /// # Errors
    /// [`FitResultError`], with the first row at fault.
    pub fn check(&self, rows: &[Vec<f64>]) -> Result<(), FitResultError> {
        if rows.len() != self.predict.len() {
            return Err(FitResultError::Rows { found: rows.len(), expected: self.predict.len() });
        }
        for (at, row) in rows.iter().enumerate() {
            let wrong = |message| Err(FitResultError::Row { row: at + 1, message });
            if row.len() != self.n_labels {
                return wrong(format!("expected {} numbers, one for each label; found {}", self.n_labels, row.len()));
            }
            if let Some(p) = row.iter().find(|p| !(0.0..=1.0 + SLACK).contains(*p)) {
                return wrong(format!("{p} is no probability"));
            }
            let sum: f64 = row.iter().sum();
            if (sum - 1.0).abs() > SLACK {
                return wrong(format!("the probabilities add up to {sum}; expected 1"));
            }
        }
        Ok(())
    }
}

/// How far the probabilities of a text may add up to something else than 1: 32-bit floats over many labels.
const SLACK: f64 = 1e-3;

/// What was asked of fits that are made elsewhere, and what is known of them. Clones share everything.
#[derive(Clone, Default)]
pub struct FitJobs(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    ids: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    /// By the hash of their training rows.
    fits: BTreeMap<[u8; 32], Fit>,
}

struct Fit {
    train: Vec<(u32, LabelId, f64)>,
    n_labels: usize,
    wanted: BTreeSet<u32>,
    /// By text; each row adds up to 1.
    results: HashMap<u32, Vec<f64>>,
}

impl FitJobs {
    /// What is asked and not known yet, in the order of their ids.
    pub fn open(&self) -> Vec<FitJob> {
        let known = self.lock();
        let mut open: Vec<FitJob> = known.fits.iter().filter_map(|(key, fit)| known.job(key, fit)).collect();
        open.sort_by(|a, b| a.id.cmp(&b.id));
        open
    }

    /// Takes the result of a job: a row for each text of [`FitJob::predict`], a probability for each label.
    ///
    /// # Errors
    /// [`FitResultError`] where it has another shape.
    pub fn answer(&self, job: &FitJob, rows: Vec<Vec<f64>>) -> Result<(), FitResultError> {
        job.check(&rows)?;
        let mut known = self.lock();
        let known = &mut *known;
        let train: Vec<(u32, LabelId, f64)> =
            job.train.iter().map(|(text, label, weight)| (known.id(text), *label, *weight)).collect();
        let key = known.key(&train, job.n_labels);
        let ids: Vec<u32> = job.predict.iter().map(|text| known.id(text)).collect();
        let Some(fit) = known.fits.get_mut(&key) else { return Ok(()) };
        for (id, mut row) in ids.into_iter().zip(rows) {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|p| *p /= sum);
            fit.wanted.remove(&id);
            fit.results.insert(id, row);
        }
        Ok(())
    }

    /// A learner whose models are these fits.
    pub fn learner(&self) -> JobLearner {
        JobLearner(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn id(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let (id, text) = (self.texts.len() as u32, Arc::<str>::from(text));
        self.ids.insert(Arc::clone(&text), id);
        self.texts.push(text);
        id
    }

    /// The hash of training rows, which does not depend on how texts are numbered.
    fn key(&self, train: &[(u32, LabelId, f64)], n_labels: usize) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(n_labels as u64).to_le_bytes());
        for (id, label, weight) in train {
            let text = &self.texts[*id as usize];
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            hasher.update(&label.0.to_le_bytes()).update(&weight.to_le_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    fn job(&self, key: &[u8; 32], fit: &Fit) -> Option<FitJob> {
        if fit.wanted.is_empty() {
            return None;
        }
        let text = |id: u32| Arc::clone(&self.texts[id as usize]);
        let mut predict: Vec<Arc<str>> = fit.wanted.iter().map(|id| text(*id)).collect();
        // Texts are numbered as threads come by; their order in a job must not depend on that.
        predict.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        hasher.update(key);
        for text in &predict {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        Some(FitJob {
            id: hasher.finalize().to_hex().to_string(),
            seed: u32::from_le_bytes([key[0], key[1], key[2], key[3]]),
            n_labels: fit.n_labels,
            train: fit.train.iter().map(|(id, label, weight)| (text(*id), *label, *weight)).collect(),
            predict,
        })
    }
}

/// A learner whose models are fitted elsewhere.
pub struct JobLearner(FitJobs);

impl Learner for JobLearner {
    fn vectoriser(&self, _: &[&str]) -> Box<dyn Vectoriser> {
        Box::new(TextIds(self.0.clone()))
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        let rows = (0..problem.features.n_rows()).filter(|at| problem.weights[*at] > 0.0);
        let row = |at: usize| Some((id_of(problem.features, at)?, problem.labels[at], problem.weights[at]));
        let train: Vec<(u32, LabelId, f64)> = rows.filter_map(row).collect();
        let mut known = self.0.lock();
        let key = known.key(&train, problem.n_labels);
        let new = || Fit { train, n_labels: problem.n_labels, wanted: BTreeSet::new(), results: HashMap::new() };
        known.fits.entry(key).or_insert_with(new);
        Box::new(JobModel { jobs: self.0.clone(), key, n_labels: problem.n_labels })
    }

    fn fits_elsewhere(&self) -> bool {
        true
    }
}

/// A text's only feature is its number.
struct TextIds(FitJobs);

impl Vectoriser for TextIds {
    fn transform(&self, texts: &[&str]) -> Csr {
        let mut known = self.0.lock();
        let ids: Vec<u32> = texts.iter().map(|text| known.id(text)).collect();
        let mut features = Csr::empty(known.texts.len());
        ids.into_iter().for_each(|id| features.push_row([(id, 1.0)]));
        features
    }
}

fn id_of(features: &Csr, at: usize) -> Option<u32> {
    features.row(at).0.first().copied()
}

struct JobModel {
    jobs: FitJobs,
    key: [u8; 32],
    n_labels: usize,
}

impl Model for JobModel {
    /// What is known; what is not is noted, and all labels are equal for now.
    fn probabilities(&self, features: &Csr) -> Vec<f64> {
        let mut known = self.jobs.lock();
        let Some(fit) = known.fits.get_mut(&self.key) else { return Vec::new() };
        let mut all = Vec::with_capacity(features.n_rows() * self.n_labels);
        for id in (0..features.n_rows()).filter_map(|at| id_of(features, at)) {
            match fit.results.get(&id) {
                Some(row) => all.extend(row),
                None => {
                    fit.wanted.insert(id);
                    all.extend(std::iter::repeat_n(1.0 / self.n_labels as f64, self.n_labels));
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 3] = ["good", "bad", "odd"];
    const LABELS: [LabelId; 3] = [LabelId(0), LabelId(1), LabelId(1)];

    fn ask(jobs: &FitJobs, texts: &[&str]) -> Vec<f64> {
        let learner = jobs.learner();
        let vectoriser = learner.vectoriser(&TEXTS);
        let features = vectoriser.transform(&TEXTS);
        let model =
            learner.fit(&Problem { features: &features, labels: &LABELS, weights: &[1.0, 2.0, 0.0], n_labels: 2 });
        model.probabilities(&vectoriser.transform(texts))
    }

    #[test]
    fn what_is_asked_becomes_a_job_and_its_result_is_the_models_answer() {
        let jobs = FitJobs::default();
        assert_eq!(ask(&jobs, &["new", "bad", "new"]), [0.5; 6]);
        let open = jobs.open();
        let [job] = &open[..] else { panic!("{open:?}") };
        assert_eq!(job.predict.iter().map(|t| &**t).collect::<Vec<_>>(), ["bad", "new"], "each once, in one order");
        assert_eq!(job.train, [("good".into(), LabelId(0), 1.0), ("bad".into(), LabelId(1), 2.0)]);
        jobs.answer(job, vec![vec![0.25, 0.75], vec![1.0, 0.0]]).unwrap();
        assert!(jobs.open().is_empty());
        assert_eq!(ask(&jobs, &["new", "bad"]), [1.0, 0.0, 0.25, 0.75]);
        ask(&jobs, &["newer"]);
        assert_eq!(jobs.open()[0].predict.len(), 1, "only what is not known");
    }

    #[test]
    fn a_job_has_the_same_id_whatever_was_seen_before_it() {
        let (first, second) = (FitJobs::default(), FitJobs::default());
        second.learner().vectoriser(&[]).transform(&["zzz", "odd", "new"]);
        ask(&first, &["new", "bad"]);
        ask(&second, &["bad", "new"]);
        assert_eq!(first.open(), second.open());
    }

    #[test]
    fn a_result_of_another_shape_is_refused_with_its_row() {
        let jobs = FitJobs::default();
        ask(&jobs, &["new", "bad"]);
        let job = &jobs.open()[0];
        let refused = |rows: Vec<Vec<f64>>| jobs.answer(job, rows).unwrap_err().to_string();
        assert!(refused(vec![vec![1.0, 0.0]]).contains("2 in all, and found 1"));
        for row in [vec![1.0], vec![0.5, 0.2], vec![f64::NAN, 1.0], vec![-0.5, 1.5]] {
            let message = refused(vec![vec![1.0, 0.0], row]);
            assert!(message.starts_with("row 2: "), "{message}");
        }
        assert_eq!(jobs.open().len(), 1);
    }
}
