//! `fluency`: words in an order that no real row has.

use super::judge::each;
use super::ngrams::NGrams;
use super::patterns::share;
use super::tail::Tail;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::data::TrainView;
use crate::text::tokens;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "fluency",
    what: "Warns of texts whose words stand in an order that tells nothing to a model of the real rows: word salad and reversed sentences.",
    why: "A classifier of single words does not mind salad, and learns its words all the same; readers and better classifiers do.",
    source: "A 3-gram model of frequent words and endings of the others (Witten and Bell 1991), cross-fitted: what knowing the order gains over single words, and over the order reversed, against the same of real rows of like length.",
    settings: &[Setting {
        name: "rarity",
        default: "0.002",
        why: "Share (0..1) of the real rows of like length whose order tells as little: a text is warned of below it. Two measures have to agree, so that fewer human rows than that are. It only warns, because it finds a quarter of reversed sentences in small sets.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Fluency {
    rarity: f64,
}

impl Default for Fluency {
    fn default() -> Self {
        Fluency { rarity: 0.002 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Fluency = read(ENTRY.name, settings)?;
    share(ENTRY.name, "rarity", check.rarity)?;
    Ok(Box::new(check))
}

const SALAD: Reason = Reason::new("salad", "has its words in an order that no real text has")
    .with_advice("Some texts were words without an order: write sentences.");

impl Check for Fluency {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[SALAD]
    }

    /// The score is the share of real rows of like length whose order tells as little.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let Some(usual) = Usual::new(context.train) else { return each(|_| None) };
        each(move |s| {
            let order = usual.words.order(&usual.classes.of(&s.key))?;
            let rarity = usual.rarity(&order);
            (rarity < self.rarity).then(|| Finding::warn(&SALAD).with_score(rarity))
        })
    }
}

/// Words that a text needs so that their order says anything.
const LEAST_WORDS: usize = 6;
/// Real rows without which nothing is known of the order of words.
const LEAST_ROWS: usize = 50;
/// Real rows that are learnt from.
const MOST_ROWS: usize = 10_000;
/// Parts into which the real rows are cut; each is read by a model of the others.
const FOLDS: usize = 3;

/// The order of words in the real rows.
struct Usual {
    classes: Classes,
    words: Words,
    gain: Tail,
    forward: Tail,
}

impl Usual {
    fn new(train: TrainView<'_>) -> Option<Self> {
        let step = train.len().div_ceil(MOST_ROWS).max(1);
        let keys: Vec<String> = (0..train.len().div_ceil(step))
            .into_par_iter()
            .map(|at| crate::text::comparison_key(train.get(at * step).text))
            .collect();
        let classes = Classes::new(&keys);
        let texts: Vec<Vec<u32>> = keys.par_iter().map(|k| classes.of(k)).collect();
        let orders = |fold: usize| {
            let others: Vec<&[u32]> =
                texts.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, t)| t.as_slice()).collect();
            let words = Words::new(&others);
            texts.iter().skip(fold).step_by(FOLDS).filter_map(|t| words.order(t)).collect::<Vec<_>>()
        };
        let orders: Vec<Order> = (0..FOLDS).into_par_iter().flat_map_iter(orders).collect();
        if orders.len() < LEAST_ROWS {
            return None;
        }
        let tail = |of: fn(&Order) -> f32| Tail::new(orders.iter().map(|o| (o.n, -of(o))).collect());
        let all: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
        Some(Usual { classes, words: Words::new(&all), gain: tail(|o| o.gain), forward: tail(|o| o.forward) })
    }

    /// The larger of the two rarities: both measures have to say that the order is odd.
    fn rarity(&self, order: &Order) -> f64 {
        self.gain.rarity(order.n, -order.gain).max(self.forward.rarity(order.n, -order.forward))
    }
}

/// Frequent words, which are classes by themselves; the others are known by their endings.
struct Classes(HashMap<String, u32>);

/// Words that are classes by themselves.
const FREQUENT: usize = 600;
/// Characters of an ending.
const ENDING: usize = 2;
/// The first class of an ending.
const FIRST_ENDING: u32 = 1 << 20;
/// What stands before and behind a text.
const EDGE: u32 = u32::MAX;

impl Classes {
    fn new(keys: &[String]) -> Self {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        keys.iter().flat_map(|k| tokens(k)).for_each(|w| *counts.entry(w).or_default() += 1);
        let mut counts: Vec<(&str, u32)> = counts.into_iter().collect();
        counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        Classes(counts.iter().take(FREQUENT).zip(0..).map(|((w, _), class)| ((*w).to_owned(), class)).collect())
    }

    /// The classes of a text's words, between two edges.
    fn of(&self, key: &str) -> Vec<u32> {
        let class = |word: &str| self.0.get(word).copied().unwrap_or_else(|| ending(word));
        std::iter::once(EDGE).chain(tokens(key).map(class)).chain(std::iter::once(EDGE)).collect()
    }
}

/// The class of a rare word: whether it has a digit, and its last characters.
fn ending(word: &str) -> u32 {
    if word.contains(char::is_numeric) {
        return FIRST_ENDING;
    }
    let last: String = word.chars().rev().take(ENDING).collect();
    FIRST_ENDING + 1 + (crate::text::hash64(last.as_bytes()) & 0xFFFF) as u32
}

/// Models of words in their order and of words alone.
struct Words {
    ordered: NGrams,
    alone: NGrams,
}

/// What the order of a text's words tells.
struct Order {
    /// Words.
    n: usize,
    /// Bits a word that knowing the words before saves.
    gain: f32,
    /// Bits a word that the order saves over its reverse.
    forward: f32,
}

impl Words {
    fn new(texts: &[&[u32]]) -> Self {
        Words { ordered: NGrams::new(texts.iter().copied(), 3), alone: NGrams::new(texts.iter().copied(), 1) }
    }

    /// `None` for a text of few words.
    fn order(&self, classes: &[u32]) -> Option<Order> {
        let n = classes.len().saturating_sub(2);
        if n < LEAST_WORDS {
            return None;
        }
        let mean = |model: &NGrams, sequence: &[u32]| model.bits(sequence).iter().skip(1).sum::<f32>() / (n + 1) as f32;
        let reversed: Vec<u32> = classes.iter().rev().copied().collect();
        let ordered = mean(&self.ordered, classes);
        Some(Order { n, gain: mean(&self.alone, classes) - ordered, forward: mean(&self.ordered, &reversed) - ordered })
    }
}
