//! Under which form two labels are probably one.

use unicode_normalization::UnicodeNormalization;

/// What two spellings of one label have in common: Unicode's compatibility form, lower case, single blanks, and the value of a number.
///
/// ```
/// use equipoise_core::text::label_key;
/// assert_eq!(label_key(" Spam"), label_key("spam"));
/// assert_eq!(label_key("1.0"), label_key("1"));
/// ```
pub fn label_key(label: &str) -> String {
    let folded: String = label.nfkc().flat_map(char::to_lowercase).collect();
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let numeric = folded.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    match folded.parse::<f64>() {
        // -0 and 0 are one number.
        Ok(number) if numeric && number.is_finite() => (number + 0.0).to_string(),
        _ => folded,
    }
}
