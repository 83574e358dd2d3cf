//! Text that fits a number of columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Prose wider than this is hard to read.
pub(crate) const PROSE: usize = 100;

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text with blanks up to `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text, cut with `…` where it is wider than `columns`.
pub(crate) fn shortened(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken >= columns {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// The text in lines of at most `columns`, broken at blanks, every line after the first behind `indent`. A word that is wider than a
/// line stays whole: it is a path or a command that somebody wants to copy.
pub(crate) fn wrapped(text: &str, columns: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let leading: String = text.chars().take_while(|c| *c == ' ').collect();
    let mut line = leading;
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

/// Columns of the terminal: `COLUMNS` where it is set, else what standard output says of itself; 80 where nobody knows.
pub(crate) fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| usize::from(columns));
    told.or_else(seen).unwrap_or(80).clamp(60, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_blanks_and_leaves_long_words_whole() {
        assert_eq!(wrapped("  one two three", 9, "  "), ["  one two", "  three"]);
        assert_eq!(wrapped("a /very/long/path b", 6, "  "), ["a", "  /very/long/path", "  b"]);
        assert_eq!(wrapped("", 9, ""), [""]);
    }

    #[test]
    fn cuts_by_columns_and_not_by_characters() {
        assert_eq!(shortened("驚き驚き", 5), "驚き…");
        assert_eq!(shortened("joy", 3), "joy");
    }
}
