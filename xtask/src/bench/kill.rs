//! `cargo xtask bench kill [--kills N] [--requests N] [--in-flight N] [--seed N]`: the released binary is killed at random times and
//! resumed until it is done. The server's ledger tells what was paid twice, and the outputs must be those of a run that nobody killed.

use super::server::{Server, release};
use super::{Scratch, option};
use crate::shell::{Outcome, cargo, output, run as show};
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

pub(super) fn run(args: &[String]) -> Outcome {
    let (n_kills, n_requests) = (option(args, "--kills", 200)?, option(args, "--requests", 20_000)?);
    let (in_flight, mut seed) = (option(args, "--in-flight", 64)?, option(args, "--seed", 1)?);
    show(&mut cargo(&["build", "--quiet", "--release", "-p", "equipoise-cli"]))?;
    let scratch = Scratch::new()?;
    let dir = scratch.path();
    let write = |e: std::io::Error| format!("cannot write in {}: {e}", dir.display());
    std::fs::write(dir.join("train.csv"), rows(n_requests)).map_err(write)?;

    let server = Server::start(&["--latency-ms", &LATENCY_MS.to_string()])?;
    let (url, port) = (server.url(), server.port());
    output(&mut new_run(dir, &url, "whole", n_requests, in_flight))?;
    drop(server);
    // The same address, since it is part of what a request is; a new ledger.
    let server = Server::start(&["--latency-ms", &LATENCY_MS.to_string(), "--port", &port])?;
    // Life of a process after its first request: twice the mean, so that the kills spread over the whole run.
    let life_ms = (2 * n_requests * LATENCY_MS / in_flight.max(1) / n_kills.max(1)).max(2 * LATENCY_MS);
    let (mut killed, mut in_flight_at_kills, mut is_done) = (0, 0, false);
    while killed < n_kills && !is_done {
        let mut victim = next(dir, &url, n_requests, in_flight);
        let mut child = victim.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(write)?;
        wait_for_requests(&server, &mut child)?;
        std::thread::sleep(Duration::from_millis(below(&mut seed, life_ms)));
        is_done = child.try_wait().map_err(write)?.is_some_and(|status| status.success());
        child.kill().and_then(|()| child.wait()).map_err(write)?;
        // Asked after the kill: what is on its way now is what may be paid for twice.
        in_flight_at_kills += if is_done { 0 } else { server.count("in_flight")?.min(in_flight) };
        killed += u64::from(!is_done);
        std::thread::sleep(Duration::from_millis(2 * LATENCY_MS));
    }
    if !is_done {
        output(&mut next(dir, &url, n_requests, in_flight))?;
    }
    judge(&server, dir, killed, in_flight_at_kills, in_flight)
}

fn judge(server: &Server, dir: &Path, killed: u64, in_flight_at_kills: u64, in_flight: u64) -> Outcome {
    let (distinct, billed) = (server.count("n_distinct")?, server.count("n_billed")?);
    let (twice, undelivered) = (server.count("billed_more_than_once")?, server.count("billed_undelivered")?);
    let said = output(Command::new(release("equipoise")).args(["replay", "killed", "--check"]).current_dir(dir));
    let differing = differing(&dir.join("whole"), &dir.join("killed"))?;
    let mut text = format!(
        "{killed} kills, {distinct} requests, {billed} paid, {twice} of them again; in flight at the kills {in_flight_at_kills} of at most {}, {undelivered} paid and not delivered\n",
        killed * in_flight
    );
    let _ = writeln!(text, "outputs that differ from an unkilled run's: {}", differing.len());
    super::engine::print(&text);
    if let Some(name) = differing.first() {
        return Err(format!("{name} differs from the unkilled run's"));
    }
    if twice > killed * in_flight {
        return Err("more was paid twice than was in flight".to_owned());
    }
    said.map(drop)
}

/// The command that begins the run, or goes on with it.
fn next(dir: &Path, url: &str, n_requests: u64, in_flight: u64) -> Command {
    if dir.join("killed/run.json").exists() {
        let mut command = Command::new(release("equipoise"));
        command.args(["resume", "killed"]).current_dir(dir);
        return command;
    }
    // A kill before the run was written down leaves nothing to resume.
    let _ = std::fs::remove_dir_all(dir.join("killed"));
    new_run(dir, url, "killed", n_requests, in_flight)
}

fn new_run(dir: &Path, url: &str, out: &str, n_requests: u64, in_flight: u64) -> Command {
    let mut command = Command::new(release("equipoise"));
    command.args(["run", "train.csv", "--model", "openai-compatible/x", "--base-url", url, "--out", out]);
    command.args(["--label-to", &format!("praise={}", N_RARE + n_requests), "--chunk", "1", "--unpriced", "--yes"]);
    command.args(["--max-concurrency", &in_flight.to_string()]).current_dir(dir);
    command
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
