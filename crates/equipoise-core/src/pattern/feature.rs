//! What a text can be known by.

use serde::{Deserialize, Serialize};

/// A habit that a text has or has not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Feature {
    /// What kind of habit.
    pub kind: Kind,
    /// Which one: the word, the opening, the mark; lower case.
    pub text: String,
}

/// Kinds of habits, in the order in which equals are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A word.
    Word,
    /// Two words in a row.
    Pair,
    /// The first two or three words.
    Opening,
    /// Five words in a row, of which those outside of the most frequent ones count as equal and are written `_`.
    Skeleton,
    /// A mark anywhere in the text: punctuation, an emoji, a tag, a name, a link.
    Mark,
    /// The mark that the text ends in, or none.
    End,
    /// Capital letters.
    Case,
    /// Quotation marks around the whole text.
    Quotes,
}

impl std::fmt::Display for Feature {
    /// The habit in a few words, to be read after "texts with" or "a text".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = &self.text;
        match self.kind {
            Kind::Word | Kind::Pair | Kind::Skeleton => write!(f, "`{text}`"),
            Kind::Opening => write!(f, "begins with `{text}`"),
            Kind::Mark if is_named(text) => write!(f, "holds {text}"),
            Kind::Mark => write!(f, "holds `{text}`"),
            Kind::End if text.is_empty() => f.write_str("ends without a mark"),
            Kind::End if is_named(text) => write!(f, "ends in {text}"),
            Kind::End => write!(f, "ends in `{text}`"),
            Kind::Case | Kind::Quotes => f.write_str(text),
        }
    }
}

/// Whether a mark is called by a name (`an emoji`) and not shown itself.
fn is_named(mark: &str) -> bool {
    mark.chars().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_few_words() {
        let shown = |kind, text: &str| Feature { kind, text: text.to_owned() }.to_string();
        assert_eq!(shown(Kind::Pair, "can't wait"), "`can't wait`");
        assert_eq!(shown(Kind::Opening, "just had"), "begins with `just had`");
        assert_eq!(shown(Kind::Mark, "an emoji"), "holds an emoji");
        assert_eq!(shown(Kind::End, "!"), "ends in `!`");
        assert_eq!(shown(Kind::End, ""), "ends without a mark");
    }
}
