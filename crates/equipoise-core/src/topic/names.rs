//! What a group of rows is called.

use super::Topic;
use crate::learner::{Csr, TfIdf};
use crate::text::words;
use std::collections::{HashMap, HashSet};

/// Words of a name, at most.
const WORDS: usize = 3;
/// A word that more than this share of all rows has tells of no topic.
const MOST_SHARE: f64 = 0.2;

/// The groups as topics, those of most rows first. A group that no word tells from the label's other rows is left out, and so is one with
/// the words of a larger one.
pub(super) fn named(rows: &Csr, groups: &[Vec<usize>], known: &TfIdf, label: &str) -> Vec<Topic> {
    let words = known.words();
    let of_label: HashSet<String> =
        self::words(&label.to_lowercase()).flat_map(|w| w.split('_')).map(str::to_owned).collect();
    let overall = weights(rows, &(0..rows.n_rows()).collect::<Vec<_>>());
    let mut topics: Vec<Topic> = Vec::new();
    let mut by_size: Vec<&Vec<usize>> = groups.iter().collect();
    by_size.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let mut seen: HashSet<Vec<&str>> = HashSet::new();
    for members in by_size {
        let mut telling: Vec<(f64, &str)> = Vec::new();
        for (column, (weight, n)) in weights(rows, members) {
            let word = words[column as usize];
            let is_name = n >= 2 && word.chars().all(char::is_alphabetic) && !of_label.contains(word);
            let excess = weight - overall.get(&column).map_or(0.0, |(weight, _)| *weight);
            if is_name && excess > 0.0 && known.share(column) <= MOST_SHARE {
                telling.push((excess, word));
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
