//! Counts and figures in sentences.

/// The minus sign of what people read; files for programs have the hyphen of ASCII.
const MINUS: &str = "\u{2212}";

/// A figure with `places` decimals: `0.71`, `−0.10`. What rounds to zero has no sign.
pub fn fixed(value: f64, places: usize) -> String {
    let digits = format!("{:.places$}", value.abs());
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero { format!("{MINUS}{digits}") } else { digits }
}

/// The same with a sign, for differences: `+0.02`, `−0.10`, `0.00`.
pub fn signed(value: f64, places: usize) -> String {
    let digits = fixed(value, places);
    if value > 0.0 && digits.chars().any(|c| ('1'..='9').contains(&c)) { format!("+{digits}") } else { digits }
}

/// The same with all the decimals that the value has: `+1`, `−0.5`.
pub fn signed_exact(value: f64) -> String {
    format!("{value:+}").replace('-', MINUS)
}

/// A count with thousands set apart: `16,000`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

/// A count and its noun, whose plural ends in `s`: `1 request`, `2,000 requests`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n as u64), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_real_and_stands_where_something_is_seen() {
        assert_eq!([fixed(-0.1, 2), fixed(-0.001, 2), fixed(1234.0, 0)], ["\u{2212}0.10", "0.00", "1234"]);
        assert_eq!([signed(0.021, 2), signed(-4.4, 0), signed(0.001, 2)], ["+0.02", "\u{2212}4", "0.00"]);
        assert_eq!([signed_exact(-0.5), signed_exact(1.0)], ["\u{2212}0.5", "+1"]);
    }
}
