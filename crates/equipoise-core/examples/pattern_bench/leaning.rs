//! The reliance test on recorded rows.

use crate::Fault;
use crate::data::{self, Cell};
use crate::fit::{Fitted, with_ids};
use crate::recorded::{frequent, label_texts, surprise};
use equipoise_core::data::LabelId;
use equipoise_core::pattern::reliance::{Reliance, Rows, give_away_words, reliance};
use equipoise_core::rng::Seed;
use equipoise_core::stats::Estimate;
use std::path::Path;

/// What the give-aways undo in each label of each cell, trained with the rows unchecked and without them.
pub(crate) fn all(folder: &Path) -> Result<(), Fault> {
    println!(
        "reliance: precision with / without the rows; new false alarms undone by the give-aways / by random words; right hits lost"
    );
    let mut cells = surprise(folder)?;
    cells.extend(data::cells(folder)?);
    for cell in &cells {
        let n_labels = cell.labels.len();
        let real = with_ids(&cell.train, &cell.labels);
        let made = cell.made.iter().filter_map(|m| Some((m.text.as_str(), cell.labels.id(&m.label)?)));
        let both: Vec<(&str, LabelId)> = real.iter().copied().chain(made).collect();
        let [with, without] = [&both, &real].map(|rows| Fitted::new(rows, n_labels, false));
        let (texts, truth): (Vec<&str>, Vec<LabelId>) = with_ids(&cell.test, &cell.labels).into_iter().unzip();
        let [said, said_without] = [&with, &without].map(|m| m.predict(&texts));
        let rows = Rows { texts: &texts, truth: &truth, without: &said_without, with: &said };
        let frequent = frequent(cell);
        for label in cell.labels.ids() {
            let found = label_texts(cell, label).give_aways(&frequent);
            let words = give_away_words(&found, label, real.iter().copied());
            let classify = |edits: &[(usize, &str)]| with.predict(&edits.iter().map(|edit| edit.1).collect::<Vec<_>>());
            let name = cell.labels.name(label);
            let Some(tested) = reliance(rows, (label, name), &words, &classify, Seed::new(7)) else { continue };
            let precision = |said: &[LabelId]| {
                let called = said.iter().zip(&truth).filter(|(s, _)| **s == label);
                let (n, hits) =
                    called.fold((0.0, 0.0), |(n, hits), (_, t)| (n + 1.0, hits + f64::from(u8::from(*t == label))));
                hits / f64::max(n, 1.0)
            };
            show(cell, &tested, [precision(&said), precision(&said_without)]);
        }
    }
    Ok(())
}

fn show(cell: &Cell, tested: &Reliance, [with, without]: [f64; 2]) {
    let share = |e: &Option<Estimate>| e.as_ref().map_or("–".to_owned(), |e| format!("{:.0} %", 100.0 * e.value));
    let difference = tested.new_false_alarms.difference.as_ref();
    let difference = difference
        .map_or(String::new(), |d| format!("{:+.0} [{:+.0}, {:+.0}]", 100.0 * d.value, 100.0 * d.low, 100.0 * d.high));
    println!(
        "{}, {}: {} words; {with:.3} / {without:.3}; {} new: {} / {} ({difference}); {} right: {} / {}; {:?}\n  {}",
        cell.name,
        tested.label,
        tested.n_words,
        tested.new_false_alarms.n,
        share(&tested.new_false_alarms.give_aways),
        share(&tested.new_false_alarms.random_words),
        tested.right_hits.n,
        share(&tested.right_hits.give_aways),
        share(&tested.right_hits.random_words),
        tested.finding,
        tested.sentence
    );
}
