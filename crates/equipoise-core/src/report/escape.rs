//! Untrusted strings made safe to stand in a page, in Markdown and in YAML.

/// The text with characters that hide or reorder others spelled out: control characters besides tab and line break, bidirectional
/// controls and marks, line and paragraph separators, tag characters, the byte order mark.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_deceptive(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

pub(super) fn is_deceptive(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The text as one line of Markdown that reads exactly as it is: no markup, link, image or HTML of its own.
/// What only works at the start of a line (lists, headings of dashes) stays as it is: no value stands there.
pub(super) fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut line = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match c {
            '\n' | '\t' => line.push(' '),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '&' => line.push_str("&amp;"),
            // Entities, since GitHub makes links of bare addresses (`https://`, `a@b`, `www.`) even after a backslash.
            ':' if next == '/' => line.push_str("&#58;"),
            '@' => line.push_str("&#64;"),
            '.' if before.eq_ignore_ascii_case(&'w') => line.push_str("&#46;"),
            // Inside a word it never starts emphasis, and names of arms and checks stay readable in the source.
            '_' if before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric() => line.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '$' | '#' | '!' => line.extend(['\\', c]),
            c => line.push(c),
        }
        before = c;
    }
    line
}

/// The text as a double-quoted YAML scalar.
pub(super) fn yaml(text: &str) -> String {
    let mut scalar = String::with_capacity(text.len() + 2);
    scalar.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => scalar.extend(['\\', c]),
            '\n' => scalar.push_str("\\n"),
            '\t' => scalar.push_str("\\t"),
            c if is_deceptive(c) || !is_yaml_printable(c) => scalar.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => scalar.push(c),
        }
    }
    scalar.push('"');
    scalar
}

/// The printable characters of YAML 1.2, section 5.1, without line breaks.
fn is_yaml_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spells_out_what_hides_or_reorders() {
        assert_eq!(visible("a\u{202e}b\u{1b}[31m\u{200f}"), "a\\u{202e}b\\u{1b}[31m\\u{200f}");
        assert_eq!(visible("two\nlines 👩\u{200d}💻"), "two\nlines 👩\u{200d}💻");
    }

    #[test]
    fn markdown_keeps_a_table_row_and_its_own_tags_away() {
        assert_eq!(markdown("a|b\n<i>*c*"), "a\\|b &lt;i&gt;\\*c\\*");
        assert_eq!(markdown("http://x.y www.x.y"), "http&#58;//x.y www&#46;x.y");
        assert_eq!(markdown("0.712 (0.610 to 0.790)"), "0.712 (0.610 to 0.790)", "figures stay readable in the source");
        assert_eq!(markdown("no: near_row _x_"), "no: near_row \\_x\\_", "and so do names");
    }

    proptest! {
        #[test]
        fn a_yaml_scalar_stays_on_its_line_and_inside_its_quotes(text in any::<String>()) {
            let scalar = yaml(&text);
            let breaks = ['\n', '\r', '\u{85}', '\u{2028}'];
            prop_assert!(!scalar.contains(breaks));
            let inner = &scalar[1..scalar.len() - 1];
            let mut escaped = false;
            for c in inner.chars() {
                prop_assert!(escaped || c != '"');
                escaped = !escaped && c == '\\';
            }
            prop_assert!(!escaped);
        }

        #[test]
        fn markdown_holds_no_bare_markup(text in any::<String>()) {
            let line = markdown(&text);
            prop_assert!(!line.contains(['<', '>', '\n', '\r']));
        }
    }
}
