//! Texts that are stored escaped, as people wrote them.

use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Named entities that stand in downloaded texts.
const NAMED: [(&str, &str); 13] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
];

/// The text with the characters that its entities (`&quot;`, `&#39;`) and escapes (`\u2019`) stand for; what stands for nothing stays.
///
/// Data sets of tweets keep them as the network gave them out. A generator that is shown such a row writes the mark itself, and nothing
/// about that is new.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    static ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,6}));|((?:\\u[0-9a-fA-F]{4})+)")
            .expect("a fixed pattern")
    });
    if !text.contains('&') && !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    ESCAPE.replace_all(text, |found: &Captures<'_>| character(found).unwrap_or_else(|| found[0].to_owned()))
}

fn character(found: &Captures<'_>) -> Option<String> {
    let number = |group: usize, radix: u32| {
        let value = u32::from_str_radix(found.get(group)?.as_str(), radix).ok()?;
        char::from_u32(value).map(String::from)
    };
    let named = || {
        let name = found.get(3)?.as_str();
        NAMED.iter().find(|(entity, _)| *entity == name).map(|(_, character)| (*character).to_owned())
    };
    // Two escapes side by side may be the halves of one character.
    let units = || {
        let units = found.get(4)?.as_str().split("\\u").skip(1).map(|unit| u16::from_str_radix(unit, 16));
        String::from_utf16(&units.collect::<Result<Vec<u16>, _>>().ok()?).ok()
    };
    number(1, 10).or_else(|| number(2, 16)).or_else(named).or_else(units)
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn gives_the_characters_that_people_wrote() {
        assert_eq!(unescaped("she said &quot;no&quot; --&gt; so it&#39;s over"), "she said \"no\" --> so it's over");
        assert_eq!(unescaped(r"Thursday\u2019s game \ud83d\ude00"), "Thursday’s game 😀");
    }

    #[test]
    fn leaves_what_stands_for_nothing() {
        for text in ["salt & pepper; AT&T;", r"\ud83d alone", r"C:\users", "&zzz;"] {
            assert_eq!(unescaped(text), text);
        }
    }
}
