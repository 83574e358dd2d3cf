//! All checks together.

use super::{Check, Context, Counts, Judge, Session, Subject, Verdict};
use crate::generator::Candidate;
use rayon::prelude::*;

/// All checks after they have learnt from the real rows; build it once for a run and keep it.
pub struct Panel<'a> {
    judges: Vec<(&'static str, Box<dyn Judge + 'a>)>,
}

impl<'a> Panel<'a> {
    /// Lets each check learn.
    pub fn new(checks: &'a [Box<dyn Check>], context: &'a Context<'a>) -> Self {
        Panel { judges: checks.iter().map(|c| (c.name(), c.learn(context))).collect() }
    }

    /// Begins to read candidates.
    pub fn begin(&self) -> Judging<'_> {
        Judging {
            sessions: self.judges.iter().map(|(name, judge)| (*name, judge.begin())).collect(),
            counts: Counts::new(self.judges.iter().map(|(name, _)| *name), self.notes()),
        }
    }

    /// What a user should know: the patterns that are off since the real rows show them. One sentence each.
    pub fn notes(&self) -> Vec<String> {
        self.judges.iter().flat_map(|(_, judge)| judge.notes()).collect()
    }
}

/// One reading of candidates by all checks, in order.
pub struct Judging<'p> {
    sessions: Vec<(&'static str, Box<dyn Session + 'p>)>,
    counts: Counts,
}

impl Judging<'_> {
    /// The warnings and rejections of the next candidates: candidate by candidate in their order, and for each in the order of the
    /// checks. A check that finds nothing gives no verdict. Candidates of earlier calls are earlier ones.
    pub fn judge(&mut self, candidates: &[Candidate]) -> Vec<Verdict> {
        let subjects: Vec<Subject<'_>> = candidates.par_iter().map(Subject::new).collect();
        let found: Vec<(&str, Vec<_>)> =
            self.sessions.par_iter_mut().map(|(name, session)| (*name, session.judge(&subjects))).collect();
        let mut columns: Vec<_> = found.into_iter().map(|(name, findings)| (name, findings.into_iter())).collect();
        let mut verdicts = Vec::new();
        for candidate in candidates {
            for (name, findings) in &mut columns {
                verdicts.extend(findings.next().flatten().map(|finding| finding.verdict(candidate, name)));
            }
        }
        self.counts.add(candidates.len(), &verdicts);
        verdicts
    }

    /// What was found so far, counted.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

/// The warnings and rejections of all checks on candidates that come all at once.
pub fn judge_all(checks: &[Box<dyn Check>], context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
    Panel::new(checks, context).begin().judge(candidates)
}
