//! What the rounds gave, as people left it.

use super::Generated;
use crate::check::{Panel, in_order};
use crate::plan::Quota;
use crate::review::{Applied, History, apply};
use crate::select::select;

impl Generated {
    /// The same texts after the decisions: changed ones are judged again, a person's word stands above the checks, and the selection
    /// is made anew, so that a text that people reject makes room for a surplus one.
    pub fn reviewed(&self, history: &History, panel: &Panel<'_>, quotas: &[Quota]) -> (Generated, Applied) {
        let mut after = self.clone();
        let (decisions, applied) = apply(&mut after.candidates, history);
        let mut judging = panel.begin();
        let verdicts = judging.judge(&after.candidates);
        let (concluded, counts) = judging.conclude(&verdicts);
        (after.verdicts, after.checks) = (in_order(&after.candidates, verdicts, concluded), counts);
        after.verdicts.extend(decisions);
        after.selection = select(&after.candidates, &after.verdicts, quotas);
        after.count();
        (after, applied)
    }
}
