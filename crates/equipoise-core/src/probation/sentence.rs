//! A judge's probation in words.

use super::{Bounds, LabelJudgement, Permit, Probation};
use crate::stats::Estimate;
use crate::text::{counted, escape_control};

/// What is known of the label's rows, and what the judge may do.
pub(super) fn sentence(p: &Probation, bounds: &Bounds) -> String {
    let name = format!("`{}`", escape_control(&p.label));
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let between = |e: &Estimate| format!("{} ({} to {})", percent(e.value), percent(e.low), percent(e.high));
    let wrong = match &p.wrong {
        Some(wrong) => format!("About {} of the synthetic rows of {name} look like another label.", between(wrong)),
        None => format!("How many synthetic rows of {name} have a wrong label cannot be said."),
    };
    let may_not = |why: String| format!("{wrong} This judge {why}: it may not reject rows of {name}.");
    match p.permit {
        Permit::AccusesNone => format!("None of the synthetic rows of {name} looks like another label."),
        Permit::Rejects => format!(
            "{wrong} The {} that the judge accuses are omitted: about {} of them are wrong.",
            percent(p.accused.value),
            percent(p.precision.as_ref().map_or(0.0, |p| p.value))
        ),
        Permit::TooFewRows => may_not(format!(
            "was tried on {} real rows of {name} only, and {} are needed",
            p.falsely.n, bounds.fewest_real
        )),
        Permit::TooFewOthers => may_not(format!(
            "was tried on {} real rows of other labels only, and {} are needed",
            p.found.n, bounds.fewest_real
        )),
        Permit::AccusesRealRows => may_not(format!(
            "accuses {} of your own rows of {name}, and at most {} is allowed",
            percent(p.falsely.value),
            percent(bounds.most_false)
        )),
        Permit::FindsTooFew => may_not(format!(
            "finds only {} of the real rows of other labels, and at least {} is needed",
            percent(p.found.value),
            percent(bounds.least_found)
        )),
        Permit::TooFewWrong => may_not(format!(
            "would be right about {} of the rows that it accuses, and at least {} is needed",
            p.precision.as_ref().map_or_else(|| "none".to_owned(), |p| percent(p.value)),
            percent(bounds.least_precision)
        )),
    }
}

impl LabelJudgement {
    /// What it asked and found, a sentence or two for each label behind one about all.
    pub fn sentences(&self) -> Vec<String> {
        let by = escape_control(&self.by);
        let unread = match self.n_unread {
            0 => String::new(),
            1 => "; of one of them its answer could not be read, which counts as no judgement".to_owned(),
            n => format!("; of {n} of them its answers could not be read, which counts as no judgement"),
        };
        let all = format!(
            "The label judge `{by}` was asked about {}, then about {}{unread}.",
            counted(self.n_known, "real row"),
            counted(self.n_texts, "synthetic text")
        );
        let silent = |label: &String| {
            let label = escape_control(label);
            format!(
                "What `{by}` says of `{label}` cannot be weighed, since too little of it could be read: it may not reject rows of `{label}`."
            )
        };
        let weighed = self.labels.iter().map(|p| p.sentence.clone());
        [all].into_iter().chain(weighed).chain(self.silent.iter().map(silent)).collect()
    }
}
