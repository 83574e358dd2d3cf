//! `review.csv` filled in by people, read back as decisions.

use super::{ReviewError, Why};
use equipoise_core::review::Decision;
use std::collections::HashMap;
use std::path::Path;

/// One decision of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// Its line, the head being the first.
    pub(super) line: usize,
    /// Id of the candidate.
    pub(super) candidate: String,
    /// What was decided.
    pub(super) decision: Decision,
}

/// Every line with something in its column `decision`; columns are found by their names, in any order.
///
/// # Errors
/// A file that cannot be read, a column that is missing, a decision that nobody knows; the line is named.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>, ReviewError> {
    let fault = |line: usize, message: String| ReviewError::Sheet { path: path.to_owned(), line, message };
    let content = std::fs::read(path).map_err(|e| fault(0, e.to_string()))?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(delimiter(&content)).from_reader(content.as_slice());
    let head = reader.headers().map_err(|e| fault(1, e.to_string()))?.clone();
    // Spreadsheets put a mark at the start of the file.
    let columns: HashMap<&str, usize> =
        head.iter().enumerate().map(|(at, name)| (name.trim_start_matches('\u{feff}').trim(), at)).collect();
    let column =
        |name: &str| columns.get(name).copied().ok_or_else(|| fault(1, format!("there is no column `{name}`")));
    let (candidate, decision) = (column("candidate")?, column("decision")?);
    let detail = columns.get("detail").copied();
    let mut entries = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|e| fault(e.position().map_or(0, |at| at.line() as usize), e.to_string()))?;
        let line = row.position().map_or(0, |at| at.line() as usize);
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let said = cell(decision).trim();
        if said.is_empty() {
            continue;
        }
        let decision = decided(said, detail.map(cell).unwrap_or_default()).map_err(|message| fault(line, message))?;
        entries.push(Entry { line, candidate: undefused(cell(candidate)).to_owned(), decision });
    }
    Ok(entries)
}

/// Spreadsheets of many countries write `;` between cells, some a tab: whichever the head has most of.
fn delimiter(content: &[u8]) -> u8 {
    let head = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let n = |delimiter: &u8| head.iter().filter(|byte| *byte == delimiter).count();
    // Of equal counts the last one wins.
    [b'\t', b';', b','].into_iter().max_by_key(n).unwrap_or(b',')
}

/// `accept`, `reject`, `relabel`, `edit` or `skip`, or their first letters, and what stands in the column beside it.
fn decided(said: &str, detail: &str) -> Result<Decision, String> {
    let text = undefused(detail);
    let needed = |what: &str| match text.trim().is_empty() {
        true => Err(format!("`{said}` needs {what} in the column `detail`")),
        false => Ok(text.to_owned()),
    };
    match said.to_lowercase().as_str() {
        "accept" | "a" => Ok(Decision::Accept),
        "reject" | "r" => {
            let named = text.trim().to_lowercase().replace(' ', "_");
            let reason = Why::ALL.into_iter().find(|why| why.name() == named);
            match (reason, named.is_empty()) {
                (Some(reason), _) => Ok(Decision::Reject { reason }),
                (None, true) => Ok(Decision::Reject { reason: Why::Other }),
                (None, false) => {
                    let known: Vec<&str> = Why::ALL.iter().map(|why| why.name()).collect();
                    Err(format!("`{}` is no reason: {}", text.trim(), known.join(", ")))
                }
            }
        }
        "relabel" | "l" => Ok(Decision::Relabel { new_label: needed("the right label")?.trim().to_owned() }),
        "edit" | "e" => Ok(Decision::Edit { new_text: needed("the better text")? }),
        "skip" | "s" => Ok(Decision::Skip),
        other => Err(format!("`{other}` is no decision: accept, reject, relabel, edit or skip")),
    }
}

/// The cell without the `'` that keeps a spreadsheet from running it.
fn undefused(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| crate::pipeline::is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Result<Vec<Entry>, ReviewError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("review.csv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn reads_what_a_spreadsheet_wrote_and_leaves_empty_lines_alone() {
        let text = "\u{feff}candidate,text,decision,detail\nc1,one,accept,\nc2,two,,\nc3,three,R,wrong label\nc4,four,edit,'=better\nc5,five,relabel,joy\n";
        let read = sheet(text).unwrap();
        let decisions: Vec<&Decision> = read.iter().map(|entry| &entry.decision).collect();
        assert_eq!(
            decisions,
            [
                &Decision::Accept,
                &Decision::Reject { reason: Why::WrongLabel },
                &Decision::Edit { new_text: "=better".to_owned() },
                &Decision::Relabel { new_label: "joy".to_owned() },
            ]
        );
        assert_eq!((read[1].candidate.as_str(), read[1].line), ("c3", 4));
    }

    #[test]
    fn other_delimiters_of_spreadsheets_are_read() {
        for between in [";", "\t"] {
            let text = "candidate,text,decision,detail\nc1,one,accept,\nc2,two,relabel,joy\n".replace(',', between);
            assert_eq!(sheet(&text).unwrap().len(), 2, "{between:?}");
        }
    }

    #[test]
    fn a_mistake_names_its_line_and_what_may_stand_there() {
        for (text, line, says) in [
            ("candidate,text\nc1,one\n", "line 1", "no column `decision`"),
            ("candidate,decision\nc1,accept\nc2,maybe\n", "line 3", "accept, reject, relabel, edit or skip"),
            ("candidate,decision,detail\nc1,reject,boring\n", "line 2", "wrong_label, unnatural"),
            ("candidate,decision,detail\nc1,relabel,\n", "line 2", "needs the right label"),
        ] {
            let said = sheet(text).unwrap_err().to_string();
            assert!(said.contains(line) && said.contains(says), "{said}");
        }
    }
}
