//! The budget under any order of sends, answers, losses and kills.

use super::purse::Purse;
use crate::journal::{AttemptId, Cost, Failed, Journal, Sent, Settled};
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{FailureKind, Finish};
use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

/// What happens next. Numbers choose among what is in flight.
#[derive(Debug, Clone)]
enum Step {
    Send(u64),
    /// An answer that took this share of its worst case, in 256ths.
    Answer(usize, u64),
    /// Half an answer or none; it was billed up to its worst case.
    Lose(usize, u64),
    /// An error status; it was not billed.
    Refuse(usize),
    /// The process dies, and another one goes on with what the journal holds.
    Kill,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1_u64..400).prop_map(Step::Send),
        3 => (any::<usize>(), 0_u64..=256).prop_map(|(i, share)| Step::Answer(i, share)),
        1 => (any::<usize>(), 0_u64..=256).prop_map(|(i, share)| Step::Lose(i, share)),
        1 => any::<usize>().prop_map(Step::Refuse),
        1 => Just(Step::Kill),
    ];
    proptest::collection::vec(step, 0..120)
}

/// The record of what was spent: a sum, or the real journal beside it.
struct Record {
    settled: u64,
    lost: u64,
    file: Option<(TempDir, Option<Journal>)>,
}

impl Record {
    fn journal(&self) -> Option<&Journal> {
        self.file.as_ref().and_then(|(_, journal)| journal.as_ref())
    }

    fn sent(&self, worst: u64, n: u32) -> Option<AttemptId> {
        let journal = self.journal()?;
        let lane = journal.lane("lane").expect("written");
        let sent = Sent { key: key(n), lane, attempt: 1, reserved: Some(Cost(worst)) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Some(runtime.block_on(journal.sent(sent)).expect("written"))
    }

    /// What a new process finds; `open` is in flight and has no outcome.
    fn reload(&mut self, open: u64) -> u64 {
        self.lost += open;
        let spent = self.settled + self.lost;
        if let Some((dir, journal)) = &mut self.file {
            drop(journal.take());
            let reopened = Journal::open(dir.path()).expect("whole");
            assert_eq!(reopened.totals().expect("readable").spent(), Cost(spent));
            *journal = Some(reopened);
        }
        spent
    }
}

fn key(n: u32) -> RequestKey {
    RequestKey(format!("{n:064x}"))
}

/// Plays `steps` and holds that what the provider bills stays within the budget at every moment.
fn play(budget: u64, steps: &[Step], with_journal: bool) -> Result<(), TestCaseError> {
    let file = with_journal.then(|| {
        let dir = tempdir().expect("a folder");
        let journal = Journal::open(dir.path()).expect("a journal");
        (dir, Some(journal))
    });
    let mut record = Record { settled: 0, lost: 0, file };
    let mut purse = Purse::new(Some(Cost(budget)), None, Cost::ZERO);
    let (mut open, mut n, mut billed): (Vec<(u64, Option<AttemptId>, u32)>, u32, u64) = (Vec::new(), 0, 0);
    for step in steps {
        match *step {
            Step::Send(worst) => {
                if purse.reserve(Some(Cost(worst))) {
                    n += 1;
                    open.push((worst, record.sent(worst, n), n));
                }
            }
            Step::Answer(i, share) if !open.is_empty() => {
                let (worst, id, _) = open.swap_remove(i % open.len());
                let cost = worst * share / 256;
                billed += cost;
                record.settled += cost;
                purse.settle(Some(Cost(worst)), Some(Cost(cost)), None);
                if let (Some(journal), Some(id)) = (record.journal(), id) {
                    let settled = Settled { finish: Finish::Stop, usage: None, cost: Some(Cost(cost)), model: None };
                    journal.settled(id, settled);
                }
            }
            Step::Lose(i, share) if !open.is_empty() => {
                let (worst, id, n) = open.swap_remove(i % open.len());
                billed += worst * share / 256;
                record.lost += worst;
                purse.settle(Some(Cost(worst)), Some(Cost(worst)), None);
                fail(&record, id, n, Some(Cost(worst)));
            }
            Step::Refuse(i) if !open.is_empty() => {
                let (worst, id, n) = open.swap_remove(i % open.len());
                purse.settle(Some(Cost(worst)), None, None);
                fail(&record, id, n, None);
            }
            Step::Kill => {
                // Each in flight may have been billed in full.
                let in_flight: u64 = open.drain(..).map(|(worst, ..)| worst).sum();
                billed += in_flight;
                purse = Purse::new(Some(Cost(budget)), None, Cost(record.reload(in_flight)));
            }
            Step::Answer(..) | Step::Lose(..) | Step::Refuse(_) => {}
        }
        let could_be_billed = billed + open.iter().map(|(worst, ..)| worst).sum::<u64>();
        prop_assert!(could_be_billed <= budget, "{could_be_billed} of {budget}");
        prop_assert!(billed <= purse.spent().0);
    }
    Ok(())
}

fn fail(record: &Record, id: Option<AttemptId>, n: u32, cost: Option<Cost>) {
    if let (Some(journal), Some(id)) = (record.journal(), id) {
        let failed = Failed { status: None, kind: FailureKind::Lost, wait: None, message: String::new(), cost };
        journal.failed(id, key(n), failed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn never_overspends_whatever_is_lost_or_killed(budget in 0_u64..6_000, steps in steps()) {
        play(budget, &steps, false)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_a_journal_gives_back_after_a_kill_is_what_was_spent(budget in 0_u64..6_000, steps in steps()) {
        play(budget, &steps, true)?;
    }
}
