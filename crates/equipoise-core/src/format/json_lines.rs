//! The objects of JSON lines: one a line, or, where the first goes over several lines, one after the other, as `jq` writes them.

use std::borrow::Cow;

/// Puts the lines of an object together.
#[derive(Default)]
pub(super) struct Objects {
    /// Whether objects go over several lines, once the first line was seen.
    spans_lines: Option<bool>,
    /// Braces and brackets that are open.
    depth: usize,
    /// The lines of the open object, and the number of the first of them.
    open: String,
    first: u64,
}

impl Objects {
    /// Takes the line with the number `at`, with its ending or without; gives the object that it ends, and the line with which that began.
    pub(super) fn push<'l>(&mut self, at: u64, line: &'l str) -> Option<(u64, Cow<'l, str>)> {
        if self.spans_lines == Some(false) {
            return Some((at, Cow::Borrowed(line)));
        }
        let depth = depth_after(self.depth, line);
        if !*self.spans_lines.get_or_insert(depth.is_some_and(|depth| depth > 0)) {
            return Some((at, Cow::Borrowed(line)));
        }
        if self.open.is_empty() {
            self.first = at;
        }
        self.open.push_str(line);
        if !line.ends_with('\n') {
            self.open.push('\n');
        }
        self.depth = depth.unwrap_or(0);
        if self.depth > 0 { None } else { self.take() }
    }

    /// Whether an object is open, so that a blank line is within it.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The open object, where there is one: the file ends within it.
    pub(super) fn take(&mut self) -> Option<(u64, Cow<'static, str>)> {
        self.is_open().then(|| (self.first, Cow::Owned(std::mem::take(&mut self.open))))
    }
}

/// Braces and brackets that are open behind `line`, with `depth` of them open before it; `None` where a string is, which cannot go over
/// the end of a line.
fn depth_after(mut depth: usize, line: &str) -> Option<usize> {
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in line.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (!in_string).then_some(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &[&str]) -> Vec<(u64, String)> {
        let mut objects = Objects::default();
        let mut found = Vec::new();
        for (at, line) in (1..).zip(lines) {
            found.extend(objects.push(at, line).map(|(at, object)| (at, object.into_owned())));
        }
        found.extend(objects.take().map(|(at, object)| (at, object.into_owned())));
        found
    }

    #[test]
    fn the_first_line_decides_whether_objects_go_over_lines() {
        let owned =
            |found: &[(u64, &str)]| found.iter().map(|(at, object)| (*at, (*object).to_owned())).collect::<Vec<_>>();
        assert_eq!(all(&["{\"a\": 1}", "{\"a\": ["]), owned(&[(1, "{\"a\": 1}"), (2, "{\"a\": [")]));
        assert_eq!(
            all(&["{", " \"a\": \"}\\\"{\"", "}", "{", "", "}", "{"]),
            owned(&[(1, "{\n \"a\": \"}\\\"{\"\n}\n"), (4, "{\n\n}\n"), (7, "{\n")])
        );
        assert_eq!(all(&["{\"a\": \"b", "{\"a\": \"c\"}"]).len(), 2, "a string that is cut is one line's fault");
    }
}
