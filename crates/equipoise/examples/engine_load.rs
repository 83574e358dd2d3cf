//! Sends many one-row requests through the engine and prints as JSON how fast that went: `engine_load URL REQUESTS IN_FLIGHT DIR`.
//! `cargo xtask bench engine` runs it against a server that answers at once or after a fixed time.
#![allow(clippy::print_stdout, reason = "its result is what it prints")]

use equipoise::config::ModelRecipe;
use equipoise::journal::Journal;
use equipoise::schedule::{Engine, EngineEvent, Limits, Stop};
use equipoise::setup::Model;
use equipoise_core::data::LabelId;
use equipoise_core::generator::Job;
use equipoise_core::provider::{Prompt, Request, Sampling};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, n_requests, in_flight, dir] = args.as_slice() else {
        return Err("usage: engine_load URL REQUESTS IN_FLIGHT DIR".into());
    };
    let n: u64 = n_requests.parse()?;
    let limits = Limits { max_concurrency: in_flight.parse()?, ..Limits::default() };
    let mut engine = open(url, limits, Path::new(dir))?;

    let (began, cpu_before) = (Instant::now(), cpu_s());
    // Seconds and resident bytes at each tenth of the answers.
    let (mut marks, mut peak) = (Vec::new(), 0);
    let end = engine.run_blocking((0..n).map(request), |event| {
        let EngineEvent::Progress(progress) = event else { return };
        if progress.n_answered >= n * (marks.len() as u64 + 1) / 10 {
            let resident = resident_bytes();
            peak = peak.max(resident);
            marks.push((began.elapsed().as_secs_f64(), resident));
        }
    })?;
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), cpu_s() - cpu_before);
    let (Some(first), Some(ninth)) = (marks.first(), marks.get(8)) else { return Err(format!("{end:?}").into()) };
    let result = serde_json::json!({
        "n_answered": end.progress.n_answered,
        "n_retried": end.progress.n_retried,
        "seconds": seconds,
        "rate": end.progress.n_answered as f64 / seconds,
        "rate_10_to_90": 0.8 * n as f64 / (ninth.0 - first.0),
        "cpu_us_per_request": cpu / n as f64 * 1e6,
        "peak_rss_bytes": peak_resident_bytes().unwrap_or(peak),
        // The first fifth warms caches and buffers up.
        "rss_slope_bytes_per_100k": slope(&marks[1..], n),
    });
    println!("{result}");
    Ok(())
}

fn open(url: &str, limits: Limits, dir: &Path) -> Result<Engine, Box<dyn Error>> {
    let recipe = ModelRecipe {
        name: "openai-compatible/m-1".to_owned(),
        base_url: Some(url.to_owned()),
        price: Some([1.0, 1.0]),
        ..ModelRecipe::default()
    };
    let lane = Model::new(&recipe, &BTreeMap::new())?.lane(&|_| None)?.ok_or("not reached over HTTP")?;
    Ok(Engine::open(Journal::open(dir)?, lane, limits, Stop::default())?)
}

fn request(i: u64) -> Request {
    Request {
        job: Job { label: LabelId(0), sources: Vec::new(), wanted: 1, ordinal: 0, attributes: Vec::new() },
        prompt: Prompt { system: "Write.".into(), user: format!("Write 1 text, number #{i}."), version: "v1".into() },
        model: "m-1".into(),
        sampling: Sampling { temperature: Some(1.0), max_tokens: 50, seed: 7 },
        schema: None,
    }
}

/// Growth of the resident size in bytes per 100,000 answers: least squares over the marks, a tenth of `n` apart.
fn slope(marks: &[(f64, u64)], n: u64) -> f64 {
    let mean_x = (marks.len() as f64 - 1.0) / 2.0;
    let mean_y = marks.iter().map(|m| m.1 as f64).sum::<f64>() / marks.len() as f64;
    let around = marks.iter().enumerate().map(|(i, m)| (i as f64 - mean_x, m.1 as f64 - mean_y));
    let (xy, xx) = around.fold((0.0, 0.0), |(xy, xx), (x, y)| (xy + x * y, xx + x * x));
    xy / xx * 10.0 / n as f64 * 1e5
}

/// User and system seconds of this process; 0 where there is no `/proc`.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name may hold spaces; fields count from what follows it. The kernel counts in hundredths.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn resident_bytes() -> u64 {
    status_bytes("VmRSS:").unwrap_or(0)
}

fn peak_resident_bytes() -> Option<u64> {
    status_bytes("VmHWM:")
}

fn status_bytes(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
