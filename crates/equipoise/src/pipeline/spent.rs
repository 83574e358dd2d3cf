//! What a run has asked and paid, from its journal.

use super::JudgeSpent;
use equipoise_core::generator::RequestKey;
use equipoise_core::text::{counted, escape_control};
use serde::{Deserialize, Serialize};

/// Requests, tokens and money of a run that sent any.
pub(crate) const SPENT_FILE: &str = "spent.json";

/// Requests, tokens and money so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Spent {
    /// Requests that were answered.
    pub n_answered: usize,
    /// Requests that were sent and whose fate is unknown; their worst case is counted in `usd`.
    pub n_unknown: usize,
    /// Those requests, in the order in which they were sent.
    #[serde(default)]
    pub unknown: Vec<UnknownRequest>,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Money; `None` where the price is unknown.
    pub usd: Option<f64>,
    /// Cost of the answers alone, without requests of unknown fate; equal however often a run was killed.
    pub usd_answers: Option<f64>,
    /// The models that the server named, where it did.
    pub served_models: Vec<String>,
    /// What of all this a judge of labels was asked and paid; `None` where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeSpent>,
}

/// A request of which nobody knows whether it was billed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnknownRequest {
    /// Its key.
    pub request: RequestKey,
    /// The label whose texts it asked for; `None` where this run asks for it no more.
    pub label: Option<String>,
    /// What it can have cost at most, which is counted as spent; `None` where the price is unknown.
    pub usd: Option<f64>,
    /// What happened; `None` where the process ended before anything did.
    pub why: Option<String>,
}

impl Spent {
    /// Whether a request was ever sent.
    pub(super) fn is_any(&self) -> bool {
        self.n_answered + self.n_unknown > 0
    }

    /// Worst case of the requests of unknown fate, USD.
    pub(super) fn usd_unknown(&self) -> Option<f64> {
        self.usd.zip(self.usd_answers).map(|(all, answers)| all - answers)
    }

    /// The requests of unknown fate for people: how many, what they can have cost, and the first few.
    pub fn told_unknown(&self) -> Option<String> {
        const SHOWN: usize = 3;
        if self.n_unknown == 0 {
            return None;
        }
        let most =
            self.usd_unknown().map_or_else(String::new, |usd| format!(" (at most {usd:.4} USD, counted as spent)"));
        let one = |u: &UnknownRequest| {
            let label = u.label.as_ref().map_or_else(String::new, |label| format!(" for `{}`", escape_control(label)));
            format!("{}{label}", u.request.0.chars().take(16).collect::<String>())
        };
        let mut list: Vec<String> = self.unknown.iter().take(SHOWN).map(one).collect();
        if self.unknown.len() > SHOWN {
            list.push(format!("and {} more", self.unknown.len() - SHOWN));
        }
        let list =
            if list.is_empty() { String::new() } else { format!(": {}; {SPENT_FILE} lists them", list.join(", ")) };
        let were = if self.n_unknown == 1 { "was" } else { "were" };
        Some(format!(
            "{} {were} sent and may have been billed without an answer{most}{list}",
            counted(self.n_unknown, "request")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_unknown_fate_are_named_with_what_they_can_have_cost() {
        let one = |n: usize| UnknownRequest {
            request: RequestKey(format!("{n:064x}")),
            label: Some("a\u{1b}[31m".to_owned()),
            usd: Some(0.01),
            why: None,
        };
        let unknown: Vec<_> = (0..5).map(one).collect();
        let spent =
            Spent { n_unknown: 5, unknown, usd: Some(0.25), usd_answers: Some(0.2), n_answered: 9, ..Spent::default() };
        let told = spent.told_unknown().expect("five of them");
        assert!(
            told.starts_with("5 requests were sent and may have been billed without an answer (at most 0.0500 USD"),
            "{told}"
        );
        assert!(told.ends_with("and 2 more; spent.json lists them") && !told.contains('\u{1b}'), "{told}");
        assert_eq!(Spent { n_answered: 9, ..Spent::default() }.told_unknown(), None);
    }
}
