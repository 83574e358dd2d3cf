//! Why a file cannot be read, and with which settings it can.

use crate::error::{Action, Hint, Part};
use equipoise_core::catalog::SettingsError;
use equipoise_core::format::{ReadError, Setting, WriteError};
use equipoise_core::text::escape_control;
use std::io;

/// Why a file cannot be read. The message starts with the file's name.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It cannot be opened.
    #[error("{}: it cannot be opened: {source}", escape_control(.name))]
    Open {
        /// The path as it was given.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// Its content is not what it should be.
    #[error("{}: {source}", escape_control(.name))]
    Read {
        /// The path as it was given.
        name: String,
        /// What is wrong, and where.
        source: Box<ReadError>,
        /// Settings with which this very file was read once more and gave rows; the best come first.
        repairs: Vec<Vec<Setting>>,
        /// The file whose rows these belong to, where every setting that reads this one keeps that one from being read.
        first: Option<String>,
    },
    /// A table has a column that cannot be kept.
    #[error("{}: {source}", escape_control(.name))]
    Table {
        /// What the table is called.
        name: String,
        /// Why.
        source: Box<WriteError>,
    },
    /// No format has the name that was given.
    #[error(transparent)]
    Format(#[from] SettingsError),
}

impl InputError {
    /// One word for the kind of fault, snake_case; that of [`ReadError::kind`] for content.
    pub fn kind(&self) -> &'static str {
        match self {
            InputError::Open { .. } => "open",
            InputError::Read { source, .. } => source.kind(),
            InputError::Table { .. } => "table",
            InputError::Format(_) => "unknown_format",
        }
    }

    /// Whether all that is wrong is that no column names groups.
    pub(crate) fn lacks_the_groups(&self) -> bool {
        matches!(self, InputError::Read { source, .. } if is_of_groups(source))
    }

    /// The error of a file beside `first`, with those repairs alone that `keep` says read both.
    pub(super) fn beside(self, first: &str, keep: impl Fn(&[Setting]) -> bool) -> Self {
        match self {
            InputError::Read { name, source, mut repairs, .. } => {
                let n_before = repairs.len();
                repairs.retain(|repair| keep(repair));
                let first = (n_before > 0 && repairs.is_empty()).then(|| first.to_owned());
                InputError::Read { name, source, repairs, first }
            }
            other => other,
        }
    }

    /// What to do about it: settings that read the file as it is, and what else helps.
    pub fn hint(&self) -> Hint {
        match self {
            InputError::Open { .. } => "check the path and that you may read it".into(),
            InputError::Read { name, first: Some(first), .. } => {
                let names = [quoted(name), quoted(first)].map(Part::from);
                Hint::new(
                    "write {} as {} is written: in one format, with one kind of header and the same names of columns",
                    names,
                )
            }
            InputError::Read { source, .. } if is_of_groups(source) => {
                "name a column of the held-out rows that says their group: {group=COL}".into()
            }
            InputError::Read { name, source, repairs, .. } => repaired(name, source, repairs),
            InputError::Table { .. } => "omit the columns that are neither text nor label".into(),
            InputError::Format(_) => Hint::new("`{}` names them all", [Action::List("formats").into()]),
        }
    }
}

fn is_of_groups(source: &ReadError) -> bool {
    matches!(source, ReadError::MissingColumn { role: "group", .. })
}

fn repaired(name: &str, source: &ReadError, repairs: &[Vec<Setting>]) -> Hint {
    let advice = source.advice();
    // No program can read standard input once more.
    let is_stream = name == super::source::STANDARD_INPUT && advice.contains("FILE");
    let advice = if is_stream { advice.split(": `").next().unwrap_or_default().to_owned() } else { advice };
    let files = advice.matches("FILE").map(|_| Part::from(quoted(name)));
    let advice = advice.replace("FILE", "{}");
    if repairs.is_empty() {
        return Hint::new(&advice, files);
    }
    let settings: Vec<Vec<Part>> = repairs.iter().map(|r| r.iter().flat_map(parts).collect()).collect();
    let ways: Vec<String> = settings.iter().map(|s| format!("`{}`", vec!["{}"; s.len()].join(" "))).collect();
    let ways = ways.join(" or ");
    match source {
        ReadError::Ambiguous { .. } => Hint::new(&format!("choose {ways}"), settings.into_iter().flatten()),
        _ => Hint::new(&format!("read it with {ways}; or {advice}"), settings.into_iter().flatten().chain(files)),
    }
}

fn parts(setting: &Setting) -> Vec<Part> {
    setting.named().into_iter().map(|(name, value)| Part::Setting { name: name.to_owned(), value }).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./,:+@%=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
