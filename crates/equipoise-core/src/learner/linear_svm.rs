//! Words and a linear support-vector machine.

use super::newton::minimise;
use super::saved::Loaders;
use super::squared_hinge::SquaredHinge;
use super::{Learner, LinearModel, Model, Problem, TfIdf, Vectoriser, linear_model, tfidf};
use crate::catalog::{Entry, Setting, SettingsError, read};
use serde::Deserialize;
use std::any::Any;

pub(super) static ENTRY: Entry<dyn Learner> = Entry {
    name: "linear_svm",
    what: "TF-IDF of words and a linear support-vector machine, each label against the rest, fitted to its optimum.",
    why: "Looks at the rows near the border only, so it reacts otherwise than `linear` to duplicates and to synthetic rows that are \
          far from it; often the best word model on small labels.",
    source: "Fan, Chang, Hsieh, Wang and Lin, LIBLINEAR (JMLR 2008). Counterpart: scikit-learn's LinearSVC (squared hinge, penalised \
             intercept). The predicted label has the largest margin; probabilities are the softmax of the doubled margins, whose \
             slope at margin 0 is that of (1 + margin) / 2, the link of the squared hinge (Zhang, Annals of Statistics 2004).",
    settings: &[
        Setting {
            name: "c",
            default: "1.0",
            why: "Weight of the loss against the penalty, positive; 1 as in LinearSVC. Higher fits the training rows more closely.",
        },
        Setting {
            name: "tolerance",
            default: "0.0001",
            why: "Relative length of the gradient at which the fit stops, above 0 and below 1, as in `linear`.",
        },
    ],
    make: |settings| {
        let svm: LinearSvm = read(ENTRY.name, settings)?;
        let bad = |message: &str| SettingsError::BadValue { item: ENTRY.name, message: message.to_owned() };
        if !(svm.c > 0.0 && svm.c.is_finite()) {
            return Err(bad("`c` takes a number above 0"));
        }
        if !(svm.tolerance > 0.0 && svm.tolerance < 1.0) {
            return Err(bad("`tolerance` takes a number above 0 and below 1"));
        }
        Ok(Box::new(svm))
    },
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LinearSvm {
    c: f64,
    tolerance: f64,
}

impl Default for LinearSvm {
    fn default() -> Self {
        LinearSvm { c: 1.0, tolerance: 1e-4 }
    }
}

impl Learner for LinearSvm {
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser> {
        Box::new(TfIdf::fit(texts))
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        Box::new(self.minimum(problem, None))
    }

    fn adapt(&self, problem: &Problem<'_>, prior: &dyn Model) -> Option<Box<dyn Model>> {
        let prior = (prior as &dyn Any).downcast_ref::<LinearModel>()?;
        Some(Box::new(self.minimum(problem, Some(prior))))
    }

    fn loaders(&self) -> Option<Loaders> {
        Some(Loaders { vectoriser: tfidf::LOADER, model: linear_model::LOADER })
    }

    fn alternatives(&self) -> Vec<(String, Box<dyn Learner>)> {
        let with = |c| (format!("c = {c}"), Box::new(LinearSvm { c, ..*self }) as Box<dyn Learner>);
        [0.1, 0.3, 3.0, 10.0].into_iter().map(with).collect()
    }
}

impl LinearSvm {
    fn minimum(&self, problem: &Problem<'_>, prior: Option<&LinearModel>) -> LinearModel {
        let centre = LinearModel::centre(problem, prior);
        let mut objective = SquaredHinge::new(problem, self.c, &centre);
        let short_enough = self.tolerance * objective.reference();
        let minimum = minimise(&mut objective, centre.clone(), short_enough);
        // The margins of two labels mirror each other, so that their difference is doubled already.
        let sharpness = if problem.n_labels == 2 { 1.0 } else { 2.0 };
        LinearModel::from_minimum(minimum, problem.n_labels, sharpness)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Csr;
    use super::*;
    use crate::data::LabelId;

    #[test]
    fn solves_a_case_that_can_be_solved_by_hand() {
        // x = ±1, one row each: by symmetry b = 0 and W = (w, −w), so each label has ½ w² + 2C (1 − w)², least at w = 4C / (1 + 4C).
        let mut features = Csr::empty(1);
        features.push_row([(0, 1.0)]);
        features.push_row([(0, -1.0)]);
        let labels = [LabelId(0), LabelId(1)];
        let problem = Problem { features: &features, labels: &labels, weights: &[1.0; 2], n_labels: 2 };
        let model = LinearSvm { c: 0.5, tolerance: 1e-6 }.minimum(&problem, None);
        let w = 2.0 / 3.0;
        let p = model.probabilities(&features);
        assert!((p[0] - 1.0 / (1.0 + (-2.0_f64 * w).exp())).abs() < 1e-5, "{p:?}");
        let objective = 2.0 * (0.5 * w * w + (1.0 - w) * (1.0 - w));
        assert!((model.fit().unwrap().objective - objective).abs() < 1e-6);
    }

    #[test]
    fn keeps_the_prior_where_the_examples_say_nothing() {
        let mut both = Csr::empty(2);
        both.push_row([(0, 1.0)]);
        both.push_row([(1, 1.0)]);
        let labels = [LabelId(0), LabelId(1)];
        let problem = |features, labels| Problem { features, labels, weights: &[1.0; 2], n_labels: 2 };
        let svm = LinearSvm::default();
        let prior = svm.fit(&problem(&both, &labels));
        let mut first = Csr::empty(2);
        first.push_row([(0, 1.0)]);
        first.push_row([]);
        let swapped = [LabelId(1), LabelId(0)];
        let adapted = svm.adapt(&problem(&first, &swapped), &*prior).unwrap();
        let (before, after) = (prior.probabilities(&both), adapted.probabilities(&both));
        assert!(before[0] > 0.6 && after[0] < 0.5, "feature 0 has learnt its new label: {after:?}");
        assert!(after[3] > 0.5, "feature 1 is in no example: {after:?}");
    }
}
