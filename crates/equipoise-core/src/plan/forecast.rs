//! Forecasts: requests, tokens and money of a set of requests, before any is sent.

use super::{Forecast, Price};

/// Bytes a token in English prose under today's byte-level tokenizers; a forecast, never a bound.
const BYTES_PER_TOKEN: u64 = 4;
/// Bytes that a prompt grows by where it says what was wrong before.
const ADVICE_BYTES: u64 = 1_500;
/// Tokens that a chat message costs besides its text, at most.
const TOKENS_PER_MESSAGE: u64 = 16;

/// What one request weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestSize {
    /// Bytes of system text, user text and schema.
    pub prompt_bytes: u64,
    /// Bytes that the answer should have.
    pub answer_bytes: u64,
    /// The request's own limit on the answer, tokens.
    pub max_tokens: u64,
}

/// Requests of one label and round that may ask again for what answers left out, where the round itself has `n_requests`: as many
/// again, and enough to find a refusing row in a chunk where there are few.
pub fn most_again(n_requests: usize) -> usize {
    n_requests + 16
}

impl Forecast {
    /// The forecast of a label's first round, `sizes`, with up to `rounds` refills after it and in each round what is asked again.
    ///
    /// The worst case bounds the tokens read by the bytes of the prompt, since byte-level tokenizers never make more tokens than
    /// bytes; it has every refill ask for everything again, and in every round [`most_again`] requests as large as the largest, with
    /// twice its token limit.
    pub fn new(sizes: &[RequestSize], rounds: u32, price: Option<Price>) -> Self {
        let sum = |of: fn(&RequestSize) -> u64| sizes.iter().map(of).sum::<u64>();
        let times = u64::from(rounds) + 1;
        let again = most_again(sizes.len()) as u64;
        let most = |of: fn(&RequestSize) -> u64| again * sizes.iter().map(of).max().unwrap_or(0);
        let read = |s: &RequestSize| s.prompt_bytes + 2 * TOKENS_PER_MESSAGE + ADVICE_BYTES;
        let mut forecast = Forecast {
            n_requests: sizes.len(),
            n_requests_worst: if sizes.is_empty() { 0 } else { times as usize * (sizes.len() + again as usize) },
            input_tokens: sum(|s| s.prompt_bytes.div_ceil(BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE),
            output_tokens: sum(|s| s.answer_bytes.div_ceil(BYTES_PER_TOKEN).min(s.max_tokens)),
            input_tokens_worst: times * (sum(read) + most(read)),
            output_tokens_worst: times * (sum(|s| s.max_tokens) + most(|s| 2 * s.max_tokens)),
            usd: None,
            usd_worst: None,
        };
        if let Some(price) = price {
            forecast.usd = Some(price.of(forecast.input_tokens, forecast.output_tokens));
            forecast.usd_worst = Some(price.of(forecast.input_tokens_worst, forecast.output_tokens_worst));
        }
        forecast
    }

    /// The forecast of requests that are sent once, whatever their answers hold.
    pub fn once(sizes: &[RequestSize], price: Option<Price>) -> Self {
        let sum = |of: fn(&RequestSize) -> u64| sizes.iter().map(of).sum::<u64>();
        let mut forecast = Forecast {
            n_requests_worst: sizes.len(),
            input_tokens_worst: sum(|s| s.prompt_bytes + 2 * TOKENS_PER_MESSAGE),
            output_tokens_worst: sum(|s| s.max_tokens),
            ..Forecast::new(sizes, 0, price)
        };
        forecast.usd_worst = price.map(|p| p.of(forecast.input_tokens_worst, forecast.output_tokens_worst));
        forecast
    }

    /// Both together; money is unknown where it is unknown of either.
    #[must_use]
    pub fn plus(self, other: Forecast) -> Self {
        let both = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        Forecast {
            n_requests: self.n_requests + other.n_requests,
            n_requests_worst: self.n_requests_worst + other.n_requests_worst,
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            input_tokens_worst: self.input_tokens_worst + other.input_tokens_worst,
            output_tokens_worst: self.output_tokens_worst + other.output_tokens_worst,
            usd: both(self.usd, other.usd),
            usd_worst: both(self.usd_worst, other.usd_worst),
        }
    }
}

impl Price {
    /// USD of so many tokens.
    pub fn of(&self, input_tokens: u64, output_tokens: u64) -> f64 {
        (input_tokens as f64 * self.input_usd + output_tokens as f64 * self.output_usd) / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: RequestSize = RequestSize { prompt_bytes: 4_000, answer_bytes: 2_000, max_tokens: 900 };

    #[test]
    fn the_worst_case_bounds_the_forecast_and_counts_every_refill() {
        let price = Price { input_usd: 0.4, output_usd: 1.6 };
        let forecast = Forecast::new(&[SIZE; 10], 2, Some(price));
        assert_eq!((forecast.n_requests, forecast.n_requests_worst), (10, 3 * (10 + 26)));
        assert_eq!((forecast.output_tokens, forecast.output_tokens_worst), (5_000, 3 * (10 + 2 * 26) * 900));
        let once = Forecast::once(&[SIZE; 10], Some(price));
        assert_eq!((once.n_requests_worst, once.output_tokens_worst), (10, 9_000));
        assert_eq!((once.usd, once.usd_worst < forecast.usd_worst), (forecast.usd, true));
        assert!(forecast.input_tokens_worst > forecast.input_tokens);
        let usd = forecast.usd.expect("priced");
        assert!((usd - (10_160.0 * 0.4 + 5_000.0 * 1.6) / 1e6).abs() < 1e-12);
        assert!(forecast.usd_worst > forecast.usd);
    }

    #[test]
    fn an_unknown_price_stays_unknown_in_the_sum() {
        let known = Forecast::new(&[SIZE], 0, Some(Price { input_usd: 1.0, output_usd: 1.0 }));
        let unknown = Forecast::new(&[SIZE], 0, None);
        assert_eq!(known.plus(unknown).usd, None);
        assert!(known.plus(known).usd > known.usd);
    }
}
