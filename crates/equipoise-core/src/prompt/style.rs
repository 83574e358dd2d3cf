//! How a label's texts are written, in words that a model follows.

use crate::profile::LabelProfile;

/// Phrases for the style of a label: length (in characters where words are not told apart by blanks), case, punctuation, pictographs,
/// hashtags and mentions.
///
/// A habit is asked for where nearly all texts have it and forbidden where nearly none does; in between the model gets the
/// mixture told.
pub fn style_words(profile: &LabelProfile) -> Vec<String> {
    let style = &profile.style;
    let (lengths, unit) = if style.is_unspaced() { (profile.chars, "characters") } else { (profile.words, "words") };
    let mut lines = vec![match lengths.p2 == lengths.p98 {
        true => format!("{} {unit} long", lengths.p98),
        false => format!("{} to {} {unit} long, most about {}", lengths.p2, lengths.p98, lengths.median),
    }];
    if style.cased_share <= NEARLY_NONE {
        // A script without capitals has nothing to be told.
    } else if style.lower_case_share >= NEARLY_ALL {
        lines.push("all in lower case, also names and the first word".into());
    } else if style.lower_case_share > NEARLY_NONE {
        lines.push(format!(
            "{} without any capital letter, the others with ordinary capitals",
            tell(style.lower_case_share)
        ));
    }
    if style.punctuation_share <= NEARLY_NONE {
        lines.push("no punctuation marks".into());
    } else if style.punctuation_share < NEARLY_ALL {
        lines.push(format!("{} with punctuation marks, the others without", tell(style.punctuation_share)));
    }
    for (share, what) in
        [(style.emoji_share, "emoji"), (style.hashtag_share, "#hashtags"), (style.mention_share, "@mentions")]
    {
        lines.push(match share {
            s if s <= 0.01 => format!("no {what}"),
            s => format!("{} with {what}", tell(s)),
        });
    }
    lines
}

const NEARLY_ALL: f64 = 0.95;
const NEARLY_NONE: f64 = 0.05;

fn tell(share: f64) -> &'static str {
    match share {
        s if s >= NEARLY_ALL => "nearly all",
        s if s >= 0.6 => "most",
        s if s >= 0.4 => "about half",
        s if s >= 0.15 => "some",
        _ => "a few",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Lengths, Style};

    fn profile(style: Style) -> LabelProfile {
        let words = Lengths { min: 1, p2: 3, median: 12, p98: 30, max: 60 };
        LabelProfile { label: "x".into(), n: 9, share: 0.1, words, chars: words, n_duplicates: 0, style }
    }

    #[test]
    fn asks_for_lower_case_without_marks_where_the_rows_are_so() {
        let style = Style {
            cased_share: 1.0,
            lower_case_share: 1.0,
            punctuation_share: 0.0,
            unspaced_share: 0.0,
            emoji_share: 0.0,
            hashtag_share: 0.0,
            mention_share: 0.0,
            n_distinct_words: 5,
        };
        let lines = style_words(&profile(style));
        assert_eq!(lines[0], "3 to 30 words long, most about 12");
        assert!(lines.iter().any(|l| l.starts_with("all in lower case")));
        assert!(lines.iter().any(|l| l == "no punctuation marks"));
        assert!(lines.iter().any(|l| l == "no emoji"));
    }

    #[test]
    fn counts_characters_and_leaves_case_out_where_the_script_has_neither() {
        let style = Style {
            cased_share: 0.0,
            lower_case_share: 0.0,
            punctuation_share: 1.0,
            unspaced_share: 0.97,
            emoji_share: 0.0,
            hashtag_share: 0.0,
            mention_share: 0.0,
            n_distinct_words: 5,
        };
        let lines = style_words(&profile(style));
        assert_eq!(lines[0], "3 to 30 characters long, most about 12");
        assert!(!lines.iter().any(|l| l.contains("case") || l.contains("capital")), "{lines:?}");
    }

    #[test]
    fn tells_a_mixture_as_a_mixture() {
        let style = Style {
            cased_share: 1.0,
            lower_case_share: 0.5,
            punctuation_share: 0.97,
            unspaced_share: 0.0,
            emoji_share: 0.2,
            hashtag_share: 0.005,
            mention_share: 0.7,
            n_distinct_words: 5,
        };
        let lines = style_words(&profile(style));
        assert!(lines.iter().any(|l| l.starts_with("about half without any capital")));
        assert!(!lines.iter().any(|l| l.contains("punctuation")));
        assert!(lines.contains(&"some with emoji".to_owned()) && lines.contains(&"most with @mentions".to_owned()));
    }
}
