//! How probable the letters of a text are among those of the real rows.

use super::ngrams::NGrams;
use super::tail::Tail;
use crate::data::TrainView;
use rayon::prelude::*;

/// A character 4-gram model of the real rows, and what texts of theirs cost that it has not seen.
pub(super) struct Letters {
    model: NGrams,
    means: Tail,
    worst: Tail,
}

/// What the letters of a text cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Surprise {
    /// Characters.
    pub(super) n: usize,
    /// Mean bits of a character.
    pub(super) mean: f32,
    /// Mean bits of the dearest [`WINDOW`] characters side by side.
    pub(super) worst: f32,
}

/// Characters that count, the last one included.
const ORDER: usize = 4;
/// Real rows of a model: more change its costs by less than a hundredth of a bit.
const MOST_ROWS: usize = 3_000;
/// Parts into which the real rows are cut; each is read by a model of the others.
const FOLDS: usize = 3;
/// Characters of a window.
const WINDOW: usize = 24;

impl Letters {
    /// Learns from the training rows.
    pub(super) fn new(train: TrainView<'_>) -> Self {
        let step = train.len().div_ceil(MOST_ROWS).max(1);
        let texts: Vec<Vec<u32>> = (0..train.len().div_ceil(step))
            .into_par_iter()
            .map(|at| symbols(&Letters::plain(train.get(at * step).text)))
            .collect();
        let costs = |fold: usize| {
            let others = texts.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, t)| t.as_slice());
            let model = NGrams::new(others, ORDER);
            texts.iter().skip(fold).step_by(FOLDS).map(|t| surprise(&model, t)).collect::<Vec<_>>()
        };
        let costs: Vec<Surprise> = (0..FOLDS).into_par_iter().flat_map_iter(costs).filter(|s| s.n > 0).collect();
        let tail = |of: fn(&Surprise) -> f32| Tail::new(costs.iter().map(|c| (c.n, of(c))).collect());
        Letters {
            model: NGrams::new(texts.iter().map(Vec::as_slice), ORDER),
            means: tail(|c| c.mean),
            worst: tail(|c| c.worst),
        }
    }

    /// The text in lower case, without names, tags, links and digits, which belong to no language, and without letters that stand a third time
    /// side by side.
    pub(super) fn plain(text: &str) -> String {
        let is_word = |w: &&str| !(w.starts_with(['@', '#']) || w.contains("://") || w.starts_with("www."));
        let mut plain = String::with_capacity(text.len());
        for word in text.split_whitespace().filter(is_word) {
            if !plain.is_empty() {
                plain.push(' ');
            }
            // "sooooo" is no other language than "soo".
            let mut last = ['\0'; 2];
            for c in word.chars().filter(|c| !c.is_numeric()).flat_map(char::to_lowercase) {
                if last != [c, c] {
                    plain.push(c);
                }
                last = [last[1], c];
            }
        }
        plain
    }

    /// What a [`Letters::plain`] text costs.
    pub(super) fn surprise(&self, plain: &str) -> Surprise {
        surprise(&self.model, &symbols(plain))
    }

    /// The share (0..1) of the real rows of like length that cost as much, by the mean or by the worst part, whichever is rarer.
    pub(super) fn rarity(&self, surprise: &Surprise) -> f64 {
        let Surprise { n, mean, worst } = *surprise;
        self.means.rarity(n, mean).min(self.worst.rarity(n, worst))
    }

    /// Whether there are real rows enough to know what a limit of this rarity hits.
    pub(super) fn knows(&self, rarity: f64) -> bool {
        self.means.knows(rarity)
    }
}

fn symbols(plain: &str) -> Vec<u32> {
    std::iter::once(' ').chain(plain.chars()).chain(std::iter::once(' ')).map(u32::from).collect()
}

fn surprise(model: &NGrams, symbols: &[u32]) -> Surprise {
    let bits = model.bits(symbols);
    let n = bits.len().saturating_sub(2);
    if n == 0 {
        return Surprise { n, mean: 0.0, worst: 0.0 };
    }
    let mean = bits.iter().sum::<f32>() / bits.len() as f32;
    let worst = bits.windows(WINDOW.min(bits.len())).map(|w| w.iter().sum::<f32>() / w.len() as f32);
    Surprise { n, mean, worst: worst.fold(0.0, f32::max) }
}
