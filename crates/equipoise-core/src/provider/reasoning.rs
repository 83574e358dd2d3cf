//! How much a model reasons before it answers, and what is known of models that do.

use super::way::Manner;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How much a model is to reason. Short texts need none; what it thinks is billed and counts against the limit of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Not at all.
    None,
    /// As little as it can.
    Minimal,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl Effort {
    pub(super) const ALL: [Effort; 5] = [Effort::None, Effort::Minimal, Effort::Low, Effort::Medium, Effort::High];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Effort::None => "none",
            Effort::Minimal => "minimal",
            Effort::Low => "low",
            Effort::Medium => "medium",
            Effort::High => "high",
        }
    }

    /// Tokens that an answer's limit holds for thoughts. Others measured 1,152 to 1,408 hidden tokens for a short text at the default
    /// effort of gpt-5-nano (covan-ai/covan issue 112); a limit that is too small costs a whole answer, one that is too large nothing.
    pub fn allowance(self) -> u32 {
        match self {
            Effort::None => 0,
            Effort::Minimal => 1_024,
            Effort::Low => 4_096,
            Effort::Medium => 12_288,
            Effort::High => 32_768,
        }
    }

    /// Tokens of thought that a short text takes, for forecasts; a guess from the same measurement.
    pub fn expected(self) -> u32 {
        self.allowance() / 8
    }

    /// The manners to ask for it: this effort first, then ever more, and less only where an endpoint takes nothing else.
    pub(super) fn ladder(self) -> Vec<Manner> {
        let (less, more): (Vec<Effort>, Vec<Effort>) = Effort::ALL.iter().partition(|e| **e < self);
        more.into_iter().chain(less.into_iter().rev()).map(Effort::manner).collect()
    }

    /// The manners that are left out once this effort was refused: where the refusal names others, those that would be tried before the
    /// nearest of them, of two that are equally near the lower one; all where it is the field that is refused; else this one and the lower
    /// ones, since a model that does not do without takes more and not less.
    pub(super) fn left_out(self, named: &[Effort], is_unknown_field: bool) -> Vec<Manner> {
        let distance = |effort: &&Effort| (**effort as usize).abs_diff(self as usize);
        let ladder = self.ladder();
        match named.iter().filter(|effort| **effort != self).min_by_key(distance) {
            Some(nearest) => ladder.into_iter().take_while(|manner| *manner != nearest.manner()).collect(),
            None if is_unknown_field => ladder,
            None => Effort::ALL.into_iter().filter(|effort| *effort <= self).map(Effort::manner).collect(),
        }
    }

    fn manner(self) -> Manner {
        match self {
            Effort::None => Manner::ReasoningNone,
            Effort::Minimal => Manner::ReasoningMinimal,
            Effort::Low => Manner::ReasoningLow,
            Effort::Medium => Manner::ReasoningMedium,
            Effort::High => Manner::ReasoningHigh,
        }
    }

    /// The effort that `manner` asks for.
    pub(super) fn of(manner: Manner) -> Option<Effort> {
        Effort::ALL.into_iter().find(|e| e.manner() == manner)
    }
}

impl fmt::Display for Effort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Effort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Effort::ALL.into_iter().find(|e| e.name() == text);
        found.ok_or_else(|| format!("`{text}` is no effort: none, minimal, low, medium or high"))
    }
}

/// The least effort that a model of OpenAI's takes, by its name, wherever it is served; `None` for one that does not reason.
///
/// Source: <https://platform.openai.com/docs/guides/reasoning>: `o` models begin with low, gpt-5 with minimal, gpt-5.1 and on with none.
pub(super) fn least_of_openai(model: &str) -> Option<Effort> {
    let name = model.rsplit('/').next().unwrap_or_default();
    if name.starts_with("gpt-oss") {
        return Some(Effort::Low);
    }
    let number = |prefix: &str| {
        let digits = name.strip_prefix(prefix)?.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse::<u32>().ok()
    };
    if number("o").is_some() {
        return Some(Effort::Low);
    }
    let version = number("gpt-").filter(|n| *n >= 5)?;
    let is_fixed = name.contains("-chat") || name.contains("-pro");
    let later = version > 5 || name.strip_prefix("gpt-5").is_some_and(|rest| rest.starts_with('.'));
    match (is_fixed, later, name.contains("codex")) {
        // These take no other effort than their own.
        (true, ..) => None,
        (_, true, _) => Some(Effort::None),
        (_, _, true) => Some(Effort::Low),
        _ => Some(Effort::Minimal),
    }
}

/// The least effort that a Gemini model takes, by its name; `None` for one that does not reason.
///
/// Source: <https://ai.google.dev/gemini-api/docs/thinking>.
pub(super) fn least_of_gemini(model: &str) -> Option<Effort> {
    let name = model.rsplit('/').next().unwrap_or_default();
    match name {
        _ if name.starts_with("gemini-2.5-flash") => Some(Effort::None),
        // It cannot do without.
        _ if name.starts_with("gemini-2.5-pro") => Some(Effort::Minimal),
        _ if name.starts_with("gemini-3") => Some(Effort::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::*;

    #[test]
    fn knows_the_least_effort_of_models_by_name() {
        for (model, least) in [
            ("o1", Some(Effort::Low)),
            ("o4-mini-2025-04-16", Some(Effort::Low)),
            ("gpt-5-nano", Some(Effort::Minimal)),
            ("gpt-5-codex", Some(Effort::Low)),
            ("gpt-5.1", Some(Effort::None)),
            ("openai/gpt-5.4-mini", Some(Effort::None)),
            ("openai/gpt-oss-120b", Some(Effort::Low)),
            ("gpt-5-chat-latest", None),
            ("gpt-5-pro", None),
            ("gpt-4.1-mini", None),
            ("omni", None),
        ] {
            assert_eq!(least_of_openai(model), least, "{model}");
        }
        assert_eq!(least_of_gemini("models/gemini-2.5-pro"), Some(Effort::Minimal));
        assert_eq!(least_of_gemini("gemini-2.0-flash"), None);
    }

    #[test]
    fn a_refused_effort_gives_way_to_the_nearest_that_is_named_and_else_to_more() {
        let next = |sent: Effort, named: &[Effort]| {
            let left_out = sent.left_out(named, false);
            sent.ladder().into_iter().find(|manner| !left_out.contains(manner))
        };
        let all = [Effort::None, Effort::Low, Effort::Medium, Effort::High];
        assert_eq!(next(Effort::None, &all), Some(Manner::ReasoningLow));
        assert_eq!(next(Effort::High, &[Effort::High, Effort::Low, Effort::Medium]), Some(Manner::ReasoningMedium));
        assert_eq!(next(Effort::Medium, &[Effort::Low, Effort::High]), Some(Manner::ReasoningLow));
        assert_eq!(next(Effort::Minimal, &[Effort::None]), Some(Manner::ReasoningNone));
        assert_eq!(Effort::Medium.ladder()[..2], [Manner::ReasoningMedium, Manner::ReasoningHigh]);
        let left_out = Effort::Medium.left_out(&[], false);
        assert_eq!(left_out, Part::Reasoning.manners()[..4]);
        assert_eq!(Effort::None.ladder().len(), 5);
        assert!(Effort::ALL.windows(2).all(|pair| pair[0].allowance() < pair[1].allowance()));
        assert_eq!("low".parse(), Ok(Effort::Low));
        assert!("hard".parse::<Effort>().is_err());
    }
}
