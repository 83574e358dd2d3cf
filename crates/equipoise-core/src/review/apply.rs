//! Decisions put to work on the candidates of a run.

use super::{Decision, HUMAN, History, RowHash, Standing};
use crate::check::{CheckOutcome, Verdict};
use crate::generator::Candidate;
use serde::{Deserialize, Serialize};

/// How many candidates the decisions concern, by what was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Applied {
    /// Used whatever the checks say.
    pub accepted: usize,
    /// Not used.
    pub rejected: usize,
    /// Under another label.
    pub relabelled: usize,
    /// With another text.
    pub edited: usize,
    /// Reviewers disagree: not used until somebody settles it.
    pub disputed: usize,
}

impl Applied {
    /// Candidates that some decision concerns.
    pub fn n(&self) -> usize {
        self.accepted + self.rejected + self.relabelled + self.edited + self.disputed
    }
}

/// Changes the labels and texts that people changed, and gives the verdicts of the check [`HUMAN`] on the others that they decided
/// about. Call it before the checks judge: a changed row is judged as it is now, and its own verdict is the checks' alone.
pub fn apply(candidates: &mut [Candidate], history: &History) -> (Vec<Verdict>, Applied) {
    let (mut verdicts, mut applied) = (Vec::new(), Applied::default());
    for candidate in candidates {
        match history.standing(&RowHash::of(&candidate.label, &candidate.text)) {
            Standing::Open => {}
            Standing::Disputed => {
                applied.disputed += 1;
                verdicts.push(rejection(candidate, "disputed"));
            }
            Standing::Decided(Decision::Accept) => {
                applied.accepted += 1;
                verdicts.push(Verdict::pass(candidate, HUMAN));
            }
            Standing::Decided(Decision::Reject { reason }) => {
                applied.rejected += 1;
                verdicts.push(rejection(candidate, reason.name()));
            }
            Standing::Decided(Decision::Relabel { new_label }) => {
                applied.relabelled += 1;
                candidate.label = new_label;
            }
            Standing::Decided(Decision::Edit { new_text }) => {
                applied.edited += 1;
                candidate.text = new_text;
            }
            Standing::Decided(Decision::Skip | Decision::Undo) => unreachable!("neither is a standing"),
        }
    }
    (verdicts, applied)
}

fn rejection(candidate: &Candidate, reason: &str) -> Verdict {
    Verdict { outcome: CheckOutcome::Reject, reason: reason.to_owned(), ..Verdict::pass(candidate, HUMAN) }
}

#[cfg(test)]
mod tests {
    use super::super::Why;
    use super::super::history::tests::record;
    use super::*;
    use crate::generator::Sources;

    fn candidates() -> Vec<Candidate> {
        let of = |text: &str| Candidate {
            id: format!("id-{text}"),
            text: text.to_owned(),
            label: "joy".to_owned(),
            request: None,
            position: 0,
            sources: Sources::Unknown,
            fault: None,
            came: None,
            attributes: Default::default(),
        };
        ["a", "b", "c", "d", "e", "f"].map(of).to_vec()
    }

    #[test]
    fn each_decision_does_what_it_says_and_open_rows_stay_as_they_were() {
        let records = [
            record("a", "anna", Decision::Accept),
            record("b", "anna", Decision::Reject { reason: Why::Unnatural }),
            record("c", "anna", Decision::Relabel { new_label: "fear".to_owned() }),
            record("d", "anna", Decision::Edit { new_text: "better".to_owned() }),
            record("e", "anna", Decision::Accept),
            record("e", "ben", Decision::Reject { reason: Why::Copy }),
        ];
        let mut rows = candidates();
        let (verdicts, applied) = apply(&mut rows, &History::of(records));
        assert_eq!(applied, Applied { accepted: 1, rejected: 1, relabelled: 1, edited: 1, disputed: 1 });
        assert_eq!((rows[2].label.as_str(), rows[3].text.as_str()), ("fear", "better"));
        assert_eq!(rows[5], candidates()[5]);
        let said: Vec<(&str, &str)> = verdicts.iter().map(|v| (v.candidate.as_str(), v.reason.as_str())).collect();
        assert_eq!(said, [("id-a", "ok"), ("id-b", "unnatural"), ("id-e", "disputed")]);
    }
}
