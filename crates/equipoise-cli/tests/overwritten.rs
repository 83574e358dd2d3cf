//! No command writes over what it reads, or over what somebody else put there.

mod common;

use common::{complaints, equipoise, fault, fixture};
use std::path::Path;
use tempfile::{TempDir, tempdir};

/// A folder with an evaluation of the library in `out`, its test rows beside it, and `mine` with files of somebody else.
fn evaluated() -> TempDir {
    let folder = tempdir().expect("a folder");
    for name in ["library.csv", "library-test.csv", "library-synthetic.csv"] {
        std::fs::copy(fixture(name), folder.path().join(name)).expect("copied");
    }
    std::fs::create_dir(folder.path().join("mine")).expect("made");
    for name in ["README.md", "report.html", "augmented.csv", "recipe.toml"] {
        std::fs::write(folder.path().join("mine").join(name), "mine").expect("written");
    }
    let evaluate = ["evaluate", "--train", "library.csv", "--synthetic", "library-synthetic.csv", "--out", "out"];
    equipoise(folder.path(), &evaluate).ends_with(0);
    folder
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("readable")
}

#[test]
fn files_of_others_and_files_that_are_read_stay_as_they_are() {
    let folder = evaluated();
    let before = read(folder.path(), "library-test.csv");
    let over = ["predict", "out", "library-test.csv", "--out", "./library-test.csv"];
    assert_eq!(fault(&equipoise(folder.path(), &over), 2, &["library-test.csv is read", "--out"]), None);
    assert_eq!(read(folder.path(), "library-test.csv"), before);
    let over = ["predict", "out", "library-test.csv", "--out", "out/evaluation.json"];
    assert_eq!(fault(&equipoise(folder.path(), &over), 2, &["evaluation.json", "--out"]), None);

    let check = ["check", "--train", "library.csv", "--synthetic", "library-synthetic.csv", "--out", "out"];
    let page = read(folder.path(), "out/report.html");
    assert_eq!(fault(&equipoise(folder.path(), &check), 2, &["report.html is there already", "--out"]), None);
    assert_eq!(read(folder.path(), "out/report.html"), page);
    let check = [&check[..6], &["checked"]].concat();
    equipoise(folder.path(), &check).ends_with(0);
    equipoise(folder.path(), &check).ends_with(0);
    let again = ["check", "--train", "library.csv", "--synthetic", "checked/candidates.jsonl", "--out", "checked"];
    assert_eq!(fault(&equipoise(folder.path(), &again), 2, &["candidates.jsonl is read", "--out"]), None);

    let run = ["run", "library.csv", "--only", "loans", "--no-evaluate", "--out", "mine"];
    assert_eq!(fault(&equipoise(folder.path(), &run), 2, &["is there already", "--out"]), None);
    let run = [&run[..5], &["--out", "run"]].concat();
    equipoise(folder.path(), &run).ends_with(0);
    let push = ["push", "run", "--to", "mine"];
    assert_eq!(fault(&equipoise(folder.path(), &push), 2, &["README.md is there already", "--to"]), None);
    for name in ["README.md", "report.html", "augmented.csv", "recipe.toml"] {
        assert_eq!(read(folder.path(), &format!("mine/{name}")), "mine");
    }
    equipoise(folder.path(), &["push", "run", "--to", "hub"]).ends_with(0);
    equipoise(folder.path(), &["push", "run", "--to", "hub"]).ends_with(0);
    let onto = ["evaluate", "--train", "library.csv", "--out", "run"];
    let refused = equipoise(folder.path(), &onto);
    assert_eq!(fault(&refused, 2, &["run holds a run already", "--out"]), None);
    assert!(!refused.err.contains("--force"), "{}", refused.err);
}

#[cfg(unix)]
#[test]
fn a_folder_whose_name_is_not_unicode_is_written_to_and_told() {
    use common::{command, finish};
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = complaints();
    let out = OsStr::from_bytes(b"o\xff");
    let mut run = command(folder.path(), &["run", "train.csv", "--no-evaluate", "--json", "--out"]);
    run.arg(out);
    let ran = finish(run).ends_with(0);
    assert!(ran.out.contains("\"dir\":\"o\u{fffd}\""), "{}", ran.out);
    for args in [&["report", "--json"][..], &["push", "--json"]] {
        let mut ran = command(folder.path(), args);
        ran.arg(out);
        finish(ran).ends_with(0);
    }
    let inside = folder.path().join(out);
    std::fs::copy(folder.path().join("train.csv"), inside.join("rows.csv")).expect("copied");
    let run = command(&inside, &["run", "rows.csv", "--no-evaluate", "--out", "inner"]);
    assert_eq!(fault(&finish(run), 2, &["not valid Unicode", "rename"]), None);
}
