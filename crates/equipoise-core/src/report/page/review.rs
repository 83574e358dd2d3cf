//! What people decided about the new rows, and what the verdict was before they did.

use super::section::Section;
use crate::eval::{ArmResult, Evaluation, ReviewEffect, Verdict};
use crate::metric::MACRO_F1;
use crate::report::figure::Figure;
use crate::report::number::count;
use crate::report::template;
use crate::text::counted;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "review",
    menu: "Review",
    title: "What people decided",
    render: |data, _| {
        let reviewed = data.evaluation.and_then(|e| Some(Reviewed::of(e, e.analysis.review.as_ref()?)));
        reviewed.map(|reviewed| template::html(include_str!("review.html.j2"), reviewed)).transpose()
    },
};

#[derive(Debug, Serialize)]
struct Reviewed {
    /// How many texts were decided about, and how.
    decided: String,
    /// Before the decisions, and with them.
    rows: [VerdictRow; 2],
}

#[derive(Debug, Serialize)]
struct VerdictRow {
    when: &'static str,
    n_used: String,
    badge: &'static str,
    headline: String,
    figure: Figure,
}

impl Reviewed {
    fn of(evaluation: &Evaluation, review: &ReviewEffect) -> Self {
        let d = &review.decided;
        let chosen = evaluation.arms.iter().find(|arm| arm.chosen);
        let n_judged = evaluation.held_out.n;
        let before = &review.before;
        Reviewed {
            decided: format!(
                "{} accepted, {} rejected, {} relabelled, {} edited; reviewers disagree about {}",
                count(d.accepted),
                count(d.rejected),
                count(d.relabelled),
                count(d.edited),
                counted(d.disputed, "text")
            ),
            rows: [
                row("as the checks left them", before.n_kept, &before.verdict, before.chosen.as_ref(), n_judged),
                row("as people left them", evaluation.synthetic.n_kept, &evaluation.verdict, chosen, n_judged),
            ],
        }
    }
}

fn row(
    when: &'static str,
    n_used: usize,
    verdict: &Verdict,
    chosen: Option<&ArmResult>,
    n_judged: usize,
) -> VerdictRow {
    VerdictRow {
        when,
        n_used: count(n_used),
        badge: verdict.badge(),
        headline: verdict.headline.clone(),
        figure: Figure::level(chosen.and_then(|arm| arm.figure(MACRO_F1)), "not measured").beside(Some(n_judged)),
    }
}
