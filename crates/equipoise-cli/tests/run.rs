//! Runs with the offline generator, and the commands around them: files, their accounts, and bytes that never differ.

mod common;

use ::equipoise::config::{Layer, Layers};
use ::equipoise::material::Sources;
use ::equipoise::{Material, Setup, Work};
use common::{command, equipoise, fault, files, finish, fixture};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::{TempDir, tempdir};

/// A folder with copies of the library and its test set, and a finished run of them in `out`.
fn finished() -> TempDir {
    let folder = library();
    equipoise(folder.path(), &["run", "library.csv", "--test", "library-test.csv", "--out", "out"]).ends_with(0);
    folder
}

fn library() -> TempDir {
    let folder = tempdir().expect("a folder");
    for name in ["library.csv", "library-test.csv", "library-synthetic.csv"] {
        std::fs::copy(fixture(name), folder.path().join(name)).expect("copied");
    }
    folder
}

/// Content of every file of a run but the locks and the journal.
fn content(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let named =
        files(run).into_iter().filter(|n| !["journal", ".lock"].iter().any(|p| n.to_string_lossy().starts_with(p)));
    named.map(|name| (name.clone(), std::fs::read(run.join(&name)).expect("readable"))).collect()
}

/// As [`content`], without what names the run's place.
fn derived(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = content(run);
    all.remove(Path::new("run.json"));
    all
}

#[track_caller]
fn assert_same(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>) {
    assert!(a.keys().eq(b.keys()), "{:?}\n{:?}", a.keys(), b.keys());
    let differing: Vec<&PathBuf> = a.iter().filter(|(name, bytes)| &b[*name] != *bytes).map(|(name, _)| name).collect();
    assert!(differing.is_empty(), "{differing:?} differ");
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

fn jsonl(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("readable");
    text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

#[test]
fn a_run_leaves_every_file_and_its_account_balances() {
    let folder = finished();
    let out = folder.path().join("out");
    let names: BTreeSet<String> = files(&out).into_iter().map(|n| n.to_string_lossy().into_owned()).collect();
    for name in [
        "run.json",
        "recipe.toml",
        "profile.json",
        "plan.json",
        "journal.db",
        "candidates.jsonl",
        "verdicts.jsonl",
        "selection.json",
        "evaluation.json",
        "report.html",
        "report.md",
        "card.md",
        "synthetic.csv",
        "augmented.csv",
        "review.csv",
    ] {
        assert!(names.contains(name), "{name} is missing from {names:?}");
    }
    assert!(!names.iter().any(|n| n.contains("tmp")), "{names:?}");
    let selection = json(&out.join("selection.json"));
    let of = |names: &[&str]| names.iter().map(|n| selection["rows"][*n].as_u64().unwrap()).sum::<u64>();
    let ends = of(&["kept", "surplus", "rejected", "missing", "refused", "failed"]);
    assert_eq!(of(&["planned", "extra"]), ends, "{selection}");
    let kept = selection["kept"].as_array().unwrap().len();
    assert!(kept > 0 && kept as u64 == of(&["kept"]));
    let candidates = jsonl(&out.join("candidates.jsonl"));
    let verdicts = jsonl(&out.join("verdicts.jsonl"));
    let counts = &verdicts.last().unwrap()["counts"];
    assert_eq!(counts["n_candidates"].as_u64(), Some(candidates.len() as u64));
    for check in counts["checks"].as_array().unwrap() {
        let sum: u64 = ["pass", "warn", "reject"].iter().map(|outcome| check[outcome].as_u64().unwrap()).sum();
        assert_eq!(sum, candidates.len() as u64, "every check says something of every candidate: {check}");
    }
    let told = verdicts.iter().filter(|v| v["outcome"] == "warn" || v["outcome"] == "reject").count();
    assert_eq!(told + 1, verdicts.len(), "a check that found nothing has no line");
}

#[test]
fn the_augmented_file_starts_with_the_input_and_ends_with_what_was_kept() {
    let folder = finished();
    let input = std::fs::read(folder.path().join("library.csv")).unwrap();
    let augmented = std::fs::read(folder.path().join("out/augmented.csv")).unwrap();
    assert!(augmented.starts_with(&input));
    let synthetic = std::fs::read_to_string(folder.path().join("out/synthetic.csv")).unwrap();
    let mut lines = synthetic.lines();
    let head = "text,label,source_id,source,candidate,request,model,generator";
    assert_eq!(lines.next(), Some(head));
    let kept: Vec<&str> = lines.collect();
    assert_eq!(kept.len(), json(&folder.path().join("out/selection.json"))["kept"].as_array().unwrap().len());
    assert!(kept.iter().all(|row| row.ends_with(",offline,recombine")), "{synthetic}");
    let added = String::from_utf8(augmented[input.len()..].to_vec()).unwrap();
    assert_eq!(added.lines().filter(|l| !l.is_empty()).count(), kept.len());
}

#[test]
fn the_evaluation_has_the_keys_that_others_read() {
    let folder = finished();
    let evaluation = json(&folder.path().join("out/evaluation.json"));
    assert_eq!((&evaluation["schema"], &evaluation["seed"]), (&1.into(), &7.into()));
    assert_eq!(evaluation["train"]["labels"]["building"], 12);
    assert_eq!(evaluation["held_out"]["n"], 9);
    assert_eq!(evaluation["held_out"]["name"], "library-test.csv");
    assert_eq!(evaluation["design"], "cross_validation", "nine rows are too few to judge on alone");
    assert!(evaluation["synthetic"]["n_candidates"].is_u64() && evaluation["synthetic"]["n_kept"].is_u64());
    let arms = evaluation["arms"].as_array().unwrap();
    let names: Vec<&str> = arms.iter().filter_map(|a| a["name"].as_str()).collect();
    for name in
        ["none", "class_weight", "over_sample", "smote", "duplicate_control", "synthetic_naive", "synthetic", "auto"]
    {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
    assert_eq!(arms.iter().filter(|a| a["chosen"] == true).count(), 1);
    for arm in arms {
        for key in ["learner", "n_real", "n_synthetic", "cv_score"] {
            assert!(arm.get(key).is_some(), "{key}: {arm}");
        }
        for estimate in [&arm["accuracy"], &arm["macro_f1"], &arm["labels"]["praise"]["recall"]] {
            let [value, low, high] = ["value", "low", "high"].map(|k| estimate[k].as_f64().expect("a figure"));
            assert!(low <= value && value <= high && estimate["n"].is_u64() && estimate["method"].is_string());
        }
        assert_eq!(arm["labels"]["praise"]["support"], 6, "the rows of both files");
        let counts = arm["confusion"]["counts"].as_array().unwrap();
        let n_passes = arm["confusion"]["n_passes"].as_u64().unwrap_or(1);
        let n = counts.iter().flat_map(|row| row.as_array().unwrap()).filter_map(Value::as_u64).sum::<u64>();
        assert_eq!(n, n_passes * (24 + 9));
    }
    for contrast in evaluation["contrasts"].as_array().unwrap() {
        for key in ["arm", "against", "metric", "difference", "p_value"] {
            assert!(contrast.get(key).is_some(), "{key}: {contrast}");
        }
    }
    assert!(names.contains(&evaluation["verdict"]["arm"].as_str().unwrap()));
    assert!(evaluation["verdict"].get("use_synthetic").is_some() && evaluation["verdict"]["reason"].is_string());
}

#[test]
fn no_row_is_made_from_a_held_out_one() {
    let folder = library();
    std::fs::write(folder.path().join("split.toml"), "[evaluate]\nheld_out_share = 0.25\n").unwrap();
    let run = ["run", "library.csv", "--out", "out", "--balance", "to-majority", "--recipe", "split.toml"];
    equipoise(folder.path(), &run).ends_with(0);
    let out = folder.path().join("out");
    assert_eq!(json(&out.join("profile.json"))["n"], 18, "a quarter of 24 is held out");
    let mut layer = toml::Table::new();
    let input = folder.path().join("library.csv").to_str().unwrap().to_owned();
    ::equipoise::config::set(&mut layer, "data.input", toml::Value::String(input));
    ::equipoise::config::set(&mut layer, "evaluate.held_out_share", toml::Value::Float(0.25));
    let recipe = Layers::default().with(Layer::Flag, layer).resolve().unwrap();
    let setup = Setup::new(recipe).unwrap();
    let material = Material::read(&Sources::of(setup.recipe()).unwrap(), &Work::default()).unwrap();
    let train: BTreeSet<String> = material.dataset().train().rows().map(|row| row.id.to_string()).collect();
    let texts: Vec<&str> = material.dataset().train().rows().map(|row| row.text).collect();
    let candidates = jsonl(&out.join("candidates.jsonl"));
    assert!(candidates.len() >= 4 && train.len() == 18);
    for candidate in &candidates {
        let sources = candidate["sources"]["joined"]["rows"].as_array().unwrap();
        assert!(!sources.is_empty() && sources.iter().all(|id| train.contains(id.as_str().unwrap())), "{candidate}");
        // Words of a held-out row would be words that no training row has.
        let text = candidate["text"].as_str().unwrap().to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            assert!(texts.iter().any(|t| t.to_lowercase().contains(word)), "`{word}` of {candidate}");
        }
    }
}

#[test]
fn a_replay_is_equal_and_finds_a_file_that_was_changed() {
    let folder = finished();
    let out = folder.path().join("out");
    let before = content(&out);
    let ran = equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    assert!(ran.out.contains("equal, byte for byte"), "{}", ran.out);
    for name in ["synthetic.csv", "selection.json", "report.html", "augmented.csv"] {
        std::fs::write(out.join(name), [&before[Path::new(name)][..], b" "].concat()).unwrap();
        let ran = equipoise(folder.path(), &["replay", "out", "--check"]);
        assert_eq!(fault(&ran, 65, &[name, "equipoise replay"]), None);
        equipoise(folder.path(), &["replay", "out"]).ends_with(0);
        assert_same(&before, &content(&out));
    }
}

#[test]
fn resume_and_report_of_a_finished_run_change_no_byte() {
    let folder = finished();
    let out = folder.path().join("out");
    let before = content(&out);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_same(&before, &content(&out));
    std::fs::remove_file(out.join("report.html")).unwrap();
    equipoise(folder.path(), &["report", "out"]).ends_with(0);
    assert_same(&before, &content(&out));
    // From another folder too: the run knows where its input stands.
    let elsewhere = tempdir().unwrap();
    equipoise(elsewhere.path(), &["resume", out.to_str().unwrap()]).ends_with(0);
    assert_same(&before, &content(&out));
}

#[test]
fn a_changed_input_refuses_to_go_on() {
    let folder = finished();
    let before = content(&folder.path().join("out"));
    for name in ["library.csv", "library-test.csv"] {
        let path = folder.path().join(name);
        let original = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&original[..], b"One more.,loans\n"].concat()).unwrap();
        for arguments in [&["resume", "out"][..], &["replay", "out", "--check"], &["report", "out"]] {
            let ran = equipoise(folder.path(), arguments);
            assert_eq!(fault(&ran, 65, &[name, "has changed", "start a new run"]), None, "{arguments:?}");
        }
        std::fs::write(&path, original).unwrap();
    }
    assert_same(&before, &content(&folder.path().join("out")));
}

#[test]
fn the_seed_decides_every_byte_and_the_threads_none() {
    // The page shows the command as it was typed and the day, so that both are the same here.
    let run = |threads: &str, seed: &str| {
        let folder = library();
        let arguments = ["run", "library.csv", "--out", "out", "--seed", seed, "--balance", "to-majority"];
        let mut run = command(folder.path(), &arguments);
        run.env("RAYON_NUM_THREADS", threads).env("SOURCE_DATE_EPOCH", "1700000000");
        finish(run).ends_with(0);
        derived(&folder.path().join("out"))
    };
    let first = run("1", "7");
    assert_same(&first, &run("2", "7"));
    assert_same(&first, &run("2", "7"));
    let other = run("2", "8");
    let made = Path::new("candidates.jsonl");
    assert_ne!(first[made], other[made]);
}

#[test]
fn every_text_format_runs_and_keeps_its_own_form() {
    for format in ["csv", "tsv", "txt", "json", "jsonl"] {
        let folder = tempdir().unwrap();
        let plain = std::fs::read(fixture(&format!("library.{format}"))).unwrap();
        let name = format!("library.{format}");
        std::fs::write(folder.path().join(&name), &plain).unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&plain).unwrap();
        std::fs::write(folder.path().join(format!("{name}.gz")), packed.finish().unwrap()).unwrap();
        equipoise(folder.path(), &["run", &name, "--no-evaluate", "--out", "plain"]).ends_with(0);
        equipoise(folder.path(), &["run", &format!("{name}.gz"), "--no-evaluate", "--out", "packed"]).ends_with(0);
        let augmented = std::fs::read(folder.path().join(format!("plain/augmented.{format}"))).unwrap();
        // A JSON array must be opened again at its end.
        let same =
            if format == "json" { plain.trim_ascii_end().strip_suffix(b"]").unwrap().trim_ascii_end() } else { &plain };
        assert!(augmented.starts_with(same) && augmented.len() > plain.len(), "{format}");
        let selection = std::fs::read_to_string(folder.path().join("plain/selection.json")).unwrap();
        let n_kept = serde_json::from_str::<Value>(&selection).unwrap()["kept"].as_array().unwrap().len();
        assert!(n_kept > 0, "{format}");
        let profile = ["profile", &format!("plain/augmented.{format}"), "--json"].map(str::to_owned);
        let ran = equipoise(folder.path(), &profile.each_ref().map(String::as_str)).ends_with(0);
        assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["n"], 24 + n_kept, "{format}");
        let packed = format!("packed/augmented.{format}.gz");
        let ran = equipoise(folder.path(), &["profile", &packed, "--json"]).ends_with(0);
        assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["n"], 24 + n_kept, "{packed}");
    }
}

#[test]
fn standard_input_is_kept_in_the_run_so_that_it_can_be_replayed() {
    let folder = library();
    let open = || Stdio::from(std::fs::File::open(folder.path().join("library.csv")).unwrap());
    for (more, out) in [(&["--no-evaluate"][..], "runs/stdin-1"), (&[], "runs/stdin-2")] {
        let mut run = command(folder.path(), &[&["run", "--format", "csv", "-"][..], more].concat());
        run.stdin(open());
        finish(run).ends_with(0);
        equipoise(folder.path(), &["replay", out, "--check"]).ends_with(0);
    }
    let input = std::fs::read(folder.path().join("library.csv")).unwrap();
    assert!(std::fs::read(folder.path().join("runs/stdin-1/augmented.csv")).unwrap().starts_with(&input));
    let mut profile = command(folder.path(), &["profile", "-", "--format", "csv", "--json"]);
    profile.stdin(open());
    assert_eq!(serde_json::from_str::<Value>(&finish(profile).ends_with(0).out).unwrap()["n"], 24);
}

#[test]
fn no_evaluate_evaluates_nothing_even_with_a_test_file() {
    let folder = library();
    let arguments = ["run", "library.csv", "--test", "library-test.csv", "--no-evaluate", "--out", "out"];
    equipoise(folder.path(), &arguments).ends_with(0);
    let out = folder.path().join("out");
    assert!(!out.join("evaluation.json").exists() && out.join("report.html").exists());
    assert_eq!(json(&out.join("profile.json"))["n"], 24);
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn synthetic_rows_from_anywhere_are_evaluated_and_so_are_the_cheap_rivals_alone() {
    let folder = library();
    let fixed = ["evaluate", "--train", "library.csv", "--test", "library-test.csv"];
    let alone = equipoise(folder.path(), &[&fixed[..], &["--json"]].concat()).ends_with(0);
    let names = |ran: &str| -> Vec<String> {
        let evaluation: Value = serde_json::from_str(ran).unwrap();
        evaluation["arms"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap().to_owned()).collect()
    };
    let (alone, with) =
        (names(&alone.out), [&fixed[..], &["--synthetic", "library-synthetic.csv", "--out", "out"]].concat());
    assert!(alone.contains(&"smote".to_owned()) && !alone.contains(&"synthetic".to_owned()), "{alone:?}");
    equipoise(folder.path(), &with).ends_with(0);
    let written = std::fs::read_to_string(folder.path().join("out/evaluation.json")).unwrap();
    assert!(names(&written).contains(&"synthetic".to_owned()) && folder.path().join("out/report.html").exists());
}

#[test]
fn planted_faults_are_each_rejected_for_what_they_are() {
    let folder = library();
    let long = "It was a pleasure to be here and we will come again with all our friends and neighbours. ".repeat(8);
    let planted = [
        ("NEW CHAIRS! Finally, and so comfortable!!", "copy", "copy_of_row"),
        ("The lady at the desk found my umbrella, what a kind soul indeed", "near_duplicate", "near_row"),
        ("?!?!?!?! ... !?!?!?!?! ... !?!?!?", "empty", "empty"),
        ("What a wonderful exhibition, thank you.", "test_overlap", "held_out_text"),
        (&long, "length", "too_long"),
        ("Ok.", "length", "too_short"),
    ];
    let rows: String = planted.iter().map(|(text, ..)| format!("\"{text}\",praise\n")).collect();
    let good = "\"We enjoyed the puppet show very much, the whole family laughed.\",praise\n";
    std::fs::write(folder.path().join("made.csv"), format!("text,label\n{rows}{good}")).unwrap();
    let arguments = ["check", "--train", "library.csv", "--test", "library-test.csv", "--synthetic", "made.csv"];
    equipoise(folder.path(), &[&arguments[..], &["--out", "out"]].concat()).ends_with(0);
    let candidates = jsonl(&folder.path().join("out/candidates.jsonl"));
    let verdicts = jsonl(&folder.path().join("out/verdicts.jsonl"));
    for (text, check, reason) in planted {
        let candidate = candidates.iter().find(|c| c["text"].as_str().map(str::trim) == Some(text.trim()));
        let id = &candidate.unwrap_or_else(|| panic!("{text} is no candidate"))["id"];
        let verdict = verdicts.iter().find(|v| &v["candidate"] == id && v["check"] == check).unwrap();
        assert_eq!((&verdict["outcome"], &verdict["reason"]), (&"reject".into(), &reason.into()), "{text}: {verdict}");
    }
    let selection = json(&folder.path().join("out/selection.json"));
    assert_eq!(selection["kept"].as_array().map(Vec::len), Some(1), "{selection}");
    equipoise(folder.path(), &[&arguments[..], &["--out", "all", "--all-verdicts"]].concat()).ends_with(0);
    let all = jsonl(&folder.path().join("all/verdicts.jsonl"));
    let n_checks = all.last().unwrap()["counts"]["checks"].as_array().unwrap().len();
    assert_eq!(all.len(), candidates.len() * n_checks + 1, "a line of each check on each candidate, and the counts");
    let found = |lines: &[Value]| lines.iter().filter(|v| v["outcome"] == "reject").cloned().collect::<Vec<_>>();
    assert_eq!(found(&all), found(&verdicts));
    assert!(folder.path().join("out/report.html").exists());
    for (limits, code) in [("copy=0", 1), ("copy=1,any=1", 0), ("copi=0", 2), ("copy=2", 2)] {
        equipoise(folder.path(), &[&arguments[..], &["--fail-on", limits]].concat()).ends_with(code);
    }
}

#[test]
fn quiet_says_nothing_and_json_says_one_object() {
    let folder = library();
    let rest = ["--test", "library-test.csv"];
    let commands: [&[&str]; 10] = [
        &["profile", "library.csv", rest[0], rest[1]],
        &["plan", "library.csv"],
        &["run", "library.csv", rest[0], rest[1], "--out", "out"],
        &["resume", "out"],
        &["replay", "out", "--check"],
        &["replay", "out"],
        &["report", "out"],
        &["check", "--train", "library.csv", "--synthetic", "library-synthetic.csv"],
        &["evaluate", "--train", "library.csv", rest[0], rest[1], "--synthetic", "library-synthetic.csv"],
        &["list", "checks"],
    ];
    for arguments in commands {
        let ran = equipoise(folder.path(), &[arguments, &["--quiet", "--json"]].concat()).ends_with(0);
        assert_eq!(ran.err, "", "{arguments:?}");
        assert_eq!(ran.out.lines().count(), 1, "{arguments:?}: {}", ran.out);
        serde_json::from_str::<Value>(&ran.out).unwrap_or_else(|e| panic!("{arguments:?}: {e}"));
        if arguments[0] == "run" {
            std::fs::remove_dir_all(folder.path().join("out")).unwrap();
            let ran = equipoise(folder.path(), &[arguments, &["--quiet"]].concat()).ends_with(0);
            assert_eq!(ran.err, "");
        }
    }
}

#[test]
fn every_command_shows_an_example() {
    let folder = tempdir().unwrap();
    let commands = ["demo", "profile", "plan", "run", "resume", "check", "evaluate", "report", "replay", "list"];
    let help = equipoise(folder.path(), &["--help"]).ends_with(0);
    assert!(help.out.contains("Examples:") && commands.iter().all(|c| help.out.contains(c)), "{}", help.out);
    for name in commands {
        let ran = equipoise(folder.path(), &[name, "--help"]).ends_with(0);
        assert!(ran.out.contains("Example") && ran.out.contains(&format!("equipoise {name}")), "{}", ran.out);
        assert_eq!(ran.err, "");
    }
    for kind in ["formats", "generators", "providers", "checks", "learners", "arms", "metrics"] {
        let ran = equipoise(folder.path(), &["list", kind]).ends_with(0);
        assert!(ran.out.contains("Source: "), "{kind}");
    }
}

#[cfg(unix)]
/// A folder with `train.csv`: enough rows for an evaluation that takes a while.
fn many_rows() -> TempDir {
    let folder = tempdir().expect("as set up");
    let mut rows = "text,label\n".to_owned();
    for i in 0..300 {
        rows += &format!("the lift number {i} on floor {} has been broken since week {},fault\n", i % 9, i * 7 % 50);
    }
    for i in 0..80 {
        rows += &format!("many thanks to porter {i} who was so kind in year {},praise\n", 1900 + i * 3 % 120);
    }
    std::fs::write(folder.path().join("train.csv"), rows).expect("as set up");
    folder
}

#[cfg(unix)]
/// Starts the command, sends a signal once the phase has begun; gives the exit code and the rest of what was said.
fn interrupted_in(folder: &Path, phase: &str, arguments: &[&str]) -> (Option<i32>, String) {
    use std::io::{BufRead, Read};
    let mut child = command(folder, arguments)
        .arg("--log-json")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("as set up");
    let mut said = std::io::BufReader::new(child.stderr.take().expect("as set up"));
    let wanted = format!("\"event\":\"started\",\"data\":\"{phase}\"");
    let mut line = String::new();
    while !line.contains(&wanted) {
        line.clear();
        assert!(said.read_line(&mut line).expect("as set up") > 0, "{phase} was never begun");
    }
    let signal = std::process::Command::new("/bin/sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(signal.expect("as set up").success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("as set up");
    (child.wait().expect("as set up").code(), rest)
}

#[cfg(unix)]
#[test]
fn an_interrupt_while_nothing_is_sent_ends_at_once_with_the_way_to_go_on() {
    let folder = many_rows();
    let run = ["run", "train.csv", "--balance", "to-majority", "--out"];
    equipoise(folder.path(), &[&run[..], &["whole"]].concat()).ends_with(0);
    let mut resume = [&run[..], &["out"]].concat();
    for phase in ["generate", "evaluate"] {
        let (code, said) = interrupted_in(folder.path(), phase, &resume);
        assert_eq!(code, Some(130), "{phase}: {said}");
        assert!(said.contains("interrupted") && said.contains("`equipoise resume out`"), "{phase}: {said}");
        assert!(!folder.path().join("out/evaluation.json").exists());
        resume = vec!["resume", "out"];
    }
    equipoise(folder.path(), &resume).ends_with(0);
    for name in ["candidates.jsonl", "selection.json", "evaluation.json", "augmented.csv"] {
        let of = |run: &str| std::fs::read(folder.path().join(run).join(name)).unwrap();
        assert_eq!(of("out"), of("whole"), "{name}");
    }
}
