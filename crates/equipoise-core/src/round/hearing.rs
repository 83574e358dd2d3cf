//! A judge of labels, where the run has one, is asked about the texts of a round.

use super::Asker;
use super::run::Run;
use crate::check::CheckOutcome;
use crate::generator::Candidate;
use std::collections::HashSet;

impl Run<'_> {
    /// Has the judge say which labels the texts of this round have that no check rejects: for those of earlier rounds it did.
    pub(super) fn hear<A: Asker>(&mut self, asker: &mut A) -> Result<(), A::Error> {
        let rejects = self.verdicts.iter().filter(|v| v.outcome == CheckOutcome::Reject);
        let rejected: HashSet<&str> = rejects.map(|v| v.candidate.as_str()).collect();
        let new = self.generated.candidates[self.n_concluded..].iter();
        let open: Vec<&Candidate> = new.filter(|c| c.fault.is_none() && !rejected.contains(c.id.as_str())).collect();
        if let Some(said) = asker.judge(&open)? {
            self.judging.hear(&said);
            self.generated.n_unjudged += said.n_open;
        }
        Ok(())
    }
}
