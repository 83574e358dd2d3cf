//! Thoughts: what a model writes for itself before it answers. In whatever form it comes, no draft in it is a text.

use super::{Note, NoteKind, clean};
use regex::Regex;
use std::sync::LazyLock;

/// Marks behind which the answer stands, each with its source:
/// tags of DeepSeek, Qwen, Magistral and many others; channels of gpt-oss, also as servers garble them; Kimi; Seed; Cohere; s1 and Sky-T1.
const ENDS: &str = r"(?ix)
    </(?:\w+:)?(?:think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad)>
  | \[/(?:think|thinking|thought|reasoning)\]
  | ◁/think▷
  | <\|(?:end_thinking|end_of_thought|begin_of_solution|start_response)\|>
  | <\|channel\|>\s*final\b [^<]* (?:<\|constrain\|>[^<]*)? <\|message\|>
  | \bassistant\s?final(?:json)?\b:?";

/// Marks behind which thoughts stand.
const STARTS: &str = r"(?ix)
    <(?:\w+:)?(?:think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad)>
  | \[(?:think|thinking|thought|reasoning)\]
  | ◁think▷
  | <\|(?:start_thinking|begin_of_thought)\|>
  | <\|channel\|>\s*(?:analysis|commentary)\b";

/// The answer without its thoughts: what stands behind the last mark that ends them, up to one that begins them again. Templates may
/// write the first mark themselves, so that an answer holds the last one alone; a mark that is never closed swallows the rest.
pub(super) fn without(body: &str, notes: &mut Vec<Note>) -> String {
    static END: LazyLock<Regex> = LazyLock::new(|| Regex::new(ENDS).expect("a fixed pattern"));
    static START: LazyLock<Regex> = LazyLock::new(|| Regex::new(STARTS).expect("a fixed pattern"));
    let behind = END.find_iter(body).last().map_or(0, |mark| mark.end());
    let (thought, answer) = body.split_at(behind);
    let open = START.find(answer).map_or(answer.len(), |mark| mark.start());
    let (answer, again) = answer.split_at(open);
    // Some answer first and think then.
    let first = START.find(thought).map_or("", |mark| &thought[..mark.start()]);
    let (thoughts, answer) = match answer.trim().is_empty() && !first.trim().is_empty() {
        true => (&body[first.len()..], first),
        false => (thought, answer),
    };
    for thought in [thoughts, again].into_iter().map(str::trim).filter(|t| !t.is_empty()) {
        notes.push(Note::new(NoteKind::Preamble, clean::excerpt(thought)));
    }
    answer.to_owned()
}

/// An answer without its thoughts.
pub(crate) fn without_thoughts(body: &str) -> String {
    without(body, &mut Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> String {
        without(body, &mut Vec::new()).trim().to_owned()
    }

    #[test]
    fn what_stands_behind_the_last_end_mark_is_the_answer() {
        for (open, close) in [
            ("<think>", "</think>"),
            ("", "</think>"),
            ("<thinking>", "</thinking>"),
            ("<thought>", "</thought>"),
            ("<reasoning>", "</reasoning>"),
            ("<seed:think>", "</seed:think>"),
            ("[THINK]", "[/THINK]"),
            ("◁think▷", "◁/think▷"),
            ("<|START_THINKING|>", "<|END_THINKING|>"),
            ("<|begin_of_thought|>", "<|end_of_thought|>"),
            ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
            ("<|channel|>analysis<|message|>", "<|channel|>final <|constrain|>json<|message|>"),
            ("analysis", "assistantfinal"),
        ] {
            let mut notes = Vec::new();
            let body = format!("{open}Draft: {{\"texts\":[\"x\"]}}, no.{close}\n\n{{\"texts\":[\"y\"]}}");
            assert_eq!(without(&body, &mut notes).trim(), "{\"texts\":[\"y\"]}", "{open} {close}");
            assert_eq!(notes.len(), 1, "{open} {close}");
        }
        assert_eq!(answer("<think>a</think>b<think>c</think>d"), "d");
        assert_eq!(answer("the final word of the assistant"), "the final word of the assistant");
    }

    #[test]
    fn an_open_thought_swallows_the_rest_and_an_answer_may_stand_before_it() {
        assert_eq!(answer("<think>\nhm, 1. one"), "");
        assert_eq!(answer("<think>a</think>b<think>c"), "b");
        assert_eq!(answer("1. one <think>was that good?"), "1. one");
        assert_eq!(answer("1. one <think>was that good?</think>"), "1. one");
        assert_eq!(answer("no thought"), "no thought");
    }
}
