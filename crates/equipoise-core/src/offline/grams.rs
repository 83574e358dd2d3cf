//! Where runs of one, two and three tokens stand: the places of the stream sorted by the three tokens from there on.

use super::corpus::{BOUNDARY, Corpus};
use rayon::prelude::*;

/// An index of runs of one to three tokens, and the counts that a trigram language model needs.
pub(super) struct Grams {
    /// Every place of the stream but the last, sorted by the tokens there and then by place.
    order: Vec<u32>,
    /// Token a has the pairs `first[a]..first[a + 1]`.
    first: Vec<u32>,
    /// The second tokens of the pairs (a, b) that occur, sorted by a and b; apart, so that searching them stays in few cache lines.
    seconds: Vec<u32>,
    /// What is counted of each pair.
    pairs: Vec<Pair>,
    /// Per token, what the language model asks of it.
    pub(super) singles: Vec<Single>,
}

/// A pair of tokens that occurs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// Where its places begin in `order`; they end where the next pair's begin.
    from: u32,
    pub(super) count: u32,
    /// Distinct tokens before it.
    pub(super) before: u32,
    /// Distinct tokens after it.
    pub(super) after: u32,
}

/// Counts of one token.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Single {
    pub(super) count: u32,
    /// Distinct tokens before it.
    pub(super) before: u32,
    /// Distinct tokens after it.
    pub(super) after: u32,
    /// Distinct pairs of a token before and a token after it.
    pub(super) around: u32,
}

impl Grams {
    pub(super) fn new(corpus: &Corpus<'_>) -> Self {
        let stream = &corpus.stream;
        let order = sorted_places(stream, corpus.vocabulary.len());
        let mut grams = Grams {
            order,
            first: Vec::with_capacity(corpus.vocabulary.len() + 1),
            seconds: Vec::new(),
            pairs: Vec::new(),
            singles: vec![Single::default(); corpus.vocabulary.len()],
        };
        grams.find_pairs(stream);
        grams.count_before(stream);
        grams
    }

    fn find_pairs(&mut self, stream: &[u32]) {
        let mut from = 0;
        for places in self.order.chunk_by(|p, q| pair_at(stream, *p) == pair_at(stream, *q)) {
            let (a, b) = pair_at(stream, places[0]);
            while self.first.len() <= a as usize {
                self.first.push(self.pairs.len() as u32);
            }
            let count = places.len() as u32;
            let after = places.chunk_by(|p, q| third(stream, *p) == third(stream, *q)).count() as u32;
            self.seconds.push(b);
            self.pairs.push(Pair { from, count, before: 0, after: if b == BOUNDARY { 0 } else { after } });
            from += count;
            self.singles[a as usize].count += count;
            self.singles[a as usize].after += 1;
            self.singles[b as usize].before += 1;
            self.singles[b as usize].around += if b == BOUNDARY { 0 } else { after };
        }
        while self.first.len() <= self.singles.len() {
            self.first.push(self.pairs.len() as u32);
        }
    }

    /// Looks back from the places of each pair: one step of memory a place, where searching the pair of each trigram would take many.
    fn count_before(&mut self, stream: &[u32]) {
        let mut seen = vec![u32::MAX; self.singles.len()];
        for index in self.first[BOUNDARY as usize + 1] as usize..self.pairs.len() {
            let (from, count) = (self.pairs[index].from as usize, self.pairs[index].count as usize);
            let new = |at: &&u32| {
                let before = stream[**at as usize - 1] as usize;
                std::mem::replace(&mut seen[before], index as u32) != index as u32
            };
            self.pairs[index].before = self.order[from..from + count].iter().filter(new).count() as u32;
        }
    }

    fn pair_index(&self, a: u32, b: u32) -> Option<usize> {
        let (from, to) = (self.first[a as usize] as usize, self.first[a as usize + 1] as usize);
        self.seconds[from..to].binary_search(&b).ok().map(|at| from + at)
    }

    /// The counts of a pair; `None` where it does not occur.
    pub(super) fn pair(&self, a: u32, b: u32) -> Option<&Pair> {
        self.pair_index(a, b).map(|at| &self.pairs[at])
    }

    /// Distinct pairs in all.
    pub(super) fn n_pairs(&self) -> usize {
        self.pairs.len()
    }

    /// The tokens that follow `a`, ascending.
    pub(super) fn followers(&self, a: u32) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.seconds[self.first[a as usize] as usize..self.first[a as usize + 1] as usize].iter().copied()
    }

    /// The places where a token stands.
    pub(super) fn places(&self, a: u32) -> &[u32] {
        let begin = |token: u32| {
            let pair = self.first[token as usize] as usize;
            self.pairs.get(pair).map_or(self.order.len(), |p| p.from as usize)
        };
        &self.order[begin(a)..begin(a + 1)]
    }

    /// The places where a pair begins.
    pub(super) fn places_of(&self, pair: &Pair) -> &[u32] {
        &self.order[pair.from as usize..(pair.from + pair.count) as usize]
    }

    /// Those places of a pair after which `c` follows.
    pub(super) fn followed_by(&self, pair: &Pair, stream: &[u32], c: u32) -> &[u32] {
        let places = self.places_of(pair);
        let from = places.partition_point(|at| third(stream, *at) < c);
        let to = from + places[from..].partition_point(|at| third(stream, *at) == c);
        &places[from..to]
    }
}

fn pair_at(stream: &[u32], at: u32) -> (u32, u32) {
    (stream[at as usize], stream[at as usize + 1])
}

/// The third token from a place on; a boundary ends the run.
fn third(stream: &[u32], at: u32) -> u32 {
    if stream[at as usize + 1] == BOUNDARY { BOUNDARY } else { stream[at as usize + 2] }
}

/// All places but the last: counted into buckets of the first token, then each bucket sorted by the two that follow.
fn sorted_places(stream: &[u32], vocabulary: usize) -> Vec<u32> {
    let mut ends = vec![0u32; vocabulary + 1];
    let firsts = &stream[..stream.len() - 1];
    for token in firsts {
        ends[*token as usize + 1] += 1;
    }
    for token in 0..vocabulary {
        ends[token + 1] += ends[token];
    }
    let mut order = vec![0u32; firsts.len()];
    for (at, token) in firsts.iter().enumerate() {
        let slot = &mut ends[*token as usize];
        order[*slot as usize] = at as u32;
        *slot += 1;
    }
    order.par_chunk_by_mut(|p, q| stream[*p as usize] == stream[*q as usize]).for_each_init(
        Vec::new,
        |keyed, bucket| {
            sort_by_next(stream, bucket, keyed);
        },
    );
    order
}

/// Sorts the places of one token by the two tokens that follow and then by place. What is compared is copied beside each other
/// first: comparing in the stream would miss the cache at every step.
fn sort_by_next(stream: &[u32], bucket: &mut [u32], keyed: &mut Vec<(u64, u32)>) {
    if bucket.len() < 2 {
        return;
    }
    let key = |at: u32| u64::from(stream[at as usize + 1]) << 32 | u64::from(third(stream, at));
    keyed.clear();
    keyed.extend(bucket.iter().map(|at| (key(*at), *at)));
    keyed.sort_unstable();
    bucket.iter_mut().zip(keyed.iter()).for_each(|(slot, (_, at))| *slot = *at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};

    fn dataset(texts: &[&str]) -> Dataset {
        let mut rows = Rows::default();
        for (i, text) in texts.iter().enumerate() {
            rows.push(text, if i % 2 == 0 { "a" } else { "b" }).expect("two labels");
        }
        Dataset::new(rows).expect("two labels")
    }

    #[test]
    fn finds_every_place_of_a_run_and_none_across_rows() {
        let data = dataset(&["a b c a b", "b c", "", "c a b d"]);
        let corpus = Corpus::new(data.train(), &[]);
        let grams = Grams::new(&corpus);
        let at = |text: &str| {
            let run = corpus.known(text);
            let places = match *run {
                [a] => grams.places(a),
                [a, b] => grams.pair(a, b).map_or(&[][..], |p| grams.places_of(p)),
                [a, b, c] => grams.pair(a, b).map_or(&[][..], |p| grams.followed_by(p, &corpus.stream, c)),
                _ => &[],
            };
            places.iter().map(|p| corpus.place(*p)).collect::<Vec<_>>()
        };
        assert_eq!(at("a b"), [(0, 3), (0, 0), (3, 1)], "sorted by what follows");
        assert_eq!(at("a b c"), [(0, 0)]);
        assert_eq!(at("b c"), [(1, 0), (0, 1)]);
        assert_eq!(at("d"), [(3, 3)]);
        assert_eq!(at("b b"), [], "the end of a row and the start of the next are no pair");
    }

    #[test]
    fn counts_distinct_neighbours() {
        let data = dataset(&["a b c", "a b d", "x b c"]);
        let corpus = Corpus::new(data.train(), &[]);
        let grams = Grams::new(&corpus);
        let b = grams.singles[corpus.known("b")[0] as usize];
        assert_eq!((b.count, b.before, b.after, b.around), (3, 2, 2, 3));
        let ab = corpus.known("a b");
        let pair = grams.pair(ab[0], ab[1]).expect("it occurs twice");
        assert_eq!((pair.count, pair.before, pair.after), (2, 1, 2));
    }
}
