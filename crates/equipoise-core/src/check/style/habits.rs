//! How the real rows of a label are written.

use crate::data::TrainView;
use crate::stats::wilson;
use crate::text::{is_pictograph, unescaped};
use std::sync::Arc;

/// What a feature belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Case,
    Marks,
    Signs,
    Length,
}

/// Something that a text has or has not.
struct Feature {
    group: Group,
    /// What a text has.
    with: &'static str,
    /// What it has otherwise.
    without: &'static str,
    has: fn(&str) -> bool,
}

/// Every feature.
static FEATURES: &[Feature] = &[
    Feature { group: Group::Case, with: "a capital", without: "no capital", has: |t| t.contains(char::is_uppercase) },
    Feature { group: Group::Case, with: "capitals alone", without: "small letters", has: capitals_alone },
    Feature {
        group: Group::Case,
        with: "starts with a capital",
        without: "starts without a capital",
        has: starts_upper,
    },
    Feature { group: Group::Marks, with: "ends with a mark", without: "ends without a mark", has: ends_with_mark },
    Feature {
        group: Group::Marks,
        with: "exclamation mark",
        without: "no exclamation mark",
        has: |t| t.contains(['!', '！']),
    },
    Feature {
        group: Group::Marks,
        with: "question mark",
        without: "no question mark",
        has: |t| t.contains(['?', '？']),
    },
    Feature { group: Group::Marks, with: "comma", without: "no comma", has: |t| t.contains([',', '，', '、']) },
    Feature {
        group: Group::Marks,
        with: "dash",
        without: "no dash",
        has: |t| t.contains(['–', '—']) || t.contains(" - "),
    },
    Feature {
        group: Group::Marks,
        with: "colon or semicolon",
        without: "no colon or semicolon",
        has: |t| t.contains([':', ';', '：', '；']),
    },
    Feature { group: Group::Marks, with: "dots", without: "no dots", has: |t| t.contains('…') || t.contains("...") },
    Feature {
        group: Group::Marks,
        with: "quotation mark",
        without: "no quotation mark",
        has: |t| t.contains(['"', '“', '”', '„', '«', '»', '「']),
    },
    Feature {
        group: Group::Marks,
        with: "curly mark",
        without: "no curly mark",
        has: |t| t.contains(['“', '”', '‘', '’']),
    },
    Feature { group: Group::Marks, with: "line break", without: "no line break", has: |t| t.trim().contains('\n') },
    Feature { group: Group::Signs, with: "emoji", without: "no emoji", has: |t| t.contains(is_pictograph) },
    Feature {
        group: Group::Signs,
        with: "#tag",
        without: "no #tag",
        has: |t| t.split_whitespace().any(|w| w.len() > 1 && w.starts_with('#')),
    },
    Feature {
        group: Group::Signs,
        with: "@name",
        without: "no @name",
        has: |t| t.split_whitespace().any(|w| w.len() > 1 && w.starts_with('@')),
    },
    Feature { group: Group::Signs, with: "link", without: "no link", has: has_link },
];

fn capitals_alone(text: &str) -> bool {
    text.chars().filter(|c| c.is_uppercase()).count() > 3 && !text.contains(char::is_lowercase)
}

/// An address of the web; a face (`://`) has no letters on its sides.
fn has_link(text: &str) -> bool {
    let begins = |rest: &str| rest.starts_with(char::is_alphanumeric);
    let is_address = |(at, _): (usize, &str)| text[..at].ends_with(char::is_alphanumeric) && begins(&text[at + 3..]);
    text.match_indices("://").any(is_address) || text.match_indices("www.").any(|(at, _)| begins(&text[at + 4..]))
}

fn starts_upper(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
}

fn ends_with_mark(text: &str) -> bool {
    text.trim_end().ends_with(END_MARKS)
}

fn length(text: &str) -> usize {
    text.trim().chars().count()
}

const END_MARKS: [char; 8] = ['.', '!', '?', '…', '。', '！', '？', '؟'];

/// Rows of a label without which its habits are not known, and those of all rows stand for them.
const LEAST_ROWS: usize = 50;
/// A text is as short as its source down to this part of it: of a few words, one fewer is a third.
const AS_SHORT: f64 = 0.67;
/// A text is as long as its source up to so many times it.
const AS_LONG: f64 = 1.05;

/// The habits of one label.
#[derive(Default)]
pub(super) struct Habits {
    /// For each feature, how many rows have it.
    n_with: Vec<usize>,
    /// Lengths in characters, ascending.
    lengths: Vec<usize>,
}

/// Something that hardly any real row has.
#[derive(Debug, PartialEq)]
pub(super) struct Unusual {
    pub(super) group: Group,
    pub(super) name: &'static str,
    /// The share of the label's real rows that have it, too.
    pub(super) share: f64,
    /// The most that it may be, since the rows are a sample: the upper end of its 95 % interval.
    pub(super) at_most: f64,
}

impl Habits {
    /// Those of each label, of all rows for a label of few; `None` where there are few of both. Rows are read as people wrote them: a set that is
    /// stored escaped has curly marks, too.
    pub(super) fn of_labels(train: TrainView<'_>) -> Vec<Option<Arc<Habits>>> {
        let mut by_label: Vec<Habits> = train.labels().ids().map(|_| Habits::default()).collect();
        let mut all = Habits::default();
        for row in train.rows() {
            let text = unescaped(row.text);
            let has: Vec<bool> = FEATURES.iter().map(|f| (f.has)(&text)).collect();
            by_label[row.label.index()].add(&has, length(&text));
            all.add(&has, length(&text));
        }
        let known = |mut habits: Habits| {
            habits.lengths.sort_unstable();
            (habits.lengths.len() >= LEAST_ROWS).then(|| Arc::new(habits))
        };
        let all = known(all);
        by_label.into_iter().map(|habits| known(habits).or_else(|| all.clone())).collect()
    }

    fn add(&mut self, has: &[bool], length: usize) {
        self.n_with.resize(has.len(), 0);
        self.n_with.iter_mut().zip(has).for_each(|(n, has)| *n += usize::from(*has));
        self.lengths.push(length);
    }

    /// What of the text fewer than `usual` of the rows have, and none of those that it was made from.
    ///
    /// A single row that has it shows that people write so, unless there are rows enough to say that fewer than `usual` of them do.
    pub(super) fn unusual(&self, text: &str, sources: &[&str], usual: f64) -> Vec<Unusual> {
        let text = unescaped(text);
        let sources: Vec<_> = sources.iter().map(|source| unescaped(source)).collect();
        let of = |group, name, n_alike: usize| {
            let share = wilson(n_alike as u64, self.lengths.len() as u64)?;
            let unusual = Unusual { group, name, share: share.value, at_most: share.high };
            (share.value < usual).then_some(unusual)
        };
        let of_feature = |(feature, n_with): (&Feature, &usize)| {
            let has = (feature.has)(&text);
            let (name, n_alike) =
                if has { (feature.with, *n_with) } else { (feature.without, self.lengths.len() - n_with) };
            let is_new = sources.iter().all(|source| (feature.has)(source) != has);
            of(feature.group, name, n_alike).filter(|u| is_new && (n_alike == 0 || u.at_most < usual))
        };
        let mut unusual: Vec<Unusual> = FEATURES.iter().zip(&self.n_with).filter_map(of_feature).collect();
        let n = length(&text);
        let as_short = self.lengths.partition_point(|l| *l <= n);
        let as_long = self.lengths.len() - self.lengths.partition_point(|l| *l < n);
        let is_shorter = sources.iter().all(|source| (n as f64) < AS_SHORT * length(source) as f64);
        let is_longer = sources.iter().all(|source| n as f64 > AS_LONG * length(source) as f64);
        unusual.extend(of(Group::Length, "as short", as_short).filter(|_| is_shorter));
        unusual.extend(of(Group::Length, "as long", as_long).filter(|_| is_longer));
        unusual
    }

    /// The text as the rows are written; `None` where it is so already.
    pub(super) fn normalised(&self, text: &str, usual: f64) -> Option<String> {
        let rare = |name: &str| {
            let mut features = FEATURES.iter().zip(&self.n_with);
            features.any(|(f, n_with)| f.with == name && (*n_with as f64) < usual * self.lengths.len() as f64)
        };
        let mut new = text.to_owned();
        if rare("a capital") {
            new = new.to_lowercase();
        }
        if rare("emoji") && new.contains(is_pictograph) {
            // Joiners, colours and the emoji form belong to the emoji before them.
            let belongs = |c: char| is_pictograph(c) || matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{20E3}');
            new = new.replace(belongs, " ").split_whitespace().collect::<Vec<_>>().join(" ");
            // A mark that stood behind the emoji is drawn to the word before.
            END_MARKS.iter().for_each(|mark| new = new.replace(&format!(" {mark}"), &mark.to_string()));
        }
        if rare("curly mark") {
            new = new.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
        }
        if rare("ends with a mark") {
            new = new.trim_end_matches(|c: char| END_MARKS.contains(&c) || c.is_whitespace()).to_owned();
        }
        (new != text && !new.is_empty()).then_some(new)
    }
}
