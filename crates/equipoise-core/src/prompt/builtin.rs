//! The templates that come with the program.

use super::Template;

/// A template of the program.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// snake_case name; on the command line `-` counts as `_`.
    pub name: &'static str,
    /// One sentence: what it asks the model for.
    pub what: &'static str,
    /// Its source, a starting point for a template of one's own.
    pub source: &'static str,
}

/// Every built-in template; the first is the default for models.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "rewrite",
        what: "Rewrites each source row once, under its id, in the style of the label; the default.",
        source: include_str!("../../templates/rewrite.j2"),
    },
    BuiltIn {
        name: "article_2023",
        what: "A reconstruction of the prompt of a 2023 article: role, label, no punctuation, lower case, texts separated by `;`.",
        source: include_str!("../../templates/article_2023.j2"),
    },
    BuiltIn {
        name: "new",
        what: "Asks for new texts of the label and shows real rows as examples.",
        source: include_str!("../../templates/new.j2"),
    },
    BuiltIn {
        name: "neighbour",
        what: "Shows rows of the label that this one is most confused with, and asks to change each just so far that it has this label.",
        source: include_str!("../../templates/neighbour.j2"),
    },
    BuiltIn {
        name: "mine",
        what: "Shows real rows without a label, the likeliest first, and asks for each whether it has this label.",
        source: include_str!("../../templates/mine.j2"),
    },
];

/// The built-in template called `name`; `article-2023` is `article_2023`. `None` where there is none: then it is a file.
pub fn builtin(name: &str) -> Option<Template> {
    let name = name.replace('-', "_");
    let found = BUILT_IN.iter().find(|b| b.name == name)?;
    Some(Template::new(found.name, found.source).expect("built-in templates are valid: a test loads each"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_template_loads_under_its_name_and_with_hyphens() {
        for b in BUILT_IN {
            let template = builtin(&b.name.replace('_', "-")).expect("known");
            assert_eq!(template.name(), b.name);
        }
        assert!(builtin("my-prompt.j2").is_none());
    }
}
