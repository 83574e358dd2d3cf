//! Control tokens of chat templates, which servers with a wrong template leave in the answer.

use super::{Note, NoteKind, clean};
use regex::Regex;
use std::sync::LazyLock;

/// Tokens that end a turn; what stands behind one is another turn, made up by the model.
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<[|｜](?:im_end|end|eot_id|eom_id|return|call|endoftext|end_of_text|end_of_turn|end_of_role|end[_▁]of[_▁]sentence|eos)[|｜]>|<end_of_turn>|<eos>|</s>")
        .expect("a fixed pattern")
});

/// Any token, with the role behind those that begin a turn.
static ANY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<[|｜](?:im_start|start|start_header_id|start_of_role)[|｜]>\s*(?:assistant|system|user|model)?|<start_of_turn>\s*(?:model|user)?|<[|｜][\w▁ ]{1,40}[|｜]>|<end_of_turn>|</?s>|<(?:bos|eos|pad|unk)>|\[/?INST\]|<</?SYS>>")
        .expect("a fixed pattern")
});

/// The first turn of `body` that says anything, without tokens. A token within a JSON string ends no turn here: [`strip`] sees to it.
pub(super) fn first_turn(body: &str, notes: &mut Vec<Note>) -> String {
    let mut from = 0;
    for mark in END.find_iter(body).filter(|mark| !is_quoted(body, mark.start())) {
        let turn = ANY.replace_all(&body[from..mark.start()], "");
        if !turn.trim().is_empty() {
            let rest = ANY.replace_all(&body[mark.end()..], "");
            if !rest.trim().is_empty() {
                notes.push(Note::new(NoteKind::Preamble, clean::excerpt(&rest)));
            }
            return unquoted(&body[from..mark.start()]);
        }
        from = mark.end();
    }
    unquoted(&body[from..])
}

/// `text` up to the first token that ends a turn, without any other token.
pub(super) fn strip(text: &str) -> String {
    let start = text.len() - text.trim_start().len();
    let end = END.find_iter(text).find(|mark| mark.start() > start).map_or(text.len(), |mark| mark.start());
    ANY.replace_all(&text[..end], "").into_owned()
}

/// Without the tokens that stand outside of JSON strings.
fn unquoted(body: &str) -> String {
    let mut bare = String::with_capacity(body.len());
    let mut from = 0;
    for mark in ANY.find_iter(body).filter(|mark| !is_quoted(body, mark.start())) {
        bare.push_str(&body[from..mark.start()]);
        from = mark.end();
    }
    bare.push_str(&body[from..]);
    bare
}

/// Whether `at` is within a pair of double quotes of its line; JSON strings hold no raw line breaks.
fn is_quoted(body: &str, at: usize) -> bool {
    let line = &body.as_bytes()[body[..at].rfind('\n').map_or(0, |n| n + 1)..at];
    let is_mark = |i: usize| line[i] == b'"' && (i == 0 || line[i - 1] != b'\\');
    (0..line.len()).filter(|i| is_mark(*i)).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_turn_that_says_something_is_the_answer() {
        for (body, turn) in [
            ("one<|im_end|>\n<|im_start|>user\nmore", "one"),
            ("<|im_start|>assistant\none<|im_end|>", "one"),
            ("<|start_header_id|>assistant<|end_header_id|>\n\none<|eot_id|>", "one"),
            ("<start_of_turn>model\none<end_of_turn>\n<start_of_turn>user", "one"),
            ("<s>[INST] one [/INST]</s>", "one"),
            ("one<｜end▁of▁sentence｜>two", "one"),
            ("i <3 you | and <b>you</b>", "i <3 you | and <b>you</b>"),
        ] {
            assert_eq!(first_turn(body, &mut Vec::new()).trim(), turn, "{body}");
        }
    }

    #[test]
    fn a_token_in_a_string_does_not_cut_the_json() {
        let body = r#"{"texts":["one<|im_end|>","two"]}<|im_end|>"#;
        assert_eq!(first_turn(body, &mut Vec::new()), r#"{"texts":["one<|im_end|>","two"]}"#);
        assert_eq!(strip("one<|im_end|>\nuser"), "one");
        assert_eq!(strip("<|im_start|>assistant one"), " one");
    }
}
