//! Whose fault a refusal is, the request's or that of everything that is sent: told apart by what else just worked.

use equipoise_core::generator::RequestKey;
use equipoise_core::provider::Failure;
use std::collections::{BTreeMap, HashSet};

/// Equal refusals of different requests, with no answer in between, after which a lane that never answered is at fault.
const NEW: usize = 2;
/// Refusals of a lane that never answered, whatever they say, after which it is at fault.
const ANY: usize = 6;
/// The same of a lane that has answered: the texts of several requests in a row can be at fault.
const PROVEN: usize = 10;
/// Failures of a server for the same reason, with no answer ever, after which it is what is sent that it fails on.
const EXPLAINED: usize = 3;
/// Requests that are denied the key, with no answer in between, after which a key that worked works no more.
const DENIED: usize = 3;
/// Tries of a request that is denied the key while others are answered.
const TRIES: u32 = 2;

/// Answers and refusals of a lane.
#[derive(Debug, Default)]
pub(super) struct Blame {
    has_answered: bool,
    /// The requests that met a refusal since the last answer, by what was said.
    refused: BTreeMap<String, HashSet<RequestKey>>,
    denied: HashSet<RequestKey>,
    /// How often the server failed since the last answer, by the reason that it gave.
    explained: BTreeMap<String, usize>,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The request's: others were answered.
    Request,
    /// Everything's that is sent: its form, the account, the address.
    Lane,
    /// Nobody can tell yet.
    Open,
}

impl Blame {
    /// `has_answered` tells whether an earlier process had answers of the lane.
    pub(super) fn new(has_answered: bool) -> Self {
        Blame { has_answered, ..Blame::default() }
    }

    /// Whether the lane ever answered.
    pub(super) fn has_answered(&self) -> bool {
        self.has_answered
    }

    /// An answer came.
    pub(super) fn answered(&mut self) {
        self.has_answered = true;
        self.refused.clear();
        self.denied.clear();
        self.explained.clear();
    }

    /// Something else is sent from now on.
    pub(super) fn forget(&mut self) {
        self.refused.clear();
        self.explained.clear();
    }

    /// The server failed and said why; whether it did so too often for the same reason.
    pub(super) fn explained(&mut self, failure: &Failure) -> bool {
        let n = self.explained.entry(gist(failure)).or_default();
        *n += 1;
        *n >= EXPLAINED
    }

    /// `request` was refused.
    pub(super) fn refused(&mut self, request: &RequestKey, failure: &Failure) -> Whose {
        let requests = self.refused.entry(gist(failure)).or_default();
        requests.insert(request.clone());
        let n_equal = requests.len();
        let n_all: usize = self.refused.values().map(HashSet::len).sum();
        match (self.has_answered, n_equal) {
            (false, n) if n >= NEW || n_all >= ANY => Whose::Lane,
            (false, _) => Whose::Open,
            (true, n) if n >= PROVEN => Whose::Lane,
            (true, _) => Whose::Request,
        }
    }

    /// `request` was denied the key for the `n`-th time.
    pub(super) fn denied(&mut self, request: &RequestKey, n: u32) -> Whose {
        self.denied.insert(request.clone());
        match self.has_answered {
            false if self.denied.len() >= NEW => Whose::Lane,
            false => Whose::Open,
            true if self.denied.len() >= DENIED => Whose::Lane,
            true if n >= TRIES => Whose::Request,
            true => Whose::Open,
        }
    }
}

/// What a refusal says besides numbers and names of requests.
fn gist(failure: &Failure) -> String {
    const MOST: usize = 160;
    let is_word = |word: &&str| !word.chars().any(|c| c.is_ascii_digit());
    let words = failure.message.split_whitespace().skip(1).filter(is_word);
    let head = failure.message.split_whitespace().next().unwrap_or_default();
    let gist: String = std::iter::once(head).chain(words).collect::<Vec<_>>().join(" ");
    gist.to_lowercase().chars().take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::provider::FailureKind;

    fn key(n: usize) -> RequestKey {
        RequestKey(n.to_string())
    }

    fn said(message: &str) -> Failure {
        Failure::new(FailureKind::Rejected, message)
    }

    #[test]
    fn two_equal_refusals_of_a_lane_that_never_answered_are_its_own() {
        let mut blame = Blame::new(false);
        assert_eq!(blame.refused(&key(1), &said("400: bad form req_1a")), Whose::Open);
        assert_eq!(blame.refused(&key(1), &said("400: bad form req_2b")), Whose::Open, "the same request again");
        assert_eq!(blame.refused(&key(2), &said("400: something else")), Whose::Open);
        assert_eq!(blame.refused(&key(3), &said("400: bad form req_3c")), Whose::Lane);
    }

    #[test]
    fn six_refusals_of_a_lane_that_never_answered_are_its_own_whatever_they_say() {
        let mut blame = Blame::new(false);
        let said = ["400: a", "400: b", "400: c", "400: d", "400: e", "400: f"].map(said);
        let whose: Vec<Whose> = said.iter().enumerate().map(|(n, said)| blame.refused(&key(n), said)).collect();
        assert_eq!(whose[4..], [Whose::Open, Whose::Lane]);
    }

    #[test]
    fn where_others_are_answered_it_is_the_request() {
        let mut blame = Blame::new(false);
        blame.answered();
        for n in 0..9 {
            assert_eq!(blame.refused(&key(n), &said("400: bad")), Whose::Request);
        }
        assert_eq!(blame.refused(&key(9), &said("400: bad")), Whose::Lane);
        blame.answered();
        assert_eq!(blame.refused(&key(9), &said("400: bad")), Whose::Request);
    }

    #[test]
    fn a_server_that_fails_three_times_for_one_reason_fails_on_what_is_sent() {
        let mut blame = Blame::new(false);
        let said =
            ["500: no role system 1", "500: no role system 2", "500: out of memory", "500: no role system 3"].map(said);
        assert_eq!(said.each_ref().map(|failure| blame.explained(failure)), [false, false, false, true]);
        blame.forget();
        assert!(!blame.explained(&said[0]), "another form is sent by now");
    }

    #[test]
    fn a_key_that_worked_is_tried_again_before_it_is_given_up() {
        let mut new = Blame::new(false);
        assert_eq!((new.denied(&key(1), 1), new.denied(&key(2), 1)), (Whose::Open, Whose::Lane));
        let mut blame = Blame::new(true);
        assert_eq!(blame.denied(&key(1), 1), Whose::Open);
        assert_eq!(blame.denied(&key(1), 2), Whose::Request);
        assert_eq!(blame.denied(&key(2), 1), Whose::Open);
        assert_eq!(blame.denied(&key(3), 1), Whose::Lane);
    }
}
