//! What a group of rows is called.

use super::Topic;
use crate::learner::{Csr, TfIdf};
use crate::text::words;
use std::collections::{HashMap, HashSet};

/// Words of a name, at most.
const WORDS: usize = 3;
/// A word that more than this share of all rows has tells of no topic; short ones, most of which hold sentences together, of a smaller share.
const MOST_SHARE: f64 = 0.15;
const MOST_SHARE_SHORT: f64 = 0.05;

/// For each word whether it can tell of a topic of `label`: it is rare enough, has letters alone and does not name the label.
pub(super) fn telling(known: &TfIdf, label: &str) -> Vec<bool> {
    let label = label.to_lowercase();
    let of_label: HashSet<&str> = words(&label).flat_map(|word| word.split('_')).collect();
    let tells = |(column, word): (u32, &str)| {
        let is_short = word.is_ascii() && word.len() < 4;
        let most = if is_short { MOST_SHARE_SHORT } else { MOST_SHARE };
        let is_tiny = word.is_ascii() && word.len() < 3;
        known.share(column) <= most && !is_tiny && word.chars().all(char::is_alphabetic) && !of_label.contains(word)
    };
    (0..).zip(known.words()).map(tells).collect()
}

/// The groups as topics, those of most rows first. A group that no word tells from the label's other rows is left out, and so is one with
/// the words of a larger one.
pub(super) fn named(rows: &Csr, groups: &[Vec<usize>], known: &TfIdf) -> Vec<Topic> {
    let words = known.words();
    let overall = weights(rows, &(0..rows.n_rows()).collect::<Vec<_>>());
    let mut topics: Vec<Topic> = Vec::new();
    let mut by_size: Vec<&Vec<usize>> = groups.iter().collect();
    by_size.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let mut seen: HashSet<Vec<&str>> = HashSet::new();
    for members in by_size {
        let mut telling: Vec<(f64, &str)> = Vec::new();
        for (column, (weight, n)) in weights(rows, members) {
            let excess = weight - overall.get(&column).map_or(0.0, |(weight, _)| *weight);
            if n >= 2 && excess > 0.0 {
                telling.push((excess, words[column as usize]));
            }
        }
        telling.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
        let name: Vec<&str> = telling.into_iter().take(WORDS).map(|(_, word)| word).collect();
        let mut set = name.clone();
        set.sort_unstable();
        if !name.is_empty() && seen.insert(set) {
            topics.push(Topic { name: name.join(", "), n_rows: members.len() });
        }
    }
    topics
}

/// The mean weight of each word in `members`, and how many of them have it.
fn weights(rows: &Csr, members: &[usize]) -> HashMap<u32, (f64, usize)> {
    let mut sums: HashMap<u32, (f64, usize)> = HashMap::new();
    for row in members {
        let (columns, values) = rows.row(*row);
        for (column, value) in columns.iter().zip(values) {
            let sum = sums.entry(*column).or_default();
            *sum = (sum.0 + f64::from(*value), sum.1 + 1);
        }
    }
    sums.values_mut().for_each(|(sum, _)| *sum /= members.len().max(1) as f64);
    sums
}
