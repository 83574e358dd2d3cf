//! `review.csv`: every text with what became of it, for people and spreadsheets.

use equipoise_core::check::{CheckOutcome, Verdict};
use equipoise_core::generator::Candidate;
use equipoise_core::select::Selection;
use std::collections::{HashMap, HashSet};

/// One line for each candidate, with two empty columns for decisions that `equipoise review --read` takes over; cells that a spreadsheet would run as a formula are defused with a leading `'`.
pub(super) fn review(candidates: &[Candidate], verdicts: &[Verdict], selection: &Selection) -> Vec<u8> {
    let kept: HashSet<&str> = selection.kept.iter().map(String::as_str).collect();
    let surplus: HashSet<&str> = selection.surplus.iter().map(String::as_str).collect();
    let mut found: HashMap<&str, Vec<String>> = HashMap::new();
    for v in verdicts.iter().filter(|v| v.outcome != CheckOutcome::Pass) {
        found.entry(&v.candidate).or_default().push(format!("{}/{}", v.check, v.reason));
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 7]| {
        writer.write_record(cells.map(defused)).expect("writing to memory does not fail");
    };
    write(["label", "text", "state", "findings", "candidate", "decision", "detail"]);
    for c in candidates {
        let id = c.id.as_str();
        let state = if kept.contains(id) {
            "kept"
        } else if surplus.contains(id) {
            "surplus"
        } else {
            "rejected"
        };
        write([&c.label, &c.text, state, &found.get(id).map_or(String::new(), |f| f.join(" ")), id, "", ""]);
    }
    writer.into_inner().expect("writing to memory does not fail")
}

/// The cell with a leading `'` where it begins like a formula (OWASP's list, full-width forms included).
fn defused(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Whether a spreadsheet would run the cell.
pub(crate) fn is_formula(cell: &str) -> bool {
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    cell.trim_start_matches([' ', '\u{feff}']).starts_with(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_defused_and_others_left_alone() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\u{feff}=1"] {
            assert_eq!(defused(bad), format!("'{bad}"));
        }
        for good in ["", "a=b", "it's", "5-3", "i feel"] {
            assert_eq!(defused(good), good);
        }
    }
}
