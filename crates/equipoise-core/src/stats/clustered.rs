//! The share of rows that have a property, where rows of one source are alike.

use super::Share;

/// Sums over families of the share of their rows that have a property.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Clustered {
    /// Families with at least one such row.
    pub n_with: u32,
    sum: f64,
    squares: f64,
}

impl Clustered {
    /// Takes in a family of which `n_with` of `n` rows, at least one, have the property.
    pub fn add(&mut self, n_with: u32, n: usize) {
        let share = f64::from(n_with) / n as f64;
        self.n_with += u32::from(n_with > 0);
        self.sum += share;
        self.squares += share * share;
    }

    /// The mean share over `n_families` families of `n_rows` rows, those without the property too, and how many independent rows it is worth.
    ///
    /// The variance of the mean is that between families, so rows count as independent as far as their families differ within: as many as
    /// there are rows at most, half as many as there are families at least.
    ///
    /// # Source
    /// The design effect of cluster samples: Kish, *Survey Sampling* (1965), section 8.2.
    ///
    /// ```
    /// use equipoise_core::stats::Clustered;
    /// let mut sums = Clustered::default();
    /// (0..50).for_each(|_| sums.add(4, 4)); // all four rows of 50 families have it, none of 50 others
    /// let share = sums.share(100, 400);
    /// assert!((share.value - 0.5).abs() < 1e-12 && (share.n - 100.0).abs() < 1e-9);
    /// ```
    pub fn share(&self, n_families: usize, n_rows: usize) -> Share {
        let families = (n_families as f64).max(1.0);
        let value = (self.sum / families).clamp(0.0, 1.0);
        let between = (self.squares / families - value * value).max(0.0);
        let variance = between / families;
        let n = if variance > 0.0 { value * (1.0 - value) / variance } else { n_rows as f64 };
        Share { value, n: n.max(families / 2.0).min(n_rows as f64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(families: &[(u32, usize)]) -> Share {
        let mut sums = Clustered::default();
        families.iter().for_each(|(n_with, n)| sums.add(*n_with, *n));
        sums.share(families.len(), families.iter().map(|f| f.1).sum())
    }

    #[test]
    fn rows_without_siblings_count_each() {
        let alone: Vec<(u32, usize)> = (0..100).map(|i| (u32::from(i % 4 == 0), 1)).collect();
        let s = share(&alone);
        assert!((s.value - 0.25).abs() < 1e-12 && (s.n - 100.0).abs() < 1e-9, "{s:?}");
    }

    #[test]
    fn a_family_that_agrees_with_itself_counts_once_and_one_that_does_not_by_its_rows() {
        let agreeing: Vec<(u32, usize)> = (0..100).map(|i| (if i % 4 == 0 { 5 } else { 0 }, 5)).collect();
        assert!((share(&agreeing).n - 100.0).abs() < 1e-9);
        let mixed = vec![(1, 4); 100];
        assert_eq!(share(&mixed).n, 400.0);
    }
}
