//! When a run stops asking because what comes is not worth it: then the prompt or the model is at fault, and not the rows.

use crate::generator::Fault;
use serde::{Deserialize, Serialize};

/// First requests after which a prompt is judged.
pub(super) const FIRST_REQUESTS: usize = 50;
/// Requests after which no text at all is enough to judge by.
pub(super) const FRUITLESS: usize = 6;
/// Requests that go first, to find out whether anything comes.
pub(super) const PROBES: usize = 2;

/// Why a run was stopped although more could be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// What was wrong with most answers that brought nothing; `None` where texts came and the checks rejected them all.
    pub fault: Option<Fault>,
    /// Requests that were sent.
    pub n_requests: usize,
    /// Texts that came.
    pub n_texts: usize,
    /// Texts that were asked for.
    pub wanted: usize,
}

/// What the first requests of a run brought.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) n_requests: usize,
    n_texts: usize,
    wanted: usize,
    faults: Vec<Fault>,
    n_too_long_alone: usize,
}

impl Tally {
    /// A request brought `n_texts` of `wanted`; `fault` is why the others are absent. A request that did not fit the window says nothing
    /// about the prompt, since smaller ones fit; but one for a single text is as small as they come. Texts that are asked for `again` are
    /// wanted already: a refused row that is looked for by halves costs one text, however many requests it takes.
    pub(super) fn count(&mut self, n_texts: usize, wanted: usize, fault: Fault, again: bool) {
        self.n_requests += 1;
        if fault == Fault::TooLong {
            self.n_too_long_alone += usize::from(wanted == 1);
        } else {
            self.n_texts += n_texts;
            self.wanted += if again { 0 } else { wanted };
            self.faults.extend((n_texts < wanted).then_some(fault));
        }
    }

    /// Whether any text came.
    pub(super) fn has_texts(&self) -> bool {
        self.n_texts > 0
    }

    /// Whether nothing came of [`FRUITLESS`] requests, not even room for a single text, or, of more, less than a third of what was asked for. Of a model that runs here
    /// and costs nothing a twentieth is enough. Texts count, not answers: a cut answer has some. `n_open` texts were declined with others
    /// and are yet to be asked for in smaller requests: a few rows can be what a filter objects to. `is_useless` says that the
    /// checks rejected every text that came; such texts count as none.
    pub(super) fn judge(&self, is_here: bool, n_open: usize, is_useless: bool) -> Option<Halt> {
        let Tally { n_requests, n_texts, wanted, ref faults, n_too_long_alone } = *self;
        let wanted = wanted.saturating_sub(n_open);
        if is_useless && n_texts > 0 && n_requests >= FRUITLESS {
            return Some(Halt { fault: None, n_requests, n_texts: 0, wanted });
        }
        if faults.is_empty() && n_texts == 0 && n_too_long_alone > 0 && n_requests >= FRUITLESS {
            return Some(Halt { fault: Some(Fault::TooLong), n_requests, n_texts, wanted: n_too_long_alone });
        }
        let least = if is_here { 20 } else { 3 };
        let is_poor = n_requests >= FRUITLESS && n_texts * least < wanted;
        let count = |fault: &Fault| faults.iter().filter(|f| *f == fault).count();
        let fault = faults.iter().copied().max_by_key(|fault| (count(fault), *fault))?;
        is_poor.then_some(Halt { fault: Some(fault), n_requests, n_texts, wanted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(counts: &[(usize, usize, Fault)], times: usize) -> Tally {
        let mut tally = Tally::default();
        counts.iter().cycle().take(counts.len() * times).for_each(|(n, of, fault)| tally.count(*n, *of, *fault, false));
        tally
    }

    #[test]
    fn six_requests_without_a_text_are_enough_and_texts_count_more_than_answers() {
        assert_eq!(tally(&[(0, 1, Fault::Unreadable)], 5).judge(false, 0, false), None, "too few to tell");
        let halt = tally(&[(0, 1, Fault::Unreadable)], 6).judge(false, 0, false);
        assert_eq!(halt, Some(Halt { fault: Some(Fault::Unreadable), n_requests: 6, n_texts: 0, wanted: 6 }));
        // 57 % good and 27 % cut ones, which have texts too.
        assert_eq!(
            tally(&[(1, 1, Fault::Missing), (1, 1, Fault::Missing), (0, 1, Fault::Cut)], 10).judge(false, 0, false),
            None
        );
        assert!(tally(&[(2, 10, Fault::Refused)], 10).judge(false, 0, false).is_some());
    }

    #[test]
    fn texts_that_the_checks_reject_are_none() {
        let came = [(1, 1, Fault::Missing)];
        assert_eq!(tally(&came, 5).judge(false, 0, true), None, "too few to tell");
        let halt = tally(&came, 6).judge(false, 0, true);
        assert_eq!(halt, Some(Halt { fault: None, n_requests: 6, n_texts: 0, wanted: 6 }));
        assert_eq!(tally(&came, 6).judge(false, 0, false), None);
    }

    #[test]
    fn what_was_declined_with_others_is_looked_into_before_the_prompt_is_blamed() {
        let declined = tally(&[(0, 16, Fault::Refused)], 6);
        assert_eq!(declined.judge(false, 96, false), None, "one row in each may be what a filter objects to");
        let mut alone = declined.clone();
        alone.count(0, 1, Fault::Refused, true);
        assert_eq!(
            alone.judge(false, 95, false).map(|halt| halt.fault),
            Some(Some(Fault::Refused)),
            "not even a row alone passes"
        );
    }

    #[test]
    fn a_row_that_is_looked_for_by_halves_is_one_text() {
        let mut tally = Tally::default();
        tally.count(0, 8, Fault::Refused, false);
        for (n, of) in [(4, 4), (0, 4), (2, 2), (0, 2), (1, 1), (0, 1), (0, 1)] {
            tally.count(n, of, Fault::Refused, true);
        }
        assert_eq!(tally.judge(false, 0, false), None, "seven of eight came");
    }

    #[test]
    fn where_not_even_single_texts_fit_six_requests_are_enough() {
        let mut all_refused = tally(&[(0, 4, Fault::TooLong)], 5);
        assert_eq!(all_refused.judge(false, 0, false), None, "smaller ones may fit");
        all_refused.count(0, 1, Fault::TooLong, false);
        assert_eq!(all_refused.judge(true, 0, false).map(|halt| halt.fault), Some(Some(Fault::TooLong)));
        all_refused.count(1, 1, Fault::Missing, false);
        assert_eq!(all_refused.judge(false, 0, false), None, "some rows fit");
    }

    #[test]
    fn a_free_model_may_try_longer_and_a_small_window_never_halts() {
        assert_eq!(tally(&[(1, 10, Fault::Cut)], 10).judge(true, 0, false), None);
        assert!(tally(&[(0, 10, Fault::Cut)], 10).judge(true, 0, false).is_some());
        assert_eq!(tally(&[(0, 25, Fault::TooLong)], 40).judge(false, 0, false), None);
    }
}
