//! Whether a raised label pulls in the rows of one group: false alarms by group, without and with the synthetic rows.

use super::figures::Predictions;
use super::results::FittedArm;
use crate::arm::NONE;
use crate::data::{Groups, LabelId, Labels, RowId};
use crate::rng::Seed;
use crate::stats::{Estimate, RESAMPLES, Resamples, interval, wilson};
use crate::text::escape_control;
use serde::{Deserialize, Serialize};

/// False alarms of one label, by group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupAlarms {
    /// The label.
    pub label: String,
    /// The column that names the groups.
    pub column: String,
    /// Groups with at least 20 rows of other labels, the largest change first.
    pub groups: Vec<GroupAlarm>,
    /// Rows of other labels that are in a smaller group or in none.
    pub n_left_out: usize,
    /// What was found, in a sentence.
    pub sentence: String,
}

/// Judged rows of one group that have another label, and the shares (0..1) of them that are called by this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupAlarm {
    /// The group.
    pub group: String,
    /// Rows.
    pub n: usize,
    /// The share without the synthetic rows.
    pub before: Option<Estimate>,
    /// The share with them.
    pub after: Option<Estimate>,
    /// The second minus the first.
    pub change: Option<Estimate>,
    /// The change minus that of all other rows: above 0 the label pulls in this group.
    pub beyond_others: Option<Estimate>,
}

/// Rows of a group without which its share says nothing.
const FEWEST: usize = 20;

/// A judged row and what two models call it.
pub(super) struct Called {
    /// The place of its group, where it has one.
    group: Option<usize>,
    truth: LabelId,
    /// Without the synthetic rows.
    before: LabelId,
    /// With them.
    after: LabelId,
}

impl Called {
    /// Every judged row, with the groups of `ids`; empty where the arm `judged` or the real rows as they are were not fitted.
    pub(super) fn all(
        rows: &Predictions<'_>,
        arms: &[FittedArm],
        judged: &str,
        (groups, ids): (&Groups, &[RowId]),
    ) -> Vec<Called> {
        let both = rows.of_arm(arms, NONE).zip(rows.of_arm(arms, judged));
        let Some((before, after)) = both else { return Vec::new() };
        let row = |(id, (truth, (before, after))): (&RowId, (&LabelId, (&LabelId, &LabelId)))| Called {
            group: groups.of(*id),
            truth: *truth,
            before: *before,
            after: *after,
        };
        ids.iter().zip(rows.truth.iter().zip(before.iter().zip(after))).map(row).collect()
    }
}

/// False alarms of each of `raised`; without a label for which no group has rows enough.
pub(super) fn group_alarms(
    rows: &[Called],
    groups: &Groups,
    (raised, labels): (&[LabelId], &Labels),
    seed: Seed,
) -> Vec<GroupAlarms> {
    let of = |label: &LabelId| {
        let name = labels.name(*label);
        of_label(rows, groups, (*label, name), seed.child(name))
    };
    raised.iter().filter_map(of).collect()
}

fn of_label(rows: &[Called], names: &Groups, (label, name): (LabelId, &str), seed: Seed) -> Option<GroupAlarms> {
    let others: Vec<Alarm> = rows
        .iter()
        .filter(|row| row.truth != label)
        .map(|row| Alarm { group: row.group, before: row.before == label, after: row.after == label })
        .collect();
    let of_group = |at: usize| {
        let n = others.iter().filter(|alarm| alarm.group == Some(at)).count();
        let group = &names.names()[at];
        (n >= FEWEST).then(|| alarms_of(&others, (at, group), seed.child(group)))
    };
    let mut groups: Vec<GroupAlarm> = (0..names.names().len()).filter_map(of_group).collect();
    let change = |g: &GroupAlarm| g.change.as_ref().map_or(0.0, |c| c.value);
    groups.sort_by(|a, b| change(b).total_cmp(&change(a)).then_with(|| a.group.cmp(&b.group)));
    if groups.is_empty() {
        return None;
    }
    let n_left_out = others.len() - groups.iter().map(|g| g.n).sum::<usize>();
    let sentence = sentence(name, names.column(), &groups);
    let column = names.column().to_owned();
    Some(GroupAlarms { label: name.to_owned(), column, groups, n_left_out, sentence })
}

/// A row of another label.
struct Alarm {
    group: Option<usize>,
    before: bool,
    after: bool,
}

impl Alarm {
    /// 1 where it became a false alarm, -1 where it is one no more.
    fn change(&self) -> f64 {
        f64::from(u8::from(self.after)) - f64::from(u8::from(self.before))
    }
}

fn alarms_of(others: &[Alarm], (at, group): (usize, &str), seed: Seed) -> GroupAlarm {
    let is_own = |row: u32| others[row as usize].group == Some(at);
    let own: Vec<&Alarm> = others.iter().filter(|alarm| alarm.group == Some(at)).collect();
    let count = |of: fn(&Alarm) -> bool| own.iter().filter(|alarm| of(alarm)).count() as u64;
    let mean = |drawn: &[u32], of_own: bool| {
        let (mut sum, mut n) = (0.0, 0usize);
        for row in drawn.iter().filter(|row| is_own(**row) == of_own) {
            sum += others[*row as usize].change();
            n += 1;
        }
        if n == 0 { 0.0 } else { sum / n as f64 }
    };
    let all: Vec<u32> = (0..others.len() as u32).collect();
    let strata = all.iter().map(|row| usize::from(is_own(*row)));
    let resamples = Resamples::new(strata, RESAMPLES, seed);
    let method = format!("percentile bootstrap over rows, {RESAMPLES} resamples");
    let estimate = |of: &(dyn Fn(&[u32]) -> f64 + Sync)| interval(of(&all), &mut resamples.map(of), own.len(), &method);
    let has_others = own.len() < others.len();
    let beyond = |drawn: &[u32]| mean(drawn, true) - mean(drawn, false);
    GroupAlarm {
        group: group.to_owned(),
        n: own.len(),
        before: wilson(count(|alarm| alarm.before), own.len() as u64),
        after: wilson(count(|alarm| alarm.after), own.len() as u64),
        change: estimate(&|drawn| mean(drawn, true)),
        beyond_others: has_others.then(|| estimate(&beyond)).flatten(),
    }
}

fn sentence(label: &str, column: &str, groups: &[GroupAlarm]) -> String {
    let (label, column) = (escape_control(label), escape_control(column));
    let percent = |e: &Option<Estimate>| e.as_ref().map_or(0.0, |e| 100.0 * e.value);
    let pulled = groups.iter().find(|g| g.beyond_others.as_ref().is_some_and(|b| b.low > 0.0));
    match pulled {
        Some(g) => format!(
            "With the synthetic rows, `{label}` pulls in rows whose `{column}` is `{}`: {:.1} % of those of other labels are false alarms, \
             and {:.1} % were before; among all other rows the share changed by {:.1} points less.",
            escape_control(&g.group),
            percent(&g.after),
            percent(&g.before),
            percent(&g.beyond_others),
        ),
        None => format!(
            "The judged rows do not show that `{label}` pulls in one `{column}` more than the others: no change of a group's false alarms \
             is beyond that of the rest."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RowId;

    fn alarms(pulled: usize) -> GroupAlarms {
        let n = 200;
        let name = |i: usize| if i < 5 { "tiny" } else { ["here", "there"][i % 2] }.to_owned();
        let id = |i: usize| RowId::new(&i.to_string(), "a", 0);
        let groups = Groups::new("place", (0..n).map(|i| (id(i), name(i))));
        let is = |rare: bool| LabelId(u16::from(rare));
        let row = |i: usize| Called {
            group: groups.of(id(i)),
            truth: is(i % 10 == 9),
            before: is(i % 20 < 2),
            // Rows of `there` that are called by the label only once synthetic rows are there.
            after: is(i % 20 < 2 || (i % 2 == 1 && i < 2 * pulled)),
        };
        let (rows, labels) = ((0..n).map(row).collect::<Vec<_>>(), Labels::new(["other", "rare"].map(str::to_owned)));
        let mut found = group_alarms(&rows, &groups, (&[LabelId(1)], &labels), Seed::new(1));
        found.pop().expect("a label")
    }

    #[test]
    fn names_the_group_that_a_label_pulls_in() {
        let found = alarms(60);
        assert_eq!(found.groups.iter().map(|g| g.group.as_str()).collect::<Vec<_>>(), ["there", "here"]);
        assert!(found.groups[0].beyond_others.as_ref().unwrap().low > 0.0);
        assert!(found.sentence.contains("pulls in rows whose `place` is `there`"), "{}", found.sentence);
        assert!(found.groups.iter().all(|g| g.before.is_some() && g.after.is_some()));
        assert_eq!(found.n_left_out, 5);
    }

    #[test]
    fn says_so_where_no_group_stands_out() {
        let found = alarms(0);
        assert!(found.sentence.contains("do not show"), "{}", found.sentence);
        assert!(found.groups.iter().all(|g| g.change.as_ref().unwrap().value == 0.0));
    }
}
