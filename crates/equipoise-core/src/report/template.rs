//! The templates and how values get into them: escaped for where they stand, without exception.

use super::escape;
use super::number::ABSENT;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, HtmlEscape, Output, State, UndefinedBehavior};
use serde::Serialize;
use std::borrow::Cow;

const MARKDOWN: AutoEscape = AutoEscape::Custom(Cow::Borrowed("markdown"));

const TEMPLATES: &[(&str, &str)] = &[
    ("report.html", include_str!("../../templates/report.html.j2")),
    ("parts.html", include_str!("../../templates/report/parts.html.j2")),
    ("results.html", include_str!("../../templates/report/results.html.j2")),
    ("analysis.html", include_str!("../../templates/report/analysis.html.j2")),
    ("rows.html", include_str!("../../templates/report/rows.html.j2")),
    ("method.html", include_str!("../../templates/report/method.html.j2")),
    ("card.md", include_str!("../../templates/card.md.j2")),
];

const STYLE: &str = include_str!("../../templates/report.css");

/// Renders the template `name` over `view`. Strings are escaped for the kind of file that the name says.
pub(super) fn render(name: &str, view: impl Serialize) -> Result<String, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    env.set_auto_escape_callback(|name| if name.ends_with(".md") { MARKDOWN } else { AutoEscape::Html });
    env.set_formatter(format);
    env.add_filter("yaml", |text: &str| Value::from_safe_string(escape::yaml(text)));
    env.add_filter("pieces", pieces);
    env.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    for (name, source) in TEMPLATES {
        env.add_template(name, source)?;
    }
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

/// Writes one value. Only macros and [`STYLE`] are safe strings; everything else passes an escape.
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
    fn every_template_parses() {
        // Strict undefined stops at the first missing field, a syntax error before it.
        let error = super::render("report.html", ()).expect_err("an empty view has no fields");
        assert_eq!(error.kind(), minijinja::ErrorKind::UndefinedError, "{error:#}");
    }
}
