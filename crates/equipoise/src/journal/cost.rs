//! Money as an integer, so that a sum of a million requests is exact.

use equipoise_core::plan::Price;
use equipoise_core::provider::Usage;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// An amount in trillionths of a US dollar; adding saturates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cost(pub u64);

impl Cost {
    /// Nothing.
    pub const ZERO: Cost = Cost(0);

    /// The amount nearest to `usd`; negative and absurd amounts end at the bounds.
    pub fn from_usd(usd: f64) -> Self {
        Cost((usd * 1e12).round() as u64)
    }

    /// In US dollars.
    pub fn usd(self) -> f64 {
        self.0 as f64 / 1e12
    }

    /// What `usage` costs at `price`.
    pub fn of(usage: Usage, price: Price) -> Self {
        let tokens = |n: u64, usd_a_million: f64| Cost(n.saturating_mul((usd_a_million * 1e6).round() as u64));
        tokens(usage.input_tokens, price.input_usd) + tokens(usage.output_tokens, price.output_usd)
    }

    /// What is left of it after `other`, at least nothing.
    pub fn less(self, other: Cost) -> Cost {
        Cost(self.0.saturating_sub(other.0))
    }
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        *self = *self + other;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::ZERO, Add::add)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4} USD", self.usd())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_tokens_exactly() {
        let price = Price { input_usd: 0.15, output_usd: 0.6 };
        let cost = Cost::of(Usage { input_tokens: 1_000_001, output_tokens: 3, reasoning_tokens: 0 }, price);
        assert_eq!(cost, Cost(150_000_150_000 + 1_800_000));
        assert_eq!(Cost::from_usd(0.15), Cost(150_000_000_000));
        assert_eq!(Cost::from_usd(-1.0), Cost::ZERO);
    }
}
