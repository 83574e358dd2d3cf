//! A verdict on the models that a command of the user fits.

mod common;

use common::{equipoise, fault};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use tempfile::{TempDir, tempdir};

/// Counts words by label, in plain Python; `calls.txt` gets a line each time it runs.
const COUNTS: &str = r#"
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
jobs = [json.loads(line) for line in (folder / "jobs.jsonl").open(encoding="utf-8")]
with open("calls.txt", "a") as calls: calls.write(f"{len(jobs)}\n")
for job in jobs:
    seen = {label: {} for label in job["labels"]}
    for text, label, weight in zip(*(job["train"][k] for k in ("text", "label", "weight"))):
        for word in text.split(): seen[label][word] = seen[label].get(word, 0.0) + weight
    lines = []
    for text in job["predict"]:
        scores = [0.01 + sum(seen[label].get(word, 0.0) for word in text.split()) for label in job["labels"]]
        lines.append(json.dumps([score / sum(scores) for score in scores]))
    (folder / job["result"]).write_text("\n".join(lines), encoding="utf-8")
"#;

fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    let rows = |n: usize, from: usize| -> String {
        let row = |i: usize| {
            let rare = i.is_multiple_of(5);
            let word = ["fine", "plain", "grey", "usual"][i % 4];
            let own = if rare { "leaking" } else { "arrived" };
            format!("the {word} parcel {} {own} on day {i},{}\n", i % 7, if rare { "rare" } else { "other" })
        };
        (from..from + n).map(row).collect()
    };
    let made = |i: usize| {
        let thing = ["box", "crate", "sack", "barrel", "bottle"][i % 5];
        let came = ["came", "stood at the door", "was handed over", "arrived late"][i % 4];
        format!("one leaking {thing} {came} by {},rare\n", ["post", "lorry", "bike", "train", "ship"][i / 4])
    };
    let made: String = (0..20).map(made).collect();
    for (name, rows) in [("train.csv", rows(100, 0)), ("test.csv", rows(60, 1000)), ("made.csv", made)] {
        std::fs::write(folder.path().join(name), format!("text,label\n{rows}")).expect("written");
    }
    std::fs::write(folder.path().join("fit.py"), COUNTS).expect("written");
    folder
}

const FILES: [&str; 9] =
    ["evaluate", "--train", "train.csv", "--test", "test.csv", "--synthetic", "made.csv", "--out", "out"];

fn runs(program: &str, code: &str) -> bool {
    let ran = Command::new(program).args(["-c", code]).output();
    ran.is_ok_and(|out| out.status.success())
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn has_python() -> bool {
    let has = runs("python3", "");
    if !has {
        eprintln!("skipped: there is no python3");
    }
    has
}

fn calls(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("calls.txt")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn all_fits_are_made_in_one_process_and_none_is_made_twice() {
    if !has_python() {
        return;
    }
    let folder = folder();
    let run = |more: &[&str]| equipoise(folder.path(), &[&FILES[..], &["--json"], more].concat()).ends_with(0).out;
    let command = ["--learner-command", "python3 fit.py"];
    let first: Value = serde_json::from_str(&run(&command)).expect("JSON");
    assert_eq!(calls(folder.path()).len(), 1);
    let arms = first["arms"].as_array().expect("arms");
    assert!(arms.iter().all(|arm| arm["learner"] == "command"), "{arms:?}");
    assert!(arms.iter().any(|arm| arm["name"] == "class_weight") && !arms.iter().any(|arm| arm["name"] == "smote"));
    let again: Value = serde_json::from_str(&run(&command)).expect("JSON");
    assert_eq!(calls(folder.path()).len(), 1, "everything was there");
    assert_eq!(first, again);
    std::fs::remove_dir_all(folder.path().join("out/fits")).expect("a folder of fits");
    run(&[&command[..], &["--fits", "few"]].concat());
    assert_eq!(calls(folder.path())[1], "4", "few are four");
}

#[test]
fn a_result_of_another_shape_and_a_command_that_fails_are_told_with_line_and_way_out() {
    if !has_python() {
        return;
    }
    let folder = folder();
    let args = [&FILES[..], &["--fits", "few", "--learner-command", "python3 fit.py"]].concat();
    let wrong = COUNTS.replace("lines.append(", "lines.append('[1.0]' if len(lines) == 2 else ");
    std::fs::write(folder.path().join("fit.py"), wrong).expect("written");
    let told = ["line 3: expected 2 numbers, one for each label; found 1", "JSON array"];
    assert_eq!(fault(&equipoise(folder.path(), &args), 65, &told), None);
    std::fs::write(folder.path().join("fit.py"), "raise SystemExit('no card is free')").expect("written");
    assert_eq!(fault(&equipoise(folder.path(), &args), 65, &["no card is free", "log.txt"]), None);
}

#[test]
fn a_run_that_a_command_judges_is_resumed_with_what_is_missing_and_replayed_without_it() {
    if !has_python() {
        return;
    }
    let folder = folder();
    // Without the card three models are fitted.
    let script = COUNTS.replace("for job in jobs:", "for at, job in enumerate(jobs):\n    if at == 3 and not pathlib.Path('card').exists(): sys.exit('no card is free')");
    std::fs::write(folder.path().join("fit.py"), script).expect("written");
    // The rows are so alike that any text is nearly one of them.
    let near = "[check.near_duplicate]\nthreshold = 0.95\n[check.test_near]\nthreshold = 0.95\n";
    std::fs::write(folder.path().join("recipe.toml"), near).expect("written");
    let start = ["run", "train.csv", "--test", "test.csv", "--label-to", "rare=40", "--out", "run"];
    let start = [&start[..], &["--recipe", "recipe.toml", "--learner-command", "python3 fit.py"]].concat();
    assert_eq!(fault(&equipoise(folder.path(), &start), 65, &["no card is free", "log.txt"]), None);
    std::fs::write(folder.path().join("card"), "").expect("written");
    equipoise(folder.path(), &["resume", "run"]).ends_with(0);
    let n: Vec<usize> = calls(folder.path()).iter().map(|line| line.parse().expect("a number")).collect();
    assert_eq!(n[1], n[0] - 3, "what was fitted is not fitted again");
    let evaluation = std::fs::read_to_string(folder.path().join("run/evaluation.json")).expect("an evaluation");
    let evaluation: Value = serde_json::from_str(&evaluation).expect("JSON");
    let arms = evaluation["arms"].as_array().expect("arms");
    assert!(arms.iter().all(|arm| arm["learner"] == "command"), "{arms:?}");
    assert!(
        evaluation["verdict"]["headline"].is_string() && arms.iter().any(|arm| arm["name"] == "synthetic_weighted")
    );
    equipoise(folder.path(), &["replay", "run", "--check"]).ends_with(0);
    assert_eq!(calls(folder.path()).len(), 2);
}

#[test]
fn the_example_serves_scikit_learn() {
    let python = std::env::var("EQUIPOISE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !runs(&python, "import sklearn") {
        eprintln!("skipped: {python} has no scikit-learn; EQUIPOISE_PYTHON names another Python");
        return;
    }
    let folder = folder();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/fit.py");
    let command = format!("{python} {}", example.display());
    let ran = equipoise(folder.path(), &[&FILES[..], &["--json", "--learner-command", &command]].concat()).ends_with(0);
    let evaluation: Value = serde_json::from_str(&ran.out).expect("JSON");
    let f1 = |name: &str| {
        let arms = evaluation["arms"].as_array().expect("arms");
        let arm = arms.iter().find(|arm| arm["name"] == name).expect("an arm");
        arm["labels"]["rare"]["f1"]["value"].as_f64().expect("a figure")
    };
    assert!(f1("class_weight") > 0.9, "one word tells the label: {evaluation}");
}
