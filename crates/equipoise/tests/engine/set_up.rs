//! Engines and requests for tests.

use equipoise::config::ModelRecipe;
use equipoise::journal::Journal;
use equipoise::schedule::{Engine, EngineEvent, Lane, Limits, RequestOutcome, RunEnd, Stop};
use equipoise::setup::Model;
use equipoise_core::data::LabelId;
use equipoise_core::generator::Job;
use equipoise_core::plan::Price;
use equipoise_core::provider::{Prompt, Request, Sampling};
use fault_server::{Asked, Profile, Reply, Script, Server};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The key that must never be seen.
pub(crate) const CANARY: &str = "sk-canary-0123456789abcdef";

/// Price in USD a million tokens: one token costs a millionth.
pub(crate) const PRICE: Price = Price { input_usd: 1.0, output_usd: 1.0 };

pub(crate) fn requests(n: usize) -> Vec<Request> {
    (0..n)
        .map(|i| Request {
            job: Job { label: LabelId(0), sources: Vec::new(), wanted: 1, ordinal: 0, attributes: Vec::new() },
            prompt: Prompt { system: "Write.".into(), user: format!("one text #{i}"), version: "v1".into() },
            model: "m-1".into(),
            sampling: Sampling { temperature: Some(1.0), max_tokens: 50, seed: 7 },
            schema: None,
        })
        .collect()
}

pub(crate) fn lane(url: &str) -> Lane {
    let env = |name: &str| (name == "TEST_KEY").then(|| CANARY.to_owned());
    let recipe = ModelRecipe {
        name: "openai-compatible/m-1".to_owned(),
        base_url: Some(url.to_owned()),
        key_env: Some("TEST_KEY".to_owned()),
        price: Some([PRICE.input_usd, PRICE.output_usd]),
        ..ModelRecipe::default()
    };
    let model = Model::new(&recipe, &BTreeMap::new()).expect("a model");
    model.lane(&env).expect("a key").expect("over HTTP")
}

/// Limits at a hundredth of their time.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits {
        backoff_first: Duration::from_millis(10),
        backoff_cap: Duration::from_millis(200),
        max_outage: Duration::from_secs(20),
        drain: Duration::from_secs(10),
        ..Limits::default()
    };
    limits.deadlines.total = Duration::from_secs(10);
    limits.deadlines.is_fixed = true;
    limits.deadlines.connect = Duration::from_secs(2);
    limits
}

/// A server whose every reply `script` decides and whose answers all cost 15 millionths of a dollar.
pub(crate) fn scripted(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
    let script = Some(Script::new(script));
    Server::start(Profile { usage: Some((10, 5)), script, keep: true, ..Profile::default() })
}

/// When each request arrived.
pub(crate) fn times(server: &Server) -> Vec<Duration> {
    server.requests().iter().map(|asked| asked.at).collect()
}

pub(crate) fn engine(dir: &Path, url: &str, limits: Limits) -> Engine {
    let journal = Journal::open(dir).expect("a journal");
    Engine::open(journal, lane(url), limits, Stop::default()).expect("an engine")
}

pub(crate) fn run(engine: &mut Engine, requests: &[Request]) -> RunEnd {
    let end = engine.run_blocking(requests.to_vec(), |_| ()).expect("the journal works");
    assert_identity(&end);
    end
}

pub(crate) fn run_with(engine: &mut Engine, requests: &[Request], on_event: impl FnMut(EngineEvent)) -> RunEnd {
    let end = engine.run_blocking(requests.to_vec(), on_event).expect("the journal works");
    assert_identity(&end);
    end
}

/// Every request has exactly one final state.
pub(crate) fn assert_identity(end: &RunEnd) {
    let p = &end.progress;
    let states = p.n_answered + p.n_reused + p.n_failed + end.n_repeated + end.n_cancelled;
    assert_eq!(end.n_planned, states, "{end:?}");
}

/// The answer to the `i`-th request is its own.
pub(crate) fn assert_answered(engine: &Engine, requests: &[Request]) {
    for (i, request) in requests.iter().enumerate() {
        match engine.outcome_of(request).expect("readable") {
            Some((_, RequestOutcome::Answered(answer))) => assert_eq!(answer.text, format!("answer to {i}")),
            other => panic!("request {i}: {other:?}"),
        }
    }
}

/// No file under `dir` holds the key.
pub(crate) fn assert_no_canary(dir: &Path) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("readable");
        assert!(!bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()), "the key is in {}", path.display());
    }
}
