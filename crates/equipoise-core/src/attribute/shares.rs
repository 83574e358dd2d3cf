//! Whole numbers of texts for weighted shares.

/// Adds `n` texts to `counts`, one by one, so that whatever the number of texts, each value has its share to within one text: more than one
/// text below or above only where it was so before. `order` names the values by precedence where two are equally due.
///
/// # Source
/// The quota method of Balinski and Young, "The quota method of apportionment", American Mathematical Monthly 82 (1975): it never
/// takes a text back as their number grows, and keeps every value within the whole numbers next to its share.
pub(super) fn apportion(weights: &[f64], counts: &mut [usize], n: usize, order: &[usize]) {
    let sum: f64 = weights.iter().sum();
    let before: usize = counts.iter().sum();
    for total in before + 1..=before + n {
        let is_due = |at: usize| (counts[at] as f64) < weights[at] / sum * total as f64 - TINY;
        let claim = |at: usize| weights[at] / (counts[at] + 1) as f64;
        // The first of the greatest.
        let first = |best: Option<usize>, at: &usize| match best {
            Some(best) if claim(best) >= claim(*at) => Some(best),
            _ => Some(*at),
        };
        let next = order.iter().filter(|at| is_due(**at)).fold(None, first);
        let next = next.or_else(|| order.iter().fold(None, first));
        if let Some(at) = next {
            counts[at] += 1;
        }
    }
}

/// A share that is a whole number up to rounding is that number.
const TINY: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_count_is_within_one_of_its_share_after_every_text(weights in prop::collection::vec(0.1f64..20.0, 1..9), n in 1usize..120) {
            let order: Vec<usize> = (0..weights.len()).collect();
            let sum: f64 = weights.iter().sum();
            let mut counts = vec![0; weights.len()];
            for total in 1..=n {
                apportion(&weights, &mut counts, 1, &order);
                prop_assert_eq!(counts.iter().sum::<usize>(), total);
                for (count, weight) in counts.iter().zip(&weights) {
                    prop_assert!((*count as f64 - weight / sum * total as f64).abs() < 1.0 + 1e-9, "{:?} of {}", counts, total);
                }
            }
        }
    }

    #[test]
    fn what_is_missing_comes_first() {
        let mut counts = [9, 0];
        apportion(&[1.0, 1.0], &mut counts, 5, &[0, 1]);
        assert_eq!(counts, [9, 5]);
    }
}
