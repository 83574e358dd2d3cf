//! The small print below the verdict: whose it is, and who says otherwise.

use super::roles::learners;
use crate::eval::Evaluation;
use crate::text::escape_control;

/// Which learner the verdict is about, and what others say, a sentence each; empty where nothing was fitted.
pub(super) fn fine_print(evaluation: &Evaluation) -> Vec<String> {
    let learners = learners(evaluation);
    let Some(first) = learners.first() else { return Vec::new() };
    let name = |learner: &str| format!("`{}`", escape_control(learner));
    if evaluation.others.is_empty() {
        return vec![format!("Verdict of the learner {}; another may differ.", name(first))];
    }
    let agree: Vec<String> =
        evaluation.others.iter().filter(|o| o.differs.is_none()).map(|o| name(&o.learner)).collect();
    let comes = if agree.len() == 1 { "comes" } else { "come" };
    let agree = match agree.as_slice() {
        [] => String::new(),
        agree => format!("; {} {comes} to the same", agree.join(", ")),
    };
    let mut print = vec![format!("Verdict of the learner {}{agree}.", name(first))];
    print.extend(evaluation.others.iter().filter_map(|other| other.differs.clone()));
    print
}
