//! What stands on the terminal, word for word: a snapshot for each command and for the commonest errors.
//!
//! A change of words shows as a change of `snapshots/*.snap`. `INSTA_UPDATE=always cargo test -p equipoise-cli --test terminal` takes it
//! over; read the diff before you commit it.
#![cfg(unix)] // Other systems word their own errors otherwise.

mod common;

use common::{command, finish, fixture};
use std::path::Path;
use tempfile::TempDir;

/// A folder with the library's rows, and small files with a fault each.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["library.csv", "library-test.csv", "library-synthetic.csv"] {
        std::fs::copy(fixture(name), folder.path().join(name)).expect("copied");
    }
    for (name, content) in [
        ("open-quote.csv", "text,label\n\"a cold room,building\nthank you,praise\n"),
        ("one-label.csv", "text,label\na cold room,building\na dark hall,building\n"),
        ("slip.toml", "seed = 7\n[model]\ntemperatur = 1.0\n"),
    ] {
        std::fs::write(folder.path().join(name), content).expect("written");
    }
    folder
}

/// Runs `line` in `folder`, a hundred columns wide, and compares all that it says and its exit code with the snapshot called `name`.
fn snapshot(folder: &Path, name: &str, line: &str) {
    let mut command = command(folder, &line.split_whitespace().collect::<Vec<_>>());
    command.env("COLUMNS", "100");
    let ran = finish(command);
    // Long work says from time to time how far it is; how often depends on the machine.
    let is_progress = |line: &&str| {
        let counts = line.split(' ').nth(1).and_then(|word| word.split_once('/'));
        counts.is_some_and(|(done, total)| [done, total].iter().all(|n| n.parse::<u64>().is_ok()))
    };
    let err: String = ran.err.lines().filter(|l| !is_progress(l)).flat_map(|l| [l, "\n"]).collect();
    let code = ran.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    let text = format!("$ equipoise {line}\n{}--- standard error\n{err}--- exit code {code}", ran.out);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, without_learned_figures(&text));
    });
}

/// Figures with three or four decimals come from fits, whose last digits differ between platforms; `cargo xtask golden` holds them.
fn without_learned_figures(text: &str) -> String {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let numeric = is_number(first);
        let end = rest.find(|c| is_number(c) != numeric).unwrap_or(rest.len());
        let word = &rest[..end];
        let decimals = word.split_once('.').map_or(0, |(_, decimals)| decimals.trim_end_matches('.').len());
        match numeric && (3..=4).contains(&decimals) {
            true => shown.extend(word.chars().map(|c| if c == '.' { c } else { '#' })),
            false => shown.push_str(word),
        }
        rest = &rest[end..];
    }
    shown
}

#[test]
fn commands_that_need_no_run() {
    let folder = folder();
    let of = |name, line| snapshot(folder.path(), name, line);
    of("help", "--help");
    of("demo", "demo --quiet");
    of("profile", "profile library.csv --test library-test.csv");
    of("plan", "plan library.csv --label-to praise=10 --model openai/gpt-4.1-mini");
    of("check", "check --train library.csv --synthetic library-synthetic.csv --test library-test.csv");
    of("evaluate", "evaluate --train library.csv --synthetic library-synthetic.csv --test library-test.csv");
    of("list", "list formats");
}

#[test]
fn a_run_and_what_is_done_with_it() {
    let folder = folder();
    let of = |name, line| snapshot(folder.path(), name, line);
    of("run", "run library.csv --test library-test.csv --yes --out library");
    of("resume", "resume library");
    of("report", "report library");
    of("replay", "replay library --check");
    of("predict", "predict library library-test.csv");
    of("error_other_settings", "run library.csv --yes --quiet --seed 8 --out library");
}

#[test]
fn the_commonest_errors() {
    let folder = folder();
    let of = |name, line| snapshot(folder.path(), name, line);
    of("error_no_such_file", "profile nowhere.csv");
    of("error_no_such_column", "profile library.csv --text message");
    of("error_no_such_label", "plan library.csv --label-to thanks=20");
    of("error_one_label", "profile one-label.csv");
    of("error_open_quote", "profile open-quote.csv");
    of("error_slip_in_a_command", "profil library.csv");
    of("error_slip_in_an_option", "run library.csv --lable-to praise=10");
    of("error_slip_in_a_name", "evaluate --train library.csv --learner lineer");
    of("error_slip_in_a_recipe", "plan library.csv --recipe slip.toml");
    of("error_no_key", "run library.csv --quiet --yes --model openai/gpt-4.1-mini");
    of("error_no_run", "resume nowhere");
}
