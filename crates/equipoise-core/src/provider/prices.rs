//! List prices of common models, with the day on which they were read and where. A price that is not listed is not known.

use crate::plan::Price;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prices {
    read: String,
    sources: BTreeMap<String, String>,
    free: Vec<String>,
    usd_per_million_tokens: BTreeMap<String, BTreeMap<String, [f64; 2]>>,
}

static PRICES: LazyLock<Prices> =
    LazyLock::new(|| serde_json::from_str(include_str!("prices.json")).expect("a fixed file: a test reads it"));

/// The day on which the list was read, `YYYY-MM-DD`.
pub fn prices_read() -> &'static str {
    &PRICES.read
}

/// Where the prices of a provider were read; `None` where none is listed.
pub fn prices_source(provider: &str) -> Option<&'static str> {
    PRICES.sources.get(provider).map(String::as_str)
}

/// Whether the provider bills nothing: it runs on the user's own machines.
pub fn is_free(provider: &str) -> bool {
    PRICES.free.iter().any(|p| p == provider)
}

/// USD per million tokens of `model` at the provider's own endpoint; a dated version (`-2025-04-14`, `-20250929`) has the price of
/// its model. `None` where it is not listed.
pub fn list_price(provider: &str, model: &str) -> Option<Price> {
    let models = PRICES.usd_per_million_tokens.get(provider)?;
    let [input_usd, output_usd] = models.get(model).or_else(|| models.get(undated(model)))?;
    Some(Price { input_usd: *input_usd, output_usd: *output_usd })
}

/// The name without a date at its end. It may end in a number of its own: `claude-sonnet-4-5-20250929`.
fn undated(model: &str) -> &str {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"-(?:20\d{2}-\d{2}-\d{2}|20\d{6})$").expect("a fixed pattern"));
    DATE.find(model).map_or(model, |date| &model[..date.start()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_price_is_positive_has_a_source_and_output_costs_more() {
        assert_eq!(prices_read().len(), 10);
        for (provider, models) in &PRICES.usd_per_million_tokens {
            assert!(prices_source(provider).is_some_and(|s| !s.is_empty()), "{provider}");
            assert!(models.values().all(|[input, output]| *input > 0.0 && output > input), "{provider}");
        }
    }

    #[test]
    fn free_providers_are_in_the_catalog() {
        assert!(PRICES.free.iter().all(|name| super::super::CATALOG.iter().any(|e| e.name == name)));
    }

    #[test]
    fn a_dated_version_has_its_models_price_and_an_unknown_one_has_none() {
        let of = |provider, model| list_price(provider, model).map(|p| (p.input_usd, p.output_usd));
        assert_eq!(of("openai", "gpt-4.1-mini"), Some((0.4, 1.6)));
        assert_eq!(of("openai", "gpt-4.1-mini-2025-04-14"), Some((0.4, 1.6)));
        assert_eq!(of("anthropic", "claude-sonnet-4-5-20250929"), Some((3.0, 15.0)));
        for unknown in ["gpt-4.1-minimal", "gpt-4.1-mini-audio", "", "gpt-99", "gpt-4.1-mini-2025", "-2025-04-14"] {
            assert_eq!(of("openai", unknown), None, "{unknown}");
        }
        assert_eq!(of("openai_compatible", "gpt-4.1-mini"), None);
    }
}
