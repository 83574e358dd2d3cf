//! `cargo xtask bench kill [--kills N] [--requests N] [--in-flight N] [--seed N] [--debug]`: the binary (`--debug`: built
//! without optimisation) is killed at random times and
//! resumed until it is done. The server's ledger tells what was paid twice, and the outputs must be those of a run that nobody killed.

use super::server::{Build, Server};
use super::{Scratch, option};
use crate::shell::{Outcome, output};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Files that must not tell that anything happened. `synthetic` and `augmented` stand for whatever format they are in.
const OUTPUTS: [&str; 6] =
    ["candidates.jsonl", "verdicts.jsonl", "selection.json", "evaluation.json", "synthetic.", "augmented."];

/// What the server waits before it answers: long enough for many requests to be in flight at a kill.
const LATENCY_MS: u64 = 40;

/// Rows of the label that is raised.
const N_RARE: u64 = 200;

/// One trial: a data set, a server and the binary under test.
struct Trial<'a> {
    build: Build,
    dir: &'a Path,
    url: String,
    n_requests: u64,
    in_flight: u64,
}

pub(super) fn run(args: &[String]) -> Outcome {
    let (n_kills, n_requests) = (option(args, "--kills", 200)?, option(args, "--requests", 20_000)?);
    let (in_flight, mut seed) = (option(args, "--in-flight", 64)?, option(args, "--seed", 1)?);
    let build = if args.iter().any(|arg| arg == "--debug") { Build::Debug } else { Build::Release };
    build.make(&["-p", "equipoise-cli"])?;
    let scratch = Scratch::new()?;
    let dir = scratch.path();
    let fault = |e: std::io::Error| format!("{}: {e}", dir.display());
    std::fs::write(dir.join("train.csv"), rows(n_requests)).map_err(fault)?;

    let latency = LATENCY_MS.to_string();
    let server = Server::start(build, &["--latency-ms", &latency])?;
    let (url, port) = (server.url(), server.port());
    let trial = Trial { build, dir, url, n_requests, in_flight };
    output(&mut trial.begin("whole"))?;
    drop(server);
    // The same address, since it is part of what a request is; a new ledger.
    let server = Server::start(build, &["--latency-ms", &latency, "--port", &port])?;
    // Life of a process after its first request: twice the mean, so that the kills spread over the whole run.
    let life_ms = (2 * n_requests * LATENCY_MS / in_flight.max(1) / n_kills.max(1)).max(2 * LATENCY_MS);
    let (mut n_killed, mut is_done) = (0, false);
    while n_killed < n_kills && !is_done {
        let mut child = trial.next().stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(fault)?;
        wait_for_requests(&server, &mut child)?;
        std::thread::sleep(Duration::from_millis(below(&mut seed, life_ms)));
        is_done = child.try_wait().map_err(fault)?.is_some_and(|status| status.success());
        child.kill().and_then(|()| child.wait()).map_err(fault)?;
        n_killed += u64::from(!is_done);
        // What is still on its way through the server belongs to the dead process.
        std::thread::sleep(Duration::from_millis(2 * LATENCY_MS));
    }
    if !is_done {
        output(&mut trial.next())?;
    }
    trial.judge(&server, n_killed)
}

impl Trial<'_> {
    /// The run into the folder `out`.
    fn begin(&self, out: &str) -> Command {
        let mut command = Command::new(self.build.program("equipoise"));
        command.args(["run", "train.csv", "--model", "openai-compatible/x", "--base-url", &self.url, "--out", out]);
        let target = format!("praise={}", N_RARE + self.n_requests);
        command.args(["--label-to", &target, "--chunk", "1", "--unpriced", "--yes", "--max-concurrency"]);
        command.arg(self.in_flight.to_string()).current_dir(self.dir);
        command
    }

    /// The command that begins the run to be killed, or goes on with it.
    fn next(&self) -> Command {
        let out = self.dir.join("killed");
        if out.join("run.json").exists() {
            let mut command = Command::new(self.build.program("equipoise"));
            command.args(["resume", "killed"]).current_dir(self.dir);
            return command;
        }
        // A kill before the run was written down leaves nothing to resume, and often nothing to remove.
        let _ = std::fs::remove_dir_all(out);
        self.begin("killed")
    }

    fn judge(&self, server: &Server, n_killed: u64) -> Outcome {
        let (distinct, billed) = (server.count("n_distinct")?, server.count("n_billed")?);
        let (twice, undelivered) = (server.count("billed_more_than_once")?, server.count("billed_undelivered")?);
        let differing = differing(&self.dir.join("whole"), &self.dir.join("killed"))?;
        super::engine::print(&format!(
            "{n_killed} kills over {distinct} requests: {billed} answers paid, {twice} of them for the second time\n\
             paid and never delivered: {undelivered}; in flight at the kills: at most {}\n\
             outputs that differ from those of a run that nobody killed: {}\n",
            n_killed * self.in_flight,
            differing.len()
        ));
        if let Some(name) = differing.first() {
            return Err(format!("{name} differs from the unkilled run's"));
        }
        if twice > n_killed * self.in_flight {
            return Err("more was paid twice than was in flight".to_owned());
        }
        if billed != distinct + twice {
            return Err("an answer was lost or never asked for".to_owned());
        }
        let mut replay = Command::new(self.build.program("equipoise"));
        output(replay.args(["replay", "killed", "--check"]).current_dir(self.dir)).map(drop)
    }
}

/// Waits until the process has asked something, or has ended.
fn wait_for_requests(server: &Server, child: &mut Child) -> Outcome {
    let (asked, began) = (server.count("n_asked")?, Instant::now());
    while server.count("n_asked")? == asked && began.elapsed() < Duration::from_secs(120) {
        if child.try_wait().map_err(|e| e.to_string())?.is_some() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// Outputs that are not the same in both runs, or are missing.
fn differing(whole: &Path, killed: &Path) -> Outcome<Vec<String>> {
    let entries = std::fs::read_dir(whole).map_err(|e| format!("cannot read {}: {e}", whole.display()))?;
    let names: Vec<String> = entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
    let mut wrong = Vec::new();
    for output in OUTPUTS {
        let found: Vec<&String> = names.iter().filter(|name| name.starts_with(output)).collect();
        if found.is_empty() {
            wrong.push(output.to_owned());
        }
        for name in found {
            let same =
                matches!((std::fs::read(whole.join(name)), std::fs::read(killed.join(name))), (Ok(a), Ok(b)) if a == b);
            if !same {
                wrong.push(name.clone());
            }
        }
    }
    Ok(wrong)
}

/// A small, lopsided set: many complaints, few thanks.
fn rows(n_requests: u64) -> String {
    const THINGS: [&str; 8] = ["lift", "heating", "door", "tap", "printer", "socket", "blind", "clock"];
    let mut text = "text,label\n".to_owned();
    for i in 0..N_RARE + n_requests {
        let (thing, floor) = (THINGS[i as usize % 8], i / 8 + 1);
        let _ = writeln!(text, "The {thing} on floor {floor} has been broken since week {}.,fault", i * 7 % 50 + 1);
    }
    for i in 0..N_RARE {
        let thing = THINGS[i as usize % 8];
        let _ = writeln!(text, "Many thanks to whoever repaired the {thing} of room {} so soon!,praise", 100 + i);
    }
    text
}

/// A number below `bound` (splitmix64).
fn below(state: &mut u64, bound: u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % bound.max(1)
}
