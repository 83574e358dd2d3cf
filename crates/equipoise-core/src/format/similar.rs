//! Labels that are probably one, or several in one cell.

use super::cell::shown;
use crate::text::{has_hidden, label_key};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Separators of several labels in one cell.
const BETWEEN: [char; 3] = [',', ';', '|'];

/// Groups of labels that are equal but for Unicode's compatibility forms, case, blanks or the way of writing a number; the spelling
/// with the most rows first, of equals the first in order; those with blanks around them, or characters that nobody sees, last.
pub(super) fn groups(labels: &HashMap<String, usize>) -> Vec<Vec<&str>> {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for label in labels.keys() {
        groups.entry(label_key(label)).or_default().push(label);
    }
    let mut alike: Vec<Vec<&str>> = groups.into_values().filter(|group| group.len() > 1).collect();
    for group in &mut alike {
        let is_unclean = |l: &str| l != l.trim() || has_hidden(l);
        group.sort_unstable_by_key(|l| (is_unclean(l), std::cmp::Reverse(labels[*l]), *l));
    }
    alike
}

/// Groups of cells that hold the same labels, in whatever order; the one with the fewest labels and the most rows first.
pub(super) fn same_sets(labels: &HashMap<String, usize>) -> Vec<Vec<&str>> {
    let mut groups: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for label in labels.keys() {
        let mut set = parts(label);
        set.sort_unstable();
        set.dedup();
        groups.entry(set).or_default().push(label);
    }
    let mut same: Vec<Vec<&str>> =
        groups.into_values().filter(|group| group.len() > 1 && group.iter().any(|l| is_several(l))).collect();
    for group in &mut same {
        group.sort_unstable_by_key(|l| (parts(l).len(), std::cmp::Reverse(labels[*l]), *l));
    }
    same
}

/// Groups for people: `` `a` (3 rows), `A` (1 row) ``.
pub(super) fn words(groups: &[Vec<&str>], labels: &HashMap<String, usize>) -> String {
    let one = |l: &&str| {
        let n = labels[*l];
        format!("`{}` ({n} {})", shown(l, 40), if n == 1 { "row" } else { "rows" })
    };
    groups.iter().map(|g| g.iter().map(one).collect::<Vec<_>>().join(", ")).collect::<Vec<_>>().join("; ")
}

/// Whether a cell holds several labels once it is known that cells may.
pub(super) fn is_several(label: &str) -> bool {
    parts(label).len() > 1
}

/// A label that is probably several, such as `a,b` beside `a` and `b`: half of the labels that can be cut have parts that stand
/// elsewhere, each of them, or are lists as programs write them.
pub(super) fn several(labels: &HashMap<String, usize>) -> Option<&str> {
    let mut compound: Vec<&str> = labels.keys().map(String::as_str).filter(|l| is_several(l)).collect();
    compound.sort_unstable();
    let mut times: HashMap<String, usize> = HashMap::new();
    for label in labels.keys() {
        let distinct: HashSet<String> = parts(label).into_iter().collect();
        distinct.into_iter().for_each(|part| *times.entry(part).or_default() += 1);
    }
    let known = |label: &&&str| is_list(label) || parts(label).iter().all(|part| times[part] > 1);
    let n_known = compound.iter().filter(known).count();
    let told = n_known > 0 && 2 * n_known >= compound.len();
    if told { compound.into_iter().find(|l| known(&l)) } else { None }
}

/// Whether a cell is a list of strings, as Python or JSON writes it.
fn is_list(label: &str) -> bool {
    let inside = label.trim().strip_prefix('[').and_then(|l| l.strip_suffix(']'));
    let is_string = |part: &str| {
        ['\'', '"'].iter().any(|q| part.len() > 1 && part.trim().starts_with(*q) && part.trim().ends_with(*q))
    };
    inside.is_some_and(|inside| inside.split(',').all(is_string))
}

/// The labels of a cell: `a,b`, `a;b`, `a|b`, or a list as Python writes it, `['a', 'b']`.
fn parts(label: &str) -> Vec<String> {
    let bare = label.trim();
    let list = bare.strip_prefix(['[', '{', '(']).and_then(|l| l.strip_suffix([']', '}', ')']));
    let cut: Vec<&str> = match BETWEEN.into_iter().find(|c| list.unwrap_or(bare).contains(*c)) {
        Some(between) => list.unwrap_or(bare).split(between).collect(),
        None => vec![list.unwrap_or(bare)],
    };
    let quotes: &[char] = if list.is_some() { &['\'', '"'] } else { &[] };
    cut.into_iter().map(|p| p.trim().trim_matches(quotes).to_owned()).filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(labels: &[(&str, usize)]) -> HashMap<String, usize> {
        labels.iter().map(|(l, n)| ((*l).to_owned(), *n)).collect()
    }

    #[test]
    fn spellings_of_one_label_are_found_and_the_commonest_leads() {
        let labels = counts(&[
            ("Spam", 2),
            ("spam", 9),
            (" spam ", 1),
            ("ham", 5),
            ("ｈａｍ", 1),
            ("1.0", 3),
            ("1", 3),
            ("2", 1),
        ]);
        let found = groups(&labels);
        assert_eq!(found, [vec!["1", "1.0"], vec!["ham", "ｈａｍ"], vec!["spam", "Spam", " spam "]]);
        assert!(words(&found, &labels).ends_with("`spam` (9 rows), `Spam` (2 rows), ` spam ` (1 row)"));
        for (a, b) in [("-1", "1"), ("a-b", "a b"), ("v1", "v1.0"), ("inf", "infinity"), ("é", "e")] {
            assert_ne!(label_key(a), label_key(b), "{a} {b}");
        }
    }

    #[test]
    fn labels_in_another_order_are_the_same_set() {
        let labels = counts(&[("x, y", 2), ("y, x", 5), ("x", 1), ("x, x", 9), ("z", 3)]);
        assert_eq!(same_sets(&labels), [vec!["x", "x, x"], vec!["y, x", "x, y"]]);
    }

    #[test]
    fn several_labels_in_a_cell_are_told_from_labels_with_commas() {
        assert_eq!(several(&counts(&[("a", 5), ("b", 5), ("a,b", 1)])), Some("a,b"));
        assert_eq!(several(&counts(&[("['x']", 5), ("['y', 'x']", 5), ("['y']", 1)])), Some("['y', 'x']"));
        assert_eq!(several(&counts(&[(r#"["x", "y"]"#, 5), (r#"["z", "v"]"#, 5)])), Some(r#"["x", "y"]"#));
        assert_eq!(several(&counts(&[("3", 1), ("3;4", 1), ("4;5", 1), ("5", 1)])), Some("3;4"));
        assert_eq!(several(&counts(&[("Boston, MA", 5), ("Albany, NY", 5), ("Buffalo, NY", 1)])), None);
        assert_eq!(several(&counts(&[("yes, please", 5), ("no", 5)])), None);
    }
}
