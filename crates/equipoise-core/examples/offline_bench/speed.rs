//! How long it takes and how much memory.

use crate::Fault;
use crate::data::{Text, dataset, read};
use equipoise_core::offline::{Ask, Offline};
use equipoise_core::rng::Seed;
use std::time::Instant;

/// Indexes `rows` rows and writes 1,000 texts of the rarest label, on one thread.
pub(crate) fn run(file: &str, rows: usize) -> Result<(), Fault> {
    let all = read(file)?;
    let mut many: Vec<Text> = Vec::with_capacity(rows);
    for at in 0..rows {
        let (text, label) = &all[at % all.len()];
        // Repeats differ in some words, so that the vocabulary grows as that of real rows does.
        let copy = at / all.len();
        let odd = |(i, w): (usize, &str)| if copy > 0 && i % 7 == 3 { format!("{w}{copy}") } else { w.to_owned() };
        many.push((text.split(' ').enumerate().map(odd).collect::<Vec<_>>().join(" "), label.clone()));
    }
    drop(all);
    let data = dataset(&many.iter().collect::<Vec<_>>())?;
    drop(many);
    let train = data.train();
    let rarest = train.labels().ids().min_by_key(|l| train.counts()[l.index()]).ok_or("there are labels")?;
    let tokens: usize = train.rows().map(|r| r.text.split(' ').count()).sum();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let before = peak_megabytes();
    pool.install(|| {
        let start = Clock::start();
        let writer = Offline::default().read(train, &[]);
        let indexed = start.seconds();
        // The first answer also learns about the label; the second is what a further text costs.
        let [first, second] = [0, 1].map(|ordinal| {
            let ask = Ask { label: rarest, wanted: 1_000, ordinal, taken: &[] };
            let start = Clock::start();
            drop(writer.write(&ask, Seed::new(7)));
            start.seconds()
        });
        println!(
            "{} rows, {tokens} words: indexed in {:.2} s; 1,000 texts in {:.3} s, 1,000 more in {:.3} s ({:.0} a second); peak \
             memory {} MB, of which {} MB before the generator began",
            train.len(),
            indexed,
            first,
            second,
            1_000.0 / second,
            shown(peak_megabytes()),
            shown(before),
        );
    });
    Ok(())
}

/// Seconds that this thread computes: on a busy machine the clock on the wall also counts the others' work. Wall time where the
/// system does not tell.
struct Clock {
    computed: Option<u64>,
    wall: Instant,
}

impl Clock {
    fn start() -> Self {
        Clock { computed: computed_ns(), wall: Instant::now() }
    }

    fn seconds(&self) -> f64 {
        match (self.computed, computed_ns()) {
            (Some(from), Some(to)) => to.saturating_sub(from) as f64 / 1e9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

fn computed_ns() -> Option<u64> {
    let file = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    file.split_whitespace().next()?.parse().ok()
}

fn shown(megabytes: Option<u64>) -> String {
    megabytes.map_or_else(|| "?".to_owned(), |m| m.to_string())
}

/// The most memory that this process had, where the system tells.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb / 1024)
}
