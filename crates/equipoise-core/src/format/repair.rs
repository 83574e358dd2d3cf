//! The closed set of settings that read a file which is not read as it stands; the errors name them.

use super::{Delimiter, MultiLabel, Quote, ReadError, SimilarLabels};

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Read it in this format.
    Format(&'static str),
    /// Decode it from this encoding.
    Encoding(String),
    /// Cut cells at this character.
    Delimiter(Delimiter),
    /// Take this for the quote.
    Quote(Quote),
    /// The first line is a row; the columns are called so.
    NoHeader(Vec<String>),
    /// The columns are named in this line, counted from 1.
    HeaderLine(u64),
    /// Read this split.
    Split(String),
    /// Take this column for the text.
    Text(String),
    /// Take this column for the label.
    Label(String),
    /// Leave out what cannot be used.
    AllowDropped,
    /// What becomes of labels that hardly differ.
    SimilarLabels(SimilarLabels),
    /// What becomes of rows with several labels.
    MultiLabel(MultiLabel),
}

impl Setting {
    /// The settings by name and value, as the command line and a recipe know them (`allow_dropped`, `none`); no value for a switch.
    pub fn named(&self) -> Vec<(&'static str, Option<String>)> {
        let one = |name, value: String| vec![(name, Some(value))];
        match self {
            Setting::Format(name) => one("format", (*name).to_owned()),
            Setting::Encoding(name) => one("encoding", name.clone()),
            Setting::Delimiter(delimiter) => one("delimiter", delimiter.to_string()),
            Setting::Quote(quote) => one("quote", quote.to_string()),
            Setting::NoHeader(columns) => {
                vec![("header", Some("none".to_owned())), ("columns", Some(columns.join(",")))]
            }
            Setting::HeaderLine(line) => one("header", line.to_string()),
            Setting::Split(name) => one("split", name.clone()),
            Setting::Text(column) => one("text", column.clone()),
            Setting::Label(column) => one("label", column.clone()),
            Setting::AllowDropped => vec![("allow_dropped", None)],
            Setting::SimilarLabels(how) => one("similar_labels", how.to_string()),
            Setting::MultiLabel(how) => one("multi_label", how.to_string()),
        }
    }
}

/// Lines among which a header is looked for.
pub(super) const TOP: u64 = 20;

impl ReadError {
    /// The settings that may read the file as it is, each to be tried alone; the best comes first.
    pub fn settings(&self) -> Vec<Setting> {
        match self {
            ReadError::NotUtf8 { why: super::NotUtf8::Other(encoding), .. } => {
                vec![Setting::Encoding(encoding.clone())]
            }
            ReadError::Nul { encoding: Some(encoding), .. } => vec![Setting::Encoding(encoding.clone())],
            ReadError::UnclosedQuote { .. }
            | ReadError::AfterQuote { .. }
            | ReadError::SwallowedRows { .. }
            | ReadError::LongCell { .. } => [Quote::Backslash, Quote::None].map(Setting::Quote).into(),
            ReadError::Ragged { other, line, names, expected, found, .. } => {
                let quotes = [Quote::Backslash, Quote::None, Quote::Single].map(Setting::Quote);
                let delimiter = other.map(Setting::Delimiter).into_iter();
                // A title above the header has fewer cells than the header. Row numbers, or a delimiter at the end of each row, are a column
                // that the header does not name.
                let below = (found > expected && *line <= TOP).then_some(Setting::HeaderLine(*line));
                let wider = names.clone().map(Setting::NoHeader);
                delimiter.chain(quotes).chain(below).chain(wider).chain([Setting::AllowDropped]).collect()
            }
            ReadError::LateHeader { line, .. } => vec![Setting::HeaderLine(*line)],
            ReadError::Delimiters { own, other, .. } | ReadError::RowDelimiter { header: own, rows: other, .. } => {
                vec![Setting::Delimiter(*other), Setting::Delimiter(*own)]
            }
            ReadError::NoHeader { columns, .. } => vec![Setting::NoHeader(columns.clone())],
            ReadError::NoSeparator { delimiter: Some(format), .. } => vec![Setting::Format(format)],
            ReadError::MissingColumn { role, nearest: Some(nearest), .. } if *role != "embedding" => {
                vec![Setting::column(role, nearest)]
            }
            ReadError::Ambiguous { role, candidates } => candidates.iter().map(|c| Setting::column(role, c)).collect(),
            ReadError::Splits { splits, .. } => splits.iter().cloned().map(Setting::Split).collect(),
            ReadError::RepeatedHeader { .. } | ReadError::TooManyDropped { .. } => vec![Setting::AllowDropped],
            ReadError::SimilarLabels { .. } => {
                [SimilarLabels::Merge, SimilarLabels::Keep].map(Setting::SimilarLabels).into()
            }
            ReadError::MultiLabel { .. } => [MultiLabel::Powerset, MultiLabel::Drop].map(Setting::MultiLabel).into(),
            ReadError::WrongFormat { content, .. } if super::by_name(content).is_ok() => {
                vec![Setting::Format(content)]
            }
            ReadError::WrongFormat { .. } => ["csv", "jsonl"].map(Setting::Format).into(),
            ReadError::WrongShape { is: Some(format), .. } => vec![Setting::Format(format)],
            ReadError::HeaderInRows { .. } => vec![Setting::Format("csv"), Setting::AllowDropped],
            ReadError::SingleQuotes { .. } => vec![Setting::Quote(Quote::Single)],
            ReadError::NoDelimiter { own, .. } => vec![Setting::Delimiter(*own)],
            ReadError::NotLabels { others, .. } => others.iter().cloned().map(Setting::Label).collect(),
            // One column: whatever stands in its name may stand between two.
            ReadError::NoColumn { columns, .. } if columns.len() == 1 => {
                let marks = columns[0].bytes().filter(|b| b.is_ascii_punctuation() && !b"_-\"'".contains(b));
                let marks = marks.filter_map(Delimiter::new).map(Setting::Delimiter).take(3);
                // Or it is a title, and the header stands below it.
                marks.chain((2..=8).map(Setting::HeaderLine)).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Setting {
    fn column(role: &str, name: &str) -> Self {
        if role == "text" { Setting::Text(name.to_owned()) } else { Setting::Label(name.to_owned()) }
    }
}
