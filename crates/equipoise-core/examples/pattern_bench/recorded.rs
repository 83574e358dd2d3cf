//! Recorded answers of real models: how well they are told from their label's real rows, and by what.

use crate::Fault;
use crate::data::{self, Cell};
use equipoise_core::data::LabelId;
use equipoise_core::pattern::{Frequent, LabelTexts, Traced, label_patterns};
use equipoise_core::rng::Seed;
use equipoise_core::stats::Estimate;
use std::path::Path;

/// `surprise` of the emotion set with the answers of one style.
pub(crate) fn surprise(folder: &Path) -> Result<Vec<Cell>, Fault> {
    let (train, test) = data::emotion(folder)?;
    let of = |style: &str| {
        let path = folder.join("emotion").join(format!("surprise-{style}.cassette.jsonl"));
        let made = data::cassette(&path, &train)?;
        Ok(Cell::new(style, train.clone(), test.clone(), made))
    };
    ["paraphrase", "same-topic", "new-situation"].into_iter().map(of).collect()
}

/// The texts of one label.
pub(crate) fn label_texts(cell: &Cell, label: LabelId) -> LabelTexts<'_> {
    let name = cell.labels.name(label);
    let real = cell.train.iter().zip(0..).filter(|(r, _)| r.1 == *name);
    let made = cell.made.iter().filter(|m| m.label == *name);
    LabelTexts {
        synthetic: made.map(|m| Traced { text: &m.text, source: Some(m.parent as u64) }).collect(),
        real: real.map(|(r, at)| Traced { text: &r.0, source: Some(at) }).collect(),
    }
}

/// The frequent words of a cell's real rows.
pub(crate) fn frequent(cell: &Cell) -> Frequent {
    Frequent::of(cell.train.iter().map(|r| r.0.as_str()))
}

/// Detector, length and give-aways of each label of each cell.
pub(crate) fn cells(folder: &Path) -> Result<(), Fault> {
    let mut cells = surprise(folder)?;
    cells.extend(data::cells(folder)?);
    for cell in &cells {
        let frequent = frequent(cell);
        for label in cell.labels.ids() {
            let texts = label_texts(cell, label);
            if texts.synthetic.is_empty() {
                continue;
            }
            let found = texts.give_aways(&frequent);
            let p = label_patterns(cell.labels.name(label), &texts, &found, &frequent, Seed::new(7));
            let auc = |e: &Option<Estimate>| {
                e.as_ref().map_or("–".to_owned(), |e| format!("{:.3} [{:.3}, {:.3}]", e.value, e.low, e.high))
            };
            println!(
                "{}, {}: {} real and {} synthetic rows of {} sources; AUC {}, human {}; longer {}; {} of {} habits give away",
                cell.name,
                p.label,
                p.n_real,
                p.n_synthetic,
                p.n_sources,
                auc(&p.auc),
                auc(&p.baseline),
                auc(&p.longer),
                p.n_give_aways,
                p.n_tested
            );
            let share = |e: &Option<Estimate>| e.as_ref().map_or(0.0, |e| 100.0 * e.value);
            let shown =
                p.give_aways.iter().map(|g| format!("{} {:.0}/{:.0}", g.shown, share(&g.synthetic), share(&g.real)));
            println!("  {}", shown.collect::<Vec<_>>().join(", "));
        }
    }
    Ok(())
}
