//! Broken JSON, item by item: cut ends, lost quotes and brackets, single quotes, raw line breaks.

use super::item::Found;
use super::object::{ID_FIELDS, TEXT_FIELDS};
use super::{Note, NoteKind, talk};
use regex::Regex;
use std::sync::LazyLock;

/// The items of an answer that was meant to be JSON; `None` where nothing looks like it.
pub(super) fn read(body: &str, ids: &[&str], wanted: usize, cut: bool, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let start = opening(body)?;
    let fields = fields(body, ids);
    let found = if fields.is_empty() { strings(&body[start..], wanted, cut)? } else { objects(body, &fields, cut) };
    talk::note_lines(&body[..start], notes);
    let end = body.rfind(['}', ']']).map_or(body.len(), |at| at + 1);
    // Talk stands behind the last bracket; with a quote in it, it is an item that lost its own.
    if !cut && !body[end..].contains('"') {
        talk::note_lines(&body[end..], notes);
    }
    if !cut {
        notes.push(Note::new(NoteKind::Malformed, format!("broken JSON; {} texts were read from it", found.len())));
    }
    Some(found)
}

/// The bracket that opens the answer: the first of a line, or behind talk. A bracket within a text opens nothing.
fn opening(body: &str) -> Option<usize> {
    let line_start = |at: usize| body[..at].rfind('\n').map_or(0, |n| n + 1);
    let opens = |at: &usize| {
        let before = body[line_start(*at)..*at].trim();
        before.is_empty() || talk::is_talk(before)
    };
    body.match_indices(['{', '[']).map(|(at, _)| at).take(256).find(opens)
}

/// A field with its quotes.
static NEXT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"["']\w+["']\s*:\s*["'\[{]"#).expect("a fixed pattern"));

/// Where a text starts: behind `"text":`, or behind `"a7":` for a known id.
struct Field<'a> {
    from: usize,
    value_at: usize,
    /// The id, where the field is named after it.
    id: Option<&'a str>,
}

fn fields<'a>(body: &'a str, ids: &[&str]) -> Vec<Field<'a>> {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(["'“{,]?)\s*((?-u:\w{1,32}))(["'”]?)\s*:\s*"#).expect("a fixed pattern"));
    let mut fields = Vec::new();
    let mut at = 0;
    let mut open_to_the_end = false;
    while let Some(c) = NAMED.captures_at(body, at) {
        let whole = c.get(0).expect("group 0 always takes part");
        at = whole.end();
        let name = c.get(2).map_or("", |m| m.as_str());
        // Without a quote or bracket beside it a word and a colon are prose.
        let marked = c.iter().skip(1).step_by(2).flatten().any(|m| !m.is_empty());
        let known = ids.contains(&name);
        let opens_text = !body[at..].starts_with(['[', '{']);
        if marked && opens_text && (known || TEXT_FIELDS.contains(&name.to_lowercase().as_str())) {
            fields.push(Field { from: whole.start(), value_at: at, id: known.then_some(name) });
            // What stands inside the value is no field. Where one value runs to the end of the answer without closing, all do.
            if !open_to_the_end {
                match value(&body[at..]) {
                    Some((_, len)) => at += len,
                    None => open_to_the_end = !NEXT.is_match(&body[at..]),
                }
            }
        }
    }
    fields
}

fn objects(body: &str, fields: &[Field<'_>], cut: bool) -> Vec<Found> {
    let mut found = Vec::with_capacity(fields.len());
    let mut behind = 0;
    for (i, field) in fields.iter().enumerate() {
        let next = fields.get(i + 1).map_or(body.len(), |f| f.from);
        let region = &body[field.value_at..next];
        let (text, used, fault) = match value(region) {
            Some((text, used)) => (text, used, None),
            None => {
                let text = without_structure(region);
                let open = i + 1 == fields.len() && (cut || text.len() == region.trim_end().len());
                (text.trim_start_matches(['"', '\'', '“']), text.len(), open.then_some("cut"))
            }
        };
        let end = field.value_at + used;
        let before = body[behind..field.from].rsplit('}').next().unwrap_or_default();
        let after = body[end..next].split('}').next().unwrap_or_default();
        let id = field.id.map(str::to_owned).or_else(|| last_id(before)).or_else(|| last_id(after));
        found.push(Found { id, text: unescape(text), fault });
        behind = end;
    }
    found
}

fn last_id(text: &str) -> Option<String> {
    static ID: LazyLock<Regex> = LazyLock::new(|| {
        let names = ID_FIELDS.join("|");
        let pattern = format!(r#"(?i)\b(?:{names})["'”]?\s*[:=]\s*["'“]?([^"'“”,{{}}\[\]\s]+)"#);
        Regex::new(&pattern).expect("a fixed pattern")
    });
    ID.captures_iter(text).last().map(|c| c[1].to_owned())
}

/// A value that ends with a quote before more structure: its inside, and the bytes up to behind that quote.
fn value(region: &str) -> Option<(&str, usize)> {
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^\s*(?:[}\]]|$|,\s*(?:$|["'“{\[}\]]|\w+["'”]?\s*:))"#).expect("a fixed pattern")
    });
    let (open, close) = match region.chars().next()? {
        '\'' => ('\'', '\''),
        '“' => ('“', '”'),
        // Where the opening quote is lost the closing one is still the usual.
        '"' => ('"', '"'),
        _ => ('\0', '"'),
    };
    let start = if open == '\0' { 0 } else { open.len_utf8() };
    let mut escaped = false;
    // Behind the name of another field only a lost quote would lead: it has swallowed the start of the next object.
    let end = NEXT.find_at(region, start).map_or(region.len(), |m| m.start());
    for (at, c) in region[start..end].char_indices() {
        let at = start + at;
        if c == close && !escaped && GOES_ON.is_match(&region[at + c.len_utf8()..]) {
            return Some((&region[start..at], at + c.len_utf8()));
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// The text without the brackets, names and quotes of the next item that a lost quote left at its end.
fn without_structure(region: &str) -> &str {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"["'”]?\s*(?:[}\]]\s*)+(?:,?\s*\{?[^{}]{0,80})?$|["'”]?\s*,\s*["']?(?:id|key|ref)["']?\s*:[^{}]{0,80}$"#,
        )
        .expect("a fixed pattern")
    });
    TAIL.find(region).map_or(region, |m| &region[..m.start()]).trim_end()
}

/// A list of strings with lost quotes or a lost end.
fn strings(body: &str, wanted: usize, cut: bool) -> Option<Vec<Found>> {
    static BETWEEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"["”]\s*,\s*["“]|'\s*,\s*'"#).expect("a fixed pattern"));
    static BETWEEN_LOOSE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"["”]\s*,\s*|,\s*["“]|["”]\s*\n\s*["“]"#).expect("a fixed pattern"));
    let list = &body[body.find('[')? + 1..];
    let quoted = list.trim_start().starts_with(['"', '\'', '“']);
    if !quoted && !BETWEEN.is_match(list) {
        return None;
    }
    let end = list.rfind(']').filter(|at| list[at + 1..].trim_matches(['}', ' ', '\n', '\r', '\t']).is_empty() || !cut);
    let open = end.is_none() && !list.trim_end().ends_with(['"', '”', '\'']);
    let list = &list[..end.unwrap_or(list.len())];
    let split = |by: &Regex| by.split(list).map(str::to_owned).collect::<Vec<_>>();
    let (tight, loose) = (split(&BETWEEN), split(&BETWEEN_LOOSE));
    let pieces = if tight.len() != wanted && loose.len() == wanted { loose } else { tight };
    let quote = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | ',');
    let mut found: Vec<Found> = pieces.iter().map(|p| Found::text(unescape(p.trim_matches(quote)))).collect();
    found.retain(|f| !f.text.is_empty());
    // A name with its value is no text: the list is one of objects whose fields nobody knows.
    if pieces.iter().any(|piece| piece.contains("\":")) {
        return None;
    }
    if let Some(last) = found.last_mut().filter(|_| open) {
        last.fault = Some("cut");
    }
    Some(found)
}

/// Undoes JSON escapes; what is no escape stays.
fn unescape(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_owned();
    }
    let quoted: String = raw.chars().filter(|c| !c.is_control()).collect();
    if let Ok(text) = serde_json::from_str(&format!("\"{quoted}\"")) {
        return text;
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n' | 'r')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some(&next @ ('"' | '\'' | '\\' | '/'))) => text.push(next),
            _ => {
                text.push(c);
                continue;
            }
        }
        chars.next();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: &[Found]) -> Vec<(Option<&str>, &str, Option<&str>)> {
        found.iter().map(|f| (f.id.as_deref(), f.text.as_str(), f.fault)).collect()
    }

    fn salvage(body: &str, cut: bool) -> Vec<Found> {
        read(body, &["a1", "a2", "a3"], 3, cut, &mut Vec::new()).unwrap_or_default()
    }

    #[test]
    fn a_lost_closing_quote_costs_no_item() {
        let found =
            salvage(r#"{"texts":[{"id":"a1","text":"one},{"id":"a2","text":"two"},{"id":"a3","text":"three}]}"#, false);
        assert_eq!(shown(&found), [(Some("a1"), "one", None), (Some("a2"), "two", None), (Some("a3"), "three", None)]);
    }

    #[test]
    fn an_id_behind_its_text_is_not_taken_for_the_next_one() {
        let found = salvage(r#"[{"text":"one","id":"a1"},{"text":"two","id":"a2"},{"text":"thr"#, true);
        assert_eq!(shown(&found), [(Some("a1"), "one", None), (Some("a2"), "two", None), (None, "thr", Some("cut"))]);
    }

    #[test]
    fn names_and_values_of_unknown_fields_are_no_texts() {
        assert!(salvage(r#"{"items":[{"nr":"a1","neu":"one, two"},{"nr":"a2","neu":"three"#, true).is_empty());
        assert!(salvage(r#"["nr": "a1", "neu": "one"]"#, false).is_empty());
    }

    #[test]
    fn unescapes_what_is_escaped_and_keeps_the_rest() {
        assert_eq!(unescape(r"a\nb \u00e9 \q \"), "a\nb \\u00e9 \\q \\");
        assert_eq!(unescape(r#"a\nb \u00e9 \"x\""#), "a\nb é \"x\"");
    }
}
