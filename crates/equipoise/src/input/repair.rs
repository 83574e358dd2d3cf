//! Which settings read a file that is not read as it stands: each is tried on that very file before it is named.

use super::InputOptions;
use super::read::Fault;
use equipoise_core::format::{ReadError, Setting, Sink};
use std::collections::HashSet;
use std::mem::discriminant;

/// Settings that may be needed together: a file can have no header and stray quotes.
const DEEPEST: usize = 4;

/// Reads the file with other options.
type Scan<'s> = dyn Fn(&InputOptions, &mut Sink<'_>) -> Result<(), Fault> + 's;

/// The settings that mend `error`, each with those that are needed next.
pub(super) fn repairs(error: &ReadError, options: &InputOptions, scan: &Scan<'_>) -> Vec<Vec<Setting>> {
    error.settings().into_iter().filter_map(|setting| chain(setting, options, scan)).collect()
}

fn chain(first: Setting, options: &InputOptions, scan: &Scan<'_>) -> Option<Vec<Setting>> {
    let mut options = options.clone();
    let mut chain = Vec::new();
    let mut next = Some(first);
    while let Some(setting) = next.take().filter(|_| chain.len() < DEEPEST) {
        // One that would take back another mends nothing.
        if chain.iter().any(|before| discriminant(before) == discriminant(&setting)) {
            return None;
        }
        apply(&setting, &mut options);
        chain.push(setting);
        let mut labels = HashSet::new();
        let outcome = scan(&options, &mut |row| {
            // Two are enough for a classifier.
            if labels.len() < 2 {
                labels.insert(row.label.to_owned());
            }
            Ok(())
        });
        match outcome {
            Ok(()) if labels.len() > 1 => return Some(chain),
            Err(Fault::Read(error)) => next = error.settings().into_iter().next(),
            _ => return None,
        }
    }
    None
}

/// Writes a setting into options.
pub(super) fn apply(setting: &Setting, options: &mut InputOptions) {
    let dialect = &mut options.dialect;
    match setting.clone() {
        Setting::Format(name) => options.format = Some(name.to_owned()),
        Setting::Encoding(name) => options.encoding = Some(name),
        Setting::Delimiter(delimiter) => dialect.delimiter = Some(delimiter),
        Setting::Quote(quote) => dialect.quote = quote,
        Setting::NoHeader(columns) => dialect.no_header = Some(columns),
        Setting::Split(name) => dialect.split = Some(name),
        Setting::Text(column) => options.text = Some(column),
        Setting::Label(column) => options.label = Some(column),
        Setting::AllowDropped => dialect.allow_dropped = true,
        Setting::SimilarLabels(how) => dialect.similar_labels = how,
        Setting::MultiLabel(how) => dialect.multi_label = how,
    }
}
