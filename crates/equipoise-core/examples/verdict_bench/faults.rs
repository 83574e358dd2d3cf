//! How often the faults of corrupted rows are named, with their sources and without.

use crate::{Fault, data, sections};
use equipoise_core::catalog::{Settings, find};
use equipoise_core::eval::faults;
use equipoise_core::learner;
use equipoise_core::rng::Seed;
use std::path::Path;

const RUNS: u64 = 10;

pub(crate) fn named(folder: &Path, learner: &str) -> Result<(), Fault> {
    let learner = find(learner::CATALOG, "learner", learner)?.build(&Settings::new())?;
    let cells = data::cells(folder)?;
    println!("faults: runs of {RUNS} in which some are named; the sources known, and unknown");
    for kind in sections::KINDS {
        print!("{kind:<14}");
        for cell in &cells {
            let mut counts = [0; 2];
            for run in 0..RUNS {
                let corrupted = sections::corrupt(cell.repeat(run), kind, run);
                for (count, sources) in counts.iter_mut().zip([true, false]) {
                    *count += usize::from(!faults(&corrupted.pool(sources), &*learner, Seed::new(run)).is_empty());
                }
            }
            print!(" {} {:>2} {:>2}", cell.name, counts[0], counts[1]);
        }
        println!();
    }
    Ok(())
}
