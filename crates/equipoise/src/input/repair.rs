//! Which settings read a file that is not read as it stands: each is tried on that very file before it is named.

use super::InputOptions;
use super::read::Fault;
use equipoise_core::format::{ReadError, Setting, Sink};
use std::collections::HashSet;

/// Settings that may be needed together: a file can have no header and stray quotes.
const DEEPEST: usize = 4;

/// Reads the file with other options, and gives the number of rows that were left out.
type Scan<'s> = dyn Fn(&InputOptions, &mut Sink<'_>) -> Result<usize, Fault> + 's;

/// The most rows that may be left out where some have another width, as one in so many of those that remain. More of them are no
/// accidents: the file is cut in the wrong way.
const FEW: usize = 20;

/// The settings that mend `error`, each with those that are needed next.
pub(super) fn repairs(error: &ReadError, options: &InputOptions, scan: &Scan<'_>) -> Vec<Vec<Setting>> {
    let may_drop = if matches!(error, ReadError::Ragged { .. }) { FEW } else { 0 };
    let chains = error.settings().into_iter().filter_map(|setting| chain(setting, may_drop, options, scan));
    let mut mends: Vec<Vec<Setting>> = Vec::new();
    for mend in chains {
        // The header stands in one line; below it every row could pass for one.
        let is_header = |mend: &[Setting]| matches!(mend, [Setting::HeaderLine(_), ..]);
        if !(is_header(&mend) && mends.iter().any(|before| is_header(before))) {
            mends.push(mend);
        }
    }
    mends
}

fn chain(first: Setting, few: usize, options: &InputOptions, scan: &Scan<'_>) -> Option<Vec<Setting>> {
    let mut options = options.clone();
    let mut chain = Vec::new();
    let mut next = Some(first);
    while let Some(setting) = next.take().filter(|_| chain.len() < DEEPEST) {
        // One that would take back another mends nothing.
        let sets = |setting: &Setting| setting.named()[0].0;
        if chain.iter().any(|before| sets(before) == sets(&setting)) {
            return None;
        }
        apply(&setting, &mut options);
        chain.push(setting);
        let (mut labels, mut n, mut n_enclosed) = (HashSet::new(), 0, 0);
        let outcome = scan(&options, &mut |row| {
            n += 1;
            n_enclosed += usize::from([row.text, row.label].iter().any(|cell| is_enclosed(cell)));
            // Two are enough for a classifier.
            if labels.len() < 2 {
                labels.insert(row.label.to_owned());
            }
            Ok(())
        });
        match outcome {
            Ok(n_dropped) if labels.len() > 1 && 2 * n_enclosed <= n => {
                let is_few = few * n_dropped <= n || !chain.contains(&Setting::AllowDropped);
                return is_few.then_some(chain);
            }
            // Rows of another width that are left out are no first step to something else.
            Err(_) if few > 0 && chain == [Setting::AllowDropped] => return None,
            Err(Fault::Read(error)) => next = error.settings().into_iter().next(),
            _ => return None,
        }
    }
    None
}

/// Whether quotes enclose a cell, which were then read as a part of it.
fn is_enclosed(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"')
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
        Setting::HeaderLine(line) => dialect.header_line = Some(line),
        Setting::Split(name) => dialect.split = Some(name),
        Setting::Text(column) => options.text = Some(column),
        Setting::Label(column) => options.label = Some(column),
        Setting::AllowDropped => dialect.allow_dropped = true,
        Setting::SimilarLabels(how) => dialect.similar_labels = how,
        Setting::MultiLabel(how) => dialect.multi_label = how,
    }
}
