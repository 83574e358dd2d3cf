//! What the tests of the binary share: a folder of its own, an empty environment, no terminal.

#![allow(dead_code, reason = "every test binary uses a part of it")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Panics with everything that was said where the exit code is another.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// The command, about to run in `folder`.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("equipoise"));
    command.args(args).current_dir(folder).env_clear().env("NO_COLOR", "1").stdin(Stdio::null());
    if let Some(root) = std::env::var_os("SystemRoot") {
        // Windows opens no socket without it.
        command.env("SystemRoot", root);
    }
    command
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> Ran {
    let output = command.output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the binary in `folder`.
pub(crate) fn equipoise(folder: &Path, args: &[&str]) -> Ran {
    finish(command(folder, args))
}

/// A folder with `train.csv`: 60 rows of `fault` and 16 of `praise`.
pub(crate) fn complaints() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let things = ["lift", "heating", "door", "tap", "printer", "socket", "blind", "bench", "clock", "gate"];
    let people = ["porter", "lady at the desk", "gardener", "cook"];
    let mut rows = "text,label\n".to_owned();
    for i in 0..60 {
        let (thing, floor) = (things[i % 10], i / 10 + 1);
        rows += &format!("The {thing} on floor {floor} has been broken since week {}.,fault\n", i * 7 % 50 + 1);
    }
    for i in 0..16 {
        let (who, year) = (people[i % 4], 2001 + i);
        rows += &format!("Many thanks to the {who} who was so kind to us in {year}!,praise\n");
    }
    std::fs::write(folder.path().join("train.csv"), rows).expect("written");
    folder
}

/// Content of every derived file that does not tell what was paid.
pub(crate) fn derived(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paid = ["run.json", "recipe.toml", "report.html", "report.md", "card.md", "spent.json"];
    let kept = |name: &PathBuf| {
        let name = name.to_string_lossy();
        !name.starts_with("journal") && !name.starts_with(".lock") && !paid.contains(&name.as_ref())
    };
    let named = files(run).into_iter().filter(kept);
    named.map(|name| (name.clone(), std::fs::read(run.join(&name)).expect("readable"))).collect()
}

/// The `i`-th of 64 texts of praise, no two of which share two parts.
pub(crate) fn praise(i: usize) -> String {
    format!("The {} {} {}", WHO[i % 8], WHAT[(i / 8 + i) % 8], WHEN[(3 * i + i / 8) % 8])
}

const WHO: [&str; 8] =
    ["porter", "lady at the desk", "gardener", "cook", "night nurse", "bus driver", "plumber", "choir master"];
const WHAT: [&str; 8] = [
    "found my keys",
    "carried all boxes",
    "stayed until midnight",
    "fixed two wheels",
    "sang for the children",
    "lent us a ladder",
    "called a doctor",
    "baked a walnut cake",
];
const WHEN: [&str; 8] = [
    "after the flood",
    "during the strike",
    "before our wedding",
    "on a cold Sunday",
    "in deep snow",
    "while we were ill",
    "at six in the morning",
    "without being asked",
];

/// `equipoise review run` in `folder`, and the address that it prints.
pub(crate) fn review(folder: &Path, reviewer: &str) -> (Child, String) {
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("equipoise"))
        .args(["review", "run", "--reviewer", reviewer])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
    (process, url.to_owned())
}

/// The path of a file of `fixtures/`.
pub(crate) fn fixture(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    root.join(name).to_str().expect("a path in Unicode").to_owned()
}

/// Every file below `folder`, sorted, as paths below it.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path.clone());
            }
            found.push(path.strip_prefix(folder).expect("below it").to_owned());
        }
    }
    found.sort();
    found
}

/// What is wrong with how a command failed, if anything: another code, no two or three lines, parts that the error does not say.
pub(crate) fn fault(ran: &Ran, code: i32, says: &[&str]) -> Option<String> {
    let lines: Vec<&str> = ran.err.lines().skip_while(|l| !l.starts_with("error:")).collect();
    let said = lines.join("\n");
    let good = ran.code == Some(code)
        && (2..=3).contains(&lines.len())
        && lines[lines.len() - 1].starts_with("hint: ")
        && says.iter().all(|part| said.contains(part))
        && !ran.err.contains("panicked")
        && !ran.err.contains('\u{1b}')
        && ran.out.is_empty();
    (!good).then(|| format!("expected {code} and {says:?}, got {:?}\n{}{}", ran.code, ran.err, ran.out))
}
