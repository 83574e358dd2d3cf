//! Names of a list.

use super::is_inside_a_word;
use std::collections::HashSet;
use std::ops::Range;

/// Names to be found: one or several words each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// As they are written, words separated by one blank.
    exact: HashSet<String>,
    /// The same in lower case.
    folded: HashSet<String>,
    /// Words of the longest.
    longest: usize,
}

impl Names {
    /// The names of a list, one a line; empty lines and those that begin with `#` are left out.
    pub fn of_list(list: &str) -> Self {
        let mut names = Names::default();
        for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            names.longest = names.longest.max(words.len());
            let name = words.join(" ");
            names.folded.insert(name.to_lowercase());
            names.exact.insert(name);
        }
        names
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.exact.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty()
    }

    /// Where names stand, whole words alone and the longest first. Their case counts, since many are words as well (`Rose`, `Mark`); in
    /// a text without capitals, or where the name stands in capitals, it does not.
    pub(super) fn find(&self, text: &str) -> Vec<Range<usize>> {
        if self.is_empty() {
            return Vec::new();
        }
        let has_capitals = text.chars().any(char::is_uppercase);
        let is_name = |words: &[Range<usize>]| {
            let name = words.iter().map(|w| &text[w.clone()]).collect::<Vec<_>>().join(" ");
            let is_shouted =
                name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && name.chars().count() > 2;
            self.exact.contains(&name) || ((!has_capitals || is_shouted) && self.folded.contains(&name.to_lowercase()))
        };
        let words = words(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let ends = (at + 1..=words.len().min(at + self.longest)).rev();
            let name = ends.into_iter().find(|end| is_name(&words[at..*end]));
            found.extend(name.map(|end| words[at].start..words[end - 1].end));
            at = name.unwrap_or(at + 1);
        }
        found
    }
}

/// Where words stand: letters with the hyphens and apostrophes within (`O'Neil`, `Anne-Marie`), without an `'s` at the end.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let joins = matches!(c, '\'' | '’' | '-') && text[end..].starts_with(char::is_alphabetic);
        match words.last_mut().filter(|word| word.end == at) {
            Some(word) if c.is_alphabetic() || joins => word.end = end,
            _ if c.is_alphabetic() => words.push(at..end),
            _ => {}
        }
    }
    for word in &mut words {
        let whole = &text[word.clone()];
        let n = whole.strip_suffix("'s").or_else(|| whole.strip_suffix("’s")).unwrap_or(whole).len();
        word.end = word.start + n;
    }
    words.retain(|word| !is_inside_a_word(text, word));
    words
}
