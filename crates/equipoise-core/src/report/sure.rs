//! What a reader has to know to trust the figures.

use super::number::count;
use crate::eval::{Evaluation, LabelVerdict};
use crate::pattern::reliance::Leaning;
use crate::text::{counted, escape_control};

/// How sure the verdict is, a sentence each: the figures that decided, what the rows are too few to see, what may flatter the figures.
pub(super) fn sure(evaluation: &Evaluation) -> Vec<String> {
    let held_out = &evaluation.held_out;
    let known = (held_out.n_also_train > 0).then(|| {
        let are = if held_out.n_also_train == 1 { "is" } else { "are" };
        format!(
            "{} of {} texts to judge by {are} also among the training rows.",
            count(held_out.n_also_train),
            count(held_out.n)
        )
    });
    // Without new rows it stands below the headline.
    let reason = evaluation.verdict.level.map(|_| evaluation.verdict.reason.clone());
    [note(evaluation), reason, detectable(&evaluation.verdict.labels), known].into_iter().flatten().collect()
}

/// That a classifier leans on words of the generator, for the label with the most false alarms that hang on them.
pub(super) fn note(evaluation: &Evaluation) -> Option<String> {
    let leaning = evaluation.analysis.reliance.iter().filter(|reliance| reliance.finding == Leaning::Leans);
    leaning.max_by_key(|reliance| reliance.new_false_alarms.n).map(|reliance| reliance.sentence.clone())
}

/// The smallest changes that the judged rows of the raised labels would show.
fn detectable(labels: &[LabelVerdict]) -> Option<String> {
    let raised: Vec<(&LabelVerdict, f64)> =
        labels.iter().filter(|label| label.raised).filter_map(|label| Some((label, label.detectable?))).collect();
    if let [(label, least)] = raised.as_slice() {
        let rows = counted(label.support, "row");
        let name = escape_control(&label.label);
        return Some(format!(
            "{rows} of `{name}` to judge by: changes of its F1 smaller than {least:.2} cannot be detected."
        ));
    }
    let supports = || raised.iter().map(|(label, _)| label.support);
    let least = || raised.iter().map(|(_, least)| *least);
    let (easiest, hardest) = (format!("{:.2}", least().reduce(f64::min)?), format!("{:.2}", least().reduce(f64::max)?));
    let changes = if easiest == hardest { easiest } else { format!("{easiest} to {hardest}") };
    Some(format!(
        "The {} labels with new rows have {} to {} rows to judge by: changes of their F1 smaller than {changes} cannot be detected.",
        raised.len(),
        count(supports().min()?),
        count(supports().max()?)
    ))
}
