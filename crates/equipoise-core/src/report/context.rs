//! Where the rows of a report come from, in one line.

use super::ReportData;
use super::number::usd;
use crate::plan::Plan;
use crate::text::counted;

/// Rows, who wrote how many, what they are judged on, when, and for how much.
pub(super) fn context(data: &ReportData<'_>) -> Vec<String> {
    let profile = data.profile;
    let mut said = vec![format!("{}, {}", counted(profile.n, "real row"), counted(profile.labels.len(), "label"))];
    let n_kept = data.n_kept();
    if n_kept > 0 {
        let by =
            data.plan.map_or_else(|| "from elsewhere".to_owned(), |plan| format!("written by {}", writer(data, plan)));
        said.push(format!("{} (synthetic) {by}", counted(n_kept, "new row")));
    }
    if let Some(evaluation) = data.evaluation {
        said.push(format!("judged on {}", evaluation.judged_rows()));
    }
    said.extend(data.provenance.date.clone());
    said.extend(data.cost.map(|cost| match cost.usd {
        Some(0.0) => "no cost".to_owned(),
        Some(paid) => format!("cost {}", usd(paid)),
        None => "cost not known (no price given)".to_owned(),
    }));
    said
}

/// Who writes; the built-in generator alone needs no prompt.
fn writer<'a>(data: &'a ReportData<'_>, plan: &'a Plan) -> &'a str {
    match (plan.prompt.is_empty(), &data.provenance.typed_model) {
        (true, _) => "the built-in generator",
        (false, Some(typed)) => typed,
        (false, None) => &plan.model,
    }
}
