//! Synthetic rows from anywhere become candidates, with their sources where the rows tell them.

use super::{Features, Material};
use crate::error::MaterialError;
use crate::event::Event;
use crate::input::{self, InputOptions, Source, SourceCell};
use crate::{Error, Work};
use equipoise_core::data::{RowId, Rows, TrainView};
use equipoise_core::format::Dialect;
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::plan::Quota;
use equipoise_core::text::{comparison_key, label_key, thousands};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Where a synthetic row stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Name of the file.
    pub file: Arc<str>,
    /// Which row of it, from 1.
    pub row: u64,
    /// The row's own id, where the file has a column of ids.
    pub id: Option<String>,
}

/// Synthetic rows that may be checked and trained with: no source that they name is held out.
#[derive(Debug, Clone, Default)]
pub struct Admitted {
    pub(crate) candidates: Vec<Candidate>,
    /// Everything that was given is wanted.
    pub(crate) quotas: Vec<Quota>,
    /// Names and digests of the files.
    pub(crate) files: Vec<(String, String)>,
    /// Where each candidate stands: the file, which row of it, from 1, and the row's own id.
    pub(crate) origins: Vec<Origin>,
    /// The vectors of all texts, the material's own included.
    pub(crate) features: Option<Features>,
}

impl Admitted {
    /// The labels of the synthetic rows, each once.
    pub fn labels(&self) -> Vec<&str> {
        self.quotas.iter().map(|quota| quota.label.as_str()).collect()
    }
}

impl Material {
    /// Lets synthetic rows in, in the order of their sources, and notes what was left out.
    ///
    /// # Errors
    /// Unreadable and bad input; a label that no training row has.
    pub fn admit(&self, sources: &[Source], columns: &InputOptions, work: &Work<'_>) -> Result<Admitted, Error> {
        let options = beside(columns);
        let mut door = Door::new(self);
        for from in sources {
            let read = input::read_synthetic(from, &options).or_else(|error| match &columns.dialect.split {
                // The split that was asked for, where the file has splits too.
                Some(_) if error.kind() == "splits" => input::read_synthetic(from, &with_split(&options, columns)),
                _ => Err(error),
            });
            let read = read.or_else(|error| {
                // As the training file: what this program added rows to is written so.
                let as_train = InputOptions { format: None, ..columns.clone() };
                let is_other = as_train.dialect != options.dialect && from.is_lasting();
                let read = is_other.then(|| input::read_synthetic(from, &as_train).ok()).flatten();
                read.ok_or(error)
            });
            let mut file = read.map_err(MaterialError::from)?;
            file.input.rename_as(self.dataset.labels().names(), columns);
            match (&mut door.features, file.input.features.take()) {
                (Some(features), Some(own)) => features.take(&own)?,
                (Some(features), None) => features.cover(from, &file.input.rows)?,
                (None, _) => {}
            }
            let name: Arc<str> = file.input.name.as_str().into();
            file.input.notes.iter().for_each(|note| work.tell(Event::noted(&name, note)));
            door.knows_the_labels(from, &file.input.rows)?;
            let mut left_out = LeftOut::default();
            door.candidates.reserve_exact(file.rows.len());
            door.origins.reserve_exact(file.rows.len());
            for (at, (source, (row, id))) in file.sources.into_iter().zip(file.rows).enumerate() {
                let origin = Origin { file: name.clone(), row, id };
                door.let_in(file.input.rows.text_and_label(at), &source, origin, &mut left_out);
            }
            left_out.notes(&name).for_each(|note| work.tell(note));
            door.files.push((file.input.name, file.input.digest));
        }
        Ok(door.close())
    }
}

/// How files of others are read: by their own signs, but for the columns' names and what was said of labels.
fn beside(columns: &InputOptions) -> InputOptions {
    let Dialect { allow_dropped, similar_labels, multi_label, .. } = columns.dialect;
    let dialect = Dialect { allow_dropped, similar_labels, multi_label, ..Dialect::default() };
    // A file of all vectors needs no column of its own here.
    InputOptions { format: None, dialect, ..columns.clone() }
}

fn with_split(options: &InputOptions, columns: &InputOptions) -> InputOptions {
    let dialect = Dialect { split: columns.dialect.split.clone(), ..options.dialect.clone() };
    InputOptions { dialect, ..options.clone() }
}

/// Where synthetic rows come in.
struct Door<'m> {
    material: &'m Material,
    known: KnownRows,
    candidates: Vec<Candidate>,
    wanted: BTreeMap<String, usize>,
    files: Vec<(String, String)>,
    origins: Vec<Origin>,
    features: Option<Features>,
}

/// What was not taken as it was given.
#[derive(Default)]
struct LeftOut {
    /// Rows whose source is held out.
    n_held_out: usize,
    /// Rows whose source is no training row; they are taken without one.
    n_lost: usize,
}

impl LeftOut {
    fn notes(&self, name: &str) -> impl Iterator<Item = Event> {
        let LeftOut { n_held_out, n_lost } = *self;
        let held_out = (n_held_out > 0).then(|| {
            let why = "since the texts that they were made from are held out";
            Event::Omitted(format!("{name}: {} rows are omitted, {why}", thousands(n_held_out as u64)))
        });
        let lost = (n_lost > 0).then(|| {
            Event::Note(format!("{name}: {} rows name a source that is no training row", thousands(n_lost as u64)))
        });
        held_out.into_iter().chain(lost)
    }
}

impl<'m> Door<'m> {
    fn new(material: &'m Material) -> Self {
        let known = KnownRows::new(material.dataset.train());
        let features = material.features.clone();
        Door {
            material,
            known,
            candidates: Vec::new(),
            wanted: BTreeMap::new(),
            files: Vec::new(),
            origins: Vec::new(),
            features,
        }
    }

    /// A label that no training row has is an error.
    fn knows_the_labels(&self, from: &Source, rows: &Rows) -> Result<(), MaterialError> {
        let known = self.material.dataset.labels();
        let mut labels = (0..rows.len()).map(|at| rows.text_and_label(at).1);
        let Some(label) = labels.find(|label| known.id(label).is_none()) else { return Ok(()) };
        let n = 1 + labels.filter(|other| *other == label).count();
        let key = label_key(label);
        let is_alike = known.names().iter().any(|known| label_key(known) == key);
        Err(MaterialError::SyntheticLabel { name: from.shown(), label: label.to_owned(), n, is_alike })
    }

    /// Takes the next row, or counts it as left out.
    fn let_in(&mut self, (text, label): (&str, &str), source: &SourceCell, origin: Origin, left_out: &mut LeftOut) {
        if self.material.is_child_of_held_out(source) {
            left_out.n_held_out += 1;
            return;
        }
        let sources = self.known.find(source);
        left_out.n_lost += usize::from(sources == Sources::Unknown && source.is_given());
        *self.wanted.entry(label.to_owned()).or_default() += 1;
        let position = self.candidates.len();
        self.origins.push(origin);
        self.candidates.push(Candidate {
            id: format!("s{position}"),
            text: text.to_owned(),
            label: label.to_owned(),
            request: None,
            position,
            sources,
            fault: None,
            came: None,
            attributes: Default::default(),
        });
    }

    fn close(self) -> Admitted {
        let dataset = &self.material.dataset;
        let counts = dataset.train().counts();
        let quota = |(label, wanted): (String, usize)| {
            let have = dataset.labels().id(&label).map_or(0, |id| counts[id.index()]);
            Quota { label, have, target: have + wanted, wanted, style_control: false }
        };
        let quotas = self.wanted.into_iter().map(quota).collect();
        Admitted {
            candidates: self.candidates,
            quotas,
            files: self.files,
            origins: self.origins,
            features: self.features,
        }
    }
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
        Sources::told(rows, cell.generator.as_deref())
    }
}
