//! `verdicts.jsonl`: the warnings and rejections, and a last line of counts.

use crate::Error;
use crate::artefacts::Artefacts;
use crate::rundir::{RunDir, RunDirError};
use equipoise_core::check::{CheckCounts, Counts, Verdict};
use equipoise_core::format::WriteError;
use equipoise_core::generator::Candidate;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The file's name.
pub(crate) const VERDICTS_FILE: &str = "verdicts.jsonl";

/// Writes the file part by part.
pub(super) struct VerdictLines<W> {
    out: W,
    /// Whether a check that found nothing has its line, too.
    all: bool,
}

/// One line of the file.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AnyLine {
    Verdict(Verdict),
    Counts(Box<LastLine>),
}

#[derive(Debug, Serialize, Deserialize)]
struct LastLine {
    counts: Counts,
}

impl<W: Write> VerdictLines<W> {
    /// Begins the file; `all` asks for a line of each check on each candidate.
    pub(super) fn new(out: W, all: bool) -> Self {
        VerdictLines { out, all }
    }

    /// Adds the verdicts on the next candidates, which stand in the order of the candidates and of the checks that were counted.
    pub(super) fn add(&mut self, candidates: &[Candidate], verdicts: &[Verdict], counts: &Counts) -> io::Result<()> {
        if !self.all {
            return verdicts.iter().try_for_each(|v| self.line(v));
        }
        let mut found = verdicts.iter().peekable();
        for candidate in candidates {
            for CheckCounts { check, .. } in &counts.checks {
                match found.next_if(|v| v.candidate == candidate.id && v.check == *check) {
                    Some(verdict) => self.line(verdict)?,
                    None => self.line(&Verdict::pass(candidate, check))?,
                }
            }
        }
        Ok(())
    }

    /// Ends the file with the counts.
    pub(super) fn finish(mut self, counts: &Counts) -> io::Result<W> {
        self.line(&LastLine { counts: counts.clone() })?;
        Ok(self.out)
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }
}

/// Gives the file to `artefacts`.
pub(super) fn put(
    (candidates, verdicts, counts): (&[Candidate], &[Verdict], &Counts),
    all: bool,
    artefacts: &mut dyn Artefacts,
) -> Result<(), Error> {
    artefacts.put(VERDICTS_FILE, &mut |out| {
        let mut lines = VerdictLines::new(out, all);
        let added = lines.add(candidates, verdicts, counts);
        added.and_then(|()| lines.finish(counts)).map(drop).map_err(WriteError::Io)
    })
}

/// The warnings and rejections of a run folder, and the counts.
pub(crate) fn read(dir: &RunDir) -> Result<(Vec<Verdict>, Counts), RunDirError> {
    let (mut verdicts, mut counts) = (Vec::new(), Counts::default());
    for line in dir.read_jsonl(VERDICTS_FILE)? {
        match line {
            AnyLine::Verdict(verdict) => verdicts.push(verdict),
            AnyLine::Counts(last) => counts = last.counts,
        }
    }
    Ok((verdicts, counts))
}

/// The counts at the end of the file's `text`; none counted where an earlier version wrote it.
pub(crate) fn counts_of(text: &str) -> serde_json::Result<Counts> {
    match text.lines().last().map(serde_json::from_str).transpose()? {
        Some(AnyLine::Counts(last)) => Ok(last.counts),
        Some(AnyLine::Verdict(_)) | None => Ok(Counts::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{ran, recipe, text};
    use equipoise_core::check::CATALOG;

    #[test]
    fn findings_have_a_line_each_and_the_last_line_counts_all() {
        let (_, files) = ran(recipe());
        let lines: Vec<AnyLine> =
            text(&files, VERDICTS_FILE).lines().map(|l| serde_json::from_str(l).expect("a line")).collect();
        let (last, found) = lines.split_last().expect("a last line");
        assert!(matches!(last, AnyLine::Counts(_)));
        assert!(
            found.iter().all(
                |line| matches!(line, AnyLine::Verdict(v) if v.outcome != equipoise_core::check::CheckOutcome::Pass)
            )
        );
    }

    #[test]
    fn all_verdicts_are_a_line_for_each_check_and_candidate() {
        let mut recipe = recipe();
        recipe.output.all_verdicts = true;
        let (_, files) = ran(recipe);
        let n = text(&files, "candidates.jsonl").lines().count();
        let n_checks = CATALOG.iter().filter(|entry| entry.name != "label_judge").count();
        assert_eq!(
            text(&files, VERDICTS_FILE).lines().count(),
            n * n_checks + 1,
            "a judge that nobody named is no check"
        );
    }
}
