//! What a person consents to before anything is sent.

use equipoise_core::plan::Forecast;
use std::fmt;

/// What sending would cost, where the texts go, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Host and port of the endpoint; `None` where nothing leaves the process.
    pub host: Option<String>,
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
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.as_deref().unwrap_or("this process");
        write!(f, "{} requests with {} of your texts go to {host}", self.forecast.n_requests, self.n_texts)?;
        match (self.forecast.usd, self.forecast.usd_worst) {
            (Some(usd), Some(worst)) => write!(f, "; about {usd:.4} USD, at most {worst:.4} USD"),
            _ => write!(f, "; the price is not known"),
        }
    }
}
