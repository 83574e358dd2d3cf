//! What nobody should find out afterwards: rows that were held out, options that were ignored, reports that were not written.

mod common;

use common::{equipoise, fault, fixture};
use serde_json::Value;
use tempfile::tempdir;

#[test]
fn a_run_and_its_plan_say_at_once_how_many_rows_they_hold_out_and_hold_out_the_same() {
    let folder = tempdir().expect("a folder");
    let train = fixture("library.csv");
    std::fs::write(folder.path().join("split.toml"), "[evaluate]\nheld_out_share = 0.25\n").expect("a recipe");
    let plan = ["plan", &train, "--balance", "to-majority", "--recipe", "split.toml", "--json"];
    let plan = equipoise(folder.path(), &plan).ends_with(0);
    let run = ["run", &train, "--balance", "to-majority", "--recipe", "split.toml", "--out", "out", "--json"];
    let run = [&run[..], &["--color", "never"]].concat();
    let run = equipoise(folder.path(), &run).ends_with(0);
    let said = |err: &str| err.lines().find(|line| line.contains("are held out to judge on")).map(str::to_owned);
    assert!(said(&run.err).is_some_and(|line| line.contains("--test FILE")), "{}", run.err);
    assert_eq!(said(&plan.err), said(&run.err));
    assert_eq!(run.err.lines().next(), said(&run.err).as_deref(), "it is said first");
    let written = std::fs::read_to_string(folder.path().join("out/plan.json")).expect("a plan");
    let (planned, written): (Value, Value) =
        (serde_json::from_str(&plan.out).expect("JSON"), serde_json::from_str(&written).expect("JSON"));
    assert_eq!(planned["labels"], written["labels"]);
    let record = std::fs::read_to_string(folder.path().join("out/run.json")).expect("a record");
    assert!(record.contains("\"date\": \"20"), "{record}");
}

#[test]
fn it_is_said_at_once_that_every_row_is_judged_in_turn() {
    let folder = tempdir().expect("a folder");
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let design = |out: &str| -> Value {
        let text = std::fs::read_to_string(folder.path().join(out).join("evaluation.json")).expect("an evaluation");
        serde_json::from_str::<Value>(&text).expect("JSON")["design"].clone()
    };
    let alone = "no test file: every real row is judged in turn, 5 folds 5 times";
    let plan = equipoise(folder.path(), &["plan", &train, "--balance", "to-majority"]).ends_with(0);
    assert_eq!(plan.err.lines().next(), Some(alone));
    let run = equipoise(folder.path(), &["run", &train, "--balance", "to-majority", "--out", "run", "--repeats", "1"])
        .ends_with(0);
    assert_eq!(run.err.lines().next(), Some("no test file: every real row is judged in turn, 5 folds once"));
    assert_eq!(design("run"), "cross_validation");
    let evaluate = ["evaluate", "--train", &train, "--test", &test, "--out", "small", "--repeats", "2"];
    let evaluate = equipoise(folder.path(), &evaluate).ends_with(0);
    assert!(evaluate.err.contains("under 50 rows of a label"), "{}", evaluate.err);
    assert_eq!(design("small"), "cross_validation");
    let many = equipoise(folder.path(), &["evaluate", "--train", &train, "--repeats", "0"]);
    assert!(many.code != Some(0) && many.err.contains("repeats"), "{}", many.err);
}

#[test]
fn an_option_that_would_be_ignored_is_refused() {
    let folder = tempdir().expect("a folder");
    let train = fixture("library.csv");
    for option in [["--prompt", "rewrite"], ["--temperature", "0.5"], ["--base-url", "http://127.0.0.1:1/v1"]] {
        let ran = equipoise(folder.path(), &[&["run", train.as_str(), "--no-evaluate"][..], &option].concat());
        assert_eq!(fault(&ran, 2, &[option[0].trim_start_matches('-'), "built-in generator", "--model"]), None);
    }
    let unused: [(&[&str], &str); 7] = [
        (&["--chunk", "4"], "chunk"),
        (&["--avoid-patterns"], "avoid-patterns"),
        (&["--allow-host", "a.example"], "allow-host"),
        (&["--max-outage", "1m"], "max-outage"),
        (&["--mine"], "`mine`"),
        (&["--only", "staff", "--label-to", "building=30"], "--only leaves building out"),
        (&["--label-to", "staff=30", "--label-to", "staff=40"], "staff twice"),
    ];
    for (options, says) in unused {
        let ran = equipoise(folder.path(), &[&["run", train.as_str(), "--no-evaluate"][..], options].concat());
        assert_eq!(fault(&ran, 2, &[says]), None, "{options:?}");
    }
    let conflicts: [&[&str]; 4] = [
        &["check", "--train", &train, "--synthetic", &train, "--yes"],
        &["check", "--train", &train, "--synthetic", &train, "--all-verdicts"],
        &["run", &train, "--no-evaluate", "--arms"],
        &["review", "out", "--summary", "--port", "1"],
    ];
    for args in conflicts {
        assert_eq!(equipoise(folder.path(), args).code, Some(2), "{args:?}");
    }
    let ran = equipoise(folder.path(), &["plan", &train, "--yes"]);
    assert_eq!(ran.code, Some(2), "nothing is sent that could be agreed to: {}", ran.err);
    assert!(!folder.path().join("runs").exists());
}

/// What `plan` says of whether texts help, on real rows; `None` without them.
#[allow(clippy::print_stdout, reason = "a test says why it was skipped")]
fn outlook(task: &str) -> Option<Vec<Value>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into();
    let shared = std::env::var_os("EQUIPOISE_SHARED").map_or(beside, std::path::PathBuf::from);
    let train = shared.join("data").join(task).join("train.csv");
    if !train.is_file() {
        println!("skipped: EQUIPOISE_SHARED names no folder with data/{task}");
        return None;
    }
    let folder = tempdir().expect("a folder");
    let train = train.to_str().expect("a path in Unicode").to_owned();
    let plan = equipoise(folder.path(), &["plan", &train, "--balance", "to-majority", "--json"]).ends_with(0);
    let plan: Value = serde_json::from_str(&plan.out).expect("JSON");
    let said = equipoise(folder.path(), &["plan", &train, "--balance", "to-majority"]).ends_with(0);
    assert!(said.out.contains("texts help") && said.out.contains("Unlikely: they lower it."), "{}", said.out);
    let raised: Vec<&str> = plan["labels"].as_array()?.iter().filter_map(|label| label["label"].as_str()).collect();
    let outlook = plan["outlook"].as_array().expect("an outlook").clone();
    let mut named: Vec<&str> = outlook.iter().filter_map(|label| label["label"].as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, raised, "every label that is to be raised");
    Some(outlook)
}

#[test]
fn a_plan_of_real_rows_orders_the_labels_by_whether_texts_are_likely_to_help() {
    for task in ["sentiment", "crowdflower", "offence-da"] {
        let Some(outlook) = outlook(task) else { return };
        let gain = |label: &Value| label["class_weight_gain"].as_f64();
        let gains: Vec<f64> = outlook.iter().map(|label| gain(label).unwrap_or(-2.0)).collect();
        assert!(gains.is_sorted_by(|a, b| a >= b), "{task}: {gains:?}");
        for label in &outlook {
            let word = gain(label).map(|gain| match gain {
                gain if gain >= 0.03 => "likely",
                gain if gain >= 0.0 => "may",
                _ => "unlikely",
            });
            assert_eq!(label["help"].as_str(), word, "{label}");
            let shares: Vec<f64> =
                label["taken_for"].as_array().expect("neighbours").iter().filter_map(|n| n["share"].as_f64()).collect();
            assert!(shares.iter().all(|share| (0.1..=1.0).contains(share)) && shares.len() <= 3, "{label}");
        }
    }
}

#[test]
fn an_evaluation_writes_its_report_and_says_where() {
    let folder = tempdir().expect("a folder");
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let ran = equipoise(folder.path(), &["evaluate", "--train", &train, "--test", &test]).ends_with(0);
    assert!(ran.out.contains("runs/library-evaluated-1/report.html"), "{}", ran.out);
    assert!(folder.path().join("runs/library-evaluated-1/report.html").exists());
    let mut piped = common::command(folder.path(), &["evaluate", "--train", "-", "--format", "csv", "--fits", "few"]);
    piped.stdin(std::fs::File::open(&train).expect("readable"));
    common::finish(piped).ends_with(0);
    assert!(folder.path().join("runs/stdin-evaluated-1/report.html").exists());
    let quiet = ["evaluate", "--train", &train, "--test", &test, "--quiet"];
    let quiet = equipoise(folder.path(), &quiet).ends_with(0);
    assert!(quiet.err.is_empty() && (2..=3).contains(&quiet.out.lines().count()), "{quiet:?}");
    assert!(quiet.out.contains("runs/library-evaluated-2/report.html"), "{quiet:?}");
}

#[test]
fn shells_and_man_know_every_command() {
    let folder = tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = equipoise(folder.path(), &["completions", shell]).ends_with(0);
        assert!(["review", "--label-to", "doctor"].iter().all(|word| ran.out.contains(word)), "{shell}");
    }
    let page = equipoise(folder.path(), &["man"]).ends_with(0);
    assert!(page.out.contains(".TH equipoise 1") && page.out.contains("doctor"), "{}", page.out);
    equipoise(folder.path(), &["man", "--out", "man1"]).ends_with(0);
    assert!(folder.path().join("man1/equipoise-run.1").exists());
}

#[test]
fn doctor_names_the_keys_that_are_set_and_sends_nothing_without_a_model() {
    let folder = tempdir().expect("a folder");
    let ran = equipoise(folder.path(), &["doctor"]).ends_with(0);
    assert!(ran.out.contains("OPENAI_API_KEY is not set") && ran.out.contains("built-in generator"), "{}", ran.out);
    let ran = equipoise(folder.path(), &["doctor", "openai/gpt-4.1-mini"]);
    assert_eq!(fault(&ran, 69, &["OPENAI_API_KEY"]), None);
}

#[test]
fn what_is_not_there_is_named_with_where_to_find_it() {
    let folder = tempdir().expect("a folder");
    let train = fixture("library.csv");
    let plan = |options: &[&str]| equipoise(folder.path(), &[&["plan", train.as_str()][..], options].concat());
    assert_eq!(fault(&plan(&["--model", "gpt-4.1-mini"]), 2, &["without its provider", "openai/gpt-4.1-mini"]), None);
    assert_eq!(fault(&plan(&["--model", "opnai/gpt-4.1-mini"]), 2, &["did you mean `openai`", "list providers"]), None);
    assert_eq!(fault(&plan(&["--only", "prais"]), 2, &["did you mean `praise`", "one of these labels"]), None);
    assert_eq!(fault(&plan(&["--label-to", "loans=2"]), 2, &["never removed", "--label-to LABEL=2x"]), None);
    let paid = ["--model", "openai/gpt-4.1-mini", "--try", "3", "--budget", "1"];
    assert_eq!(fault(&plan(&paid), 2, &["--budget is of no use with --try", "omit it"]), None);
    let kinds = equipoise(folder.path(), &["list"]).ends_with(0).out;
    for expected in ["equipoise list checks", "class_weight", "linear", "openai_compatible", "macro_f1"] {
        assert!(kinds.contains(expected), "{expected} in {kinds}");
    }
    assert!(kinds.lines().all(|line| line.chars().count() <= 80), "{kinds}");
}

#[test]
fn a_demo_in_the_same_folder_is_the_same_run() {
    let folder = tempdir().expect("a folder");
    equipoise(folder.path(), &["demo", "--out", "d"]).ends_with(0);
    let again = equipoise(folder.path(), &["demo", "--out", "d"]).ends_with(2);
    assert!(again.err.contains("d holds a run already"), "{}", again.err);
    let shown = equipoise(folder.path(), &["report", "d", "--arms"]).ends_with(0);
    assert!(shown.out.contains("way of training") && shown.out.contains("smote"), "{}", shown.out);
}

#[test]
fn without_new_rows_the_table_tells_what_a_free_way_did() {
    let folder = tempdir().expect("a folder");
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let all = ["evaluate", "--train", &train, "--test", &test, "--out", "all"];
    let all = equipoise(folder.path(), &all).ends_with(0).out;
    assert!(all.contains("what the best free way did (95 %)") && !all.contains("new rows did"), "{all}");
    assert!(all.contains("On the training rows alone cross-validation took"), "{all}");
    let few = ["evaluate", "--train", &train, "--test", &test, "--fits", "few", "--out", "few", "--arms"];
    let few = equipoise(folder.path(), &few).ends_with(0).out;
    assert!(!few.contains("cross-validation took") && !few.contains("chosen by cross-validation"), "{few}");
    assert!(few.to_lowercase().contains("nothing was cross-validated"), "{few}");
    let page = std::fs::read_to_string(folder.path().join("all/report.md")).expect("a report");
    assert!(page.contains("What the best free way did"), "{page}");
}

#[test]
fn rows_with_one_text_a_label_are_not_judged() {
    let folder = tempdir().expect("a folder");
    let rows = "text,label\n".to_owned() + &"the lift is broken,fault\nmany thanks to the porter,praise\n".repeat(40);
    std::fs::write(folder.path().join("same.csv"), rows).expect("written");
    let ran = equipoise(folder.path(), &["evaluate", "--train", "same.csv"]);
    assert_eq!(fault(&ran, 2, &["no label has 2 different texts", "at least 2 different texts"]), None);
}
