//! Under which form two labels are probably one.

use unicode_normalization::UnicodeNormalization;

/// Marks that are not drawn by themselves: joiners, directions, soft hyphens, variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether characters that nobody sees, or another form of those that are seen, make a label differ from what people would type.
pub(crate) fn has_hidden(label: &str) -> bool {
    label.chars().any(is_invisible) || !label.nfkc().eq(label.chars())
}

/// What two spellings of one label have in common: Unicode's compatibility form, lower case, single blanks, and the value of a number.
///
/// ```
/// use equipoise_core::text::label_key;
/// assert_eq!(label_key(" Spam"), label_key("spam"));
/// assert_eq!(label_key("1.0"), label_key("1"));
/// assert_eq!(label_key("STRASSE"), label_key("straße\u{200b}"));
/// ```
pub fn label_key(label: &str) -> String {
    // Upper case first, so that `ß` and `SS` are one; what is never seen (joiners, variation selectors) tells no two labels apart.
    let seen = label.nfkc().filter(|c| !is_invisible(*c));
    let folded: String = seen.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let folded = folded.replace('\u{307}', "");
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let numeric = folded.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    match folded.parse::<f64>() {
        // -0 and 0 are one number.
        Ok(number) if numeric && number.is_finite() => (number + 0.0).to_string(),
        _ => folded,
    }
}
