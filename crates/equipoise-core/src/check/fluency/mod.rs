//! `fluency`: words in an order that no real row has.

mod order;
mod views;

use self::order::Order;
use self::views::{Views, Vocabulary};
use super::judge::each;
use super::patterns::share;
use super::tail::Tail;
use super::{Check, Context, Finding, Judge, Reason, Subject};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::text::is_unspaced;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "fluency",
    what: "Warns of texts whose words stand in an order that the real rows do not make likely: reversed sentences and word salad.",
    why: "A classifier of single words does not mind salad, and learns its words all the same; readers and better classifiers do.",
    source: "A log-linear model of which of a text's own words follows which, by frequent words, endings, case and marks, fitted to the real rows by its pseudo-likelihood (Besag 1975). A text's order is compared with no order and with the reverse; real rows of like length that the model has not seen say what is usual.",
    settings: &[Setting {
        name: "rarity",
        default: "0.0035",
        why: "Share (0..1) of the real rows of like length, each read by a model of others, whose order is as unlikely: a text is warned of below it. At 0.0035, with 246 to 8,000 real rows, 0.1 to 0.5 % of human rows and up to 0.13 % of recorded answers are warned of, and of real texts of 8 words and more 93 to 100 % reversed and 65 to 99 % shuffled; at 0.005 up to 0.8 % of human rows, 95 to 100 and 73 to 99 %. It only warns: a check that rejects may hit 0.2 % of them.",
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
        Fluency { rarity: 0.0035 }
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

    fn only_warns(&self) -> bool {
        true
    }

    /// The score is the share of real rows of like length whose order is as unlikely.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let Some(usual) = Usual::new(context) else { return each(|_| None) };
        each(move |s: &Subject<'_>| {
            let rarity = usual.rarity(s.text())?;
            (rarity < self.rarity).then(|| Finding::warn(&SALAD).with_score(rarity))
        })
    }
}

/// Words that a text needs so that their order says anything.
const LEAST_WORDS: usize = 6;
/// Words of a text that are looked at, the first ones: the work grows with their square, and so many tell enough.
const MOST_WORDS: usize = 48;
/// Real rows of enough words without which nothing is known of the order of words.
const LEAST_ROWS: usize = 50;
/// Pairs of words in one text that are learnt from, over all texts: 2,000 to 3,000 tweets,
/// and half a second of work.
const MOST_PAIRS: usize = 1_000_000;
/// Parts into which the real rows are cut; each is read by a model of the others. With three the models know a third less than the one
/// that judges, and real rows seem odder than new ones will.
const FOLDS: usize = 5;

/// The order of words in the real rows.
struct Usual {
    vocabulary: Vocabulary,
    order: Order,
    /// How unlikely the order of real rows is, by the number of their words.
    unlikely: Tail,
}

impl Usual {
    fn new(context: &Context<'_>) -> Option<Self> {
        let mut texts: Vec<&str> = context.train.rows().map(|row| row.text).collect();
        // Rows often stand by label or by date; parts and what is left out are to be like the rest.
        texts.shuffle(&mut context.seed.child("fluency").rng());
        let mut n_pairs = 0;
        let within = |text: &&str| {
            n_pairs += (text.split_whitespace().take(MOST_WORDS).count() + 1).pow(2);
            n_pairs <= MOST_PAIRS
        };
        let texts: Vec<&str> = texts.into_iter().filter(|text| !is_unspaced(text)).take_while(within).collect();
        let vocabulary = Vocabulary::new(texts.iter().copied());
        let texts: Vec<Vec<Views>> = texts.par_iter().map(|text| views(&vocabulary, text)).collect();
        let of_others = |fold: usize| {
            let part = |is_own: bool| texts.iter().enumerate().filter(move |(at, _)| (at % FOLDS == fold) == is_own);
            let order = Order::new(&part(false).map(|(_, text)| text.as_slice()).collect::<Vec<_>>());
            part(true).filter_map(|(_, text)| Some((text.len(), unlikely(&order, text)?))).collect::<Vec<_>>()
        };
        // The model of all rows is made beside those of the parts.
        let all: Vec<&[Views]> = texts.iter().map(Vec::as_slice).collect();
        let (order, measures) = rayon::join(
            || Order::new(&all),
            || (0..FOLDS).into_par_iter().flat_map_iter(of_others).collect::<Vec<_>>(),
        );
        (measures.len() >= LEAST_ROWS).then(|| Usual { vocabulary, order, unlikely: Tail::new(measures) })
    }

    /// The share of real rows of like length whose order is as unlikely; `None` where order says nothing.
    fn rarity(&self, text: &str) -> Option<f64> {
        if is_unspaced(text) {
            return None;
        }
        let words = views(&self.vocabulary, text);
        Some(self.unlikely.rarity(words.len(), unlikely(&self.order, &words)?))
    }
}

fn views(vocabulary: &Vocabulary, text: &str) -> Vec<Views> {
    text.split_whitespace().take(MOST_WORDS).map(|word| vocabulary.views(word)).collect()
}

/// How unlikely the order of words is. By the root of their number, with which a sum over words varies: so texts of one bin of
/// lengths compare.
fn unlikely(order: &Order, words: &[Views]) -> Option<f32> {
    (words.len() >= LEAST_WORDS).then(|| -order.log_likelihood_ratio(words) / (words.len() as f32).sqrt())
}

#[cfg(test)]
mod tests;
