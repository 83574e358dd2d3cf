//! Opening files and tables of labelled texts: what they hold, how they are packed, and how to read them again.

mod error;
mod hashing;
mod read;
mod repair;
mod source;

pub use error::InputError;
pub(crate) use hashing::HashingReader;
pub use source::Source;

use equipoise_core::data::{RowId, Rows};
use equipoise_core::format::{Compression, Dialect, Encoding, Layout, Note, RawRow, Setting, SimilarLabels};
use equipoise_core::learner::TextFeatures;
use equipoise_core::text::label_key;
use read::{Rowwise, read_origin, scan};
use repair::apply;
use source::Origin;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};
use std::path::Path;

/// How to read a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InputOptions {
    /// The format's name; `None` goes by the file's name and content. Standard input needs it where its content is not clear.
    pub format: Option<String>,
    /// The text column; `None` takes `text`, else a guess.
    pub text: Option<String>,
    /// The label column; `None` takes `label`, else a guess.
    pub label: Option<String>,
    /// The column of vectors that come with the texts, where they are wanted.
    pub embedding: Option<String>,
    /// The column that names a group of rows, where it is wanted.
    pub group: Option<String>,
    /// Encoding of text that is not UTF-8 (`latin1`, `utf-16`, …), or `auto` to have it guessed. A byte order mark needs no word.
    pub encoding: Option<String>,
    /// What else is said of the file.
    pub dialect: Dialect,
}

/// A file that was read.
#[derive(Debug)]
pub struct Input {
    /// The file's name without its folder, `standard input`, or the name of a table.
    pub name: String,
    /// Its rows, in order.
    pub rows: Rows,
    /// Name of its format in [`equipoise_core::format::CATALOG`].
    pub format: &'static str,
    /// How it is compressed.
    pub compression: Compression,
    /// How its characters are stored.
    pub encoding: Encoding,
    /// Its columns and conventions.
    pub layout: Layout,
    /// What was left out, guessed or odd.
    pub notes: Vec<Note>,
    /// Rows left out because they cannot be used.
    pub n_dropped: usize,
    /// The vectors that come with its texts, where they were asked for.
    pub features: Option<TextFeatures>,
    /// Rows with their groups, where these were asked for.
    pub groups: Vec<(RowId, String)>,
    /// BLAKE3-256 of the file as it is stored, in hex.
    pub digest: String,
    origin: Origin,
}

/// Texts from a file, whose labels are not looked at.
#[derive(Debug)]
pub struct TextInput {
    /// The file; its rows are empty.
    pub input: Input,
    /// Its texts, in order.
    pub texts: Vec<String>,
    /// Which row of the file each text is, from 1, and its own id where the file has a column of ids.
    pub rows: Vec<(u64, Option<String>)>,
}

/// Synthetic rows from a file, and what is known of their sources.
#[derive(Debug)]
pub struct SyntheticInput {
    /// The file.
    pub input: Input,
    /// One for each row.
    pub sources: Vec<SourceCell>,
    /// Which row of the file each is, from 1, and its own id where the file has a column of ids.
    pub rows: Vec<(u64, Option<String>)>,
}

/// What a row of a synthetic file says of the real row that it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceCell {
    /// The column `source`: the text of the real row.
    pub text: Option<String>,
    /// The column `source_id`: its id, or those of all the rows whose parts it holds, with spaces between.
    pub id: Option<String>,
    /// The column `generator`: what made it of them.
    pub generator: Option<String>,
}

impl SourceCell {
    /// Whether it names a row.
    pub fn is_given(&self) -> bool {
        self.text.is_some() || self.id.is_some()
    }

    /// The ids that can be read.
    pub fn ids(&self) -> impl Iterator<Item = RowId> {
        self.id.iter().flat_map(|ids| ids.split_whitespace()).filter_map(|id| id.parse().ok())
    }
}

/// Reads labelled texts.
///
/// # Errors
/// [`InputError`], naming the file or the table.
pub fn read(source: &Source, options: &InputOptions) -> Result<Input, InputError> {
    collect(source, options, |_| {})
}

/// Reads synthetic rows, with the columns `source`, `source_id` and `generator` where there are such.
///
/// # Errors
/// As [`read`].
pub fn read_synthetic(source: &Source, options: &InputOptions) -> Result<SyntheticInput, InputError> {
    let (mut sources, mut rows) = (Vec::new(), Vec::new());
    let input = collect(source, options, |row| {
        rows.push((row.number, row.id.map(str::to_owned)));
        let [text, id, generator] = [row.source, row.source_id, row.generator].map(|cell| cell.map(str::to_owned));
        sources.push(SourceCell { text, id, generator });
    })?;
    Ok(SyntheticInput { input, sources, rows })
}

/// Reads texts, with or without labels. A line of a `txt` file is a text whole.
///
/// # Errors
/// As [`read`].
pub fn read_texts(source: &Source, options: &InputOptions) -> Result<TextInput, InputError> {
    let (mut texts, mut rows) = (Vec::new(), Vec::new());
    let input = open(source, options, Rowwise::TextsOnly, |row| {
        texts.push(row.text.to_owned());
        rows.push((row.number, row.id.map(str::to_owned)));
    })?;
    Ok(TextInput { input, texts, rows })
}

/// Reads labelled texts from `stream`, which is first spooled to a temporary file.
///
/// # Errors
/// As [`read`].
pub fn read_stream(stream: &mut dyn Read, options: &InputOptions) -> Result<Input, InputError> {
    read_origin(Origin::spool(stream)?, source::STANDARD_INPUT, options, Rowwise::Labelled, |_| {})
}

/// Reads rows that belong to those of `first`, which were read with `options`: by their own signs where these give columns of the same
/// names, else with the same options. What the error advises reads `first`, too.
///
/// # Errors
/// As [`read`].
pub fn read_beside(source: &Source, options: &InputOptions, first: &Input) -> Result<Input, InputError> {
    // It may be of another format.
    let own = InputOptions { format: None, ..options.clone() };
    // A file of several splits holds the held-out rows, too.
    let own = match &own.dialect.split {
        Some(_) => InputOptions { dialect: Dialect { split: Some("test".to_owned()), ..own.dialect }, ..own },
        None => own,
    };
    let dialect = Dialect {
        delimiter: None,
        quote: Default::default(),
        no_header: None,
        header_line: None,
        ..own.dialect.clone()
    };
    if dialect != own.dialect && source.is_lasting() {
        let (text, label) = (Some(first.layout.text.clone()), Some(first.layout.label.clone()));
        if let Ok(input) = read(source, &InputOptions { text, label, dialect, ..own.clone() }) {
            return Ok(input);
        }
    }
    let error = match read(source, &own) {
        Ok(input) => return Ok(input),
        Err(error) => error,
    };
    if options.format.is_some()
        && source.is_lasting()
        && let Ok(input) = read(source, &InputOptions { format: options.format.clone(), ..own })
    {
        return Ok(input);
    }
    Err(error.beside(&first.name, |repair| first.reads_with(options, repair)))
}

fn collect(source: &Source, options: &InputOptions, each: impl FnMut(RawRow<'_>)) -> Result<Input, InputError> {
    open(source, options, Rowwise::Labelled, each)
}

fn open(
    source: &Source,
    options: &InputOptions,
    wanted: Rowwise,
    each: impl FnMut(RawRow<'_>),
) -> Result<Input, InputError> {
    let origin = source.open()?;
    // The format that was named is that of a file.
    let of_table = InputOptions { format: Some("arrow".to_owned()), ..options.clone() };
    let options = if matches!(source, Source::Table { .. }) { &of_table } else { options };
    read_origin(origin, &source.shown(), options, wanted, each)
}

impl Input {
    /// Makes sure that the rows of the file called `shown` stand in the split that `options` ask for.
    ///
    /// # Errors
    /// [`InputError::Read`] where the file has no splits.
    pub(crate) fn check_split(&self, shown: String, options: &InputOptions) -> Result<(), InputError> {
        let unread =
            |source| InputError::Read { name: shown, source: Box::new(source), repairs: Vec::new(), first: None };
        self.layout.check_split(options.dialect.split.as_deref()).map_err(unread)
    }

    /// Whether the same rows could be read with further settings.
    fn reads_with(&self, options: &InputOptions, settings: &[Setting]) -> bool {
        let mut options = options.clone();
        settings.iter().for_each(|setting| apply(setting, &mut options));
        scan(&self.origin, &self.name, &options, Rowwise::Labelled, &mut |_| Ok(())).is_ok()
    }

    /// Where it can be read again when this process is gone; `None` for standard input and tables.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(path) => Some(path),
            Origin::Spooled(_) | Origin::Memory(_) => None,
        }
    }

    /// Gives labels that hardly differ from one of `known` its name, where that was asked for.
    pub(crate) fn rename_as(&mut self, known: &[String], options: &InputOptions) {
        if options.dialect.similar_labels != SimilarLabels::Merge {
            return;
        }
        let by_key: HashMap<String, &String> = known.iter().map(|name| (label_key(name), name)).collect();
        let called = |name: &String| by_key.get(&label_key(name)).map(|known| (name.clone(), (*known).clone()));
        let names: BTreeMap<String, String> = self.rows.names().iter().filter_map(called).collect();
        self.rows.rename(&names);
    }

    /// The stored bytes once more; their digest tells whether the file is still the one that was read.
    pub(crate) fn reopen(&self) -> io::Result<HashingReader> {
        self.origin.open()
    }
}
