//! Keys, tokens and passwords.

use super::pattern;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Where something stands that looks like a key: a known prefix, a block of PEM, a password that is named, or 28 mixed characters.
pub(super) fn keys(text: &str) -> Vec<Range<usize>> {
    // The prefixes that the issuers give their keys.
    static KNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?-u:\b)(?:sk-[A-Za-z0-9_-]{12,}|[sprk]k_(?:live|test)_[A-Za-z0-9]{10,}|(?:AKIA|ASIA|AGPA|AIDA)[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|xox[abeoprs]-[A-Za-z0-9-]{8,}|AIza[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]+)?|glpat-[A-Za-z0-9_-]{12,}|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{16,}|SG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|(?:AC|SK)[a-f0-9]{32}|dop_v1_[a-f0-9]{20,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,}|key-[a-f0-9]{24,}|whsec_[A-Za-z0-9]{16,}|gsk_[A-Za-z0-9]{16,}|r8_[A-Za-z0-9]{20,}|[0-9]{8,10}:[A-Za-z0-9_-]{30,})|-----BEGIN [A-Z ]+-----(?s:.*?-----END [A-Z ]+-----|[^-]*)|(?i:bearer) [A-Za-z0-9._-]{16,}|(?-u:\b)[a-z][a-z0-9+.-]{1,12}://[^\s:/@]+:[^\s/@]{3,}@[^\s]+",
        )
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)\b(?:client[_ -](?:key|token|secret)|(?:api|secret|access|private|auth|licen[cs]e)[_ -]?(?:key|token|secret)?|key|token|bearer|password|passwd|pwd|passcode|passwort|kennwort|schlüssel|mot de passe|clé|contraseña|clave|wachtwoord|adgangskode|kodeord|nøgle|lösenord|nyckel|senha|parola d'ordine|hasło)(?:[_ -](?:key|token|secret|schlüssel|nøgle|nyckel|api))?\s*(?:(?:is|ist|est|es|er|är|=|:|->|=>)\s*)+["'`«„“]?(?P<value>[^\s"',;`»“”<>]{6,})"#,
        )
    });
    static LONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z0-9+/_=-]{28,}"));
    let known = KNOWN.find_iter(text).filter(|m| m.len() >= 8).map(|m| m.range());
    let named = NAMED.captures_iter(text).filter_map(|found| found.name("value")).filter(|m| is_secret(m.as_str()));
    let named = named.map(|m| m.start()..m.start() + m.as_str().trim_end_matches(['.', '!', '?', ')']).len());
    let long = LONG.find_iter(text).filter(|m| is_mixed(m.as_str())).map(|m| m.range());
    let mut found: Vec<Range<usize>> = known.chain(named).chain(long).filter(|range| !range.is_empty()).collect();
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    // One that lies within another, or goes on where it ends, is one with it.
    found.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        kept.end = if overlaps { kept.end.max(next.end) } else { kept.end };
        overlaps
    });
    found
}

/// Whether what stands behind `password:` is one: no word of a sentence has a digit or such a mark within.
fn is_secret(value: &str) -> bool {
    let has = |of: fn(char) -> bool| value.chars().any(of);
    let is_address = value.contains("://");
    !is_address && has(char::is_alphabetic) && has(|c| c.is_ascii_digit() || "@#$%^&*_".contains(c))
}

/// Upper and lower case and digits side by side, as random characters have them and words with hyphens do not.
fn is_mixed(part: &str) -> bool {
    let has = |of: fn(&char) -> bool| part.chars().filter(of).count();
    let digits = has(char::is_ascii_digit);
    let hex = part.chars().all(|c| c.is_ascii_hexdigit() || c == '-') && digits >= 6 && digits < part.len();
    let is_hex = hex && has(char::is_ascii_alphabetic) >= 4;
    is_hex || (digits >= 3 && has(char::is_ascii_uppercase) >= 3 && has(char::is_ascii_lowercase) >= 3)
}
