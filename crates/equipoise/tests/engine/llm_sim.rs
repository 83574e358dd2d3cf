//! Against the stand-in server named by EQUIPOISE_LLM_SIM, where there is one.

use crate::set_up::*;
use equipoise::schedule::EndReason;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::tempdir;

struct Sim {
    child: Child,
    address: String,
}

impl Sim {
    #[allow(clippy::print_stdout, reason = "a skipped test says so")]
    fn start(flags: &[&str]) -> Option<Self> {
        let Ok(binary) = std::env::var("EQUIPOISE_LLM_SIM") else {
            println!("skipped: EQUIPOISE_LLM_SIM names no server");
            return None;
        };
        let mut child = Command::new(binary)
            .args(["--listen", "127.0.0.1:0", "--babble", "--lifetime-s", "120"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.split("http://").nth(1).and_then(|a| a.split_whitespace().next()).expect("an address");
        Some(Sim { address: address.to_owned(), child })
    }

    fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    fn ledger(&self) -> serde_json::Value {
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        stream.write_all(b"GET /ledger HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("asked");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("answered");
        let body = &text[text.find('{').expect("JSON")..=text.rfind('}').expect("JSON")];
        serde_json::from_str(body).expect("JSON")
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_hostile_provider_gets_every_request_answered_once() {
    let faults = "429=0.005,500=0.03,503=0.05,html=0.02,reset=0.03,stall=0.005";
    let Some(sim) = Sim::start(&["--stable", "--latency-ms", "20", "--faults", faults, "--retry-after", "ms"]) else {
        return;
    };
    let dir = tempdir().expect("a folder");
    let (asks, mut limits) = (requests(2000), limits());
    limits.deadlines.total = Duration::from_secs(2);
    let mut engine = engine(dir.path(), &sim.url(), limits);
    let end = run(&mut engine, &asks);
    println!("{end:?}\n{}", sim.ledger());
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 2000, 0));
    let totals = engine.totals().expect("readable");
    assert_eq!(totals.n_answers + totals.n_failed, totals.n_sent);
}

/// `cargo test --release -p equipoise --test engine speed -- --ignored --nocapture`
#[test]
#[ignore = "a measurement; needs a release build and a quiet machine"]
fn speed() {
    let Some(sim) = Sim::start(&[]) else { return };
    let n: usize = std::env::var("EQUIPOISE_SPEED_N").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), &sim.url(), limits());
    let (began, cpu) = (std::time::Instant::now(), cpu_s());
    let end = run(&mut engine, &requests(n));
    let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_s() - cpu);
    assert_eq!(end.progress.n_answered as usize, n);
    println!("{:.0} requests/s, {:.0} µs CPU a request in this process", n as f64 / wall, cpu / n as f64 * 1e6);
}

/// User and system seconds of this process.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().map(|f| f.parse().unwrap_or(0.0)).collect();
    (fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0
}
