//! The first comment of a template: which generator it is written for, and that generator's settings.

use crate::catalog::Settings;
use serde_json::Value;

/// What a template says about itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meta {
    pub(super) generator: String,
    /// The template that this one was made from.
    pub(super) parent: Option<String>,
    pub(super) settings: Settings,
}

/// Reads `{# equipoise: generator=rewrite answer=json #}` at the start of `source`; absent means `generator=rewrite`.
///
/// # Errors
/// The word that is not of the form `name=value`, and its line from 1.
pub(super) fn read(source: &str) -> Result<Meta, (usize, String)> {
    let mut meta = Meta { generator: "rewrite".to_owned(), parent: None, settings: Settings::new() };
    let head = source.trim_start_matches('\u{feff}').trim_start();
    let line = source[..source.len() - head.len()].matches('\n').count() + 1;
    let Some(comment) = head.strip_prefix("{#").map(|c| c.trim_start_matches('-').trim_start()) else {
        return Ok(meta);
    };
    let Some(pairs) = comment.split("#}").next().and_then(|c| c.strip_prefix("equipoise:")) else {
        return Ok(meta);
    };
    for pair in pairs.trim_end_matches('-').split_whitespace() {
        let (name, value) = pair.split_once('=').ok_or_else(|| (line, pair.to_owned()))?;
        if name == "generator" {
            meta.generator = value.replace('-', "_");
        } else if name == "parent" {
            meta.parent = Some(value.to_owned());
        } else {
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            meta.settings.insert(name.to_owned(), value);
        }
    }
    Ok(meta)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_generator_and_settings_from_the_first_comment() {
        let meta = read("\n{#- equipoise: generator=new parent=old.j2 examples=12 answer=list -#}\nhello")
            .expect("well formed");
        assert_eq!(meta.parent.as_deref(), Some("old.j2"));
        assert_eq!(meta.generator, "new");
        assert_eq!(meta.settings["examples"], 12);
        assert_eq!(meta.settings["answer"], "list");
    }

    #[test]
    fn takes_rewrite_where_nothing_is_said() {
        for source in ["", "{# a note #}x", "{{ label }}"] {
            let meta = read(source).expect("well formed");
            assert_eq!((meta.generator.as_str(), meta.settings.len()), ("rewrite", 0));
        }
    }

    #[test]
    fn names_the_word_that_is_no_pair_and_its_line() {
        assert_eq!(read("\n\n{# equipoise: rewrite #}"), Err((3, "rewrite".to_owned())));
    }
}
