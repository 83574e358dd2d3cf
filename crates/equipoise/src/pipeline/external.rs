//! Synthetic rows from anywhere: files become candidates, with their sources where the files tell them.

use crate::input::{self, InputOptions, SourceCell};
use crate::pipeline::Loaded;
use crate::{Error, Setup, Work};
use equipoise_core::data::{Fingerprints, RowId, TrainView};
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::plan::Quota;
use equipoise_core::text::comparison_key;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Candidates from files, in the order of the files.
pub(super) struct External {
    pub(super) candidates: Vec<Candidate>,
    /// Everything that the files hold is wanted.
    pub(super) quotas: Vec<Quota>,
    /// Names and digests of the files.
    pub(super) files: Vec<(String, String)>,
}

/// Reads the files.
pub(super) fn read(setup: &Setup, loaded: &Loaded, paths: &[PathBuf], work: &Work<'_>) -> Result<External, Error> {
    let data = &setup.recipe.data;
    let options = InputOptions { format: None, text: data.text.clone(), label: data.label.clone() };
    let train = loaded.dataset.train();
    let known = KnownRows::new(train);
    let mut external = External { candidates: Vec::new(), quotas: Vec::new(), files: Vec::new() };
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths {
        let file = input::read_synthetic(path, &options)?;
        for note in &file.input.notes {
            work.note(format!("{}: {note}", file.input.name));
        }
        let (mut lost, mut held_out) = (0, 0);
        for (at, cell) in file.sources.iter().enumerate() {
            let (text, label) = file.input.rows.text_and_label(at);
            if loaded.dataset.labels().id(label).is_none() {
                return Err(unknown_label(path, &file.input.rows, label));
            }
            if loaded.fingerprints.as_ref().is_some_and(|held| is_held_out(held, cell)) {
                held_out += 1;
                continue;
            }
            let sources = known.find(cell);
            lost += usize::from(sources == Sources::Unknown && *cell != SourceCell::default());
            *wanted.entry(label.to_owned()).or_default() += 1;
            let position = external.candidates.len();
            external.candidates.push(Candidate {
                id: format!("s{position}"),
                text: text.to_owned(),
                label: label.to_owned(),
                request: None,
                position,
                sources,
                fault: None,
            });
        }
        if held_out > 0 {
            let name = &file.input.name;
            work.note(format!(
                "{name}: {held_out} rows are left out, since the texts that they were made from are held out"
            ));
        }
        if lost > 0 {
            work.note(format!("{}: {lost} rows name a source that is no training row", file.input.name));
        }
        external.files.push((file.input.name.clone(), file.input.digest.clone()));
    }
    let counts = train.counts();
    external.quotas = wanted
        .into_iter()
        .map(|(label, wanted)| {
            let have = loaded.dataset.labels().id(&label).map_or(0, |id| counts[id.index()]);
            Quota { label, have, target: have + wanted, wanted, style_control: false }
        })
        .collect();
    Ok(external)
}

fn unknown_label(path: &Path, rows: &equipoise_core::data::Rows, label: &str) -> Error {
    let n = (0..rows.len()).filter(|at| rows.text_and_label(*at).1 == label).count();
    Error::SyntheticLabel { path: path.to_owned(), label: label.to_owned(), n }
}

/// Whether the row that a synthetic one was made from is held out: training on its child would give the answer away.
fn is_held_out(held: &Fingerprints, source: &SourceCell) -> bool {
    source.ids().any(|id| held.contains_row(id)) || source.text.as_ref().is_some_and(|text| held.contains(text))
}

/// Training rows by id and by text.
struct KnownRows {
    by_id: HashMap<RowId, usize>,
    by_text: HashMap<String, RowId>,
}

impl KnownRows {
    fn new(train: TrainView<'_>) -> Self {
        let mut by_text = HashMap::new();
        for row in train.rows() {
            by_text.entry(comparison_key(row.text)).or_insert(row.id);
        }
        KnownRows { by_id: train.positions(), by_text }
    }

    fn find(&self, cell: &SourceCell) -> Sources {
        let by_text = || cell.text.as_ref().and_then(|t| self.by_text.get(&comparison_key(t)).copied());
        let mut rows: Vec<RowId> = cell.ids().filter(|id| self.by_id.contains_key(id)).collect();
        if rows.is_empty() {
            rows.extend(by_text());
        }
        match rows.as_slice() {
            [] => Sources::Unknown,
            [one] => Sources::One(*one),
            _ => Sources::Among(rows),
        }
    }
}
