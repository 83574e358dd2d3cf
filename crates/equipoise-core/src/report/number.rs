//! Numbers as people read them: one form for each kind, everywhere.

use crate::text::{self, thousands};

/// What stands where there is no figure.
pub(super) const ABSENT: &str = "–";

/// Three decimals, with a real minus sign: `0.712`.
pub(super) fn decimals(value: f64) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    text::fixed(value, 3)
}

/// Three decimals with a sign, for differences: `+0.021`, `−0.004`.
pub(super) fn signed(value: f64) -> String {
    if value.is_finite() { text::signed(value, 3) } else { ABSENT.to_owned() }
}

/// Two decimals, with a real minus sign: `0.71`; for the first screen and the terminal.
pub(super) fn short(value: f64) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    text::fixed(value, 2)
}

/// Two decimals with a sign: `+0.02`, `−0.10`.
pub(super) fn short_signed(value: f64) -> String {
    if value.is_finite() { text::signed(value, 2) } else { ABSENT.to_owned() }
}

/// A share of 0..1 per cent, one decimal: `12.5 %`.
pub(super) fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.1}\u{202F}%", share * 100.0) } else { ABSENT.to_owned() }
}

/// A count with thousands set apart: `16,000`.
pub(super) fn count(n: impl TryInto<u64>) -> String {
    n.try_into().map_or_else(|_| ABSENT.to_owned(), thousands)
}

/// Money in US dollars: cents, and four decimals below a dollar.
pub(super) fn usd(value: f64) -> String {
    match value {
        v if !v.is_finite() => ABSENT.to_owned(),
        0.0 => "$0".to_owned(),
        v if v > 0.0 && v < 0.0001 => "under $0.0001".to_owned(),
        v if v < 1.0 => format!("${v:.4}"),
        v => format!("${v:.2}"),
    }
}

/// A ratio of 1 or more: `53.6`.
pub(super) fn ratio(value: f64) -> String {
    if value.is_finite() { format!("{value:.1}") } else { ABSENT.to_owned() }
}

/// A p-value: three decimals, `< 0.001` below.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { decimals(p) }
}

/// At most `at_most` characters, with the whole length said where some are left out.
pub(super) fn clip(text: &str, at_most: usize) -> String {
    let n = text.chars().count();
    if n <= at_most {
        return text.to_owned();
    }
    let head: String = text.chars().take(at_most).collect();
    format!("{head}… ({} characters in all)", count(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_differences_and_never_zero() {
        assert_eq!(signed(0.0214), "+0.021");
        assert_eq!(signed(-0.0036), "−0.004");
        assert_eq!(signed(-0.0001), "0.000");
        assert_eq!(signed(f64::NAN), ABSENT);
    }

    #[test]
    fn groups_thousands() {
        assert_eq!(count(1_234_567_u64), "1,234,567");
        assert_eq!(count(999_usize), "999");
    }

    #[test]
    fn money_never_rounds_to_nothing() {
        assert_eq!(usd(0.00002), "under $0.0001");
        assert_eq!(usd(0.0007), "$0.0007");
        assert_eq!(usd(12.345), "$12.35");
        assert_eq!(usd(0.0), "$0");
    }

    #[test]
    fn says_how_long_a_clipped_text_was() {
        assert_eq!(clip("abc", 3), "abc");
        assert_eq!(clip(&"ä".repeat(1200), 2), "ää… (1,200 characters in all)");
    }
}
