//! The rows and texts of a hand-made run.

use super::Label;
use equipoise_core::check::{self, CheckOutcome};
use equipoise_core::report::{Example, Fate, Origin, RowTable, State, TableRow};

/// A real row and a made one of each label.
pub(crate) fn rows(labels: &[Label<'_>]) -> RowTable {
    let row = |text: &str, label: usize, state: State, made_from: &[&str]| TableRow {
        text: text.to_owned(),
        label,
        state,
        made_from: made_from.iter().map(|text| (*text).to_owned()).collect(),
        findings: if state == State::Rejected { vec![0] } else { Vec::new() },
        value: if state == State::Kept { 120 } else { 0 },
        predicted: (state == State::HeldOut).then_some([0, label]),
    };
    let real = "i feel so surprised by all of this";
    let of_label = |label: usize| {
        [
            row(real, label, State::Real, &[]),
            row("i did not see that coming", label, State::Kept, &[real]),
            row("i feel so surprised by all of that", label, State::Rejected, &[real]),
            row("nobody had told me a word of it", label, State::HeldOut, &[]),
        ]
    };
    RowTable {
        labels: labels.iter().map(|label| label.0.to_owned()).collect(),
        findings: vec![("rejected", "near_duplicate".to_owned(), "near row".to_owned())],
        rows: (0..labels.len()).flat_map(of_label).collect(),
        n_all: 4 * labels.len(),
    }
}

pub(crate) fn examples(labels: &[Label<'_>]) -> Vec<Example> {
    let texts = [
        ("i did not see that coming and i am still a bit stunned", "i feel so surprised by all of this"),
        ("everyone was there in the dark and i just stood there speechless", "i was amazed that they all came"),
        ("i feel strangely astonished that it worked at the first try", "i feel funny and amazed it worked"),
    ];
    let mut examples = Vec::new();
    for (label, ..) in labels.iter().filter(|l| l.2 > 0) {
        for (i, (text, source)) in texts.iter().enumerate() {
            examples.push(Example {
                label: (*label).to_owned(),
                text: (*text).to_owned(),
                sources: vec![(*source).to_owned()],
                origin: Origin::Written,
                fate: Fate::Kept,
                findings: if i == 2 {
                    vec![found("label_leak", CheckOutcome::Warn, "names_label")]
                } else {
                    Vec::new()
                },
            });
        }
        examples.push(Example {
            label: (*label).to_owned(),
            text: "i feel so surprised by all of that".to_owned(),
            sources: vec!["i feel so surprised by all of this".to_owned()],
            origin: Origin::Written,
            fate: Fate::Rejected,
            findings: vec![found("near_duplicate", CheckOutcome::Reject, "near_row")],
        });
        examples.push(Example {
            label: (*label).to_owned(),
            text: texts[0].0.to_owned(),
            sources: vec![texts[1].1.to_owned(), texts[2].1.to_owned()],
            origin: Origin::Written,
            fate: Fate::Rejected,
            findings: vec![found("copy", CheckOutcome::Reject, "copy_of_candidate")],
        });
    }
    examples
}

fn found(by: &str, outcome: CheckOutcome, reason: &str) -> check::Verdict {
    check::Verdict {
        candidate: "c".to_owned(),
        check: by.to_owned(),
        outcome,
        score: (by == "near_duplicate").then_some(0.89),
        reason: reason.to_owned(),
        evidence: vec!["81d0c2f7a3b4e516".to_owned()],
    }
}
