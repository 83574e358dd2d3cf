//! What the answers of a run teach about its model: how much room an answer needs, what fits its window, and whether it can write JSON.

use crate::parse::without_thoughts;
use crate::provider::{Answer, Finish, Request};

/// Times its limit that an answer gets where thoughts ate it whole, and how often: some models think for a thousand tokens before a short
/// text, some for ten thousand.
const MORE_ROOM: u32 = 4;
const MOST_RAISES: u32 = 2;
/// Tokens that a byte of a prompt is taken for before answers tell: three bytes a token, fewer than in English prose.
const TOKENS_PER_BYTE: f64 = 1.0 / 3.0;
/// Tokens that the form of a chat takes, and what an answer needs at least.
const FORM_TOKENS: f64 = 48.0;
const LEAST_ANSWER: u32 = 64;

/// Why texts are asked for line by line in the place of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// Most answers held no JSON that could be read.
    Unreadable,
    /// Most texts repeated their sources: small models copy what stands in JSON.
    Copied,
}

/// What was learnt so far. It depends on the ends of requests alone, so that a run that is resumed learns the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Learnt {
    /// Tokens that the limit of an answer holds for thoughts beside what its texts need: as many where fewer texts are asked for.
    thoughts: u32,
    n_raises: u32,
    window: Option<u32>,
    tokens_per_byte: Option<f64>,
    /// Whether texts are asked for line by line in the place of JSON, and why.
    lines: Option<Lines>,
    /// Answers since the form was last looked at, and those of them from which no text could be read.
    n_answers: usize,
    n_unreadable: usize,
}

impl Learnt {
    /// What is known before anything was asked: the window, where it was told.
    pub(super) fn new(window: Option<u32>) -> Self {
        Learnt { thoughts: 0, n_raises: 0, window, tokens_per_byte: None, lines: None, n_answers: 0, n_unreadable: 0 }
    }

    /// Tokens that the limit of an answer holds for thoughts.
    pub(super) fn thoughts(&self) -> u32 {
        self.thoughts
    }

    /// An answer came whose limit held `thoughts` tokens for thoughts, in which there `is_nothing` to read. Whether it was cut before its
    /// first word, thoughts aside, and is to be asked for again with room for more of them.
    pub(super) fn answered(&mut self, request: &Request, answer: &Answer, thoughts: u32, is_nothing: bool) -> bool {
        if let Some(usage) = answer.usage.filter(|u| u.input_tokens > 0) {
            let seen = usage.input_tokens as f64 / prompt_bytes(request).max(1) as f64;
            self.tokens_per_byte = Some(self.tokens_per_byte.map_or(seen, |most| most.max(seen)).min(2.0));
        }
        let said = without_thoughts(&answer.text);
        let is_empty = said.trim().is_empty();
        // Some servers call it finished although nothing but thoughts came and the limit was reached.
        let is_full = answer.usage.is_some_and(|usage| usage.output_tokens >= u64::from(request.sampling.max_tokens));
        // A model may think aloud without any mark; an answer has begun where its form has.
        let has_begun = !is_nothing || said.contains(['{', '[']);
        let is_eaten = match answer.finish {
            Finish::Length => is_empty || !has_begun,
            Finish::Stop | Finish::Unknown => is_empty && is_full,
            Finish::Refused | Finish::Filtered => false,
        };
        if is_eaten && thoughts == self.thoughts {
            self.raise(request);
        }
        is_eaten && thoughts < self.thoughts
    }

    /// Gives answers [`MORE_ROOM`] times the limit of `request`, where that was not done too often and the window holds more.
    fn raise(&mut self, request: &Request) {
        let limit = request.sampling.max_tokens;
        let is_full =
            self.window.is_some_and(|window| self.tokens(request) + f64::from(limit) + 1.0 > f64::from(window));
        if self.n_raises < MOST_RAISES && !is_full {
            self.n_raises += 1;
            self.thoughts = self.thoughts.saturating_add(limit.saturating_mul(MORE_ROOM - 1));
        }
    }

    /// An answer was looked at.
    pub(super) fn read(&mut self, is_unreadable: bool) {
        self.n_answers += 1;
        self.n_unreadable += usize::from(is_unreadable);
    }

    /// Looks at the answers since the last time: where most could not be read, texts are asked for line by line from now on. Whether that
    /// is news. One unreadable answer is chance.
    pub(super) fn reconsider(&mut self) -> bool {
        let is_poor = self.n_unreadable >= 2 && 2 * self.n_unreadable > self.n_answers;
        (self.n_answers, self.n_unreadable) = (0, 0);
        is_poor && self.turn_to(Lines::Unreadable)
    }

    /// Of `n` texts of a round so many repeated what they were made from. Where these are most of them, texts are asked for line by line
    /// from now on; whether that is news.
    pub(super) fn copied(&mut self, n_copied: usize, n: usize) -> bool {
        n_copied >= 2 && 2 * n_copied > n && self.turn_to(Lines::Copied)
    }

    fn turn_to(&mut self, lines: Lines) -> bool {
        let is_news = self.lines.is_none();
        self.lines.get_or_insert(lines);
        is_news
    }

    /// Why texts are asked for line by line, where they are.
    pub(super) fn lines(&self) -> Option<Lines> {
        self.lines
    }

    /// `request` did not fit a window of so many tokens; where the refusal names none, it is smaller than the request. Whether that is
    /// news.
    pub(super) fn too_long(&mut self, request: &Request, window: Option<u32>) -> bool {
        let named = window.unwrap_or_else(|| (self.tokens(request) * 0.9) as u32);
        let before = self.window;
        self.window = Some(before.map_or(named, |known| known.min(named)));
        self.window != before
    }

    /// The window, where it is known.
    pub(super) fn window(&self) -> Option<u32> {
        self.window
    }

    /// Whether prompt and answer of `request` fit the window, as far as it is known.
    pub(super) fn fits(&self, request: &Request) -> bool {
        let total = self.tokens(request) + f64::from(request.sampling.max_tokens);
        self.window.is_none_or(|window| total <= f64::from(window))
    }

    /// The most tokens that the answer to `request` may have within the window; no fewer than an answer needs.
    pub(super) fn limit(&self, request: &Request) -> u32 {
        let limit = request.sampling.max_tokens;
        let Some(window) = self.window else { return limit };
        let left = (f64::from(window) - self.tokens(request)).max(0.0) as u32;
        limit.min(left.max(LEAST_ANSWER))
    }

    /// Tokens of the prompt of `request`, rather too many than too few.
    fn tokens(&self, request: &Request) -> f64 {
        prompt_bytes(request) as f64 * self.tokens_per_byte.unwrap_or(TOKENS_PER_BYTE) + FORM_TOKENS
    }
}

fn prompt_bytes(request: &Request) -> usize {
    request.prompt.system.len() + request.prompt.user.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Usage;
    use crate::provider::tests::request;

    fn answer(text: &str, finish: Finish, input_tokens: u64) -> Answer {
        let usage = Some(Usage { input_tokens, ..Usage::default() });
        Answer { text: text.to_owned(), finish, usage, model: None }
    }

    #[test]
    fn an_answer_that_thoughts_ate_raises_the_room_twice() {
        let eaten = || answer("", Finish::Length, 9);
        let mut learnt = Learnt::new(None);
        let begun = answer("{\"texts\":[", Finish::Length, 9);
        assert!(!learnt.answered(&request(), &begun, 0, true), "it had begun to answer");
        let mut asked = request();
        asked.sampling.max_tokens = 900;
        assert!(learnt.answered(&asked, &eaten(), 0, true));
        assert_eq!(learnt.thoughts(), 2_700, "as many for half the texts");
        assert!(learnt.answered(&asked, &eaten(), 0, true), "one that was sent before the raise");
        asked.sampling.max_tokens = 3_600;
        assert!(learnt.answered(&asked, &eaten(), 2_700, true));
        assert_eq!(learnt.thoughts(), 2_700 + 10_800);
        asked.sampling.max_tokens = 14_400;
        assert!(!learnt.answered(&asked, &eaten(), 13_500, true), "more would not help");
        for thoughts in ["<think>\nFirst I look at", "Okay, let me think about the first text."] {
            let answer = answer(thoughts, Finish::Length, 9);
            assert!(Learnt::new(None).answered(&request(), &answer, 0, true), "{thoughts}");
        }
        assert!(!Learnt::new(None).answered(&request(), &answer("1. a text", Finish::Length, 9), 0, false));
    }

    #[test]
    fn what_fills_the_window_gets_no_more_room() {
        let mut learnt = Learnt::new(Some(400));
        let mut asked = request();
        asked.sampling.max_tokens = learnt.limit(&Request {
            sampling: crate::provider::Sampling { max_tokens: 4_000, ..asked.sampling.clone() },
            ..asked.clone()
        });
        assert!(!learnt.answered(&asked, &answer("", Finish::Length, 0), 0, true));
    }

    #[test]
    fn what_does_not_fit_is_known_by_the_refusals_number_or_by_the_request_itself() {
        let mut asked = request();
        asked.prompt.user = "x".repeat(3_000);
        let mut learnt = Learnt::new(None);
        assert!(learnt.fits(&asked));
        assert!(learnt.too_long(&asked, Some(512)));
        assert!(!learnt.too_long(&asked, Some(2_048)), "the smaller one holds");
        assert!(!learnt.fits(&asked) && learnt.window() == Some(512));
        assert_eq!(learnt.limit(&asked), 64);
        let mut unnamed = Learnt::new(None);
        assert!(unnamed.too_long(&asked, None) && !unnamed.fits(&asked));
    }

    #[test]
    fn the_tokens_of_answers_teach_how_dense_a_prompt_is() {
        let mut asked = request();
        asked.prompt.user = "文".repeat(300);
        let mut learnt = Learnt::new(Some(700));
        assert!(learnt.fits(&asked));
        learnt.answered(&asked, &answer("x", Finish::Stop, 900), 0, false);
        assert!(!learnt.fits(&asked));
    }
}
