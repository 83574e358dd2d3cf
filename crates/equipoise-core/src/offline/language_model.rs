//! Interpolated Kneser-Ney trigrams, forwards and backwards (Kneser and Ney 1995; Chen and Goodman 1999), one discount.

use super::corpus::{BOUNDARY, Corpus};
use super::grams::Grams;

/// The customary absolute discount where held-out tuning is not worth its time.
const DISCOUNT: f64 = 0.75;

/// How probable a token is between its neighbours. Plain probabilities: a logarithm may differ in its last bit between platforms.
pub(super) struct LanguageModel<'c, 'a> {
    pub(super) corpus: &'c Corpus<'a>,
    pub(super) grams: &'c Grams,
}

impl LanguageModel<'_, '_> {
    /// P(token | the two before it); the boundary stands before the first token and after the last.
    pub(super) fn forward(&self, before: [u32; 2], token: u32) -> f64 {
        let [u, v] = before;
        let pair = self.grams.pair(v, token);
        let types = self.grams.singles[v as usize].after;
        let lower = self.level(v, pair.map(|p| (p.count, p.before)), types, self.alone(token));
        let context = self.grams.pair(u, v).filter(|_| v != BOUNDARY);
        let Some(context) = context else { return lower };
        let count = self.grams.followed_by(context, &self.corpus.stream, token).len();
        discounted(count as f64, f64::from(context.count), f64::from(context.after), lower)
    }

    /// P(token | the two after it).
    pub(super) fn backward(&self, token: u32, after: [u32; 2]) -> f64 {
        let [v, w] = after;
        let pair = self.grams.pair(token, v);
        let types = self.grams.singles[v as usize].before;
        let lower = self.level(v, pair.map(|p| (p.count, p.after)), types, self.alone_before(token));
        let context = self.grams.pair(v, w).filter(|_| v != BOUNDARY);
        let Some(context) = context else { return lower };
        let count = pair.map_or(0, |p| self.grams.followed_by(p, &self.corpus.stream, w).len());
        discounted(count as f64, f64::from(context.count), f64::from(context.before), lower)
    }

    /// P(token): the share of pairs that it ends.
    pub(super) fn alone(&self, token: u32) -> f64 {
        f64::from(self.grams.singles[token as usize].before) / self.grams.n_pairs().max(1) as f64
    }

    fn alone_before(&self, token: u32) -> f64 {
        f64::from(self.grams.singles[token as usize].after) / self.grams.n_pairs().max(1) as f64
    }

    /// The pair level: distinct neighbours on the far side, as Kneser and Ney count; at a boundary, which has none, plain counts.
    fn level(&self, v: u32, pair: Option<(u32, u32)>, types: u32, lower: f64) -> f64 {
        let middle = &self.grams.singles[v as usize];
        let (count, far) = pair.unwrap_or((0, 0));
        let (seen, of) = if v == BOUNDARY { (count, middle.count) } else { (far, middle.around) };
        discounted(f64::from(seen), f64::from(of), f64::from(types), lower)
    }
}

fn discounted(seen: f64, of: f64, types: f64, lower: f64) -> f64 {
    if of == 0.0 {
        return lower;
    }
    (seen - DISCOUNT).max(0.0) / of + DISCOUNT * types / of * lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};

    fn corpus_of(texts: &[&str]) -> Dataset {
        let mut rows = Rows::default();
        for (i, text) in texts.iter().enumerate() {
            rows.push(text, if i % 2 == 0 { "x" } else { "y" }).expect("two labels");
        }
        Dataset::new(rows).expect("two labels")
    }

    #[test]
    fn what_may_follow_and_what_may_precede_sums_to_one() {
        let data = corpus_of(&["the cat sat", "the dog sat down", "a cat ran", "the cat ran down"]);
        let corpus = Corpus::new(data.train(), &[]);
        let grams = Grams::new(&corpus);
        let model = LanguageModel { corpus: &corpus, grams: &grams };
        let all = 0..corpus.vocabulary.len() as u32;
        for context in ["the cat", "dog sat", "a dog"] {
            let c = corpus.known(context);
            let forward: f64 = all.clone().map(|w| model.forward([c[0], c[1]], w)).sum();
            let backward: f64 = all.clone().map(|w| model.backward(w, [c[0], c[1]])).sum();
            assert!((forward - 1.0).abs() < 1e-9, "{context}: {forward}");
            assert!((backward - 1.0).abs() < 1e-9, "{context}: {backward}");
        }
        let start: f64 = all.map(|w| model.forward([BOUNDARY, BOUNDARY], w)).sum();
        assert!((start - 1.0).abs() < 1e-9, "{start}");
    }

    #[test]
    fn prefers_what_was_seen() {
        let data = corpus_of(&["the cat sat", "the dog sat down", "a cat ran", "the cat ran down"]);
        let corpus = Corpus::new(data.train(), &[]);
        let grams = Grams::new(&corpus);
        let model = LanguageModel { corpus: &corpus, grams: &grams };
        let id = |w: &str| corpus.known(w)[0];
        let context = [id("the"), id("cat")];
        assert!(model.forward(context, id("sat")) > model.forward(context, id("down")));
    }
}
