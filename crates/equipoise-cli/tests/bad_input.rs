//! Everything a person can get wrong: the exit code says who can mend it, two or three lines say what, where and how, and nothing is
//! written.

#[path = "../../equipoise/tests/bad_input/cases.rs"]
mod cases;
mod common;

use cases::{Case, cases};
use common::{equipoise, fault, files, fixture};
use std::path::Path;
use tempfile::tempdir;

/// The options of a case as flags.
fn flags(case: &Case) -> Vec<&'static str> {
    let names = ["--format", "--text", "--label"].into_iter().zip(case.options);
    names.filter_map(|(name, value)| Some([name, value?])).flatten().collect()
}

/// Runs `arguments` for each case and returns what went wrong.
fn each(arguments: impl Fn(&Case) -> Option<Vec<String>>) -> (usize, Vec<String>) {
    let (mut n, mut wrong) = (0, Vec::new());
    for case in cases() {
        let Some(arguments) = arguments(&case) else { continue };
        n += 1;
        let folder = tempdir().expect("a folder");
        std::fs::write(folder.path().join(case.file), &case.bytes).expect("written");
        let ran = equipoise(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let named_format = case.options[0].is_some() && case.kind == "unknown_format";
        let mut says = case.says.to_vec();
        if !named_format {
            says.push(case.file);
        }
        let code = if named_format { 2 } else { 65 };
        wrong.extend(fault(&ran, code, &says).map(|w| format!("{}: {w}", case.file)));
        let left = files(folder.path());
        if left != [Path::new(case.file)] {
            wrong.push(format!("{}: wrote {left:?}", case.file));
        }
    }
    (n, wrong)
}

fn owned(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|a| (*a).to_owned()).collect()
}

#[test]
fn a_bad_file_is_named_with_its_place_by_profile() {
    let (n, wrong) = each(|case| Some(owned(&[&["profile", case.file][..], &flags(case)].concat())));
    assert!(n >= 50 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_bad_file_stops_a_run_before_anything_is_written() {
    let (n, wrong) =
        each(|case| Some(owned(&[&["run", case.file, "--yes", "--out", "out"][..], &flags(case)].concat())));
    assert!(n >= 50 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_bad_test_file_is_named_and_not_the_good_one() {
    let train = fixture("library.csv");
    let (n, wrong) = each(|case| {
        let plain = case.options.iter().all(Option::is_none);
        plain.then(|| owned(&["run", &train, "--test", case.file, "--yes", "--out", "out"]))
    });
    assert!(n >= 40 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_bad_synthetic_file_is_named_and_leaves_no_folder() {
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let (n, wrong) = each(|case| {
        let plain = case.options.iter().all(Option::is_none);
        let arguments = ["evaluate", "--train", &train, "--test", &test, "--synthetic", case.file, "--out", "out"];
        plain.then(|| owned(&arguments))
    });
    assert!(n >= 40 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs commands of the table in a folder that holds `extra`; `{}` stands for the fixture's path. Nothing may be written.
fn table(extra: &[(&str, &str)], rows: &[(&[&str], i32, &[&str])]) {
    let train = fixture("library.csv");
    let mut wrong = Vec::new();
    for (arguments, code, says) in rows {
        let folder = tempdir().expect("a folder");
        for (name, content) in extra {
            std::fs::write(folder.path().join(name), content).expect("written");
        }
        let before = files(folder.path());
        let arguments: Vec<String> = arguments.iter().map(|a| a.replace("{}", &train)).collect();
        let ran = equipoise(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        wrong.extend(fault(&ran, *code, says).map(|w| format!("{}: {w}", arguments.join(" "))));
        if files(folder.path()) != before {
            wrong.push(format!("{}: wrote {:?}", arguments.join(" "), files(folder.path())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_makes_no_sense_is_usage_with_a_way_out() {
    let remote = "--base-url=http://127.0.0.1:9/v1";
    table(
        &[],
        &[
            (&["profile"], 2, &["no input file"]),
            (&["run", "--yes"], 2, &["no input file"]),
            (&["run", "{}", "--yes", "--label-to", "praize=2x"], 2, &["`praize`", "did you mean `praise`"]),
            (&["run", "{}", "--yes", "--label-to", "praise"], 2, &["LABEL=N"]),
            (&["run", "{}", "--yes", "--label-to", "building=3"], 2, &["`building`", "target of 3"]),
            (&["run", "{}", "--yes", "--only", "prase"], 2, &["did you mean `praise`"]),
            (&["run", "{}", "--yes", "--model", "opnai/x"], 2, &["did you mean `openai`"]),
            (&["run", "{}", "--yes", "--model", "openai"], 2, &["needs a model", "list providers"]),
            (&["run", "{}", "--yes", "--model", "openai-compatible/x"], 2, &["--base-url"]),
            (&["run", "{}", "--yes", "--model", "vllm/x", "--base-url", "nonsense"], 2, &["`nonsense`"]),
            (&["run", "{}", "--yes", "--model", "vllm/x", "--base-url", "http://e.org/v1"], 2, &["e.org", "https"]),
            (&["run", "{}", "--yes", "--model", "openai/gpt-unheard-of"], 2, &["price", "--price", "--unpriced"]),
            (&["run", "{}", "--model", "openai-compatible/x", remote, "--unpriced"], 2, &["consent", "--yes"]),
            (&["run", "{}", "--model", "vllm/x", remote, "--price", "1,2"], 2, &["consent", "--yes"]),
            (&["run", "{}", "--yes", "--model", "vllm/x", remote, "--unpriced", "--offline"], 2, &["--offline"]),
            (
                &["run", "{}", "--yes", "--model", "openai-compatible/x", remote, "--unpriced", "--budget", "1"],
                2,
                &["--price"],
            ),
            (
                &["run", "{}", "--yes", "--model", "vllm/x", remote, "--unpriced", "--prompt", "rewrit"],
                2,
                &["`rewrit`", "rewrite"],
            ),
            (&["run", "{}", "--yes", "--price", "cheap"], 2, &["IN,OUT"]),
            (&["run", "{}", "--yes", "--max-outage", "soon"], 2, &["90s"]),
            (&["run", "{}", "--yes", "--chunk", "0"], 2, &["1 to 1000"]),
            (&["run", "{}", "--yes", "--learner", "liner"], 2, &["did you mean `linear`"]),
            (
                &["run", "{}", "--yes", "--model", "vllm/x", remote, "--unpriced", "--learner", "liner"],
                2,
                &["`linear`"],
            ),
            (&["evaluate", "--train", "{}", "--learner", "liner", "--out", "out"], 2, &["did you mean `linear`"]),
            (&["plan", "{}", "--prompt", "new", "--prompt", "rewrite"], 2, &["--try"]),
            (&["plan", "{}", "--try", "2"], 2, &["nothing to try"]),
            (&["plan", "{}", "--model", "openai-compatible/x", remote, "--try", "2"], 2, &["consent"]),
            (&["resume", "nowhere"], 2, &["nowhere", "no run"]),
            (&["replay", "nowhere", "--check"], 2, &["nowhere", "no run"]),
            (&["report", "nowhere"], 2, &["nowhere", "no run"]),
            (&["profile", "nothere.csv"], 65, &["nothere.csv"]),
            (&["run", "{}", "--yes", "--temperature", "9"], 2, &["model.temperature", "flag"]),
            (&["run", "{}", "--yes", "--balance", "up"], 2, &["targets", "up"]),
            (&["run", "{}", "--yes", "--max-concurrency", "0"], 2, &["model.max_concurrency"]),
        ],
    );
}

#[test]
fn the_command_line_itself_is_checked_with_suggestions() {
    let folder = tempdir().unwrap();
    for (arguments, says) in [
        (&["rnu"][..], "unrecognized subcommand"),
        (&["profil", "x.csv"], "'profile'"),
        (&["run", "--offlin"], "'--offline'"),
        (&["run", "a.csv", "b.csv"], "unexpected argument"),
        (&["run", "a.csv", "--seed", "many"], "invalid value 'many'"),
        (&["list", "models"], "possible values"),
        (&["check", "--train", "a.csv"], "--synthetic"),
        (&["run", "a.csv", "--color", "blue"], "always"),
        (&["plan", "a.csv", "--try", "0"], "1..=100"),
        (&[], "Usage"),
    ] {
        let ran = equipoise(folder.path(), arguments).ends_with(2);
        assert!(ran.err.contains(says) && ran.out.is_empty(), "{arguments:?}: {}", ran.err);
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_bad_recipe_is_named_with_its_line_and_the_nearest_key() {
    let run = |recipe| ["run", "{}", "--yes", "--out", "out", "--recipe", recipe];
    table(
        &[
            ("key.toml", "seed = 7\n[model]\ntemperatur = 1.0\n"),
            ("section.toml", "[modle]\nname = \"offline\"\n"),
            ("type.toml", "# one\nseed = \"x\"\n"),
            ("value.toml", "[evaluate]\nheld_out_share = 1.5\n"),
            ("target.toml", "[targets]\nlabel_to = { praise = \"lots\" }\n"),
            ("toml.toml", "seed = 7\nno toml\n"),
            ("latin.toml", "seed = 7 # \u{e9}"),
            ("check.toml", "[check.near_duplicat]\nthreshold = 0.5\n"),
            ("setting.toml", "[check.near_duplicate]\nthreshol = 0.5\n"),
            ("range.toml", "[check.length]\nslack = -1.0\n"),
            ("learner.toml", "[learner.liner]\nx = 1\n"),
            ("arm.toml", "[arm.edda]\nalpha = 0.2\n"),
            ("arm_value.toml", "[arm.eda]\nalpha = 2.0\n"),
        ],
        &[
            (&run("key.toml"), 78, &["key.toml: line 3, column 1", "did you mean `temperature`?"]),
            (&run("section.toml"), 78, &["section.toml: line 1", "did you mean `model`?"]),
            (&run("type.toml"), 78, &["type.toml: line 2, column 8", "\"x\""]),
            (&run("value.toml"), 78, &["evaluate.held_out_share", "1.5", "value.toml"]),
            (&run("target.toml"), 78, &["targets", "lots"]),
            (&run("toml.toml"), 78, &["toml.toml: line 2"]),
            (&run("nothere.toml"), 78, &["nothere.toml"]),
            (&run("check.toml"), 78, &["did you mean `near_duplicate`?"]),
            (&run("setting.toml"), 78, &["did you mean `threshold`?"]),
            (&run("range.toml"), 78, &["`length`", "slack"]),
            (&run("learner.toml"), 78, &["did you mean `linear`?"]),
            (&run("arm.toml"), 78, &["did you mean `eda`?"]),
            (&run("arm_value.toml"), 78, &["`eda`", "alpha"]),
        ],
    );
}

#[test]
fn a_broken_template_is_named_with_its_line() {
    let plan = |prompt| ["plan", "{}", "--model", "vllm/x", "--prompt", prompt];
    table(
        &[
            ("block.j2", "{# equipoise: generator=rewrite #}\n{% block user %}\n{% if style %}\n{% endblock %}\n"),
            ("name.j2", "{% block user %}\n{{ labl }}\n{% endblock %}\n"),
            ("generator.j2", "{# equipoise: generator=rewrit #}\n{% block user %}{{ label }}{% endblock %}\n"),
        ],
        &[
            (&plan("block.j2"), 78, &["block.j2:4"]),
            (&plan("name.j2"), 78, &["name.j2:2", "labl"]),
            (&plan("generator.j2"), 78, &["did you mean `rewrite`?"]),
        ],
    );
}

#[test]
fn a_place_that_takes_no_files_is_74() {
    let (train, test, made) = (fixture("library.csv"), fixture("library-test.csv"), fixture("library-synthetic.csv"));
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "kept").unwrap();
    for out in ["file", "file/below"] {
        for arguments in [
            &["run", &train, "--yes", "--out", out][..],
            &["evaluate", "--train", &train, "--test", &test, "--out", out],
            &["check", "--train", &train, "--synthetic", &made, "--out", out],
            &["demo", "--out", out],
        ] {
            let ran = equipoise(folder.path(), arguments);
            assert_eq!(fault(&ran, 74, &["file", "--out"]), None, "{arguments:?}");
        }
    }
    assert_eq!(files(folder.path()), [Path::new("file")]);
    assert_eq!(std::fs::read_to_string(folder.path().join("file")).unwrap(), "kept");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_74() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempdir().unwrap();
    let shut = folder.path().join("shut");
    std::fs::create_dir(&shut).unwrap();
    std::fs::set_permissions(&shut, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(shut.join("probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let ran = equipoise(folder.path(), &["run", &fixture("library.csv"), "--yes", "--out", "shut/out"]);
    assert_eq!(fault(&ran, 74, &["shut/out", "--out"]), None);
}

#[test]
fn a_folder_that_holds_a_run_is_refused_and_force_starts_beside_it() {
    let folder = tempdir().unwrap();
    let train = fixture("library.csv");
    let run = ["run", train.as_str(), "--no-evaluate", "--out", "a"];
    equipoise(folder.path(), &run).ends_with(0);
    let before = std::fs::read(folder.path().join("a/journal.db")).unwrap();
    let ran = equipoise(folder.path(), &run);
    assert_eq!(fault(&ran, 2, &["a holds a run", "equipoise resume a", "--force"]), None);
    equipoise(folder.path(), &[&run[..], &["--force"]].concat()).ends_with(0);
    assert!(folder.path().join("a-1/run.json").exists());
    assert_eq!(std::fs::read(folder.path().join("a/journal.db")).unwrap(), before);
}

#[test]
fn a_damaged_run_is_named_by_its_file_and_stays_as_it_is() {
    let folder = tempdir().unwrap();
    let train = fixture("library.csv");
    equipoise(folder.path(), &["run", &train, "--no-evaluate", "--out", "a"]).ends_with(0);
    for (name, command, says) in [
        ("run.json", "resume", "run.json"),
        ("recipe.toml", "resume", "recipe.toml: line 1"),
        ("recipe.toml", "replay", "recipe.toml: line 1"),
        ("journal.db", "resume", "journal"),
        ("selection.json", "report", "selection.json"),
        ("candidates.jsonl", "report", "candidates.jsonl: line 1"),
    ] {
        let path = folder.path().join("a").join(name);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, "no such thing").unwrap();
        let ran = equipoise(folder.path(), &[command, "a"]);
        assert_eq!(fault(&ran, 65, &[says]), None, "{command} with a damaged {name}");
        assert_eq!(std::fs::read(&path).unwrap(), b"no such thing");
        std::fs::write(&path, whole).unwrap();
    }
    equipoise(folder.path(), &["replay", "a", "--check"]).ends_with(0);
    std::fs::remove_file(folder.path().join("a/selection.json")).unwrap();
    assert_eq!(fault(&equipoise(folder.path(), &["report", "a"]), 2, &["not finished", "equipoise resume a"]), None);
}

#[test]
fn rows_that_cannot_be_used_are_told_before_anything_is_sent_or_written() {
    // Port 9 of this machine: nothing listens there, and a request would end with another code.
    let model =
        ["--model", "vllm/x", "--base-url", "http://127.0.0.1:9/v1", "--unpriced", "--yes", "--label-to", "x=2x"];
    let run = |more: &[&'static str]| [&["run", "two.csv", "--out", "out"][..], &model, more].concat();
    let none = [&["run", "same.csv", "--out", "out"][..], &model].concat();
    let test = run(&["--test", "test.csv"]);
    let recipe = run(&["--recipe", "none.toml"]);
    table(
        &[
            ("two.csv", "text,label\na,x\nb,y\n"),
            ("one.csv", "text,label\na,x\nb,x\n"),
            ("same.csv", "text,label\na,x\nA!,y\n"),
            ("test.csv", "text,label\nc,x\nd,z\n"),
            ("none.toml", "[evaluate]\nlearners = []\n"),
        ],
        &[
            (&none, 2, &["no row is held out", "no label has 2 different texts", "--test", "--no-evaluate"]),
            (&test, 65, &["test.csv", "`z` (1)"]),
            (&recipe, 78, &["evaluate.learners", "none.toml"]),
            (&["run", "one.csv", "--out", "out"], 65, &["one.csv", "at least two labels"]),
            (&["check", "--train", "two.csv", "--synthetic", "test.csv", "--out", "out"], 65, &["test.csv", "`z`"]),
        ],
    );
}
