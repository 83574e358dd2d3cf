//! What a person consents to before anything is sent.

use crate::setup::PriceFrom;
use equipoise_core::plan::Forecast;
use equipoise_core::provider::prices_read;
use equipoise_core::text::counted;
use std::fmt;

/// What sending would cost, where the texts go, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Host of the endpoint; `None` where nothing leaves the process.
    pub host: Option<String>,
    /// Where the price is from; `None` where it is not known.
    pub price_from: Option<PriceFrom>,
    /// The most that the run may spend.
    pub budget_usd: Option<f64>,
    /// Real texts that are sent at least once.
    pub n_texts: usize,
    /// Requests, tokens and money.
    pub forecast: Forecast,
}

impl Cost {
    /// Whether nothing leaves the process and nothing is paid, or nothing is asked.
    pub fn is_free(&self) -> bool {
        self.host.is_none() || self.forecast.n_requests == 0 || self.forecast.usd_worst == Some(0.0)
    }

    /// The most that can be spent, USD: the worst case, or the budget where that is less. `None` where the price is unknown.
    pub fn most_usd(&self) -> Option<f64> {
        let worst = self.forecast.usd_worst?;
        Some(self.budget_usd.map_or(worst, |budget| budget.min(worst)))
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.as_deref().unwrap_or("this process");
        let n = self.forecast.n_requests;
        let go = if n == 1 { "goes" } else { "go" };
        write!(f, "{} with {} of your texts {go} to {host}", counted(n, "request"), self.n_texts)?;
        let (Some(usd), Some(most)) = (self.forecast.usd, self.most_usd()) else {
            return write!(f, "; the price is not known");
        };
        match most < usd {
            true => write!(f, "; that would cost about {usd:.4} USD, and the budget stops it at {most:.4} USD")?,
            false => write!(f, "; about {usd:.4} USD, at most {most:.4} USD")?,
        }
        match self.price_from {
            Some(PriceFrom::Listed) => write!(f, " (list price of {})", prices_read()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::plan::{Price, RequestSize};

    fn cost(host: Option<&str>, price: Option<Price>) -> Cost {
        let size = RequestSize { prompt_bytes: 3_000, answer_bytes: 900, max_tokens: 500 };
        Cost {
            host: host.map(str::to_owned),
            price_from: price.map(|_| PriceFrom::Listed),
            budget_usd: Some(0.0001),
            n_texts: 7,
            forecast: Forecast::once(&[size], price),
        }
    }

    #[test]
    fn a_person_hears_where_texts_go_and_what_it_costs_at_most() {
        let price = Some(Price { input_usd: 1.0, output_usd: 4.0 });
        let told = cost(Some("models.example"), price).to_string();
        assert!(
            told.starts_with("1 request with 7 of your texts goes to models.example; that would cost about 0.00"),
            "{told}"
        );
        assert!(told.contains("the budget stops it at 0.0001 USD (list price of "), "the budget is the bound: {told}");
        let told = cost(Some("models.example"), None).to_string();
        assert!(told.ends_with("the price is not known"), "{told}");
    }

    #[test]
    fn what_stays_in_the_process_is_free() {
        assert!(cost(None, None).is_free());
        assert!(!cost(Some("models.example"), None).is_free());
    }
}
