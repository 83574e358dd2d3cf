//! Finding personal data and secrets in a text.

use regex::Regex;
use std::sync::LazyLock;

/// A kind of private data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A mail address.
    Mail,
    /// A payment card.
    Card,
    /// A bank account.
    Account,
    /// A key, token or password.
    Key,
    /// A phone number.
    Phone,
}

/// Every kind, the sure ones first: the digits of a card could be a phone's.
pub(super) const KINDS: [Kind; 5] = [Kind::Mail, Kind::Card, Kind::Account, Kind::Key, Kind::Phone];

impl Kind {
    /// The parts of the text that are of this kind.
    pub(super) fn find(self, text: &str) -> Vec<&str> {
        static MAIL: LazyLock<Regex> = LazyLock::new(|| {
            let part = r"[a-z0-9\u{C0}-\u{10FFFF}_%+'-]+";
            let dot = r"(?:\.|\s?(?:\(dot\)|\[dot\])\s?)";
            pattern(&format!(
                r"(?i){part}(?:\.{part})*\s?(?:@|\(at\)|\[at\]|＠)\s?{part}(?:{dot}{part})*{dot}[a-z]{{2,24}}"
            ))
        });
        static DIGITS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[+(（]?[0-9](?:[0-9 ./()–-]|\u{a0}){5,40}[0-9]"));
        static ACCOUNT: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)(?-u:\b)[A-Z]{2}\d{2}[ -]?(?:[A-Z0-9]{4}[ -]?){2,7}[A-Z0-9]{1,4}(?-u:\b)"));
        // Nearly every text ends here: a search costs more than this look.
        let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
        let may_hold = match self {
            Kind::Mail => text.contains(['@', '＠', '(', '[']),
            Kind::Card | Kind::Phone => n_digits >= 8,
            Kind::Account => n_digits >= 6,
            Kind::Key => true,
        };
        if !may_hold {
            return Vec::new();
        }
        match self {
            Kind::Mail => MAIL.find_iter(text).map(|m| m.as_str()).collect(),
            Kind::Card => DIGITS.find_iter(text).filter_map(|m| card(m.as_str())).collect(),
            Kind::Account => ACCOUNT.find_iter(text).map(|m| m.as_str()).filter(|a| is_account(a)).collect(),
            Kind::Key => keys(text),
            Kind::Phone => DIGITS.find_iter(text).map(|m| m.as_str()).filter(|d| is_phone(d)).collect(),
        }
    }
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

fn digits(part: &str) -> Vec<u32> {
    part.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// 13 to 19 digits that begin as those of a card network and pass Luhn's test, not all alike, and that are no row of years.
fn card(part: &str) -> Option<&str> {
    let digits = digits(part);
    let mut different = digits.clone();
    different.sort_unstable();
    different.dedup();
    let groups: Vec<&str> = part.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    let is_year = |g: &&str| g.len() == 4 && (g.starts_with("19") || g.starts_with("20"));
    let years = groups.len() > 1 && groups.iter().all(is_year);
    let of_a_network = digits.first().is_some_and(|d| (2..=6).contains(d));
    ((13..=19).contains(&digits.len()) && of_a_network && different.len() > 1 && !years && luhn(&digits))
        .then_some(part)
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |(i, d): (usize, &u32)| match i % 2 {
        0 => *d,
        _ if *d > 4 => 2 * d - 9,
        _ => 2 * d,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// The check digits of ISO 13616: the number that the account spells leaves 1 when divided by 97.
fn is_account(part: &str) -> bool {
    let chars: Vec<char> = part.chars().filter(char::is_ascii_alphanumeric).collect();
    if !(15..=34).contains(&chars.len()) {
        return false;
    }
    let turned = chars[4..].iter().chain(&chars[..4]);
    let step = |rest: u32, c: &char| match c.to_digit(36) {
        Some(value) if value > 9 => (rest * 100 + value) % 97,
        Some(value) => (rest * 10 + value) % 97,
        None => rest,
    };
    turned.fold(0, step) == 1
}

/// 8 to 14 digits with a plus, a bracket or two separators, that are no date, time, amount or range of years.
fn is_phone(part: &str) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^\(?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:\D+\d{1,2}\D\d{2}(?:\D\d{2})?)?|(?:19|20)\d{2}(?:\s?[-–/ ]\s?(?:19|20)?\d{2})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+(?:\.\d+)?|(?:\d{1,2}[ /-]){3,}\d{1,2}|\d+\.\d+)\)?$",
        )
    });
    let n = digits(part).len();
    let n_separators = part
        .trim_matches(|c: char| !c.is_ascii_digit())
        .split(|c: char| !c.is_ascii_digit())
        .filter(|g| !g.is_empty())
        .count()
        - 1;
    let is_marked = part.starts_with(['+', '(', '（']) || n_separators >= 2 || (part.starts_with("00") && n >= 10);
    // Danish and Norwegian numbers are four pairs; a row of pairs is otherwise a list of small numbers.
    let pairs = part.split(' ').all(|g| g.len() == 2) && n == 8;
    (8..=14).contains(&n) && is_marked && (pairs || part.starts_with('+') || !OTHER.is_match(part))
}

/// What looks like a key: a known prefix, a block of PEM, a password that is named, or 28 mixed characters.
fn keys(text: &str) -> Vec<&str> {
    static KNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?-u:\b)(?:sk-(?:ant-|proj-|live-|test-)?[A-Za-z0-9_-]{12,}|[sprk]k_(?:live|test)_[A-Za-z0-9]{10,}|(?:AKIA|ASIA|AGPA|AIDA)[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|xox[abeoprs]-[A-Za-z0-9-]{8,}|AIza[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]+)?|glpat-[A-Za-z0-9_-]{12,}|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{16,}|SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|AC[a-f0-9]{32}|dop_v1_[a-f0-9]{20,}|shpat_[a-fA-F0-9]{20,}|key-[a-f0-9]{24,})|-----BEGIN [A-Z ]+-----"#,
        )
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)(?-u:\b)(?:api[_ -]?key|secret(?:[_ -]?key)?|access[_ -]?(?:key|token)|auth[_ -]?token|bearer|token|password|passwd|pwd|passwort|mot de passe|contraseña|wachtwoord|adgangskode|lösenord)\s*(?:is|=|:|->)+\s*["']?[^\s"',]*[0-9!@#$%^&*_-][^\s"',]*"#,
        )
    });
    static LONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z0-9+/_=-]{28,}"));
    let known = KNOWN.find_iter(text).chain(NAMED.find_iter(text)).map(|m| m.as_str());
    let long = LONG.find_iter(text).map(|m| m.as_str()).filter(|part| is_mixed(part));
    known.filter(|k| k.len() >= 8).chain(long).collect()
}

/// Upper and lower case and digits side by side, as random characters have them and words with hyphens do not.
fn is_mixed(part: &str) -> bool {
    let has = |of: fn(&char) -> bool| part.chars().filter(of).count();
    let digits = has(char::is_ascii_digit);
    let hex = part.chars().all(|c| c.is_ascii_hexdigit() || c == '-') && digits >= 6 && digits < part.len();
    hex || (digits >= 3 && has(char::is_ascii_uppercase) >= 3 && has(char::is_ascii_lowercase) >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        KINDS.into_iter().filter(|k| !k.find(text).is_empty()).collect()
    }

    #[test]
    fn finds_each_kind() {
        for (text, kind) in [
            ("write to anna.b+lists@example.co.uk please", Kind::Mail),
            ("anna (at) example (dot) org", Kind::Mail),
            ("my card 4111 1111 1111 1111 was stolen", Kind::Card),
            ("5500-0000-0000-0004", Kind::Card),
            ("send it to DE89 3704 0044 0532 0130 00", Kind::Account),
            ("GB82WEST12345698765432", Kind::Account),
            ("use sk-proj-abcDEF1234567890xyz to log in", Kind::Key),
            ("AKIAIOSFODNN7EXAMPLE", Kind::Key),
            ("ghp_abcdefghijklmnopqrstuvwxyz012345", Kind::Key),
            ("password: hunter2!", Kind::Key),
            ("token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", Kind::Key),
            ("call (212) 555-0147 now", Kind::Phone),
            ("ring mig på 12 34 56 78", Kind::Phone),
            ("+49 30 901820", Kind::Phone),
            ("it is 555-867-5309", Kind::Phone),
        ] {
            assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn leaves_dates_amounts_and_names_alone() {
        for text in [
            "on 24.12.2023 at 18:30",
            "2023-12-24",
            "2017 2018 2019 2020 2021",
            "it cost 1 250 000 kroner",
            "12,345,678 people",
            "@anna hi there",
            "5-4-3-2-1 go",
            "the years 1999-2004",
            "a well-known-and-often-repeated-phrase-of-words",
            "http://example.com/a/very/long/path/to/some/page",
            "my password is gone",
            "scored 100000000 points",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}
