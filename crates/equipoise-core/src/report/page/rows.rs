//! The generated texts: kept and rejected ones with their reasons, and how many of each.

use super::section::Section;
use crate::check::{CheckOutcome, Verdict};
use crate::offline::JointKind;
use crate::report::number::{clip, count};
use crate::report::{Example, Fate, Origin, ReportData, template, what};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) static SECTION: Section = Section {
    id: "texts",
    menu: "Texts",
    title: "The generated texts",
    render: |data, settings| template::html(include_str!("rows.html.j2"), Rows::of(data, settings.examples)).map(Some),
};

const TEXT: usize = 700;
const SOURCE: usize = 300;
const MOST_SOURCES: usize = 3;
const MOST_EVIDENCE: usize = 5;

/// The generated texts.
#[derive(Debug, Serialize)]
struct Rows {
    /// What became of the candidates, label by label.
    labels: Vec<LabelRow>,
    /// What a person should know of a label's texts.
    remarks: Vec<String>,
    /// Rejected candidates by check and reason, most frequent first.
    reasons: Vec<ReasonRow>,
    /// Kept texts by label, then surplus ones.
    kept: Vec<Group>,
    /// Rejected texts by check and reason.
    rejected: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct LabelRow {
    label: String,
    wanted: String,
    candidates: String,
    kept: String,
    surplus: String,
    rejected: String,
    shortfall: String,
}

#[derive(Debug, Serialize)]
struct ReasonRow {
    check: String,
    reason: String,
    what: String,
    n: String,
    labels: String,
}

#[derive(Debug, Serialize)]
struct Group {
    title: String,
    note: String,
    texts: Vec<Text>,
    open: bool,
}

#[derive(Debug, Serialize)]
struct Text {
    label: String,
    parts: Vec<Part>,
    is_joined: bool,
    is_harvested: bool,
    sources: Vec<String>,
    more_sources: usize,
    findings: Vec<Finding>,
}

/// A stretch of a text up to the next joint.
#[derive(Debug, Serialize)]
struct Part {
    text: String,
    /// What the joint before it is; empty at the start of the text.
    joint: String,
}

#[derive(Debug, Serialize)]
struct Finding {
    outcome: &'static str,
    check: String,
    reason: String,
    score: String,
    evidence: String,
}

impl Rows {
    /// At most `per_group` texts of each label, and of each check and reason.
    fn of(data: &ReportData<'_>, per_group: usize) -> Self {
        Rows {
            labels: labels(data),
            remarks: data.remarks.iter().map(|r| clip(r, TEXT)).collect(),
            reasons: reasons(data),
            kept: kept(data, per_group),
            rejected: rejected(data, per_group),
        }
    }
}

fn labels(data: &ReportData<'_>) -> Vec<LabelRow> {
    let labels = data.selection.map_or(&[][..], |s| &s.labels);
    let row = |l: &crate::select::LabelSelection| LabelRow {
        label: l.label.clone(),
        wanted: count(l.wanted),
        candidates: count(l.n_candidates),
        kept: count(l.n_kept),
        surplus: count(l.n_surplus),
        rejected: count(l.n_rejected),
        shortfall: count(l.shortfall),
    };
    labels.iter().map(row).collect()
}

fn reasons(data: &ReportData<'_>) -> Vec<ReasonRow> {
    let mut found: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for label in data.selection.map_or(&[][..], |s| &s.labels) {
        for (key, n) in &label.rejected_by {
            found.entry(key).or_default().push((&label.label, *n));
        }
    }
    let n = |labels: &[(&str, usize)]| labels.iter().map(|(_, n)| n).sum::<usize>();
    let mut found: Vec<(&str, Vec<(&str, usize)>)> = found.into_iter().collect();
    found.sort_by_key(|(_, labels)| Reverse(n(labels)));
    let row = |(key, labels): (&str, Vec<(&str, usize)>)| {
        let (check, reason) = key.split_once('/').unwrap_or((key, ""));
        let by_label: Vec<String> =
            labels.iter().map(|(label, n)| format!("{} {}", clip(label, 60), count(*n))).collect();
        ReasonRow {
            check: check.to_owned(),
            reason: reason.replace('_', " "),
            what: what(check).unwrap_or_default().to_owned(),
            n: count(n(&labels)),
            labels: by_label.join(" · "),
        }
    };
    found.into_iter().map(row).collect()
}

fn kept(data: &ReportData<'_>, per_group: usize) -> Vec<Group> {
    let mut groups: BTreeMap<(Fate, &str), Vec<&Example>> = BTreeMap::new();
    for example in data.examples.iter().filter(|e| e.fate != Fate::Rejected) {
        groups.entry((example.fate, &example.label)).or_default().push(example);
    }
    let groups = groups.into_iter().enumerate().map(|(i, ((fate, label), examples))| {
        let of_label = data.selection.and_then(|s| s.labels.iter().find(|l| l.label == label));
        let n = of_label.map(|l| if fate == Fate::Kept { l.n_kept } else { l.n_surplus });
        let beyond = if fate == Fate::Surplus { ", good but beyond the target" } else { "" };
        let title = format!("{}{beyond}", clip(label, 80));
        group(title, n, &examples, per_group, i == 0)
    });
    groups.collect()
}

fn rejected(data: &ReportData<'_>, per_group: usize) -> Vec<Group> {
    let mut groups: BTreeMap<String, Vec<&Example>> = BTreeMap::new();
    for example in data.examples.iter().filter(|e| e.fate == Fate::Rejected) {
        let first = example.findings.iter().find(|v| v.outcome == CheckOutcome::Reject);
        groups.entry(first.map_or_else(String::new, key)).or_default().push(example);
    }
    let mut groups: Vec<(Option<usize>, String, Vec<&Example>)> =
        groups.into_iter().map(|(key, examples)| (total(data, &key), key, examples)).collect();
    groups.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let groups = groups.into_iter().enumerate().map(|(i, (n, key, examples))| {
        let title = match key.split_once('/') {
            Some((check, reason)) => format!("{check}: {}", reason.replace('_', " ")),
            None => "no reason recorded".to_owned(),
        };
        group(title, n, &examples, per_group, i == 0)
    });
    groups.collect()
}

/// `check/reason`, as the selection counts them.
fn key(verdict: &Verdict) -> String {
    format!("{}/{}", verdict.check, verdict.reason)
}

fn total(data: &ReportData<'_>, key: &str) -> Option<usize> {
    let labels = &data.selection?.labels;
    let counts = labels.iter().flat_map(|l| &l.rejected_by).filter(|(k, _)| k == key);
    Some(counts.map(|(_, n)| n).sum()).filter(|n| *n > 0)
}

fn group(title: String, n: Option<usize>, examples: &[&Example], per_group: usize, open: bool) -> Group {
    let shown = examples.len().min(per_group);
    let note = match n {
        Some(n) if n > shown => format!("{} of {}", count(shown), count(n)),
        _ => count(shown),
    };
    Group { title, note, texts: examples.iter().take(per_group).map(|e| text(e)).collect(), open }
}

fn text(example: &Example) -> Text {
    Text {
        label: example.label.clone(),
        parts: parts(example),
        is_joined: matches!(example.origin, Origin::Joined(_)),
        is_harvested: example.origin == Origin::Harvested,
        sources: example.sources.iter().take(MOST_SOURCES).map(|s| clip(s, SOURCE)).collect(),
        more_sources: example.sources.len().saturating_sub(MOST_SOURCES),
        findings: example.findings.iter().map(finding).collect(),
    }
}

/// The text cut where parts of different rows meet.
fn parts(example: &Example) -> Vec<Part> {
    let text = clip(&example.text, TEXT);
    let Origin::Joined(joints) = &example.origin else { return vec![Part { text, joint: String::new() }] };
    let mut parts = Vec::new();
    let (mut rest, mut done, mut joint) = (text.as_str(), 0, String::new());
    for next in joints {
        let mut begins = rest.char_indices().map(|(byte, _)| byte);
        // What a clipped text no longer shows, and what is out of order, has no mark.
        let Some(at) = next.at.checked_sub(done).and_then(|n| begins.nth(n)) else { continue };
        let (before, after) = rest.split_at(at);
        if !before.is_empty() || !joint.is_empty() {
            parts.push(Part { text: before.to_owned(), joint });
        }
        let words = next.words.iter().map(|w| clip(w, 40));
        joint = match next.kind {
            JointKind::Shared => format!("both rows have: {}", words.collect::<Vec<_>>().join(" ")),
            JointKind::Exchanged => words.collect::<Vec<_>>().join(" → "),
        };
        (rest, done) = (after, next.at);
    }
    parts.push(Part { text: rest.to_owned(), joint });
    parts
}

fn finding(verdict: &Verdict) -> Finding {
    let mut evidence: Vec<String> = verdict.evidence.iter().take(MOST_EVIDENCE).map(|e| clip(e, 80)).collect();
    if verdict.evidence.len() > MOST_EVIDENCE {
        evidence.push(format!("and {} more", count(verdict.evidence.len() - MOST_EVIDENCE)));
    }
    Finding {
        outcome: match verdict.outcome {
            CheckOutcome::Pass => "pass",
            CheckOutcome::Warn => "warning",
            CheckOutcome::Reject => "rejected",
        },
        check: verdict.check.clone(),
        reason: verdict.reason.replace('_', " "),
        score: verdict.score.filter(|s| s.is_finite()).map_or_else(String::new, crate::report::number::decimals),
        evidence: evidence.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RowId;
    use crate::offline::Joint;

    fn example(text: &str, joints: &[(JointKind, usize, &[&str])]) -> Example {
        let joint = |(kind, at, words): &(JointKind, usize, &[&str])| Joint {
            kind: *kind,
            at: *at,
            words: words.iter().map(|w| (*w).to_owned()).collect(),
            donor: RowId(1),
        };
        Example {
            label: "joy".to_owned(),
            text: text.to_owned(),
            sources: Vec::new(),
            origin: Origin::Joined(joints.iter().map(joint).collect()),
            fate: Fate::Kept,
            findings: Vec::new(),
        }
    }

    #[test]
    fn cuts_a_text_at_its_joints() {
        let made = example(
            "é so I feel glad today",
            &[(JointKind::Shared, 5, &["i", "feel"]), (JointKind::Exchanged, 12, &["sad", "glad"])],
        );
        let cut: Vec<(String, String)> = parts(&made).into_iter().map(|p| (p.text, p.joint)).collect();
        let expected = [("é so ", ""), ("I feel ", "both rows have: i feel"), ("glad today", "sad → glad")];
        assert_eq!(cut, expected.map(|(text, joint)| (text.to_owned(), joint.to_owned())));
    }

    #[test]
    fn a_joint_beyond_the_text_or_out_of_order_is_not_marked() {
        let made = example(
            "a b c",
            &[(JointKind::Shared, 4, &["c"]), (JointKind::Shared, 2, &[]), (JointKind::Shared, 9, &[])],
        );
        let cut: Vec<String> = parts(&made).into_iter().map(|p| p.text).collect();
        assert_eq!(cut, ["a b ", "c"]);
    }
}
