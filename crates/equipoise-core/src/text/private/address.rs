//! Addresses of people and machines: mail, user pages, IP.

use super::{is_inside_a_word, pattern};
use regex::Regex;
// The types alone: `core` has no socket.
use core::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

/// Where mail addresses stand, also spelt out: `anna (at) example (dot) org`.
pub(super) fn mails(text: &str) -> Vec<Range<usize>> {
    static MAIL: LazyLock<Regex> = LazyLock::new(|| {
        let part = r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{M}0-9_%+'’-]+";
        let at = r"(?:[@＠]| [@＠] |\s?[(\[{]\s?(?:at|@)\s?[)\]}]\s?|(?-i: AT ))";
        let dot = r"(?:\.|\s?[(\[{]\s?(?:dot|\.)\s?[)\]}]\s?|(?-i: DOT ))";
        pattern(&format!(
            r#"(?i)(?:"[^"\s]{{1,64}}"|{part}(?:{dot}{part})*){at}{part}(?:{dot}{part})*{dot}(?:xn--[a-z0-9-]+|[\p{{Latin}}\p{{Greek}}\p{{Cyrillic}}]{{2,24}})"#
        ))
    });
    // In words alone: `anna at example dot org`.
    static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:[\p{Latin}0-9_%+-]+(?:\.| dot ))*[\p{Latin}0-9_%+-]+ at (?:[\p{Latin}0-9-]+(?:\.| dot ))*[\p{Latin}0-9-]+ dot [a-z]{2,4}\b",
        )
    });
    let in_words = text.contains(" dot ").then(|| IN_WORDS.find_iter(text).map(|m| m.range()));
    let mut found: Vec<Range<usize>> = MAIL.find_iter(text).map(|m| m.range()).collect();
    let is_free = |range: &Range<usize>| found.iter().all(|mail| mail.end <= range.start || range.end <= mail.start);
    let new: Vec<Range<usize>> = in_words.into_iter().flatten().filter(is_free).collect();
    found.extend(new);
    found.sort_by_key(|range| range.start);
    found
}

/// Where web addresses stand that hold the name of a user: before the host, as a page of a user, or as a parameter.
pub(super) fn users(text: &str) -> Vec<Range<usize>> {
    static URL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)\b(?:[a-z][a-z0-9+.-]{1,12}://|www\.)[^\s<>"'{}|\\^`]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,12}/[^\s<>"'{}|\\^`]+"#,
        )
    });
    static USER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            ^[a-z][a-z0-9+.-]*://[^/@\s]+@
            | /~/?\p{L}[\p{L}_.%-][\p{L}0-9_.%-]+
            | /(?:@|u/|users?/|in/|profiles?/|people/|members?/|author/)[\p{L}0-9_.%-]{2,}
            | [?&;](?:user(?:_?name|_?id)?|login|account|e?mail|profile|u)=[^&\s]{2,}
            | ^(?:https?://)?(?:[a-z]+\.)?(?:github|gitlab|bitbucket|twitter|x|facebook|instagram|tiktok|threads|pinterest|tumblr|twitch|soundcloud|flickr|myspace|paypal|venmo|patreon|vk|ok|linktr|keybase|telegram)\.(?:com|org|net|tv|me|ru|ee|io)/[\p{L}0-9_.-]{2,}
            | ^(?:https?://)?(?:t\.me|fb\.com|fb\.me|wa\.me|paypal\.me)/[\p{L}0-9_.+-]{2,}",
        )
    });
    let end = |m: regex::Match<'_>| {
        m.start() + m.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '…', '*']).len()
    };
    let urls = URL.find_iter(text).map(|m| m.start()..end(m));
    urls.filter(|range| USER.is_match(&text[range.clone()])).collect()
}

/// Where addresses of machines stand.
pub(super) fn machines(text: &str) -> Vec<Range<usize>> {
    static FOUR: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"));
    static SIX: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.[0-9]{1,3}){3})?"));
    let is_alone = |range: &Range<usize>| {
        let dotted = |c: Option<char>, next: Option<char>| c == Some('.') && next.is_some_and(|n| n.is_ascii_digit());
        let (mut before, mut behind) = (text[..range.start].chars().rev(), text[range.end..].chars());
        !is_inside_a_word(text, range) && !dotted(before.next(), before.next()) && !dotted(behind.next(), behind.next())
    };
    let fours = FOUR.find_iter(text).filter(|m| m.as_str().parse::<Ipv4Addr>().is_ok() && is_alone(&m.range()));
    // A time of day is no address: at least three groups, and a letter or a double colon among them.
    let is_six = |part: &str| {
        let n_groups = part.split(':').filter(|group| !group.is_empty()).count();
        n_groups >= 2 && part.len() >= 6 && part.parse::<Ipv6Addr>().is_ok()
    };
    let sixes = SIX.find_iter(text).filter(|m| is_six(m.as_str()) && is_alone(&m.range()));
    let mut found: Vec<Range<usize>> = sixes.map(|m| m.range()).collect();
    let is_free = |four: &Range<usize>, sixes: &[Range<usize>]| {
        sixes.iter().all(|six| four.end <= six.start || six.end <= four.start)
    };
    let fours: Vec<Range<usize>> = fours.map(|m| m.range()).filter(|four| is_free(four, &found)).collect();
    found.extend(fours);
    found.sort_by_key(|range| range.start);
    found
}
