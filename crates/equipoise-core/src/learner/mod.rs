//! Learners: from weighted texts to a model that scores new ones.

use crate::data::LabelId;

/// A sparse matrix in compressed row form: row i has columns `indices[offsets[i]..offsets[i + 1]]`, ascending, with `values` beside them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Csr {
    /// Rows + 1 offsets into the other two.
    pub offsets: Vec<usize>,
    /// Column of each stored value.
    pub indices: Vec<u32>,
    /// The stored values.
    pub values: Vec<f32>,
    /// Number of columns.
    pub n_columns: usize,
}

/// Texts to features, fixed once fitted.
pub trait Vectoriser: Send + Sync {
    /// One row of features for each text.
    fn transform(&self, texts: &[&str]) -> Csr;
}

/// A weighted training problem in features.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    /// Features, a row for each example.
    pub features: &'a Csr,
    /// Labels of the examples.
    pub labels: &'a [LabelId],
    /// Positive weights of the examples.
    pub weights: &'a [f64],
    /// How many labels there are; ones without examples are allowed.
    pub n_labels: usize,
}

/// A fitted classifier.
pub trait Model: Send + Sync {
    /// Row-major scores, `rows × n_labels`, each row a distribution over the labels that sums to 1.
    fn probabilities(&self, features: &Csr) -> Vec<f64>;
}

/// A way of learning: its features and its classifier.
pub trait Learner: Send + Sync {
    /// Learns the features from training texts (vocabulary, idf).
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser>;

    /// Fits the classifier.
    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model>;
}
