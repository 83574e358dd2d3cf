//! `cargo xtask bench engine [--soak N]`: how fast the engine sends, and what it takes for that, against a server on this machine.

use super::server::{Build, Server};
use super::{Scratch, option};
use crate::shell::{Outcome, output};
use serde_json::Value;
use std::process::Command;

/// One measurement and the figures it must reach.
struct Scenario {
    name: &'static str,
    n: u64,
    in_flight: u64,
    latency_ms: u64,
    /// Answers a second over all, at least.
    rate: f64,
    /// Bytes that the resident size may grow per 100,000 answers; short runs only warm up.
    slope: Option<f64>,
}

/// Share of the rate that latency and requests in flight allow, at least, between a tenth and nine tenths of the answers.
const SHARE: f64 = 0.95;

/// CPU of the engine's process a request, at most, in µs.
const CPU_US: f64 = 200.0;

/// Resident size at its peak, at most, in bytes.
const RESIDENT: f64 = 150e6;

pub(super) fn run(args: &[String]) -> Outcome {
    let soak = option(args, "--soak", 1_000_000)?;
    Build::Release.make(&["-p", "equipoise", "--example", "engine_load"])?;
    let plain = Scenario { name: "no latency", n: 40_000, in_flight: 64, latency_ms: 0, rate: 8_000.0, slope: None };
    let wide = Scenario { name: "no latency, wide", in_flight: 512, ..plain };
    let slow = Scenario { name: "200 ms", n: 20_000, in_flight: 512, latency_ms: 200, rate: 0.0, slope: None };
    let soak = Scenario { name: "soak", n: soak, rate: 0.0, slope: Some(1e6), ..plain };
    let mut missed = Vec::new();
    print(&format!(
        "{:<18}{:>10}{:>11}{:>12}{:>14}{:>12}{:>10}{:>14}\n",
        "", "requests", "in flight", "answers/s", "of attainable", "CPU µs each", "peak MB", "MB per 100k"
    ));
    for scenario in [plain, wide, slow, soak] {
        missed.extend(measure(&scenario)?);
    }
    if missed.is_empty() { Ok(()) } else { Err(missed.join("; ")) }
}

/// Prints a line of the table; gives what was missed.
fn measure(scenario: &Scenario) -> Outcome<Vec<String>> {
    let Scenario { name, n, in_flight, latency_ms, rate, slope } = scenario;
    let server = Server::start(Build::Release, &["--latency-ms", &latency_ms.to_string()])?;
    let scratch = Scratch::new()?;
    let mut load = Command::new(Build::Release.program("examples/engine_load"));
    load.arg(server.url()).args([n.to_string(), in_flight.to_string()]).arg(scratch.path());
    let said = output(&mut load)?;
    let result: Value = serde_json::from_str(&said).map_err(|e| format!("{said}: {e}"))?;
    let figure = |key: &str| result[key].as_f64().ok_or_else(|| format!("{result} lacks `{key}`"));
    let (answered, middle) = (figure("rate")?, figure("rate_10_to_90")?);
    let (cpu, peak, growth) =
        (figure("cpu_us_per_request")?, figure("peak_rss_bytes")?, figure("rss_slope_bytes_per_100k")?);
    let attainable = (*latency_ms > 0).then(|| *in_flight as f64 / (*latency_ms as f64 / 1e3));
    let share = attainable.map(|attainable| middle / attainable);
    let shown = share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let grown = slope.map_or_else(|| "-".to_owned(), |_| format!("{:.2}", growth / 1e6));
    print(&format!(
        "{name:<18}{n:>10}{in_flight:>11}{answered:>12.0}{shown:>14}{cpu:>12.0}{:>10.0}{grown:>14}\n",
        peak / 1e6
    ));
    let n_answered = result["n_answered"].as_u64();
    let checks = [
        (n_answered == Some(*n), "not every request was answered"),
        (answered >= *rate, "the rate is too low"),
        (share.is_none_or(|share| share >= SHARE), "the share of the attainable rate is too low"),
        (cpu < CPU_US, "too much CPU a request"),
        (peak < RESIDENT, "too much memory"),
        (slope.is_none_or(|most| growth < most), "memory grows"),
    ];
    Ok(checks.iter().filter(|(good, _)| !good).map(|(_, what)| format!("{name}: {what}")).collect())
}

pub(super) fn print(line: &str) {
    use std::io::Write as _;
    // A closed terminal is no reason to stop measuring.
    let _ = std::io::stdout().write_all(line.as_bytes());
}
