//! The white space of a JSON file, so that added objects look like those that stand there.

use serde_json::{Map, Value};

/// White space around the parts of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonStyle {
    /// Between the comma after an item of an array and the next item.
    pub(super) between_items: String,
    /// Between the opening brace and the first key.
    before_key: String,
    /// Between a colon and its value.
    after_colon: String,
    /// Between a comma and the next key.
    after_comma: String,
    /// Before the closing brace.
    before_close: String,
}

impl Default for JsonStyle {
    fn default() -> Self {
        let (space, none) = (" ".to_owned(), String::new);
        JsonStyle {
            between_items: space.clone(),
            before_key: none(),
            after_colon: space.clone(),
            after_comma: space,
            before_close: none(),
        }
    }
}

impl JsonStyle {
    /// The style of the first object in `head`, the beginning of a file.
    pub(super) fn of(head: &str) -> Self {
        let Some(open) = head.find('{') else { return JsonStyle::default() };
        let before = head[..open].trim_end_matches(is_space);
        let mut style = JsonStyle { between_items: head[before.len()..open].to_owned(), ..JsonStyle::default() };
        let body = &head[open + 1..];
        style.before_key = leading_space(body);
        let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
        let (mut colon, mut comma) = (None, None);
        for (i, c) in body.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if in_string => escaped = true,
                '"' => in_string = !in_string,
                _ if in_string => {}
                '{' | '[' => depth += 1,
                '}' if depth == 0 => {
                    let inside = body[..i].trim_end_matches(is_space);
                    style.before_close = body[inside.len()..i].to_owned();
                    if let Some(next) = body[i + 1..].trim_start_matches(is_space).strip_prefix(',') {
                        style.between_items = leading_space(next);
                    }
                    break;
                }
                '}' | ']' => depth = depth.saturating_sub(1),
                ':' if depth == 0 => colon = colon.or(Some(i + 1)),
                ',' if depth == 0 => comma = comma.or(Some(i + 1)),
                _ => {}
            }
        }
        if let Some(at) = colon {
            style.after_colon = leading_space(&body[at..]);
        }
        style.after_comma = match comma {
            Some(at) => leading_space(&body[at..]),
            None => style.before_key.clone(),
        };
        style
    }

    /// `object` in this style.
    pub(super) fn render(&self, object: &Map<String, Value>) -> String {
        let mut text = String::from("{");
        for (i, (key, value)) in object.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            text.push_str(if i == 0 { &self.before_key } else { &self.after_comma });
            text.push_str(&Value::String(key.clone()).to_string());
            text.push(':');
            text.push_str(&self.after_colon);
            text.push_str(&value.to_string());
        }
        text.push_str(&self.before_close);
        text.push('}');
        text
    }

    /// `object`, the text of a JSON object, with `added` behind its own keys, which keep their bytes.
    pub(super) fn extended<'n>(&self, object: &str, added: impl Iterator<Item = (&'n str, Value)>) -> String {
        let Some((inside, end)) = object.rsplit_once('}') else { return object.to_owned() };
        let body = inside.trim_end_matches(is_space);
        let mut text = body.to_owned();
        let mut is_first = body.trim_start_matches(is_space) == "{";
        for (key, value) in added {
            if !is_first {
                text.push(',');
            }
            text.push_str(if is_first { &self.before_key } else { &self.after_comma });
            text.push_str(&Value::String(key.to_owned()).to_string());
            text.push(':');
            text.push_str(&self.after_colon);
            text.push_str(&value.to_string());
            is_first = false;
        }
        text.push_str(&inside[body.len()..]);
        text.push('}');
        text.push_str(end);
        text
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

pub(super) fn leading_space(text: &str) -> String {
    text[..text.len() - text.trim_start_matches(is_space).len()].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_rendered_in_the_style_of_a_file_is_what_stands_in_the_file() {
        for file in [
            "[{\"text\":\"a: {b, c}\",\"label\":1}]",
            "[\n  {\n    \"text\": \"a \\\" b\",\n    \"label\": [1]\n  },\n  {}\n]",
            "{\"text\": \"x\", \"label\": \"y\"}\n",
        ] {
            let open = file.find('{').unwrap();
            let style = JsonStyle::of(file);
            let mut objects = serde_json::Deserializer::from_str(&file[open..]).into_iter::<Value>();
            let Some(Ok(Value::Object(object))) = objects.next() else { panic!("{file}") };
            let written = &file[open..open + objects.byte_offset()];
            assert_eq!(style.render(&object), written);
        }
    }
}
