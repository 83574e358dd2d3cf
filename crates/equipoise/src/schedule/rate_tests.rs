//! The gate against simulated providers, in simulated time: how near it comes to what their limits allow, and how often it is turned away.

use super::Limits;
use super::gate::{Admission, Gate, Seen, Ticket};
use equipoise_core::catalog::Settings;
use equipoise_core::provider::{Provider, Response, Wire, find_model, rate_limits};
use fault_server::{Limiter, RateProfile, Told, WaitDialect};
use std::collections::BTreeMap;
use std::time::Duration;

/// Requests of a simulation.
const N: usize = 10_000;

/// The first of them do not count: limits have to be learnt.
const WARM_UP: usize = N / 10;

/// 2026-01-01.
const EPOCH: u64 = 1_767_225_600;

/// Time in which a refusal comes back.
const REFUSED_AFTER: Duration = Duration::from_millis(60);

fn wire() -> Box<dyn Wire> {
    let (entry, _) = find_model("openai-compatible/m").expect("in the catalog");
    match *entry.build(&Settings::new()).expect("builds") {
        Provider::Http { wire, .. } => wire,
        Provider::Local(_) => panic!("over HTTP"),
    }
}

/// Numbers for latencies and sizes (splitmix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A request that is out.
struct Out {
    ticket: Ticket,
    tokens: f64,
    sent: Duration,
    headers: Vec<(String, String)>,
    refusal: Option<Vec<u8>>,
}

/// What came of a simulation after the warm-up.
#[derive(Debug)]
struct Came {
    /// Answered requests (or tokens) by what the limits allowed in that time.
    share: f64,
    /// Refusals by requests sent.
    refused: f64,
}

fn simulate(profile: &RateProfile, seed: u64) -> Came {
    let (wire, mut noise) = (wire(), Noise(seed));
    let mut gate = Gate::new(&Limits { max_concurrency: 256, ..Limits::default() });
    let mut limiter = Limiter::new(profile.clone());
    let mut out: BTreeMap<(Duration, usize), Out> = BTreeMap::new();
    // Tokens of requests that wait.
    let mut waiting: Vec<f64> = (0..N).map(|_| 100.0 + 300.0 * noise.next()).collect();
    let (mut now, mut serial, mut n_answered, mut n_sent, mut n_refused) = (Duration::ZERO, 0, 0, 0, 0);
    let (mut warm, mut done_tokens, mut allowed) = (None, 0.0, (0.0, 0.0));
    while n_answered < N {
        let mut wake = None;
        while let Some(tokens) = waiting.last().copied() {
            // What is thought of a request is larger than what it takes.
            let thought = tokens * 2.0;
            match gate.admit(now, out.len(), thought) {
                Admission::Now => {}
                Admission::Later => break,
                Admission::At { until, .. } => {
                    wake = Some(until);
                    break;
                }
            }
            waiting.pop();
            let ticket = gate.start(thought);
            let (headers, refusal, after) = match limiter.ask(now, EPOCH + now.as_secs(), tokens) {
                Ok(headers) => (headers, None, Duration::from_secs_f64(0.3 + 0.4 * noise.next())),
                Err(refusal) => (refusal.headers, Some(refusal.body), REFUSED_AFTER),
            };
            n_sent += usize::from(warm.is_some());
            n_refused += usize::from(warm.is_some() && refusal.is_some());
            serial += 1;
            let headers = headers.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            out.insert((now + after, serial), Out { ticket, tokens, sent: now, headers, refusal });
        }
        let next = out.keys().next().map(|(at, _)| *at);
        let until = [wake, next].into_iter().flatten().min().expect("something is going on");
        assert!(until > now || next == Some(now), "the simulation stands still at {now:?}");
        if warm.is_some() {
            let (rate, passed) = (limiter.per_second(now), (until - now).as_secs_f64());
            allowed = (allowed.0 + rate.0 * passed, allowed.1 + rate.1 * passed);
        }
        now = until;
        while out.first_key_value().is_some_and(|((at, _), _)| *at <= now) {
            let (_, back) = out.pop_first().expect("looked at above");
            let now_unix_s = EPOCH + now.as_secs();
            let told = rate_limits(&back.headers, now_unix_s);
            let seen = match &back.refusal {
                None => {
                    n_answered += 1;
                    if n_answered == WARM_UP {
                        warm = Some(now);
                    }
                    if warm.is_some() {
                        done_tokens += back.tokens;
                    }
                    Seen::Answered { latency: now - back.sent, tokens: Some(back.tokens as u64) }
                }
                Some(body) => {
                    waiting.push(back.tokens);
                    let response = Response { status: 429, headers: &back.headers, body, now_unix_s };
                    Seen::RateLimited(wire.decode(&response).expect_err("a refusal").retry_after)
                }
            };
            gate.told(now, told, &back.ticket, out.len() + 1);
            gate.end(now, back.ticket, seen, out.len() + 1);
        }
    }
    let by_requests = (N - WARM_UP) as f64 / allowed.0;
    let by_tokens = done_tokens / allowed.1;
    Came { share: by_requests.max(by_tokens), refused: n_refused as f64 / n_sent as f64 }
}

fn profiles() -> Vec<(&'static str, RateProfile)> {
    let rpm = RateProfile { requests_per_minute: 1200.0, ..RateProfile::default() };
    let tpm = RateProfile { tokens_per_minute: 300_000.0, ..RateProfile::default() };
    let steps = [(100, 0.4), (300, 1.5)].map(|(s, factor)| (Duration::from_secs(s), factor)).to_vec();
    let quiet = RateProfile { told: Told::Nothing, burst_s: 5.0, ..rpm.clone() };
    vec![
        ("requests", rpm.clone()),
        ("tokens", tpm.clone()),
        ("steps", RateProfile { steps: steps.clone(), ..rpm.clone() }),
        (
            "anthropic",
            RateProfile {
                told: Told::Anthropic,
                wait: WaitDialect::AnthropicReset,
                tokens_per_minute: 250_000.0,
                ..rpm.clone()
            },
        ),
        ("no headers", quiet.clone()),
        ("minus one", RateProfile { told: Told::MinusOne, wait: WaitDialect::Milliseconds, ..quiet.clone() }),
        ("ten times too much", RateProfile { told: Told::TenTimesTooMuch, ..quiet.clone() }),
        ("a tenth of the requests", RateProfile { told: Told::TenTimesTooLittle, ..rpm }),
        ("a tenth of the tokens", RateProfile { told: Told::TenTimesTooLittle, ..tpm }),
        ("gemini", RateProfile { wait: WaitDialect::GeminiBody, steps, ..quiet }),
    ]
}

#[test]
fn comes_near_what_limits_allow_and_is_hardly_turned_away() {
    assert_near(0..3);
}

/// `cargo test --release -p equipoise --lib rate_tests -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn comes_near_what_limits_allow_over_twenty_seeds() {
    assert_near(0..20);
}

fn assert_near(seeds: std::ops::Range<u64>) {
    for (name, profile) in profiles() {
        let all: Vec<Came> = seeds.clone().map(|seed| simulate(&profile, seed)).collect();
        let share = all.iter().map(|came| came.share).fold(f64::INFINITY, f64::min);
        let refused = all.iter().map(|came| came.refused).fold(0.0, f64::max);
        println!("{name}: at least {share:.3} of what is allowed, at most {refused:.4} refused");
        assert!(share >= 0.9 && refused < 0.01, "{name}: {all:?}");
    }
}
