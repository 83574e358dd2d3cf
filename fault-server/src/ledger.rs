//! What a provider would have billed, and what of it arrived.

use crate::Fault;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Counts of a server's life so far. A request is known by the bytes of its body and its path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Requests for an answer that arrived whole, repeated ones included.
    pub n_asked: u64,
    /// Different ones among them.
    pub n_distinct: u64,
    /// Answers that were billed, lines of batches included.
    pub n_billed: u64,
    /// Answers that were written whole to a client that was there.
    pub n_delivered: u64,
    /// Billings of a request beyond its first, summed.
    pub billed_more_than_once: u64,
    /// Answers that were billed and did not arrive.
    pub billed_undelivered: u64,
    /// Requests that the rate limits turned away.
    pub n_limited: u64,
    /// Requests that an outage swallowed or refused.
    pub n_in_outage: u64,
    /// Requests in flight now.
    pub in_flight: u64,
    /// The most at once.
    pub in_flight_peak: u64,
    /// Connections that were opened.
    pub n_connections: u64,
    /// Input and output tokens of billed answers.
    pub billed_tokens: (u64, u64),
    /// Input and output tokens of delivered answers.
    pub delivered_tokens: (u64, u64),
    /// Faults done, by type.
    pub faults: BTreeMap<Fault, u64>,
    /// Batches that were made.
    pub n_batches: u64,
}

impl Ledger {
    /// Faults to which asking again is the right answer, turned away by rate limits and outages included.
    pub fn n_retryable(&self) -> u64 {
        let faults = self.faults.iter().filter(|(fault, _)| fault.is_retryable()).map(|(_, n)| n);
        faults.sum::<u64>() + self.n_limited + self.n_in_outage
    }

    /// As JSON, as `GET /ledger` gives it.
    pub fn to_json(&self) -> Value {
        let faults: BTreeMap<&str, u64> = self.faults.iter().map(|(f, n)| (f.name(), *n)).collect();
        json!({
            "n_asked": self.n_asked, "n_distinct": self.n_distinct, "n_billed": self.n_billed,
            "n_delivered": self.n_delivered, "billed_more_than_once": self.billed_more_than_once,
            "billed_undelivered": self.billed_undelivered, "n_limited": self.n_limited,
            "n_in_outage": self.n_in_outage, "in_flight": self.in_flight, "in_flight_peak": self.in_flight_peak,
            "n_connections": self.n_connections, "billed_tokens": [self.billed_tokens.0, self.billed_tokens.1],
            "delivered_tokens": [self.delivered_tokens.0, self.delivered_tokens.1], "faults": faults,
            "n_batches": self.n_batches,
        })
    }
}

/// One request over all its tries.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    n_asked: u32,
    n_billed: u32,
    n_delivered: u32,
}

/// The ledger as it is kept.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) sums: Ledger,
    entries: HashMap<u128, Entry>,
    /// How often each tag was billed.
    pub(crate) tags: BTreeMap<String, usize>,
}

/// Input and output tokens.
pub(crate) type Tokens = (u64, u64);

impl Books {
    /// A request arrived; gives how often it has by now.
    pub(crate) fn asked(&mut self, identity: u128) -> u32 {
        let entry = self.entries.entry(identity).or_default();
        entry.n_asked += 1;
        self.sums.n_asked += 1;
        self.sums.n_distinct += u64::from(entry.n_asked == 1);
        self.sums.in_flight += 1;
        self.sums.in_flight_peak = self.sums.in_flight_peak.max(self.sums.in_flight);
        entry.n_asked
    }

    pub(crate) fn ended(&mut self) {
        self.sums.in_flight -= 1;
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        *self.sums.faults.entry(fault).or_default() += 1;
    }

    pub(crate) fn bill(&mut self, identity: u128, tokens: Tokens) {
        let entry = self.entries.entry(identity).or_default();
        entry.n_billed += 1;
        self.sums.n_billed += 1;
        self.sums.billed_more_than_once += u64::from(entry.n_billed > 1);
        self.sums.billed_undelivered += 1;
        add(&mut self.sums.billed_tokens, tokens);
    }

    pub(crate) fn deliver(&mut self, identity: u128, tokens: Tokens) {
        self.entries.entry(identity).or_default().n_delivered += 1;
        self.sums.n_delivered += 1;
        self.sums.billed_undelivered -= 1;
        add(&mut self.sums.delivered_tokens, tokens);
    }

    /// What was thought to be delivered was not read by anybody.
    pub(crate) fn undeliver(&mut self, identity: u128, tokens: Tokens) {
        self.entries.entry(identity).or_default().n_delivered -= 1;
        self.sums.n_delivered -= 1;
        self.sums.billed_undelivered += 1;
        self.sums.delivered_tokens.0 -= tokens.0;
        self.sums.delivered_tokens.1 -= tokens.1;
    }

    /// How often each request was delivered, most often first.
    pub(crate) fn deliveries(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.entries.values().map(|e| e.n_delivered).filter(|n| *n > 0).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all
    }
}

fn add(sum: &mut Tokens, tokens: Tokens) {
    sum.0 += tokens.0;
    sum.1 += tokens.1;
}
