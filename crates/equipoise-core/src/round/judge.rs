//! What comes is checked and selected, counted and, in the prompts to come, spoken of.

use super::run::Run;
use super::{Generated, RoundEvent, RowCounts};
use crate::check::{CheckOutcome, Verdict, in_order};
use crate::data::LabelId;
use crate::pattern::{Families, Frequent, Traced, avoid, give_aways};
use crate::select::{self, Selecting};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

impl Run<'_> {
    /// Checks the candidates that no check has seen, and selects among them.
    pub(super) fn judge(&mut self) {
        let new = &mut self.generated.candidates[self.n_judged..];
        self.panel.mend(new);
        if new.is_empty() {
            return;
        }
        let verdicts = self.judging.judge(new);
        let mut left = verdicts.as_slice();
        for candidate in new {
            let n_own = left.iter().take_while(|v| v.candidate == candidate.id).count();
            let (own, behind) = left.split_at(n_own);
            self.selecting.add(candidate, own);
            left = behind;
        }
        self.verdicts.extend(verdicts);
        self.n_judged = self.generated.candidates.len();
    }

    /// Ends a round: what shows only in all texts together may change with every round, and the selection with it.
    pub(super) fn conclude(&mut self) {
        self.reconsider();
        (self.observer)(RoundEvent::ChecksStarted);
        let generated = &mut self.generated;
        let (concluded, counts) = self.judging.conclude(&self.verdicts);
        generated.verdicts = in_order(&generated.candidates, self.verdicts.clone(), concluded);
        generated.checks = counts;
        self.selecting = Selecting::of(&generated.candidates, &generated.verdicts, &self.asking.quotas);
        generated.selection = self.selecting.clone().finish();
        generated.count();
        self.look_at_copies();
        (self.observer)(RoundEvent::ChecksFinished);
        self.report(false);
    }

    /// Looks at how many texts of the round repeat what they were made from.
    fn look_at_copies(&mut self) {
        let Generated { candidates, verdicts, .. } = &self.generated;
        let new: HashSet<&str> = candidates[self.n_concluded..].iter().map(|c| c.id.as_str()).collect();
        let repeats =
            |v: &&Verdict| v.outcome == CheckOutcome::Reject && v.facts().is_some_and(|reason| reason.repeats);
        let repeated: HashSet<&str> = verdicts.iter().filter(repeats).map(|v| v.candidate.as_str()).collect();
        let (n, n_copied) = (new.len(), new.intersection(&repeated).count());
        self.n_concluded = candidates.len();
        let generator = &self.asking.generator;
        let is_asked = self.asking.model.is_remote && generator.is_paired() && !generator.mines();
        self.has_turned = is_asked && self.learnt.copied(n_copied, n);
        if self.has_turned {
            (self.observer)(RoundEvent::Copies);
        }
    }

    /// Reports the counts.
    pub(super) fn report(&self, so_far: bool) {
        let labels = self.selecting.labels();
        let mut rejected_by: BTreeMap<String, usize> = BTreeMap::new();
        for (why, n) in labels.iter().flat_map(|l| &l.rejected_by) {
            *rejected_by.entry(why.clone()).or_default() += n;
        }
        let rows = &self.generated.rows;
        (self.observer)(RoundEvent::Rows(RowCounts {
            planned: rows.planned,
            read: self.generated.candidates.len(),
            accepted: labels.iter().map(|l| l.n_kept).sum(),
            wanted: labels.iter().map(|l| l.wanted).sum(),
            rejected_by,
            refused: rows.refused,
            quarantined: rows.quarantined,
            so_far,
        }));
    }

    /// What the label's prompts say about texts that were rejected in earlier rounds, and of habits.
    pub(super) fn advice(&self, label: LabelId) -> Vec<String> {
        let Generated { candidates, verdicts, selection, .. } = &self.generated;
        let name = self.train.labels().name(label);
        let Some(had) = selection.labels.iter().find(|l| l.label == name) else { return Vec::new() };
        // Where a text was rejected because there is one like it, other words are what helps.
        let is_near =
            |v: &&Verdict| v.outcome == CheckOutcome::Reject && v.facts().is_some_and(|reason| reason.repeats);
        let near: HashSet<&str> = verdicts.iter().filter(is_near).map(|v| v.candidate.as_str()).collect();
        // Advice quotes words of these texts, so that it is made from what may be sent.
        let of_label = || candidates.iter().filter(|c| c.label == name);
        let made: Vec<Cow<'_, str>> = of_label().map(|c| self.asking.hidden(&c.text)).collect();
        let is_near = of_label().map(|c| near.contains(c.id.as_str()));
        let near: Vec<&str> = made.iter().zip(is_near).filter(|(_, is_near)| *is_near).map(|(t, _)| &**t).collect();
        let made: Vec<&str> = made.iter().map(|text| &**text).collect();
        let real = self.train.rows().filter(|r| r.label == label).map(|r| self.asking.hidden(r.text));
        let real: Vec<Cow<'_, str>> = real.collect();
        let real: Vec<&str> = real.iter().map(|text| &**text).collect();
        let mut advice = select::advice(&had.rejected_by, &near, &made, &real);
        advice.extend(self.asking.avoid_patterns.then(|| self.habits(label)).flatten());
        advice
    }

    /// What the label's prompts say about habits that give its texts away; `None` where nothing does.
    fn habits(&self, label: LabelId) -> Option<String> {
        let name = self.train.labels().name(label);
        let own = self.generated.candidates.iter().filter(|c| c.label == name && c.fault.is_none());
        let own: Vec<_> =
            own.map(|c| (self.asking.hidden(&c.text), c.sources.rows().first().map(|row| row.0))).collect();
        let real = self.train.rows().filter(|r| r.label == label);
        let real: Vec<_> = real.map(|r| (self.asking.hidden(r.text), Some(r.id.0))).collect();
        let [synthetic, real] = [&own, &real].map(|texts| families(texts));
        let frequent = Frequent::of(self.train.rows().map(|r| r.text));
        avoid(&give_aways(&synthetic, &real, &frequent), &synthetic, &frequent)
    }
}

/// Texts by the rows that they go back to.
fn families<'t>(texts: &'t [(Cow<'_, str>, Option<u64>)]) -> Families<'t> {
    let traced = texts.iter().map(|(text, source)| Traced { text, source: *source });
    Families::new(&traced.collect::<Vec<_>>())
}
