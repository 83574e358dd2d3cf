//! Numbers of cards and phones: runs of digits, and what stands between and around them.

use super::pattern;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Groups of digits with the marks between them, and where each group stands.
struct Run {
    start: usize,
    groups: Vec<Range<usize>>,
}

/// The runs of digits of a text.
fn runs(text: &str) -> Vec<Run> {
    static RUN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"[+(（]{0,2}[0-9](?:(?:[ ./()\-–‐‑\u{a0}\u{202f}]{1,3}|\(0\))?[0-9])*"));
    static GROUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9]+"));
    let groups =
        |m: regex::Match<'_>| GROUP.find_iter(m.as_str()).map(|g| m.start() + g.start()..m.start() + g.end()).collect();
    let whole =
        RUN.find_iter(text).filter(|m| !text[..m.start()].chars().next_back().is_some_and(char::is_alphanumeric));
    whole.map(|m| Run { start: m.start(), groups: groups(m) }).collect()
}

fn n_digits(groups: &[Range<usize>]) -> usize {
    groups.iter().map(Range::len).sum()
}

/// Where payment cards stand: 13 to 19 digits that begin as those of a card network and pass Luhn's test (ISO/IEC 7812).
pub(super) fn cards(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for Run { groups, .. } in runs(text) {
        let mut at = 0;
        while at < groups.len() {
            let ends = (at + 1..=groups.len()).rev();
            let card = ends.into_iter().find(|end| is_card(text, &groups[at..*end]));
            found.extend(card.map(|end| groups[at].start..groups[end - 1].end));
            at = card.unwrap_or(at + 1);
        }
    }
    found
}

fn is_card(text: &str, groups: &[Range<usize>]) -> bool {
    if !(13..=19).contains(&n_digits(groups)) {
        return false;
    }
    let digits: Vec<u32> = groups.iter().flat_map(|g| text[g.clone()].chars()).filter_map(|c| c.to_digit(10)).collect();
    let is_one_digit = digits.iter().all(|d| *d == digits[0]);
    let years = groups.len() > 1 && groups.iter().all(|group| is_year(&text[group.clone()]));
    (2..=6).contains(&digits[0]) && !is_one_digit && !years && luhn(&digits)
}

/// Whether a group of digits is a year of this century or the last.
fn is_year(group: &str) -> bool {
    group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |(i, d): (usize, &u32)| match i % 2 {
        0 => *d,
        _ if *d > 4 => 2 * d - 9,
        _ => 2 * d,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// Where phone numbers stand.
pub(super) fn phones(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in runs(text) {
        let mut at = 0;
        while at < run.groups.len() {
            let start = if at == 0 { run.start } else { run.groups[at].start };
            let ends = (at + 1..=run.groups.len()).rev();
            let phone = ends.into_iter().find(|end| is_phone(text, start, &run.groups[at..*end]));
            found.extend(phone.map(|end| start..run.groups[end - 1].end));
            // Behind a number that is none, only one that shows its beginning is looked for: parts of dates and amounts are no phones.
            let next = phone.unwrap_or(at + 1);
            at = (next..run.groups.len())
                .find(|g| text[run.groups[*g].clone()].starts_with('0') || phone.is_some())
                .unwrap_or(run.groups.len());
        }
    }
    found
}

/// Whether these groups of digits are a phone number, by their form or by a word before them.
fn is_phone(text: &str, start: usize, groups: &[Range<usize>]) -> bool {
    let n = n_digits(groups);
    let end = groups[groups.len() - 1].end;
    let part = &text[start..end];
    let goes_on =
        text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '%' || c == '°' || c == '€' || c == '$');
    if !(7..=15).contains(&n) || goes_on {
        return false;
    }
    if part.starts_with('+') || (part.starts_with("00") && n >= 10) {
        return n >= 8;
    }
    let is_bare = groups.len() == 1 && (8..=11).contains(&n) && !part.ends_with("000") && is_pointed_at(text, start);
    let has_years = groups.windows(2).any(|two| two.iter().all(|group| is_year(&text[group.clone()])));
    is_called_one(text, start) || is_bare || (n >= 8 && !has_years && has_form(part, groups)) || is_local(part)
}

/// Whether the word before a bare number is one that stands before a phone's: `on 28672933`, but not `order 28672933`.
fn is_pointed_at(text: &str, start: usize) -> bool {
    static POINTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)(?:\b(?:at|on|under|is|unter|ist|auf|au|le|est|al|en el|es|på|er|op|til)|:)\s?$")
    });
    POINTED.is_match(&text[..start])
}

/// Whether the words before a number say that it is a phone's.
fn is_called_one(text: &str, start: usize) -> bool {
    static CALLED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:phone|tele(?:ph|f)on\p{L}*|tél\p{L}*|tel|tlf|telf|fon|mobile?|mobil(?:e|nummer)?|móvil|handy(?:nummer)?|cell|portable|celular|whatsapp|sms|fax|text|call(?: me| us| him| her)?(?: at| on)?|ring(?: mig| til| på| me)*|ruf\p{L}*|anruf\p{L}*|appele[rz]?(?:-moi)?(?: au)?|llám[ae]\p{L}*|llam[ae]\p{L}*|chiam\p{L}*|bel(?: me| mij)?(?: op)?|zadzwoń|numéro|número|numero)(?:\s?(?:number|nr|no|num|n°|nummer|is|er|är|ist|est|es|al|på|til|på:|unter|an|op|mig|me))*\s?[.:#-]?\s?[(\[]?$",
        )
    });
    let before = &text[..start];
    let from = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    CALLED.is_match(&before[from..])
}

/// The forms in which people write numbers without a country code, and none in which they write dates, times, amounts or years.
fn has_form(part: &str, groups: &[Range<usize>]) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^\(?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:\D+\d{1,2}\D\d{2}(?:\D\d{2})?)?|(?:19|20)\d{2}(?:\s?[-–/ ]\s?(?:19|20)?\d{2})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ \u{a0}\u{202f}]\d{3})+(?:[.,]\d+)?|(?:\d{1,2}[ /-]){3,}\d{1,2}|\d+\.\d+)\)?$",
        )
    });
    let sizes: Vec<usize> = groups.iter().map(Range::len).collect();
    let n: usize = sizes.iter().sum();
    let is_pairs = sizes.iter().all(|s| *s == 2);
    match sizes[..] {
        // Bare, with the 0 of a long-distance call: 0612345678.
        [_] => (9..=11).contains(&n) && part.starts_with('0') && !part.starts_with("00"),
        // 0176 1234567, 06-12345678.
        [first, _] => {
            part.starts_with('(')
                || ((9..=12).contains(&n) && part.starts_with('0') && (2..=5).contains(&first) && !part.contains('.'))
        }
        // 612 345 678, as in Spain, Poland and Portugal; a round amount is one.
        [3, 3, 3] => !part.starts_with(['0', '1']) && !part.ends_with("000") && !part.contains('.'),
        // Four pairs in Denmark and Norway, five in France.
        _ if is_pairs && part.contains([' ', '\u{a0}', '.', '-']) => {
            n == 8 && !part.contains(['.', '-']) || n == 10 && part.starts_with('0')
        }
        _ => (8..=14).contains(&n) && sizes.iter().any(|s| *s >= 3) && !OTHER.is_match(part),
    }
}

/// A number within a town: 555-0147.
fn is_local(part: &str) -> bool {
    static LOCAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[2-9]\d{2}-\d{4}$"));
    LOCAL.is_match(part)
}
