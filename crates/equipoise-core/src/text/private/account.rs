//! Bank accounts by ISO 13616.

use std::ops::Range;

/// Characters of an IBAN by country, as the IBAN registry of SWIFT (release 99) has them.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 \
    FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 \
    LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 \
    SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// Where IBANs stand whose check digits hold, with or without blanks and hyphens between their characters.
pub(super) fn ibans(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()) {
        let is_past = found.last().is_none_or(|last| at >= last.end);
        let starts_a_word = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if is_past && starts_a_word {
            found.extend(iban(&text[at..]).map(|n| at..at + n));
        }
    }
    found
}

/// How many bytes at the beginning of `text` are an IBAN.
fn iban(text: &str) -> Option<usize> {
    let head = text.as_bytes().get(..4)?;
    let is_headed = head[..2].iter().all(u8::is_ascii_alphabetic) && head[2..].iter().all(u8::is_ascii_digit);
    let country = is_headed.then(|| text[..2].to_ascii_uppercase())?;
    let length = LENGTHS.split_ascii_whitespace().find_map(|c| c.strip_prefix(country.as_str())?.parse().ok())?;
    let mut digits: Vec<u32> = Vec::with_capacity(length);
    let mut gap = 0;
    for (at, c) in text.char_indices() {
        match c.to_digit(36).filter(|_| c.is_ascii_alphanumeric()) {
            Some(value) => (gap, _) = (0, digits.push(value)),
            // One blank or hyphen stands between groups.
            None if matches!(c, ' ' | '-' | '\u{a0}' | '\u{202f}') && gap == 0 => gap = 1,
            None => return None,
        }
        if digits.len() == length {
            let end = at + c.len_utf8();
            let goes_on = text[end..].chars().next().is_some_and(char::is_alphanumeric);
            return (!goes_on && is_valid(&digits)).then_some(end);
        }
    }
    None
}

/// The number that the account spells, its first four characters last, leaves 1 when divided by 97.
fn is_valid(digits: &[u32]) -> bool {
    let turned = digits[4..].iter().chain(&digits[..4]);
    turned.fold(0, |rest, value| (rest * if *value > 9 { 100 } else { 10 } + value) % 97) == 1
}
