//! All checks together.

use super::{Check, CheckOutcome, Conclusion, Context, Counts, Judge, Session, Subject, Verdict};
use crate::generator::Candidate;
use crate::probation::Judgements;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// All checks after they have learnt from the real rows; build it once for a run and keep it.
pub struct Panel<'a> {
    judges: Vec<(&'static str, Box<dyn Judge + 'a>)>,
    /// For each check, whether it rejects nothing.
    only_warn: Vec<bool>,
}

impl<'a> Panel<'a> {
    /// Lets each check learn.
    pub fn new(checks: &'a [Box<dyn Check>], context: &'a Context<'a>) -> Self {
        Panel {
            judges: checks.iter().map(|c| (c.name(), c.learn(context))).collect(),
            only_warn: checks.iter().map(|c| c.only_warns()).collect(),
        }
    }

    /// Begins to read candidates.
    pub fn begin(&self) -> Judging<'_> {
        Judging {
            sessions: self.judges.iter().map(|(name, judge)| (*name, judge.begin())).collect(),
            counts: Counts::new(
                self.judges.iter().zip(&self.only_warn).map(|((name, _), only_warns)| (*name, *only_warns)),
                self.notes(),
            ),
        }
    }

    /// Rewrites the texts that the settings of a check ask to be written otherwise, before they are judged.
    pub fn mend(&self, candidates: &mut [Candidate]) {
        candidates.par_iter_mut().for_each(|candidate| {
            for (_, judge) in &self.judges {
                if let Some(text) = judge.mend(candidate) {
                    candidate.text = text;
                    // What the text holds no longer must not stand beside it.
                    candidate.came = None;
                }
            }
        });
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

    /// Takes in what a judge that was asked says of candidates that were judged here before.
    pub fn hear(&mut self, said: &Judgements) {
        self.sessions.iter_mut().for_each(|(_, session)| session.hear(said));
    }

    /// What shows only in all candidates so far together, beside `verdicts`, which are what [`Judging::judge`] gave on them: more verdicts, in
    /// the order of the checks, on candidates that nothing rejects, and everything counted. Later candidates may change it.
    pub fn conclude(&self, verdicts: &[Verdict]) -> (Vec<Verdict>, Counts) {
        let rejects = |v: &&Verdict| v.outcome == CheckOutcome::Reject;
        let rejected: HashSet<&str> = verdicts.iter().filter(rejects).map(|v| v.candidate.as_str()).collect();
        let mut counts = self.counts.clone();
        let mut concluded: Vec<Verdict> = Vec::new();
        for (name, session) in &self.sessions {
            let Conclusion { findings, notes, sets, judged } = session.conclude();
            counts.notes.extend(notes);
            counts.sets.extend(sets);
            counts.judge = counts.judge.take().or(judged);
            let open = findings.into_iter().filter(|(id, _)| !rejected.contains(id.as_str()));
            concluded.extend(open.map(|(id, finding)| finding.verdict_on(id, name)));
        }
        counts.conclude(verdicts, &concluded);
        (concluded, counts)
    }
}

/// The warnings and rejections of all checks on candidates that come all at once.
pub fn judge_all(checks: &[Box<dyn Check>], context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
    let panel = Panel::new(checks, context);
    let mut judging = panel.begin();
    let verdicts = judging.judge(candidates);
    let (concluded, _) = judging.conclude(&verdicts);
    in_order(candidates, verdicts, concluded)
}

/// Verdicts candidate by candidate in their order, and for each those of single texts first.
pub fn in_order(candidates: &[Candidate], mut verdicts: Vec<Verdict>, concluded: Vec<Verdict>) -> Vec<Verdict> {
    if concluded.is_empty() {
        return verdicts;
    }
    let place: HashMap<&str, usize> = candidates.iter().enumerate().map(|(at, c)| (c.id.as_str(), at)).collect();
    verdicts.extend(concluded);
    verdicts.sort_by_key(|v| place.get(v.candidate.as_str()).copied().unwrap_or(usize::MAX));
    verdicts
}
