//! The templates and how values get into them: escaped for where they stand, without exception.

use super::escape;
use super::number::ABSENT;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, HtmlEscape, Output, State, UndefinedBehavior};
use serde::Serialize;
use std::borrow::Cow;

const MARKDOWN: AutoEscape = AutoEscape::Custom(Cow::Borrowed("markdown"));

const STYLE: &str =
    concat!(include_str!("page/page.css"), include_str!("page/first.css"), include_str!("page/explorer.css"));
const PARTS: &str = include_str!("page/parts.html.j2");

/// Renders a template of the page, or of a section of it, over `view`: every string is escaped for HTML.
pub(super) fn html(source: &'static str, view: impl Serialize) -> Result<String, Error> {
    render("page.html", source, view)
}

/// Renders a template of a Markdown file over `view`: every string is escaped for Markdown.
pub(super) fn markdown(source: &'static str, view: impl Serialize) -> Result<String, Error> {
    render("page.md", source, view)
}

fn render(name: &str, source: &'static str, view: impl Serialize) -> Result<String, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    env.set_auto_escape_callback(|name| if name.ends_with(".md") { MARKDOWN } else { AutoEscape::Html });
    env.set_formatter(format);
    env.add_filter("yaml", |text: &str| Value::from_safe_string(escape::yaml(text)));
    env.add_filter("pieces", pieces);
    env.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    env.add_template("parts.html", PARTS)?;
    env.add_template(name, source)?;
    env.get_template(name)?.render(Serde(view))
}

/// Prose cut at its backticks, every second piece a name; whole where they do not come in pairs.
fn pieces(prose: &str) -> Vec<String> {
    if prose.matches('`').count().is_multiple_of(2) {
        prose.split('`').map(str::to_owned).collect()
    } else {
        vec![prose.to_owned()]
    }
}

/// Writes one value. Only macros, [`STYLE`] and sections that were rendered here are safe strings; everything else passes an escape.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let shown = match value.as_str() {
        Some(text) if value.is_safe() => return out.write_str(text).map_err(Error::from),
        Some(text) => text.to_owned(),
        None if value.is_none() => ABSENT.to_owned(),
        None => value.to_string(),
    };
    if *state.auto_escape() == MARKDOWN {
        out.write_str(&escape::markdown(&shown))?;
    } else {
        write!(out, "{}", HtmlEscape(&escape::visible(&shown)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_in_prose_are_the_pieces_between_backticks() {
        assert_eq!(super::pieces("F1 of `fear` rises"), ["F1 of ", "fear", " rises"]);
        assert_eq!(super::pieces("a lone ` stays"), ["a lone ` stays"]);
    }

    #[test]
    fn a_value_that_the_view_lacks_is_a_fault() {
        let error = super::html("{{ name }}", ()).expect_err("an empty view has no fields");
        assert_eq!(error.kind(), minijinja::ErrorKind::UndefinedError, "{error:#}");
    }
}
