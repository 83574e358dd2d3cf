//! Attributes whose values are known, and their drawing.

use super::TextAttributes;
use super::combinations::{Combinations, Place};
use super::given::{AttributeError, Given, Values, Weights};
use super::mending::mend;
use super::shares::apportion;
use crate::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;

/// What the texts of one label are to be like, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelAttributes {
    label: String,
    named: Vec<Named>,
    combinations: Combinations,
    /// Combinations that a text can have.
    pub n_combinations: usize,
}

/// An attribute of one label.
#[derive(Debug, Clone, PartialEq)]
struct Named {
    name: String,
    values: Vec<String>,
    weights: Vec<f64>,
    /// Whether the values are those of this label alone.
    is_own: bool,
    /// Texts of the labels before that have the same values: the shares go on from label to label.
    n_before: usize,
}

/// A value and its share of the texts.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueShare<'a> {
    /// The attribute.
    pub attribute: &'a str,
    /// The value.
    pub value: &'a str,
    /// Its weight, as it was given or learnt.
    pub weight: f64,
    /// Its share of the texts, 0..1.
    pub share: f64,
    /// Whether the value belongs to the label alone.
    pub is_own: bool,
}

/// The attributes of `given`, of which no value is to be learnt any more, for each of `labels` with the texts that it is first asked for. Labels
/// for which there is no attribute are not in it.
///
/// # Errors
/// A pair with a value that no label has; pairs that leave a label no combination of values, or none with some value.
pub fn for_labels(
    given: &Given,
    labels: &[(&str, usize)],
) -> Result<BTreeMap<String, LabelAttributes>, AttributeError> {
    known_pairs(given)?;
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = BTreeMap::new();
    for (label, wanted) in labels {
        let of_label = |(name, values): (&String, &Values)| {
            let (weights, is_own): (&Weights, bool) = match values {
                Values::Same(weights) => (weights, false),
                Values::ByLabel(of) => (of.get(*label)?, true),
                Values::Learnt(_) => return None,
            };
            let n_before = if is_own { 0 } else { before.get(name.as_str()).copied().unwrap_or(0) };
            let (values, weights) = weights.iter().map(|(value, weight)| (value.clone(), *weight)).unzip();
            Some(Named { name: name.clone(), values, weights, is_own, n_before })
        };
        let named: Vec<Named> = given.named.iter().filter_map(of_label).collect();
        given.named.keys().for_each(|name| *before.entry(name).or_default() += wanted);
        if !named.is_empty() {
            all.insert((*label).to_owned(), LabelAttributes::new(label, named, &given.forbidden)?);
        }
    }
    Ok(all)
}

/// Refuses a pair with a value that its attribute does not have.
fn known_pairs(given: &Given) -> Result<(), AttributeError> {
    for (name, value) in given.forbidden.iter().flatten() {
        let known: Vec<&str> = match given.named.get(name) {
            Some(Values::Same(weights)) => weights.keys().map(String::as_str).collect(),
            Some(Values::ByLabel(of)) => of.values().flat_map(|weights| weights.keys().map(String::as_str)).collect(),
            Some(Values::Learnt(_)) | None => Vec::new(),
        };
        if !known.contains(&value.as_str()) {
            return Err(AttributeError::new(
                format!("a forbidden pair names `{name}={value}`, and `{name}` has no such value"),
                format!("the values of `{name}` are: {}", known.join(", ")),
            ));
        }
    }
    Ok(())
}

impl LabelAttributes {
    fn new(label: &str, named: Vec<Named>, pairs: &[[(String, String); 2]]) -> Result<Self, AttributeError> {
        let place = |(name, value): &(String, String)| {
            let at = named.iter().position(|own| own.name == *name)?;
            Some((at, named[at].values.iter().position(|own| own == value)?))
        };
        let pair = |[one, other]: &[(String, String); 2]| {
            let (one, other) = (place(one)?, place(other)?);
            Some((one.min(other), one.max(other)))
        };
        let sizes = named.iter().map(|own| own.values.len()).collect();
        let combinations = Combinations { sizes, forbidden: pairs.iter().filter_map(pair).collect() };
        let shown = |(at, value): Place| format!("{}={}", named[at].name, named[at].values[value]);
        let n_combinations = combinations.count(&shown)?;
        Ok(LabelAttributes { label: label.to_owned(), named, combinations, n_combinations })
    }

    /// Every value with its share.
    pub fn values(&self) -> Vec<ValueShare<'_>> {
        let mut shares = Vec::new();
        for own in &self.named {
            let sum: f64 = own.weights.iter().sum();
            for (value, weight) in own.values.iter().zip(&own.weights) {
                let (weight, share) = (*weight, weight / sum);
                shares.push(ValueShare { attribute: &own.name, value, weight, share, is_own: own.is_own });
            }
        }
        shares
    }

    /// The attributes of the `wanted` texts that the label is first asked for: over the texts of all labels each value has its weighted share to
    /// within one text, and over those of this label to within two, as far as forbidden pairs allow. Values are dealt by streams of `seed`
    /// that are named by label and attribute, so that they hang together with nothing else.
    pub fn draw(&self, wanted: usize, seed: Seed) -> Vec<TextAttributes> {
        let counts = self.named.iter().map(|own| {
            let mut counts = vec![0; own.values.len()];
            apportion(&own.weights, &mut counts, own.n_before, &order(own, seed));
            counts
        });
        self.deal(counts.collect(), wanted, seed)
    }

    /// The attributes of `wanted` more texts beside those that `have` is: what is missing of a value's share comes first.
    pub fn refill(&self, have: &[&TextAttributes], wanted: usize, seed: Seed) -> Vec<TextAttributes> {
        let count = |own: &Named| {
            let has = |value: &String| have.iter().filter(|text| text.get(&own.name) == Some(value)).count();
            own.values.iter().map(has).collect()
        };
        self.deal(self.named.iter().map(count).collect(), wanted, seed)
    }

    /// Deals values to `wanted` texts, beside `counts` texts that have each value.
    fn deal(&self, counts: Vec<Vec<usize>>, wanted: usize, seed: Seed) -> Vec<TextAttributes> {
        let mut texts = vec![Vec::with_capacity(self.named.len()); wanted];
        let mut targets = Vec::with_capacity(self.named.len());
        for (own, before) in self.named.iter().zip(counts) {
            let mut counts = before.clone();
            apportion(&own.weights, &mut counts, wanted, &order(own, seed));
            let new: Vec<usize> = counts.iter().zip(before).map(|(after, before)| after - before).collect();
            let each = new.iter().enumerate().flat_map(|(value, n)| std::iter::repeat_n(value, *n));
            let mut dealt: Vec<usize> = each.collect();
            dealt.shuffle(&mut seed.child(&format!("{}/{}", own.name, self.label)).rng());
            texts.iter_mut().zip(dealt).for_each(|(text, value)| text.push(value));
            targets.push(new.into_iter().map(|n| n as f64).collect());
        }
        mend(&self.combinations, &mut texts, &targets, &mut seed.child(&format!("mend/{}", self.label)).rng());
        let named = |values: Vec<usize>| {
            let text = self.named.iter().zip(values);
            text.map(|(own, value)| (own.name.clone(), own.values[value].clone())).collect()
        };
        texts.into_iter().map(named).collect()
    }
}

/// The precedence of values that are equally due.
fn order(own: &Named, seed: Seed) -> Vec<usize> {
    let mut order: Vec<usize> = (0..own.values.len()).collect();
    order.shuffle(&mut seed.child(&format!("{}/order", own.name)).rng());
    order
}

#[cfg(test)]
#[path = "drawing_tests.rs"]
mod tests;
