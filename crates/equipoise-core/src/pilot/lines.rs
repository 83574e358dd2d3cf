//! The figures of a comparison as lines, which the terminal and the page show in the same words.

use super::{Compared, Comparison};
use crate::stats::Estimate;
use std::collections::BTreeSet;

/// A figure: one cell for each prompt, best first, and one for the real rows.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureLine<'a> {
    /// What the figure is.
    pub what: String,
    /// The cells.
    pub cells: Vec<FigureCell<'a>>,
}

/// A figure of one prompt, or of the real rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FigureCell<'a> {
    /// There is none: too few texts stand behind it, or it is not asked of this side.
    Absent,
    /// A word.
    Word(&'static str),
    /// A share, 0..1, with its interval.
    Share(&'a Estimate),
    /// A share, 0..1, of which no interval is told.
    Plain(f64),
    /// A difference of figures in 0..1, with its interval.
    Difference(&'a Estimate),
    /// A number of its own scale with its interval.
    Level(&'a Estimate),
    /// A number of its own scale.
    Number(f64),
    /// A p-value.
    PValue(f64),
    /// How many.
    Count(f64),
    /// US dollars.
    Usd(f64),
}

use FigureCell::{Absent, Count, Difference, Level, Number, PValue, Plain, Share, Usd, Word};

impl Comparison {
    /// Every figure, the ones that rank first.
    pub fn lines(&self) -> Vec<FigureLine<'_>> {
        let mut lines = Lines { prompts: &self.prompts, lines: Vec::new() };
        lines.standing();
        lines.texts(self);
        lines.style(self);
        lines.cost();
        lines.lines
    }
}

struct Lines<'a> {
    prompts: &'a [Compared],
    lines: Vec<FigureLine<'a>>,
}

impl<'a> Lines<'a> {
    fn put(&mut self, what: &str, of: impl Fn(&'a Compared) -> FigureCell<'a>, real: FigureCell<'a>) {
        let cells = self.prompts.iter().map(of).chain([real]).collect();
        self.lines.push(FigureLine { what: what.to_owned(), cells });
    }

    fn share(&mut self, what: &str, of: impl Fn(&'a Compared) -> Option<&'a Estimate>, real: Option<&'a Estimate>) {
        self.put(what, |prompt| of(prompt).map_or(Absent, Share), real.map_or(Absent, Share));
    }

    fn standing(&mut self) {
        self.put("standing", |p| Word(p.standing.word()), Absent);
        self.share("good texts, of those asked for", |p| p.good.as_ref(), None);
        self.put("behind the best", |p| p.behind.as_ref().map_or(Absent, Difference), Absent);
        self.put("p, corrected for all pairs", |p| p.p_value.map_or(Absent, PValue), Absent);
    }

    fn texts(&mut self, of: &'a Comparison) {
        self.share("answers read whole", |p| p.figures.read_whole.as_ref(), None);
        self.share("kept, of those asked for", |p| p.figures.kept.as_ref(), None);
        self.share("copies, of those read", |p| p.figures.copies.as_ref(), None);
        self.share("near copies, of those read", |p| p.figures.near_copies.as_ref(), None);
        self.share("declined, of those asked for", |p| p.figures.refused.as_ref(), None);
        self.share("label left alone by the judge", |p| p.figures.agreement.as_ref(), of.real.agreement.as_ref());
        self.share("names its label", |p| p.figures.names_label.as_ref(), of.real.names_label.as_ref());
    }

    fn style(&mut self, of: &'a Comparison) {
        let real = &of.real;
        let longer = |p: &'a Compared| p.figures.longer.as_ref().map_or(Absent, Level);
        self.put("chance to be longer than a real row", longer, Number(0.5));
        let chars = |n: Option<usize>| n.map_or(Absent, |n| Count(n as f64));
        self.put("characters of the middle text", |p| chars(p.figures.chars), chars(real.chars));
        for (at, habit) in real.habits.iter().enumerate() {
            let share = |p: &Compared| p.figures.habits.get(at).map_or(Absent, |habit| Plain(habit.share));
            self.put(&format!("texts with {}", habit.what), share, Plain(habit.share));
        }
        let level = |figure: &'a Option<Estimate>| figure.as_ref().map_or(Absent, Level);
        let variety = |p: &Compared| p.figures.variety.map_or(Absent, Number);
        self.put("distinct pairs of words", variety, level(&real.variety));
        self.put("told from real rows (AUC)", |p| level(&p.figures.told_apart), level(&real.told_apart));
    }

    fn cost(&mut self) {
        self.put("tokens for each kept text", |p| p.figures.tokens_per_kept.map_or(Absent, Count), Absent);
        self.put("USD for each kept text", |p| p.figures.usd_per_kept.map_or(Absent, Usd), Absent);
        let labels: BTreeSet<&String> = self.prompts.iter().flat_map(|p| p.gain.keys()).collect();
        for label in labels {
            let gain = |p: &'a Compared| p.gain.get(label).map_or(Absent, Difference);
            self.put(&format!("gain of average precision, {label}"), gain, Absent);
        }
    }
}
