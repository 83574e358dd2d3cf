//! What the synthetic rows do, counted in judged rows: the headline, and the sentences below it.

use super::evidence::{Counts, Evidence, LabelEvidence};
use super::ground::Ground;
use super::types::{Level, Price};
use crate::arm::{ArmEntry, lookup};
use crate::text::{escape_control, thousands};

/// Labels that a sentence names; of more it tells the number.
const NAMED: usize = 3;

/// What to do, and what it costs in rows.
pub(super) fn headline(evidence: &Evidence, ground: Ground<'_>, level: Option<Level>, prices: &[Price]) -> String {
    let cost = prices.first().map(|price| price.sentence.as_str());
    let with_cost = |what: &str| match cost {
        Some(cost) => format!("{what}: {cost}"),
        None => format!("{what}."),
    };
    match (level, ground) {
        (None, _) => "Real rows alone were compared.".to_owned(),
        (Some(Level::Yes), _) => match gain(evidence) {
            Some(gain) => format!("Use the new rows: {gain}."),
            None => "Use the new rows.".to_owned(),
        },
        (Some(Level::YesAtAPrice), _) => with_cost("Use the new rows only if their price is worth it"),
        (Some(Level::Promising), _) => with_cost("Use the new rows, and confirm it on more real rows"),
        (Some(Level::TooLittleData), _) => with_cost("There are too few real rows to tell whether the new rows help"),
        (Some(Level::NotNeeded), ground) => {
            let as_well = no_better(evidence, ground);
            match cost {
                Some(cost) => format!("Do not add the new rows: with them {cost} They {as_well}."),
                None => format!("Do not add the new rows: they {as_well}."),
            }
        }
        (Some(Level::No), Ground::Harm(_)) => with_cost("Do not use the new rows; they harm"),
        (Some(Level::No), _) => "There is nothing to use: the checks kept none of the new rows.".to_owned(),
    }
}

/// What needs none of the new rows and does as well: the best free way, since it is the one that everything else is compared with, unless
/// the new rows are seen to be above it in the figure of that comparison.
fn no_better(evidence: &Evidence, ground: Ground<'_>) -> String {
    let best = || evidence.texts.as_ref()?.over_best_free.as_ref().filter(|(_, over)| over.estimate.low <= 0.0);
    let (rival, over) = match (ground, best()) {
        (Ground::Equivalent(texts, None), _) => ("the real rows alone".to_owned(), Some(&texts.over_none)),
        (Ground::Equivalent(_, Some(_)), Some((best, over))) => (words(best), Some(over)),
        (Ground::Equivalent(_, Some(free)), None) => (words(free.arm), free.texts_over.as_ref()),
        _ => return "do no better than a way that needs none".to_owned(),
    };
    let how = if over.is_some_and(|over| over.estimate.value > 0.0) { "hardly better" } else { "no better" };
    format!("do {how} than {rival}")
}

/// What is paid besides what the headline says, what is gained, what a free way does, and what the way `advised` does where it is yet
/// another; a sentence each.
pub(super) fn effect(evidence: &Evidence, prices: &[Price], advised: &str) -> Vec<String> {
    let best_free = evidence.texts.as_ref().and_then(|texts| Some(texts.over_best_free.as_ref()?.0));
    let mut sentences = Vec::from_iter(more_prices(prices));
    if let Some(raised) = Raised::of(evidence) {
        sentences.push(raised.found());
        let best = best_free.and_then(|arm| raised.free(evidence, "best free way", arm));
        let advised = (best_free != Some(advised)).then(|| raised.free(evidence, "advised way", advised)).flatten();
        sentences.extend(best.into_iter().chain(advised));
    }
    sentences
}

/// The prices after the first, labels by name.
fn more_prices(prices: &[Price]) -> Option<String> {
    let rest = prices.get(1..).filter(|rest| !rest.is_empty())?;
    let labels: Vec<&str> = rest.iter().filter_map(|price| price.label.as_deref()).collect();
    match (rest, labels.as_slice()) {
        ([one], _) => Some(one.sentence.clone()),
        (_, labels) if labels.len() > NAMED => Some(format!("{} more labels get worse.", labels.len())),
        (_, labels) => {
            let names: Vec<String> = labels.iter().map(|label| format!("`{}`", escape_control(label))).collect();
            Some(format!("Worse, too: {}.", names.join(", ")))
        }
    }
}

/// `44 of 66 `surprise` texts are found instead of 30`.
fn gain(evidence: &Evidence) -> Option<String> {
    let raised = Raised::of(evidence)?;
    let (before, with) = (rounded(raised.before.n_found), rounded(raised.with.n_found));
    (with > before).then(|| format!("{} of {} are found instead of {}", shown(with), raised.texts(), shown(before)))
}

/// The labels that the sentences count, together.
struct Raised {
    /// Their name, where there is one.
    name: Option<String>,
    n_labels: usize,
    support: usize,
    before: Counts,
    with: Counts,
}

impl Raised {
    /// `None` where no judged row has one of them.
    fn of(evidence: &Evidence) -> Option<Self> {
        let labels = raised(evidence);
        let first = *labels.first()?;
        Some(Raised {
            name: (labels.len() == 1).then(|| format!("`{}`", escape_control(&first.label))),
            n_labels: labels.len(),
            support: labels.iter().map(|label| label.support).sum(),
            before: sum(evidence, &|label| Some(label.counts?[0]))?,
            with: sum(evidence, &|label| Some(label.counts?[1]))?,
        })
    }

    /// ``41 `OFF` texts``.
    fn texts(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name} texts", shown(self.support as i64)),
            None => format!("{} texts of the {} labels with new rows", shown(self.support as i64), self.n_labels),
        }
    }

    /// `called `OFF` wrongly`, `given a wrong one of these labels`.
    fn wrongly(&self) -> String {
        match &self.name {
            Some(name) => format!("called {name} wrongly"),
            None => "given one of these labels wrongly".to_owned(),
        }
    }

    fn found(&self) -> String {
        format!(
            "With the new rows {} of {} are found ({} without), and {} {} ({} without).",
            shown(rounded(self.with.n_found)),
            self.texts(),
            shown(rounded(self.before.n_found)),
            others(self.with.n_false),
            self.wrongly(),
            shown(rounded(self.before.n_false))
        )
    }

    /// What the free arm `arm` does, which is called `role`.
    fn free(&self, evidence: &Evidence, role: &str, arm: &str) -> Option<String> {
        let counts = sum(evidence, &|label| label.with_free(arm))?;
        Some(format!(
            "The {role} ({}) finds {}; {} {}.",
            words(arm),
            shown(rounded(counts.n_found)),
            others(counts.n_false),
            self.wrongly()
        ))
    }
}

/// The labels with synthetic rows of which some rows are judged; where every label has such rows the rarest of them alone, since what all
/// labels together find is the accuracy under another name.
fn raised(evidence: &Evidence) -> Vec<&LabelEvidence> {
    let counted = |label: &&LabelEvidence| label.is_raised && label.support > 0 && label.counts.is_some();
    let raised = evidence.labels.iter().filter(counted);
    match evidence.labels.iter().all(|label| label.is_raised) {
        true => raised.min_by_key(|label| label.n_train).into_iter().collect(),
        false => raised.collect(),
    }
}

/// Counts of them together.
fn sum(evidence: &Evidence, of: &dyn Fn(&LabelEvidence) -> Option<Counts>) -> Option<Counts> {
    raised(evidence).into_iter().try_fold(Counts { n_found: 0.0, n_false: 0.0 }, |sum, label| {
        let counts = of(label)?;
        Some(Counts { n_found: sum.n_found + counts.n_found, n_false: sum.n_false + counts.n_false })
    })
}

/// What people call an arm.
fn words(arm: &str) -> String {
    lookup(arm).map_or_else(|| arm.to_owned(), ArmEntry::words)
}

/// `1 other text is`, `67 other texts are`.
fn others(n: f64) -> String {
    let n = rounded(n);
    format!("{} other {}", shown(n), if n == 1 { "text is" } else { "texts are" })
}

/// A count of rows, as it is read.
fn shown(n: i64) -> String {
    thousands(n.unsigned_abs())
}

fn rounded(n: f64) -> i64 {
    n.round() as i64
}
