//! What a run or a pilot says of the prompts that it used.

use super::figures::{Figures, share};
use crate::Error;
use crate::folder::{Past, past};
use crate::pipeline::{PilotRecord, pilot_record};
use crate::rundir::RUN_FILE;
use equipoise_core::pilot::Compared;
use equipoise_core::prompt::BUILT_IN;
use equipoise_core::stats::Estimate;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One run or pilot that used a prompt.
#[derive(Debug, Clone, Serialize)]
pub struct RunUse {
    /// Its folder.
    pub run: PathBuf,
    /// Whether it is a pilot.
    pub is_pilot: bool,
    /// The day on which it was started, where that is known.
    pub date: Option<String>,
    /// The model.
    pub model: String,
    /// What came of it; zeros of a run that is not finished.
    pub figures: Figures,
}

/// One use of a prompt.
pub(super) struct Use {
    /// BLAKE3 of its source, hex.
    pub(super) version: String,
    /// Built-in name or file.
    pub(super) name: String,
    /// The source of a template of the user's own.
    pub(super) source: Option<String>,
    pub(super) of: RunUse,
}

/// The uses in the run or pilot in `folder`; none of a run that needed no prompt.
pub(super) fn uses(folder: &Path) -> Result<Vec<Use>, Error> {
    if folder.join(RUN_FILE).exists() {
        return Ok(of_run(past(folder)?).into_iter().collect());
    }
    let record = pilot_record(folder)?;
    Ok(record.comparison.iter().flat_map(|c| &c.prompts).map(|prompt| of_pilot(folder, &record, prompt)).collect())
}

fn of_run(past: Past) -> Option<Use> {
    let figures = past.selection.as_ref().map_or_else(Figures::default, |file| {
        let sum = |of: fn(&equipoise_core::select::LabelSelection) -> usize| file.selection.labels.iter().map(of).sum();
        let mut rejected: BTreeMap<String, usize> = BTreeMap::new();
        for (why, n) in file.selection.labels.iter().flat_map(|label| &label.rejected_by) {
            *rejected.entry(why.clone()).or_default() += n;
        }
        let n_good = sum(|l| l.n_kept + l.n_surplus);
        Figures {
            n_planned: file.rows.planned,
            n_read: sum(|l| l.n_candidates),
            n_good,
            n_rejected: sum(|l| l.n_rejected),
            n_naming_label: naming_label(&past),
            n_refused: file.rows.refused,
            most_rejected_by: most(rejected),
            good: share(n_good, file.rows.planned),
            usd: file.usd_per_kept.map(|usd| usd * file.rows.kept as f64),
        }
    });
    let Past { folder: run, record, model, template_name, template: source, .. } = past;
    (!record.prompt.is_empty()).then(|| Use {
        version: record.prompt,
        name: template_name.unwrap_or_else(|| BUILT_IN[0].name.to_owned()),
        source,
        of: RunUse { run, is_pilot: false, date: record.date, model, figures },
    })
}

/// How many texts of a run name their label.
fn naming_label(past: &Past) -> usize {
    let counted = past.checks.iter().flat_map(|counts| &counts.checks).filter(|counts| counts.check == "label_leak");
    counted.map(|counts| counts.warn + counts.reject).sum()
}

fn of_pilot(folder: &Path, record: &PilotRecord, prompt: &Compared) -> Use {
    let kept = record.templates.get(&prompt.version);
    let of = &prompt.figures;
    let figures = Figures {
        n_planned: of.n_asked,
        n_read: of.n_read,
        n_good: of.n_kept,
        n_rejected: of.rejected_by.values().sum(),
        n_naming_label: count(of.names_label.as_ref(), of.n_read),
        n_refused: count(of.refused.as_ref(), of.n_asked),
        most_rejected_by: most(of.rejected_by.clone()),
        good: share(of.n_kept, of.n_asked),
        usd: of.usd_per_kept.map(|usd| usd * of.n_kept as f64),
    };
    Use {
        version: prompt.version.clone(),
        name: kept.map_or_else(|| prompt.name.clone(), |kept| kept.name.clone()),
        source: kept.map(|kept| kept.source.clone()),
        of: RunUse {
            run: folder.to_owned(),
            is_pilot: true,
            date: record.date.clone(),
            model: prompt.model.clone(),
            figures,
        },
    }
}

/// The count behind a share of `of`.
fn count(share: Option<&Estimate>, of: usize) -> usize {
    share.map_or(0, |share| (share.value * of as f64).round() as usize)
}

fn most(rejected: BTreeMap<String, usize>) -> Option<(String, usize)> {
    rejected.into_iter().max_by_key(|(_, n)| *n)
}
