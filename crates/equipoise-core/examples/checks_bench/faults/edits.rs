//! Faults that change a real row.

use super::Base;

/// A number drawn from the base: the same for the same row and wording.
fn drawn(base: &Base<'_>, salt: u64) -> u64 {
    let mut h = 0xCBF2_9CE4_8422_2325 ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ base.n as u64;
    for byte in base.text.bytes() {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    (h ^ (h >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 17
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

pub(super) fn swapped_case(base: &Base<'_>) -> String {
    match base.n % 3 {
        0 => base.text.to_uppercase(),
        1 => base.text.to_lowercase(),
        _ => base.text.split(' ').map(capitalised).collect::<Vec<_>>().join(" "),
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

pub(super) fn spaced(base: &Base<'_>) -> String {
    format!(" {}  ", words(base.text).join(["  ", "\u{a0}", " \t", "\u{2009}"][base.n % 4]))
}

/// Other marks between and behind words, also such as join them.
pub(super) fn punctuated(base: &Base<'_>) -> String {
    match base.n % 4 {
        0 => format!("{}!!!", words(base.text).join(", ")),
        1 => words(base.text).join("-"),
        2 => words(base.text).join("... "),
        _ => format!("({}).", base.text.replace(['.', ',', '!', '\'', '’'], "")),
    }
}

fn every(base: &Base<'_>, step: usize, change: impl Fn(char) -> Option<char>) -> String {
    let mut at = 0;
    let one = |c: char| match change(c) {
        Some(new) => {
            at += 1;
            if at % step == 0 { new } else { c }
        }
        None => c,
    };
    base.text.chars().map(one).collect()
}

pub(super) fn invisible(base: &Base<'_>) -> String {
    let hidden = ['\u{200b}', '\u{ad}', '\u{2060}', '\u{200d}'][base.n % 4];
    let mut text = String::new();
    for (at, c) in base.text.chars().enumerate() {
        text.push(c);
        if at % 5 == 2 {
            text.push(hidden);
        }
    }
    text
}

/// Mathematical letters.
pub(super) fn styled(base: &Base<'_>) -> String {
    let start = [0x1D41A, 0x1D44E, 0x1D4EA, 0x1D5BA, 0x1D68A][base.n % 5];
    let one = |c: char| match c {
        // The italic h is a character of another block.
        'h' if start == 0x1D44E => '\u{210e}',
        'a'..='z' => char::from_u32(start + (u32::from(c) - u32::from('a'))).unwrap_or(c),
        _ => c,
    };
    base.text.to_lowercase().chars().map(one).collect()
}

pub(super) fn homoglyphs(base: &Base<'_>) -> String {
    let alike = |c| {
        Some(match c {
            'a' => 'а',
            'c' => 'с',
            'e' => 'е',
            'i' => 'і',
            'j' => 'ј',
            'o' => ['о', 'ο', 'о'][base.n % 3],
            'p' => 'р',
            's' => 'ѕ',
            'v' => 'ν',
            'x' => 'х',
            'y' => 'у',
            'A' => 'Α',
            'B' => 'В',
            'E' => 'Ε',
            'H' => 'Н',
            'I' => 'І',
            'K' => 'Κ',
            'M' => 'М',
            'O' => 'О',
            'P' => 'Р',
            'T' => 'Т',
            _ => return None,
        })
    };
    every(base, 1 + base.n % 2, alike)
}

pub(super) fn accents(base: &Base<'_>) -> String {
    let accented = |c| {
        Some(match c {
            'a' => 'á',
            'e' => 'é',
            'i' => 'ï',
            'o' => 'ô',
            'u' => 'ù',
            'n' => 'ñ',
            'y' => 'ý',
            _ => return None,
        })
    };
    every(base, 2, accented)
}

/// A word in the middle is replaced.
pub(super) fn word_changed(base: &Base<'_>) -> String {
    const OTHERS: [&str; 8] = ["garden", "really", "quickly", "window", "maybe", "table", "almost", "orange"];
    let mut words = words(base.text);
    let n = words.len();
    if n > 2 {
        words[1 + drawn(base, 1) as usize % (n - 2)] = OTHERS[drawn(base, 2) as usize % OTHERS.len()];
    }
    words.join(" ")
}

pub(super) fn word_dropped(base: &Base<'_>) -> String {
    let mut words = words(base.text);
    if words.len() > 3 {
        words.remove(1 + drawn(base, 3) as usize % (words.len() - 2));
    }
    words.join(" ")
}

/// Two letters change places, and one is doubled.
pub(super) fn typo(base: &Base<'_>) -> String {
    let mut chars: Vec<char> = base.text.chars().collect();
    if chars.len() > 8 {
        let at = 2 + drawn(base, 4) as usize % (chars.len() - 5);
        chars.swap(at, at + 1);
        let at = 1 + drawn(base, 5) as usize % (chars.len() - 2);
        chars.insert(at, chars[at]);
    }
    chars.into_iter().collect()
}

pub(super) fn clauses_swapped(base: &Base<'_>) -> String {
    let words = words(base.text);
    let at = words.len() / 2;
    [&words[at..], &words[..at]].concat().join(" ")
}

/// A fifth of the words is cut off.
pub(super) fn end_cut(base: &Base<'_>) -> String {
    let words = words(base.text);
    words[..(words.len() * 4).div_ceil(5)].join(" ")
}

pub(super) fn glued(base: &Base<'_>) -> String {
    let (a, b) = (words(base.text), words(base.other));
    [&a[..a.len().div_ceil(2)], &b[b.len() / 2..]].concat().join(" ")
}

pub(super) fn word_loop(base: &Base<'_>) -> String {
    let words = words(base.text);
    let word = words.last().copied().unwrap_or("so");
    let times = 8 + words.len() / 2;
    format!("{} {}", base.text, vec![word; times].join([" ", ", ", " ... "][base.n % 3]))
}

pub(super) fn phrase_loop(base: &Base<'_>) -> String {
    let words = words(base.text);
    let phrase = words[..words.len().min(2 + base.n % 4)].join(" ");
    vec![phrase.as_str(); 6 + words.len() / 4].join([" ", ". ", " and "][base.n % 3])
}

/// Something stands in the middle of the text, with the words that lead to it.
pub(super) fn inserted(base: &Base<'_>, of: &[&str]) -> String {
    let words = words(base.text);
    let at = words.len() / 2;
    let inserted = of[base.n % of.len()];
    [&words[..at], &[inserted], &words[at..]].concat().join(" ")
}

pub(super) fn reversed(base: &Base<'_>) -> String {
    words(base.text).into_iter().rev().collect::<Vec<_>>().join(" ")
}

pub(super) fn shuffled(base: &Base<'_>) -> String {
    let mut words = words(base.text);
    for at in (1..words.len()).rev() {
        words.swap(at, drawn(base, 10 + at as u64) as usize % (at + 1));
    }
    words.join(" ")
}
