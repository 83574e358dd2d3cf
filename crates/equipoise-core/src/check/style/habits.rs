//! How the real rows of a label are written.

use crate::data::TrainView;
use crate::text::is_pictograph;

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
    Feature { group: Group::Signs, with: "link", without: "no link", has: |t| t.contains("://") || t.contains("www.") },
];

fn capitals_alone(text: &str) -> bool {
    text.chars().filter(|c| c.is_uppercase()).count() > 3 && !text.contains(char::is_lowercase)
}

fn starts_upper(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
}

fn ends_with_mark(text: &str) -> bool {
    text.trim_end().ends_with(END_MARKS)
}

const END_MARKS: [char; 8] = ['.', '!', '?', '…', '。', '！', '？', '؟'];

/// Rows of a label without which its habits are not known.
const LEAST_ROWS: usize = 50;

/// The habits of one label.
pub(super) struct Habits {
    /// For each feature, the share of rows that have it.
    shares: Vec<f64>,
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
}

impl Habits {
    /// Those of each label; `None` for a label of few rows.
    pub(super) fn of_labels(train: TrainView<'_>) -> Vec<Option<Habits>> {
        let mut counts = vec![(vec![0usize; FEATURES.len()], Vec::new()); train.labels().len()];
        for row in train.rows() {
            let (has, lengths) = &mut counts[row.label.index()];
            FEATURES.iter().zip(has).for_each(|(f, n)| *n += usize::from((f.has)(row.text)));
            lengths.push(row.text.trim().chars().count());
        }
        let habits = |(has, mut lengths): (Vec<usize>, Vec<usize>)| {
            lengths.sort_unstable();
            let shares = has.iter().map(|n| *n as f64 / lengths.len().max(1) as f64).collect();
            (lengths.len() >= LEAST_ROWS).then_some(Habits { shares, lengths })
        };
        counts.into_iter().map(habits).collect()
    }

    /// What of the text fewer than `usual` of the rows have.
    pub(super) fn unusual(&self, text: &str, usual: f64) -> Vec<Unusual> {
        let of_feature = |(feature, share): (&Feature, &f64)| {
            let has = (feature.has)(text);
            let (name, share) = if has { (feature.with, *share) } else { (feature.without, 1.0 - share) };
            (share < usual).then_some(Unusual { group: feature.group, name, share })
        };
        let mut unusual: Vec<Unusual> = FEATURES.iter().zip(&self.shares).filter_map(of_feature).collect();
        let n = text.trim().chars().count();
        let share = |rows: usize| rows as f64 / self.lengths.len() as f64;
        let as_short = share(self.lengths.partition_point(|l| *l <= n));
        let as_long = share(self.lengths.len() - self.lengths.partition_point(|l| *l < n));
        for (name, share) in [("as short", as_short), ("as long", as_long)] {
            if share < usual {
                unusual.push(Unusual { group: Group::Length, name, share });
            }
        }
        unusual
    }

    /// The text as the rows are written; `None` where it is so already.
    pub(super) fn normalised(&self, text: &str, usual: f64) -> Option<String> {
        let rare = |name: &str| {
            let mut features = FEATURES.iter().zip(&self.shares);
            features.any(|(f, share)| f.with == name && *share < usual)
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
