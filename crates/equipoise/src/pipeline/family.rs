//! The runs beside the one that a run was forked from, and pilots in any case: whatever any of them paid for is not bought again.
//!
//! Every journal finds an answer by the key of its request, so that the journals of a folder are one store of answers.

use crate::Error;
use crate::journal::Journal;
use crate::rundir::{PILOT_FILE, has_answers};
use crate::schedule::{Recorded, RequestOutcome};
use crate::setup::{Model, Reach};
use equipoise_core::provider::{Answer, Request, Way};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The word with which a run is closed of which the prompt or the model was at fault.
pub(crate) const PROMPT: &str = "prompt";

/// Runs that are looked into, the newest first.
const MOST: usize = 64;

/// Journals that are only read: that of the run that was forked first, then those beside it.
pub(super) struct Family {
    members: Vec<Member>,
    /// Whether the first one was named by the user.
    is_forked: bool,
    n_asked: usize,
}

struct Member {
    name: String,
    journal: Journal,
    recorded: Recorded,
    n_reused: usize,
    /// Whether the run was stopped since too little came, so that answers without a text are not taken over.
    is_halted: bool,
}

impl Family {
    /// The run in `earlier` and those in its folder and in that of `own`; where none is forked, the pilots in the folder of `own`, since a
    /// pilot is made for the run that follows. `None` where there is none, and for a model inside the process.
    pub(super) fn open(earlier: Option<&Path>, own: &Path, model: &Model) -> Result<Option<Self>, Error> {
        let (Reach::Http(remote), Some(way)) = (&model.reach, model.way()) else { return Ok(None) };
        let member = |dir: &Path, journal: Journal| -> Result<Member, Error> {
            let recorded = Recorded::new(journal.clone(), remote.wire.clone(), way.clone(), &[])?;
            let is_halted = journal.last_closing()?.as_deref() == Some(PROMPT);
            Ok(Member { name: dir.display().to_string(), journal, recorded, n_reused: 0, is_halted })
        };
        let mut members = Vec::new();
        if let Some(earlier) = earlier {
            members.push(member(earlier, Journal::open_to_read(earlier)?)?);
        }
        for dir in siblings(earlier, own) {
            // One that cannot be read, or is of another version, has nothing to give.
            if let Ok(found) =
                Journal::open_to_look(&dir).map_err(Error::from).and_then(|journal| member(&dir, journal))
            {
                members.push(found);
            }
        }
        let is_forked = earlier.is_some();
        Ok((!members.is_empty()).then_some(Family { members, is_forked, n_asked: 0 }))
    }

    /// The ways in which its runs asked.
    pub(super) fn ways(&self) -> Result<Vec<Way>, Error> {
        let mut ways = Vec::new();
        for member in &self.members {
            ways.extend(member.journal.ways()?);
        }
        Ok(ways)
    }

    /// Takes over every answer that one of its runs has; of a run that was stopped since too little came, those of which `has_text` says so.
    pub(super) fn reuse(
        &mut self,
        requests: &[Request],
        own: &Journal,
        has_text: &dyn Fn(&Request, &Answer) -> bool,
    ) -> Result<(), Error> {
        self.n_asked += requests.len();
        let mut left = requests.to_vec();
        for member in &mut self.members {
            let outcomes = member.recorded.outcomes_of(&left)?;
            let mut remaining = Vec::with_capacity(left.len());
            for (request, outcome) in left.into_iter().zip(outcomes) {
                let answered = match outcome {
                    Some((_, RequestOutcome::Answered(answer))) if member.is_halted && !has_text(&request, &answer) => {
                        None
                    }
                    Some((key, RequestOutcome::Answered(_))) => member.journal.answer(&key)?.map(|raw| (key, raw)),
                    _ => None,
                };
                match answered {
                    Some((key, raw)) => {
                        own.adopt(&key, raw)?;
                        member.n_reused += 1;
                    }
                    None => remaining.push(request),
                }
            }
            left = remaining;
        }
        Ok(())
    }

    /// How many answers were taken over, in words: of the run that was forked in any case, of another where it had some.
    pub(super) fn told(&self) -> Vec<String> {
        let used =
            self.members.iter().enumerate().filter(|(at, member)| (*at == 0 && self.is_forked) || member.n_reused > 0);
        used.map(|(_, m)| format!("{} of {} answers reused from run {}", m.n_reused, self.n_asked, m.name)).collect()
    }
}

/// The folders of pilots beside `own`, the newest first; where a run is forked, those of pilots and of other runs beside it and beside `own`.
fn siblings(earlier: Option<&Path>, own: &Path) -> Vec<PathBuf> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known: Vec<PathBuf> = earlier.into_iter().chain([own]).map(whole).collect();
    let folders: BTreeSet<PathBuf> = known.iter().filter_map(|dir| dir.parent().map(Path::to_owned)).collect();
    let gives = |dir: &Path| if earlier.is_some() { has_answers(dir) } else { dir.join(PILOT_FILE).exists() };
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let mut runs: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|dir| !known.contains(dir) && gives(dir))
        .filter_map(|dir| Some((dir.join("journal.db").metadata().ok()?.modified().ok()?, dir)))
        .collect();
    runs.sort();
    runs.into_iter().rev().take(MOST).map(|(_, dir)| dir).collect()
}
