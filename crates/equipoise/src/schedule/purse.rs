//! The budget: worst cases are set aside before sending, and settled by what answers cost.

use crate::journal::Cost;
use equipoise_core::plan::Price;
use equipoise_core::provider::{Request, Usage};

/// Money of a run; used under the one lock of admission, so that requests at the same time cannot overdraw it.
#[derive(Debug)]
pub(super) struct Purse {
    budget: Option<Cost>,
    price: Option<Price>,
    spent: Cost,
    reserved: Cost,
    /// The most that an answer wrote, hidden reasoning included; above the limit asked for it raises later reservations.
    most_written: u64,
}

impl Purse {
    /// A purse out of which `spent` is gone already.
    pub(super) fn new(budget: Option<Cost>, price: Option<Price>, spent: Cost) -> Self {
        Purse { budget, price, spent, reserved: Cost::ZERO, most_written: 0 }
    }

    /// Makes later reservations hold for answers as long as `tokens`: one of an earlier process was.
    pub(super) fn raise_to(&mut self, tokens: u64) {
        self.most_written = self.most_written.max(tokens);
    }

    /// The most that `request` can cost with `limit` tokens of answer: no tokenizer makes more tokens than there are bytes, and a message
    /// costs a few more.
    pub(super) fn worst_case(&self, request: &Request, limit: u32) -> Option<Cost> {
        let schema = request.schema.as_ref().map_or(0, |s| s.to_string().len());
        let input_tokens = (request.prompt.system.len() + request.prompt.user.len() + schema + 2 * 16) as u64;
        let output_tokens = u64::from(limit).max(self.most_written);
        self.price.map(|price| Cost::of(Usage { input_tokens, output_tokens, reasoning_tokens: 0 }, price))
    }

    /// Sets `worst` aside, or says that the budget does not hold it.
    pub(super) fn reserve(&mut self, worst: Option<Cost>) -> bool {
        let worst = worst.unwrap_or_default();
        if self.budget.is_some_and(|budget| self.spent + self.reserved + worst > budget) {
            return false;
        }
        self.reserved += worst;
        true
    }

    /// Turns a reservation into what was really spent.
    pub(super) fn settle(&mut self, worst: Option<Cost>, spent: Option<Cost>, usage: Option<Usage>) {
        self.reserved = self.reserved.less(worst.unwrap_or_default());
        self.spent += spent.unwrap_or_default();
        self.raise_to(usage.map_or(0, |u| u.output_tokens));
    }

    /// What was spent, unknown outcomes included.
    pub(super) fn spent(&self) -> Cost {
        self.spent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_reserves_above_the_budget() {
        let mut purse = Purse::new(Some(Cost(100)), None, Cost(40));
        assert!(purse.reserve(Some(Cost(30))));
        assert!(!purse.reserve(Some(Cost(31))));
        assert!(purse.reserve(Some(Cost(30))));
        purse.settle(Some(Cost(30)), Some(Cost(5)), None);
        assert_eq!(purse.spent(), Cost(45));
        assert!(purse.reserve(Some(Cost(25))));
        assert!(!purse.reserve(Some(Cost(1))));
    }

    #[test]
    fn without_a_budget_everything_goes() {
        let mut purse = Purse::new(None, None, Cost::ZERO);
        assert!(purse.reserve(Some(Cost(u64::MAX))));
        assert!(purse.reserve(Some(Cost(u64::MAX))));
    }
}
