//! Answers without brackets: `;` lists, numbered and bulleted lists, plain lines.

use super::item::{Expect, Form, Found};
use super::{Note, talk};
use regex::Regex;
use std::sync::LazyLock;

/// The items of a list; where it is cut, the last one has the fault `cut`.
pub(super) fn read(body: &str, expect: &Expect<'_>, cut: bool, notes: &mut Vec<Note>) -> Vec<Found> {
    let lines: Vec<&str> = body.lines().collect();
    let marks = marks(&lines, expect);
    let n_marked = marks.iter().flatten().count();
    let n_lines = lines.iter().filter(|l| !l.trim().is_empty()).count();
    let mut found = if n_marked > 0
        && (n_marked >= 2 || n_lines <= 2 || expect.wanted == 1)
        && 2 * n_marked >= n_lines.min(expect.wanted)
    {
        marked(&lines, &marks, notes)
    } else {
        unmarked(&lines, expect, notes)
    };
    if let Some(last) = found.last_mut().filter(|_| cut) {
        last.fault = Some("cut");
    }
    found
}

/// A list mark at the start of a line: the id that it gives, and where the text starts.
type Mark = Option<(Option<String>, usize)>;

/// The mark of each line. A bare number counts where it goes on counting, a `:` after a word where the word is an id.
fn marks(lines: &[&str], expect: &Expect<'_>) -> Vec<Mark> {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\s*(?:\*\*|["(\[])?(?:(?P<n>\d{1,4})(?P<p>\s*[.):\]]\s*|\s+[-–—]\s+|\s+)|(?P<b>[-*•–]\s+))(?:\*\*\s*)?"#)
            .expect("a fixed pattern")
    });
    let known = |k: &str| expect.sources.iter().any(|(id, _)| *id == k);
    let mut next = 1;
    let mut mark = |line: &&str| {
        let c = MARK.captures(line)?;
        let end = c.get(0)?.end();
        // `3.5 stars` is a text.
        let decimal =
            |p: &str| p.trim() == "." && p.len() == 1 && line[end..].starts_with(|c: char| c.is_ascii_digit());
        if let (Some(n), Some(p)) = (c.name("n"), c.name("p")) {
            let number = n.as_str().parse::<usize>().ok()?;
            if known(n.as_str()) {
                return Some((Some(n.as_str().to_owned()), end));
            }
            if decimal(p.as_str()) || (p.as_str().trim().is_empty() && number != next) {
                return None;
            }
            next = number + 1;
            return Some((Some(n.as_str().to_owned()), end));
        }
        c.name("b").map(|_| (None, end))
    };
    // An id says more than the number or the sign before it.
    let mark = |line: &&str| {
        let mark = mark(line);
        let start = mark.as_ref().map_or(0, |(_, start)| *start);
        let given = given(&line[start..], expect).or_else(|| given(line, expect).filter(|_| start > 0));
        given.map(|(id, rest)| (Some(id), line.len() - rest.len())).or(mark)
    };
    lines.iter().map(mark).collect()
}

/// The id of a request at the start of a line, in whatever brackets, and what stands behind the mark that ends it.
fn given<'l>(line: &'l str, expect: &Expect<'_>) -> Option<(String, &'l str)> {
    static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"^\s*[*_`"(\[]{0,3}(?P<id>\w{1,32}?)[*_`")\]]{0,3}(?:\s*[:=.)|→]|\s+[-–—]\s|\t|(?P<blank>\s))[*_`\s]*"#,
        )
        .expect("a fixed pattern")
    });
    let mark = GIVEN.captures(line)?;
    let id = mark.name("id")?;
    let is_given = expect.sources.iter().any(|(own, _)| *own == id.as_str());
    // Before a blank alone brackets tell an id from a word; those before it may have gone with the number.
    let around = |blank: regex::Match<'_>| line[..id.start()].trim().is_empty() && id.end() == blank.start();
    let is_bare = mark.name("blank").is_some_and(around);
    (is_given && !is_bare).then(|| (id.as_str().to_owned(), &line[mark.get_match().end()..]))
}

fn marked(lines: &[&str], marks: &[Mark], notes: &mut Vec<Note>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut after_gap = true;
    for (line, mark) in lines.iter().zip(marks) {
        match mark {
            Some((id, start)) => {
                found.push(Found {
                    id: id.clone(),
                    text: line[*start..].trim_end_matches("**").to_owned(),
                    fault: None,
                });
                after_gap = false;
            }
            None if line.trim().is_empty() => after_gap = true,
            None if after_gap || talk::is_talk(line) => talk::note_lines(line, notes),
            None => {
                let text = &mut found.last_mut().expect("a line before the first mark stands after a gap").text;
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    found
}

fn unmarked(lines: &[&str], expect: &Expect<'_>, notes: &mut Vec<Note>) -> Vec<Found> {
    let mut lines: Vec<&str> = lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
    // Talk stands at the ends. A line that ends in a colon is talk; any other only where there are lines to spare.
    let spare = |lines: &[&str]| lines.len() > expect.wanted || expect.form == Form::Semicolon;
    while lines.first().is_some_and(|l| talk::is_talk(l) && (l.ends_with(':') || spare(&lines))) {
        talk::note_lines(lines.remove(0), notes);
    }
    while lines.last().is_some_and(|l| talk::is_talk(l) && spare(&lines) && lines.len() > 1) {
        talk::note_lines(lines.pop().unwrap_or_default(), notes);
    }
    let whole = lines.join("\n");
    let by_semicolon = whole.matches(';').count() + 1;
    let separated = match expect.form {
        Form::Semicolon => by_semicolon > 1,
        _ => lines.len() == 1 && expect.wanted > 1 && by_semicolon.abs_diff(expect.wanted) <= 1 && by_semicolon > 1,
    };
    if separated {
        return pieces(&whole, ';');
    }
    match expect.wanted {
        1 => pieces(&whole, '\0'),
        _ => pieces(&whole, '\n'),
    }
}

fn pieces(text: &str, separator: char) -> Vec<Found> {
    text.split(separator).map(str::trim).filter(|t| !t.is_empty()).map(Found::text).collect()
}
