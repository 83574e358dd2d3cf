//! Answers in HTML: their lists, paragraphs, tables and headings written as lines, as which they are read on.

use super::item::Expect;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Elements that hold one text or a part of a table. A text may have `<br>` or `<b>` of its own.
const HOLDERS: [&str; 9] = ["li", "p", "td", "th", "tr", "dd", "dt", "div", "blockquote"];

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?is)<(?P<end>/?)(?P<name>html|head|body|main|section|article|ul|ol|dl|li|p|div|blockquote|table|thead|tbody|tr|td|th|dd|dt|h[1-6]|br|hr|b|strong|i|em|u|span|code)\b(?P<rest>[^<>]*)>"#,
    )
    .expect("a fixed pattern")
});
static ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)\b(?:id|key|value)\s*=\s*["']?([\w-]+)"#).expect("a fixed pattern"));

/// The answer as lines of a list, a table and headings; as it came where it is no HTML, or where real rows hold such elements themselves.
pub(super) fn as_lines<'a>(body: &'a str, expect: &Expect<'_>) -> Cow<'a, str> {
    let is_holder = |tag: &Captures<'_>| HOLDERS.contains(&tag["name"].to_ascii_lowercase().as_str());
    let of_rows = expect.sources.iter().any(|(_, text)| TAG.is_match(text));
    if of_rows || !TAG.captures_iter(body).any(|tag| is_holder(&tag) && &tag["end"] == "/") {
        return Cow::Borrowed(body);
    }
    let mut lines = Lines { expect, written: String::with_capacity(body.len()), is_within: false };
    let mut behind = 0;
    for tag in TAG.captures_iter(body) {
        let whole = tag.get_match();
        lines.text(&body[behind..whole.start()]);
        behind = whole.end();
        lines.tag(&tag["name"].to_ascii_lowercase(), !tag["end"].is_empty(), &tag["rest"]);
    }
    lines.text(&body[behind..]);
    Cow::Owned(lines.written)
}

struct Lines<'e> {
    expect: &'e Expect<'e>,
    written: String,
    /// Whether an element is open that holds one text, in which line breaks are blanks.
    is_within: bool,
}

impl Lines<'_> {
    fn text(&mut self, text: &str) {
        let text = entities(text);
        if !self.is_within {
            self.written.push_str(&text);
            return;
        }
        for word in text.split_inclusive(char::is_whitespace) {
            let is_apart = self.written.ends_with(char::is_whitespace);
            match word.trim() {
                "" if !is_apart => self.written.push(' '),
                "" => {}
                own => {
                    self.written.push_str(own);
                    self.written.extend((own.len() < word.len()).then_some(' '));
                }
            }
        }
    }

    fn tag(&mut self, name: &str, is_end: bool, rest: &str) {
        match (name, is_end) {
            ("li" | "dd" | "p" | "div" | "blockquote" | "dt", false) => {
                // A paragraph in an item of a list is no item of its own.
                let line = self.written.rsplit('\n').next().unwrap_or_default().trim();
                if !(line == "-" || (line.ends_with(':') && self.is_within)) {
                    self.line();
                    self.written.push_str(if name == "li" { "- " } else { "" });
                }
                let id = ID.captures(rest).map(|found| found[1].to_owned());
                let given = |id: &String| self.expect.sources.iter().any(|(own, _)| own.eq_ignore_ascii_case(id));
                if let Some(id) = id.filter(given) {
                    self.written.push_str(&format!("{id}: "));
                }
                self.is_within = !matches!(name, "div" | "blockquote");
            }
            ("tr", false) => {
                self.line();
                self.is_within = true;
            }
            ("td" | "th", false) => self.written.push_str("| "),
            ("td" | "th", true) => self.written.push(' '),
            ("tr", true) => {
                self.written.push('|');
                self.is_within = false;
                self.line();
            }
            ("thead", true) => self.written.push_str("|---|\n"),
            ("li" | "dd" | "p" | "div" | "blockquote" | "dt", true) => {
                self.is_within = false;
                self.line();
            }
            ("br" | "hr", _) if self.is_within => self.text(" "),
            ("br" | "hr", _) => self.line(),
            (heading, false) if heading.starts_with('h') && heading.len() == 2 => {
                self.line();
                self.written.push_str("### ");
                self.is_within = true;
            }
            (heading, true) if heading.starts_with('h') && heading.len() == 2 => {
                self.is_within = false;
                self.line();
            }
            _ => {}
        }
    }

    /// Begins a new line.
    fn line(&mut self) {
        while self.written.ends_with(' ') {
            self.written.pop();
        }
        if !self.written.is_empty() && !self.written.ends_with('\n') {
            self.written.push('\n');
        }
    }
}

/// The text with the signs that HTML writes by name.
pub(super) fn entities(text: &str) -> String {
    ["&lt;<", "&gt;>", "&quot;\"", "&apos;'", "&#39;'", "&nbsp; ", "&amp;&"].iter().fold(
        text.to_owned(),
        |text, pair| {
            let (name, sign) = pair.split_at(pair.len() - 1);
            text.replace(name, sign)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Form, parse};
    use super::*;

    fn texts(answer: &str, sources: &[(&str, &str)]) -> Vec<(Option<usize>, String)> {
        let expect = Expect { sources, wanted: 2, form: Form::Json, complete: true, one_line: true };
        parse(answer, &expect).items.into_iter().map(|item| (item.source, item.text)).collect()
    }

    #[test]
    fn lists_paragraphs_and_tables_are_read_under_their_ids_and_without_their_tags() {
        let sources = [("a1", "the parcel never came"), ("a2", "what a day")];
        for answer in [
            "<ul>\n<li>one it's &amp; all</li>\n<li>two</li>\n</ul>",
            "<ol>\n  <li>one it's\n  &amp; all</li>\n  <li>two</li>\n</ol>",
            "<ol><li><p>one it&#39;s &amp; all</p></li><li><p>two</p></li></ol>",
            "<p>one it's &amp; all</p>\n<p>two</p>",
            "<p>one <b>it's</b> &amp; all</p><p>two</p>",
            "<ul><li id=\"a1\">one it's &amp; all</li><li id=\"a2\">two</li></ul>",
            "<ul><li><strong>a1</strong>: one it's &amp; all</li><li><strong>a2:</strong> two</li></ul>",
            "<h3>Text 1</h3><p>one it's &amp; all</p><h3>Text 2</h3><p>two</p>",
            "<p id=\"a1\">one it's &amp; all</p><p id=\"a2\">two</p>",
            "<table><tr><th>id</th><th>text</th></tr><tr><td>a1</td><td>one it's &amp; all</td></tr><tr><td>a2</td><td>two</td></tr></table>",
            "<table><thead><tr><th>id</th><th>text</th></tr></thead><tbody><tr><td>a1</td><td>one it's &amp; all</td></tr><tr><td>a2</td><td>two</td></tr></tbody></table>",
        ] {
            let expected = [(Some(0), "one it's & all".to_owned()), (Some(1), "two".to_owned())];
            assert_eq!(texts(answer, &sources), expected, "{answer}");
        }
    }

    #[test]
    fn the_order_of_ids_is_followed() {
        let sources = [("a1", "the parcel never came"), ("a2", "what a day")];
        let read = texts("<ul><li id='a2'>two</li><li id='a1'>one</li></ul>", &sources);
        assert_eq!(read, [(Some(1), "two".to_owned()), (Some(0), "one".to_owned())]);
    }

    #[test]
    fn elements_stay_where_real_rows_hold_them_and_a_few_signs_are_no_page() {
        let sources = [("a1", "<p>the parcel never came</p>"), ("a2", "what a day")];
        assert_eq!(
            as_lines(
                "<p>one</p>",
                &Expect { sources: &sources, wanted: 2, form: Form::Json, complete: true, one_line: true }
            ),
            "<p>one</p>"
        );
        let expect = Expect { sources: &sources[1..], wanted: 2, form: Form::Json, complete: true, one_line: true };
        for text in ["i <3 you", "a <b and c> d", "1 < 2"] {
            assert_eq!(as_lines(text, &expect), text);
        }
    }
}
