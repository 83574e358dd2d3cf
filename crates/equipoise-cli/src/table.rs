//! Plain tables and bars for the terminal.

use crate::text::{columns, pad, shortened};
use equipoise::core::text::escape_control;
use unicode_width::UnicodeWidthStr;

/// A table whose first column is aligned left and all others right; cells are untrusted text.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    left: Vec<usize>,
    optional: Vec<usize>,
}

/// Columns wider than this are cut, so that a hostile label cannot push the rest off the screen.
const WIDEST: usize = 48;

impl Table {
    /// A table with these headings.
    pub(crate) fn new(headings: &[&str]) -> Self {
        Table { rows: vec![headings.iter().map(|h| (*h).to_owned()).collect()], left: vec![0], optional: vec![] }
    }

    /// Aligns this column left too.
    #[must_use]
    pub(crate) fn left(mut self, column: usize) -> Self {
        self.left.push(column);
        self
    }

    /// Adds a row.
    pub(crate) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(|c| cut(&escape_control(&c.into()))).collect());
    }

    /// Marks a column that is left out first where a table is too wide; of several the last one that was marked.
    #[must_use]
    pub(crate) fn optional(mut self, column: usize) -> Self {
        self.optional.push(column);
        self
    }

    /// The table as lines that fit the terminal, two blanks between columns.
    pub(crate) fn render(&self) -> String {
        self.render_within(columns())
    }

    /// The table in lines of at most `width` columns: what is optional is left out, then what is right, and then names are cut.
    pub(crate) fn render_within(&self, width: usize) -> String {
        let widths = self.widths();
        let mut shown: Vec<usize> = (0..widths.len()).collect();
        let taken =
            |shown: &[usize]| shown.iter().map(|c| widths[*c]).sum::<usize>() + 2 * shown.len().saturating_sub(1);
        let mut optional = self.optional.clone();
        while taken(&shown) > width && shown.len() > 2 {
            let gone = optional.pop().or_else(|| shown.last().copied());
            shown.retain(|c| Some(*c) != gone);
        }
        let first = widths.first().map_or(0, |first| first.saturating_sub(taken(&shown).saturating_sub(width)).max(4));
        self.lines(&shown, &widths, first)
    }

    /// How many columns fit in `width`.
    pub(crate) fn columns_within(&self, width: usize) -> usize {
        let mut taken = 0;
        let fits = |w: &usize| {
            taken += w + 2;
            taken <= width + 2
        };
        self.widths().iter().copied().take_while(fits).count()
    }

    fn widths(&self) -> Vec<usize> {
        let n = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |c: usize| self.rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.width()).max().unwrap_or(0);
        (0..n).map(width).collect()
    }

    fn lines(&self, shown: &[usize], widths: &[usize], first: usize) -> String {
        let line = |row: &Vec<String>| {
            let cells = shown.iter().filter_map(|c| Some((*c, row.get(*c)?))).map(|(c, cell)| {
                if c == 0 {
                    return pad(&shortened(cell, first), first.min(widths[0]));
                }
                let pad = " ".repeat(widths[c] - cell.width());
                if self.left.contains(&c) { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn cut(cell: &str) -> String {
    if cell.width() <= WIDEST {
        return cell.to_owned();
    }
    let mut kept = String::new();
    for c in cell.chars() {
        if kept.width() + 2 > WIDEST {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// A bar of `share` (0..1) of `width` cells, in eighths.
pub(crate) fn bar(share: f64, width: usize) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = (share.clamp(0.0, 1.0) * width as f64 * 8.0).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    let rest = eighths % 8;
    if rest > 0 {
        bar.push(EIGHTHS[rest]);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_wide_or_hostile_cells_are_tamed() {
        let mut table = Table::new(&["label", "rows"]);
        table.row(["joy", "5362"]);
        table.row(["驚き", "7"]);
        table.row(["x\u{1b}[2J".to_owned() + &"y".repeat(200), "1".to_owned()]);
        let text = table.render();
        let widths: Vec<usize> = text.lines().map(UnicodeWidthStr::width).collect();
        assert!(widths.iter().all(|w| *w == widths[0]), "{text}");
        assert!(!text.contains('\u{1b}') && widths[0] < 80);
    }

    #[test]
    fn a_table_that_is_too_wide_leaves_out_columns_and_then_cuts_names() {
        let mut table = Table::new(&["label", "rows", "tokens", "USD"]).optional(2);
        table.row(["a label with a very long name", "12", "1234567", "0.5"]);
        for width in 12..60 {
            let text = table.render_within(width);
            assert!(text.lines().all(|line| line.width() <= width.max(12)), "{width}:\n{text}");
        }
        assert!(!table.render_within(44).contains("tokens") && table.render_within(44).contains("USD"));
        assert!(table.render_within(60).contains("tokens"));
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(1.0, 10), "█".repeat(10));
        assert_eq!(bar(0.5, 3), "█▌");
        assert_eq!(bar(0.0, 10), "");
    }
}
