//! One cell: how long it may be, and how it is shown.

/// Bytes of a text or label; longer cells are an error, since a quote that is not closed swallows a file.
pub const CELL_LIMIT: usize = 1_000_000;

/// The first `limit` characters of untrusted text, safe to show.
pub(super) fn shown(text: &str, limit: usize) -> String {
    let mut head: String = text.chars().take(limit).collect();
    if head.len() < text.len() {
        head.push('…');
    }
    crate::text::escape_control(&head)
}
