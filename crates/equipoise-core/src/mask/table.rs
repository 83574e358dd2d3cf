//! The placeholders of a run: made from its training rows, put into what is sent, and replaced in what comes back.

use super::made_up::made_up;
use super::mark::Mark;
use super::{INVENTED, LOST, Unmask};
use crate::data::{RowId, TrainView};
use crate::generator::{Job, ReadItem, SourceText, Sources};
use crate::rng::Seed;
use crate::text::{Names, PrivateCounts, PrivateKind, PrivateSpan, private_spans};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Hides what is private in everything that a run sends.
#[derive(Debug, Clone)]
pub struct Mask {
    names: Names,
    /// The placeholder of each value.
    marks: HashMap<String, Mark>,
    /// What looks like a placeholder in a training row, and stands for itself.
    literal: HashSet<Mark>,
    /// What stands in the place of each value once a text is back.
    back: HashMap<Mark, String>,
    /// The placeholders of each row that has some.
    of_row: HashMap<RowId, BTreeSet<Mark>>,
}

impl Mask {
    /// The placeholders for what the training rows hold.
    pub fn new(train: TrainView<'_>, names: Names, unmask: Unmask, seed: Seed) -> Self {
        let literal: HashSet<Mark> = train.rows().flat_map(|row| Mark::find(row.text)).map(|(_, mark)| mark).collect();
        let spans = |at| private_spans(train.get(at).text, &names);
        let found: Vec<Vec<PrivateSpan>> = (0..train.len()).into_par_iter().map(spans).collect();
        let mut mask = Mask {
            names: Names::default(),
            marks: HashMap::new(),
            literal,
            back: HashMap::new(),
            of_row: HashMap::new(),
        };
        let mut last: HashMap<PrivateKind, u32> = HashMap::new();
        for (row, spans) in train.rows().zip(found) {
            for PrivateSpan { kind, range } in spans {
                let value = &row.text[range];
                let mark = mask.marks.get(value).copied().unwrap_or_else(|| {
                    let mark = free(kind, last.entry(kind).or_default(), &mask.literal);
                    let back = match unmask {
                        Unmask::Restore => value.to_owned(),
                        Unmask::Keep => made_up(kind, value, seed.child(&format!("mask/{mark}"))),
                    };
                    mask.back.insert(mark, back);
                    mask.marks.insert(value.to_owned(), mark);
                    mark
                });
                mask.of_row.entry(row.id).or_default().insert(mark);
            }
        }
        Mask { names, ..mask }
    }

    /// How much private data these texts hold.
    pub fn count<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> PrivateCounts {
        let mut masked = PrivateCounts::default();
        texts.into_iter().for_each(|text| masked.add(&private_spans(text, &self.names)));
        masked
    }

    /// The values that texts get in the place of real ones ([`Unmask::Keep`]); none where the real ones come back.
    pub fn made_up(&self) -> Vec<String> {
        let is_made_up = |(mark, back): &(&Mark, &String)| self.marks.get(back.as_str()) != Some(*mark);
        let mut made_up: Vec<String> = self.back.iter().filter(is_made_up).map(|(_, back)| back.clone()).collect();
        made_up.sort_unstable();
        made_up
    }

    /// The text with placeholders in the place of what is private.
    pub fn hide(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        let mut from = 0;
        for span in private_spans(text, &self.names) {
            let unknown = Mark { kind: span.kind, number: 0 };
            let mark = self.marks.get(&text[span.range.clone()]).copied().unwrap_or(unknown);
            hidden.push_str(&text[from..span.range.start]);
            hidden.push_str(&mark.to_string());
            from = span.range.end;
        }
        hidden.push_str(&text[from..]);
        hidden
    }

    /// The job as it is sent.
    pub fn hide_job(&self, job: &Job) -> Job {
        let hide = |source: &SourceText| SourceText { text: self.hide(&source.text), ..source.clone() };
        Job { sources: job.sources.iter().map(hide).collect(), ..job.clone() }
    }

    /// Whether the prompt of `job` holds a placeholder.
    pub fn is_in(&self, job: &Job) -> bool {
        job.sources.iter().any(|source| self.of_row.contains_key(&source.row))
    }

    /// An item of an answer with its placeholders replaced. One whose source has a placeholder that it lost, or that has one which its
    /// sources do not have, has a fault afterwards.
    pub fn show(&self, mut item: ReadItem) -> ReadItem {
        let none = BTreeSet::new();
        let of_row = |row: &RowId| self.of_row.get(row).unwrap_or(&none);
        let may_have: BTreeSet<Mark> = item.sources.rows().iter().flat_map(of_row).copied().collect();
        let mut has = BTreeSet::new();
        let mut shown = String::with_capacity(item.text.len());
        let (mut from, mut is_invented) = (0, false);
        for (range, mark) in Mark::find(&item.text) {
            is_invented |= !may_have.contains(&mark) && !self.literal.contains(&mark);
            let Some(back) = self.back.get(&mark).filter(|_| may_have.contains(&mark)) else { continue };
            has.insert(mark);
            shown.push_str(&item.text[from..range.start]);
            shown.push_str(back);
            from = range.end;
        }
        shown.push_str(&item.text[from..]);
        item.text = shown;
        let is_lost = matches!(item.sources, Sources::One(_)) && may_have != has;
        let fault = is_invented.then_some(INVENTED).or(is_lost.then_some(LOST));
        item.fault = item.fault.or(fault.map(str::to_owned));
        item
    }
}

/// The next placeholder that no row holds literally.
fn free(kind: PrivateKind, last: &mut u32, literal: &HashSet<Mark>) -> Mark {
    loop {
        *last += 1;
        let mark = Mark { kind, number: *last };
        if !literal.contains(&mark) {
            return mark;
        }
    }
}
