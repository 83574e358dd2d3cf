//! The library by itself: no command line, no terminal.

use equipoise::artefacts::Memory;
use equipoise::config::Recipe;
use equipoise::error::Stopped;
use equipoise::event::{Event, Phase};
use equipoise::material::{Admitted, Sources};
use equipoise::pipeline::evaluate;
use equipoise::{Error, Kind, Material, Setup, Stop, Work};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

fn demo(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo").join(name)
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
