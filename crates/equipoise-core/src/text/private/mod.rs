//! Private data in a text: where mail addresses, card and account numbers, addresses of machines and people, keys and phone numbers stand.
//!
//! One finder for whoever asks: the profile counts with it, a mask hides what it finds, checks compare what it finds.

mod account;
mod address;
mod counts;
mod digits;
mod identity;
mod key;
mod names;

pub use counts::PrivateCounts;
pub use names::Names;

use regex::Regex;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// A kind of private data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateKind {
    /// A web address that holds the name of a user.
    Url,
    /// A mail address.
    Email,
    /// A bank account: an IBAN whose check digits hold.
    Iban,
    /// A key, token or password.
    Key,
    /// The address of a machine, IPv4 or IPv6.
    Ip,
    /// A payment card whose check digit holds.
    Card,
    /// A phone number.
    Phone,
    /// A number that a state gives a person.
    Identity,
    /// A name of a list.
    Name,
}

/// Every kind that is found without a list, the sure ones first: the digits of a card or of an address could be a phone's.
pub const PRIVATE_KINDS: [PrivateKind; 8] = [
    PrivateKind::Url,
    PrivateKind::Email,
    PrivateKind::Iban,
    PrivateKind::Key,
    PrivateKind::Ip,
    PrivateKind::Card,
    PrivateKind::Identity,
    PrivateKind::Phone,
];

impl PrivateKind {
    /// Where the text holds data of this kind, in order; nothing for [`PrivateKind::Name`], which takes a list ([`Names`]).
    pub fn find(self, text: &str) -> Vec<Range<usize>> {
        // Nearly every text ends here: a search costs more than this look.
        let has_digits = |least: usize| text.bytes().filter(u8::is_ascii_digit).nth(least - 1).is_some();
        match self {
            PrivateKind::Url if text.contains('/') => address::users(text),
            PrivateKind::Email
                if text.contains(['@', '＠', '(', '[']) || text.contains(" AT ") || text.contains(" dot ") =>
            {
                address::mails(text)
            }
            PrivateKind::Iban if has_digits(6) => account::ibans(text),
            PrivateKind::Key if text.contains(|c: char| c.is_ascii_digit() || "@#$%^&*_-".contains(c)) => {
                key::keys(text)
            }
            PrivateKind::Ip if text.contains([':', '.']) && text.len() >= 4 => address::machines(text),
            PrivateKind::Card if has_digits(13) => digits::cards(text),
            PrivateKind::Identity if has_digits(6) => identity::numbers(text),
            PrivateKind::Phone if has_digits(7) => digits::phones(text),
            _ => Vec::new(),
        }
    }

    /// The word for people: one of them, or several.
    pub fn words(self) -> [&'static str; 2] {
        match self {
            PrivateKind::Url => ["web address with a user name", "web addresses with user names"],
            PrivateKind::Email => ["e-mail address", "e-mail addresses"],
            PrivateKind::Iban => ["bank account", "bank accounts"],
            PrivateKind::Key => ["key or password", "keys or passwords"],
            PrivateKind::Ip => ["IP address", "IP addresses"],
            PrivateKind::Card => ["card number", "card numbers"],
            PrivateKind::Phone => ["phone number", "phone numbers"],
            PrivateKind::Identity => ["number of a person", "numbers of persons"],
            PrivateKind::Name => ["name", "names"],
        }
    }
}

impl fmt::Display for PrivateKind {
    /// The word of a placeholder: `EMAIL`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PrivateKind::Url => "URL",
            PrivateKind::Email => "EMAIL",
            PrivateKind::Iban => "IBAN",
            PrivateKind::Key => "KEY",
            PrivateKind::Ip => "IP",
            PrivateKind::Card => "CARD",
            PrivateKind::Phone => "PHONE",
            PrivateKind::Identity => "IDENTITY",
            PrivateKind::Name => "NAME",
        })
    }
}

/// A part of a text that is private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateSpan {
    /// What it is.
    pub kind: PrivateKind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

/// What is private in `text`, in its order and without overlap; where two kinds claim the same place, the surer one has it.
pub fn private_spans(text: &str, names: &Names) -> Vec<PrivateSpan> {
    let mut spans: Vec<PrivateSpan> = Vec::new();
    for kind in PRIVATE_KINDS.into_iter().chain([PrivateKind::Name]) {
        if spans.is_empty() {
            let found = kind.find(text).into_iter().chain(named(kind, names, text));
            spans.extend(found.map(|range| PrivateSpan { kind, range }));
            continue;
        }
        // Only what no surer kind has is looked at, so that a number beside another is not taken for one with it.
        let mut free = Vec::new();
        let mut from = 0;
        for taken in &spans {
            free.push(from..taken.range.start);
            from = taken.range.end;
        }
        free.push(from..text.len());
        for gap in free {
            let part = &text[gap.clone()];
            let found = kind.find(part).into_iter().chain(named(kind, names, part));
            let at = gap.start;
            spans.extend(found.map(|r| PrivateSpan { kind, range: at + r.start..at + r.end }));
        }
        spans.sort_by_key(|span| span.range.start);
    }
    spans
}

fn named(kind: PrivateKind, names: &Names, text: &str) -> Vec<Range<usize>> {
    if kind == PrivateKind::Name { names.find(text) } else { Vec::new() }
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

/// Whether a letter or digit stands right before or behind a part of a text, so that the part is a piece of a longer word.
fn is_inside_a_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let behind = text[range.end..].chars().next();
    [before, behind].into_iter().flatten().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
