//! The library by itself: no command line, no terminal.

use equipoise::artefacts::Memory;
use equipoise::config::Recipe;
use equipoise::error::{PlanError, Stopped};
use equipoise::event::{Event, Phase};
use equipoise::folder::{self, Place};
use equipoise::material::{Admitted, Sources};
use equipoise::pipeline::{evaluate, plan, run};
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
    let material = Material::from_files(&sources, &work).expect("good files");
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
    let material = Material::from_files(&sources, &Work::default()).expect("good files");
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
    let material = Material::from_files(&sources, &Work::default()).expect("good files");
    let (stop, n_fits) = (Stop::default(), AtomicUsize::new(0));
    let work = Work::watched(|event| {
        if let Event::Advanced { phase: Phase::Evaluate, .. } = event {
            n_fits.fetch_add(1, Ordering::Relaxed);
            stop.request();
        }
    });
    let mut files = Memory::default();
    let left = evaluate(&setup, &material, &Admitted::default(), &mut files, &work.stopped_by(stop.clone()));
    let Err(error) = left else { panic!("it was asked to stop") };
    assert!(matches!(error, Error::Stopped(Stopped::Interrupted { dir: None })), "{error}");
    assert_eq!(error.kind(), Kind::Interrupted);
    assert_eq!(files.names().count(), 0);
    // Fits that were on their way on other threads may still end.
    assert!(n_fits.into_inner() <= 2 * std::thread::available_parallelism().map_or(8, usize::from));
}
