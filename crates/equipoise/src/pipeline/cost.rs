//! What a person consents to before anything is sent.

use crate::setup::PriceFrom;
use equipoise_core::plan::Forecast;
use equipoise_core::provider::prices_read;
use std::fmt;

/// What sending would cost, where the texts go, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Host and port of the endpoint; `None` where nothing leaves the process.
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
        write!(f, "{} requests with {} of your texts go to {host}", self.forecast.n_requests, self.n_texts)?;
        let (Some(usd), Some(most)) = (self.forecast.usd, self.most_usd()) else {
            return write!(f, "; the price is not known");
        };
        write!(f, "; about {usd:.4} USD, at most {most:.4} USD")?;
        match self.price_from {
            Some(PriceFrom::Listed) => write!(f, " (list price of {})", prices_read()),
            _ => Ok(()),
        }
    }
}
