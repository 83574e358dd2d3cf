//! The library by itself: no command line, no terminal.

use equipoise::artefacts::Memory;
use equipoise::config::Recipe;
use equipoise::core::format::Table;
use equipoise::error::{PlanError, Stopped};
use equipoise::event::{Event, Phase};
use equipoise::folder::{self, Place};
use equipoise::input::{self, InputOptions, Source};
use equipoise::material::{Admitted, Sources};
use equipoise::pipeline::{check, evaluate, plan, run};
use equipoise::{Error, Kind, Material, Setup, Stop, Work};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

fn demo(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo").join(name)
}

#[test]
fn a_run_in_memory_gives_the_files_of_a_run_in_a_folder() {
    let mut recipe = Recipe::default();
    recipe.data.input = Some(demo("train.csv"));
    recipe.data.test = Some(demo("test.csv"));
    recipe.targets.balance = "none".to_owned();
    recipe.targets.label_to.insert("cancellation".to_owned(), "60".to_owned());
    recipe.evaluate.enabled = false;
    let sources = Sources::of(&recipe).expect("an input");
    let setup = Setup::new(recipe).expect("a good recipe");
    let work = Work::default();
    let material = Material::read(&sources, &work).expect("good files");
    let mut files = Memory::default();
    let in_memory = run(&setup, &material, &mut files, &work).expect("a run");
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let planned = plan(&setup, &material).expect("a plan");
    let place = Place { out: &out, earlier: None };
    let in_folder = folder::start(&setup, &material, &planned, place, &work).expect("a run");
    assert!(!in_memory.kept.is_empty() && in_memory.kept.iter().all(|c| c.label == "cancellation"));
    assert_eq!(in_memory.kept, in_folder.kept);
    assert!(["report.html", "spent.json", "synthetic.csv"].iter().all(|name| files.file(name).is_some()));
    for name in files.names() {
        assert!(std::fs::read(out.join(name)).ok().as_deref() == files.file(name), "{name}");
    }
}

#[test]
fn a_run_that_is_paid_for_has_to_be_kept_in_a_folder() {
    let mut recipe = Recipe::default();
    recipe.data.input = Some(demo("train.csv"));
    recipe.model.name = "openai-compatible/m".to_owned();
    recipe.model.base_url = Some("http://127.0.0.1:9/v1".to_owned());
    let sources = Sources::of(&recipe).expect("an input");
    let setup = Setup::new(recipe).expect("a good recipe");
    let material = Material::read(&sources, &Work::default()).expect("good files");
    let error = run(&setup, &material, &mut Memory::default(), &Work::default()).expect_err("nowhere to keep answers");
    assert!(matches!(error, Error::Plan(PlanError::NeedsFolder { .. })), "{error}");
}

#[test]
fn an_evaluation_is_left_at_the_next_fit_and_is_no_fault() {
    let mut recipe = Recipe::default();
    recipe.data.input = Some(demo("train.csv"));
    recipe.data.test = Some(demo("test.csv"));
    let sources = Sources::of(&recipe).expect("an input");
    let setup = Setup::new(recipe).expect("a good recipe");
    let material = Material::read(&sources, &Work::default()).expect("good files");
    let (stop, n_fits) = (Stop::default(), AtomicUsize::new(0));
    let work = Work::watched(|event| {
        if let Event::Advanced { phase: Phase::Evaluate, .. } = event {
            n_fits.fetch_add(1, Ordering::Relaxed);
            stop.request();
        }
    });
    let mut files = Memory::default();
    let left = evaluate(&setup, &material, Admitted::default(), &mut files, &work.stopped_by(stop.clone()));
    let Err(error) = left else { panic!("it was asked to stop") };
    assert!(matches!(error, Error::Stopped(Stopped::Interrupted { dir: None })), "{error}");
    assert_eq!(error.kind(), Kind::Interrupted);
    assert_eq!(files.names().count(), 0);
    // Fits that were on their way on other threads may still end.
    assert!(n_fits.into_inner() <= 2 * std::thread::available_parallelism().map_or(8, usize::from));
}

#[test]
fn a_check_that_is_asked_to_stop_writes_nothing() {
    let setup = Setup::new(Recipe::default()).expect("a good recipe");
    let sources = Sources::from(table(&demo("train.csv")));
    let material = Material::read(&sources, &Work::default()).expect("good rows");
    let made = Source::table("made", Table::of_pairs([("please cancel the booking", "cancellation")]));
    let admitted = material.admit(&[made], &sources.columns, &Work::default()).expect("good rows");
    let stop = Stop::default();
    stop.request();
    let mut files = Memory::default();
    let left = check(&setup, &material, admitted, &mut files, &Work::default().stopped_by(stop));
    let Err(error) = left else { panic!("it was asked to stop") };
    assert_eq!((error.kind(), files.names().count()), (Kind::Interrupted, 0));
}

/// The rows of a file, as a table.
fn table(path: &Path) -> Table {
    let rows = input::read(&path.into(), &InputOptions::default()).expect("a good file").rows;
    Table::of_pairs((0..rows.len()).map(|at| rows.text_and_label(at)))
}

#[test]
fn tables_give_the_evaluation_that_their_files_give() {
    let mut recipe = Recipe::default();
    recipe.evaluate.resamples = 200;
    recipe.evaluate.repeats = Some(1);
    let setup = Setup::new(recipe).expect("a good recipe");
    let synthetic =
        [("please cancel the booking of my room", "cancellation"), ("I want to cancel it all", "cancellation")];
    let evaluation = |sources: &Sources, made: Source| {
        let work = Work::default();
        let material = Material::read(sources, &work).expect("good rows");
        let admitted = material.admit(&[made], &sources.columns, &work).expect("good rows");
        let mut files = Memory::default();
        let checked = check(&setup, &material, admitted.clone(), &mut files, &work).expect("checked");
        assert_eq!(checked.candidates.len(), 2);
        evaluate(&setup, &material, admitted, &mut files, &work).expect("evaluated");
        let profile = serde_json::to_string(material.profile()).expect("JSON");
        (profile, ["selection.json", "evaluation.json", "model.bin"].map(|name| files.file(name).map(<[u8]>::to_vec)))
    };
    let dir = tempfile::tempdir().expect("a folder");
    let head = |name: &str| {
        let text = std::fs::read_to_string(demo(name)).expect("readable");
        let path = dir.path().join(name);
        std::fs::write(&path, text.split_inclusive('\n').take(200).collect::<String>()).expect("written");
        path
    };
    let (train, test) = (head("train.csv"), head("test.csv"));
    let file = dir.path().join("made.csv");
    let rows = synthetic.map(|(text, label)| format!("{text},{label}\n")).concat();
    std::fs::write(&file, format!("text,label\n{rows}")).expect("written");
    let files = Sources::given(setup.recipe(), train.clone().into(), Some(test.clone().into()));
    // An evaluation says what its held-out rows are called.
    let named = |path: &Path| Source::table(Source::from(path).name(), table(path));
    let tables = Sources::given(setup.recipe(), named(&train), Some(named(&test)));
    let of_tables = evaluation(&tables, Source::table("made", Table::of_pairs(synthetic)));
    let of_files = evaluation(&files, file.into());
    assert!(of_files.1.iter().all(Option::is_some));
    assert!(of_files == of_tables);
}

#[test]
fn a_run_from_tables_keeps_them_and_is_resumed_and_replayed_to_the_byte() {
    let mut recipe = Recipe::default();
    recipe.targets.label_to.insert("cancellation".to_owned(), "60".to_owned());
    recipe.evaluate.enabled = false;
    let setup = Setup::new(recipe).expect("a good recipe");
    let unlabelled = Source::table("unlabelled", Table::of_texts(["where can I see the prices of the rooms"]));
    let sources = Sources {
        unlabelled: Some(unlabelled),
        ..Sources::from((table(&demo("train.csv")), table(&demo("test.csv"))))
    };
    let work = Work::default();
    let material = Material::read(&sources, &work).expect("good rows");
    let planned = plan(&setup, &material).expect("a plan");
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let started = folder::start(&setup, &material, &planned, Place { out: &out, earlier: None }, &work).expect("a run");
    assert!(!started.kept.is_empty());
    for name in ["input.arrow", "test.arrow", "unlabelled.arrow", "augmented.arrow", "synthetic.arrow"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let replayed = folder::replay(&out, true, &work).expect("equal to the byte");
    assert!(replayed.files.iter().any(|name| name == "augmented.arrow"));
    let resumed = folder::resume(&out, &folder::Overrides::default(), None, &work).expect("finished already");
    assert_eq!(resumed.kept, started.kept);
    let again = folder::refused(&out, setup.recipe()).expect("the folder holds a run");
    assert!(again.to_string().contains("holds a run already"), "{again}");
}

#[test]
fn a_bad_table_is_named_with_its_place_and_column() {
    let read = |table: Table| {
        let error = Material::read(&Sources::from(table), &Work::default()).err().expect("a bad table");
        assert_eq!(error.kind(), Kind::Input);
        error.to_string()
    };
    assert!(read(Table::of_pairs(Vec::<(&str, &str)>::new())).starts_with("train: "));
    let long = "x".repeat(1_000_001);
    let message = read(Table::of_pairs([("a", "x"), (&long, "y")]));
    assert!(message.starts_with("train: record 2, column `text`"), "{message}");
    assert!(read(Table::of_texts(["a"])).starts_with("train: "));
    let message = read(Table::of_pairs([("a", "x"), ("b", "x")]));
    assert!(message.starts_with("train: "), "{message}");
}
