//! What a label means, in a person's words.

use serde::{Deserialize, Serialize};

/// What a label means: `[label.NAME]` in a recipe.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Definition {
    /// What texts with the label are about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What they are not, though it lies near.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub not: String,
    /// Cases that are hard to tell from others: `confused with: returns`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hard: Vec<String>,
}

impl Definition {
    /// Phrases for a prompt, as the style of a label has them; none where nothing is said.
    pub fn lines(&self) -> Vec<String> {
        let line = |head: &str, text: &str| {
            // One line each: a definition is text of a person, and a list in a prompt has a line an item.
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (!text.is_empty()).then(|| format!("{head}: {text}"))
        };
        let hard = self.hard.iter().filter_map(|case| line("hard case", case));
        line("about", &self.about).into_iter().chain(line("not", &self.not)).chain(hard).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_that_is_said_is_one_phrase() {
        let definition = Definition {
            about: "money that a customer\n wants back".into(),
            not: String::new(),
            hard: vec!["confused with: returns".into(), " ".into()],
        };
        assert_eq!(
            definition.lines(),
            ["about: money that a customer wants back", "hard case: confused with: returns"]
        );
        assert!(Definition::default().lines().is_empty());
    }
}
