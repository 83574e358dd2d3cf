//! How rare a measure is among real rows of like length, also beyond the dearest of them.

/// The measures of real rows, in bins of lengths.
pub(super) struct Tail(Vec<Bin>);

struct Bin {
    /// Texts of this bin are shorter.
    below: usize,
    /// The measures, ascending.
    sorted: Vec<f32>,
    /// By how much a measure grows, beyond the largest, while its rarity falls to a third.
    scale: f32,
}

/// Bins of lengths, at most.
const BINS: usize = 5;
/// Rows of a bin, at least.
const LEAST_OF_BIN: usize = 150;

impl Tail {
    /// From lengths and measures of real rows.
    pub(super) fn new(mut rows: Vec<(usize, f32)>) -> Self {
        rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let n_bins = (rows.len() / LEAST_OF_BIN).clamp(1, BINS);
        let size = rows.len().div_ceil(n_bins).max(1);
        let mut bins: Vec<Bin> = rows.chunks(size).map(Bin::new).collect();
        if let Some(last) = bins.last_mut() {
            last.below = usize::MAX;
        }
        Tail(bins)
    }

    /// Whether there are real rows enough to have met one as rare as `rarity` (0..1): with fewer, how many sound texts a limit
    /// of that rarity hits is a guess, and nothing may be rejected for it.
    pub(super) fn knows(&self, rarity: f64) -> bool {
        self.0.iter().map(|bin| bin.sorted.len()).sum::<usize>() as f64 * rarity >= 1.0
    }

    /// The share (0..1) of real rows of like length that measure as much or more; never 0. Beyond the largest it falls as an
    /// exponential tail does, whose scale is taken from the 50th to the 90th percentile: without it, a small set could call
    /// nothing rare. 1 where there are no rows.
    pub(super) fn rarity(&self, length: usize, measure: f32) -> f64 {
        let Some(bin) = self.0.iter().find(|b| length < b.below) else { return 1.0 };
        let n_more = bin.sorted.len() - bin.sorted.partition_point(|m| *m < measure);
        let share = (n_more + 1) as f64 / (bin.sorted.len() + 1) as f64;
        match bin.sorted.last() {
            Some(largest) if n_more == 0 => share * f64::from(-(measure - largest) / bin.scale).exp(),
            _ => share,
        }
    }
}

impl Bin {
    fn new(rows: &[(usize, f32)]) -> Self {
        let mut sorted: Vec<f32> = rows.iter().map(|(_, measure)| *measure).collect();
        sorted.sort_by(f32::total_cmp);
        let at = |p: f32| sorted[((sorted.len() - 1) as f32 * p).round() as usize];
        // From half of the rows to a tenth the rarity falls by a factor of five.
        let scale = ((at(0.9) - at(0.5)) / 5f32.ln()).max(0.02);
        Bin { below: rows.last().map_or(0, |(n, _)| n + 1), scale, sorted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarity_falls_with_the_measure_and_goes_on_beyond_the_largest() {
        let tail = Tail::new((0..100).map(|i| (10, i as f32 / 100.0)).collect());
        assert!((tail.rarity(10, 0.895) - 11.0 / 101.0).abs() < 1e-9);
        let rarities: Vec<f64> = [0.2, 0.5, 0.99, 1.1, 1.5, 3.0].iter().map(|m| tail.rarity(10, *m)).collect();
        assert!(rarities.windows(2).all(|w| w[0] > w[1]) && rarities[5] < 1e-3 && rarities[5] > 0.0, "{rarities:?}");
    }

    #[test]
    fn a_rarity_is_known_where_one_real_row_is_as_rare() {
        let tail = |n: usize| Tail::new((0..n).map(|i| (10, i as f32)).collect());
        assert!(tail(200).knows(0.005) && !tail(199).knows(0.005) && !tail(0).knows(1.0));
    }

    #[test]
    fn rows_are_compared_with_rows_of_like_length() {
        let rows = (0..600)
            .map(|i| if i % 2 == 0 { (10 + i % 5, 5.0 + (i % 7) as f32) } else { (200 + i % 5, (i % 7) as f32) });
        let tail = Tail::new(rows.collect());
        assert!(tail.rarity(12, 8.0) > 0.4 && tail.rarity(250, 8.0) < 0.02);
        assert_eq!(Tail::new(Vec::new()).rarity(3, 1.0), 1.0);
    }
}
