//! The last lines of a command that measured something: what was found, in a table that fits, and what to do next.

use crate::text::{PROSE, pad, shortened, width, wrapped};
use equipoise::core::eval::LabelFinding;
use equipoise::core::report::{Summary, SummaryLine};
use equipoise::core::stats::Estimate;
use equipoise::core::text::{counted, escape_control, fixed, signed};

/// Lines of the whole block, at most.
const MOST: usize = 20;
/// From this width on intervals, descriptions and hints are shown.
const WIDE: usize = 78;
/// Lines of small print, at most: whose verdict it is, and who says otherwise.
const FINE_PRINT: usize = 2;
const FILES: &str = "  Files  ";
/// Hints that stay where a longer table would need their room.
const HINTS: usize = 3;
/// Lines of the table below its head that are always shown: a label, the figures over all, and how many more there are, the last of which
/// may take the place of an empty line.
const LEAST: usize = 4;
/// Longest label.
const LABEL: usize = 24;

/// What the block says besides the summary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// What became of the texts and what they cost.
    pub(crate) made: Option<String>,
    /// Judged rows: how many, and where they are from.
    pub(crate) judged_on: String,
    /// What to do next: what for, and the command or file.
    pub(crate) next: Vec<(&'static str, String)>,
    /// The files that were written.
    pub(crate) files: Option<String>,
    /// What shows every way of training that was compared.
    pub(crate) ways: String,
}

/// The block, a line each, at most [`MOST`] lines of at most `columns` columns; names of files and folders are not cut.
pub(crate) fn ending(summary: &Summary, facts: &Facts, columns: usize) -> Vec<String> {
    let head = wrapped(&format!("{}. {}", said(summary), summary.headline), columns.min(PROSE), "  ");
    let room = |facts: &Facts| room(head.len(), &last(facts, columns), &below(summary, facts, columns));
    let sentences =
        || summary.effect.iter().chain(&summary.note).map(|s| wrapped(&format!("  {s}"), columns.min(PROSE), "  "));
    let n_said: usize = sentences().map(|lines| lines.len()).sum();
    // A label that got new rows, and what that means in counts, say more than one more hint.
    let mut facts = facts.clone();
    let is_crowded = |facts: &Facts| room(facts) < summary.lines.len() + n_said;
    while is_crowded(&facts) && facts.next.len() > HINTS {
        facts.next.pop();
    }
    if is_crowded(&facts) {
        facts.ways.clear();
    }
    while room(&facts) < LEAST && facts.next.len() > 1 {
        facts.next.pop();
    }
    let (facts, last) = (&facts, last(&facts, columns));
    let (lines, n_more) = some_of(&summary.lines, room(facts).clamp(3, 8));
    let table = table(summary, &lines, n_more, facts, columns);
    let taken = head.len() + last.len() + table.len() + 2 * usize::from(!table.is_empty());
    let mut block = head;
    let mut left = MOST.saturating_sub(taken);
    for sentence in sentences() {
        if sentence.len() > left {
            break;
        }
        left -= sentence.len();
        block.extend(sentence);
    }
    if !table.is_empty() {
        block.push(String::new());
        block.extend(table);
    }
    if !last.is_empty() && block.len() + last.len() < MOST {
        block.push(String::new());
    }
    block.extend(last);
    block
}

/// Lines for the table, which gives way to the verdict and to what comes next; its head and two empty lines are not among them.
fn room(head: usize, last: &[String], below: &[String]) -> usize {
    MOST.saturating_sub(head + last.len() + below.len() + 3)
}

/// The verdict in at most three lines: the answer, what it means in counts, where to read on.
pub(crate) fn brief(summary: &Summary, read: Option<&str>) -> Vec<String> {
    let answer = format!("{}. {}", said(summary), summary.headline);
    let found = summary.effect.first().cloned();
    [Some(answer), found, read.map(str::to_owned)].into_iter().flatten().map(|line| escape_control(&line)).collect()
}

fn said(summary: &Summary) -> String {
    format!("{} {}", summary.tone.sign(), summary.badge)
}

/// At most `room` lines, those over all labels among them, and how many labels were left out.
fn some_of(lines: &[SummaryLine], room: usize) -> (Vec<&SummaryLine>, usize) {
    if lines.len() <= room {
        return (lines.iter().collect(), 0);
    }
    let (labels, over_all): (Vec<&SummaryLine>, Vec<&SummaryLine>) = lines.iter().partition(|line| line.is_label);
    let fit = room.saturating_sub(over_all.len() + 1).max(1);
    // Harm is said first: of many labels those that are harmed stay.
    let mut kept: Vec<usize> = (0..labels.len()).collect();
    kept.sort_by_key(|at| labels[*at].finding != LabelFinding::Harmed);
    kept.truncate(fit);
    kept.sort_unstable();
    (kept.into_iter().map(|at| labels[at]).chain(over_all).collect(), labels.len() - fit.min(labels.len()))
}

fn table(summary: &Summary, lines: &[&SummaryLine], n_more: usize, facts: &Facts, columns: usize) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    let is_wide = columns >= WIDE;
    // Without new rows there is no figure with them.
    let heads: &[&str] = match lines.iter().any(|line| line.with.is_some()) {
        true => &["real", "free*", "new"],
        false => &["real", "free*"],
    };
    // A figure takes four columns.
    let widths: Vec<usize> = heads.iter().map(|head| width(head).max(4)).collect();
    let did = |line: &SummaryLine| {
        let mut did = finding(line.finding).to_owned();
        if let Some(d) = &line.difference {
            did += &format!(" {}", signed(d.value, 2));
            if is_wide {
                did += &format!(" ({}…{})", signed(d.low, 2), signed(d.high, 2));
            }
        }
        did
    };
    let last = lines.iter().map(|line| width(&did(line))).max().unwrap_or(0);
    let room = columns.saturating_sub(2 + widths.iter().map(|w| w + 2).sum::<usize>() + 2 + last).clamp(6, LABEL);
    let name = |line: &SummaryLine| {
        shortened(&format!("{}{}", escape_control(&line.name), if line.is_raised { " ↑" } else { "" }), room)
    };
    let first = lines.iter().map(|line| width(&name(line))).max().unwrap_or(0).max(5);
    let row = |name: &str, cells: &[String], did: &str| {
        let cells =
            cells.iter().zip(&widths).map(|(cell, w)| format!("  {}{cell}", " ".repeat(w.saturating_sub(width(cell)))));
        format!("  {}{}  {did}", pad(name, first), cells.collect::<String>()).trim_end().to_owned()
    };
    let head = match (is_wide, heads) {
        (true, _) => format!("what {} did (95 %)", summary.about),
        (false, [_, _, _]) => "what they did".to_owned(),
        (false, _) => "what it did".to_owned(),
    };
    let names: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let mut table = vec![row("label", &names, &head)];
    let level = |estimate: &Option<Estimate>| estimate.as_ref().map_or_else(|| "–".to_owned(), |e| fixed(e.value, 2));
    for line in lines {
        table.push(row(&name(line), &[&line.before, &line.free, &line.with].map(level), &did(line)));
    }
    if n_more > 0 {
        table.push(format!("  and {} in the report", counted(n_more, "more label")));
    }
    table.extend(below(summary, facts, columns));
    table
}

/// What the figures of the table are of.
fn below(summary: &Summary, facts: &Facts, columns: usize) -> Vec<String> {
    let judged = format!("  F1 on {}.", escape_control(&facts.judged_on));
    let mut below: Vec<String> = wrapped(&judged, columns, "  ").into_iter().take(2).collect();
    let ways = format!("  All ways: {}", facts.ways);
    below.extend(Some(ways).filter(|ways| !facts.ways.is_empty() && columns >= WIDE && width(ways) <= columns));
    let fine = summary.fine_print.iter().flat_map(|s| wrapped(&format!("  {s}"), columns.min(PROSE), "  "));
    below.extend(fine.take(FINE_PRINT));
    if let Some(free) = &summary.best_free {
        let of =
            if free.n_of == 1 { "the one free way".to_owned() } else { format!("best of {} free ways", free.n_of) };
        below.push(shortened(&format!("  * {of}: {}", free.words), columns));
    }
    below
}

/// What was made, what comes next, and where it is.
fn last(facts: &Facts, columns: usize) -> Vec<String> {
    let mut last: Vec<String> =
        facts.made.iter().flat_map(|made| wrapped(&format!("  {made}"), columns.min(PROSE), "  ")).collect();
    let is_wide = columns >= WIDE;
    let purposes = facts.next.iter().map(|(purpose, _)| width(purpose)).max().unwrap_or(0);
    for (at, (purpose, what)) in facts.next.iter().enumerate() {
        let head = if at == 0 { "Next " } else { "     " };
        last.push(match is_wide {
            true => format!("  {head}  {}  {what}", pad(purpose, purposes)),
            false => format!("  {head}  {what}"),
        });
    }
    let files = facts.files.iter().flat_map(|files| wrapped(files, columns.min(PROSE) - FILES.len(), ""));
    last.extend(files.enumerate().map(|(at, line)| format!("{}{line}", if at == 0 { FILES } else { "         " })));
    last
}

fn finding(finding: LabelFinding) -> &'static str {
    match finding {
        LabelFinding::Helped => "▲ helped",
        LabelFinding::Harmed => "▼ harmed",
        LabelFinding::NoEffect => "= no effect",
        LabelFinding::CannotTell => "? not proven",
    }
}

#[cfg(test)]
#[path = "../../equipoise-core/tests/report/random.rs"]
mod random;
#[cfg(test)]
use equipoise::core;

#[cfg(test)]
mod tests {
    use super::random::evaluation;
    use super::*;
    use equipoise::core::report::{Free, Tone};

    fn estimate(value: f64) -> Option<Estimate> {
        Some(Estimate { value, low: value - 0.05, high: value + 0.05, n: 40, method: String::new() })
    }

    fn line(name: &str, is_label: bool, finding: LabelFinding) -> SummaryLine {
        SummaryLine {
            name: name.to_owned(),
            is_label,
            is_raised: finding == LabelFinding::Helped,
            rows: is_label.then_some((37, 172)),
            before: estimate(0.05),
            free: estimate(0.38),
            with: estimate(0.29),
            difference: estimate(if finding == LabelFinding::Harmed { -0.1 } else { 0.24 }),
            finding,
            beside_free: None,
        }
    }

    fn summary(n_labels: usize) -> Summary {
        let mut lines: Vec<SummaryLine> = (0..n_labels)
            .map(|i| {
                let harmed = i + 1 == n_labels;
                let finding = if harmed { LabelFinding::Harmed } else { LabelFinding::Helped };
                line(&format!("a label with a long name {i}"), true, finding)
            })
            .collect();
        lines.push(line("mean F1", false, LabelFinding::CannotTell));
        lines.push(line("accuracy", false, LabelFinding::Harmed));
        Summary {
            about: "the new rows",
            tone: Tone::No,
            badge: "No",
            headline: "Do not use the new rows; they harm: 67 more of 288 `NOT` texts are missed.".to_owned(),
            effect: vec![
                "47 more of all 329 texts are wrong.".to_owned(),
                "With the new rows 18 of 41 `OFF` texts are found (1 without), and 67 other texts are called `OFF` wrongly (0 \
                 without)."
                    .to_owned(),
                "The best free way, moved decision thresholds (`threshold`), finds 17; 33 other texts are called \
                 `OFF` wrongly with it."
                    .to_owned(),
            ],
            fine_print: vec![
                "Verdict of the learner `linear`; `naive_bayes` comes to the same.".to_owned(),
                "The learner `linear_char` says otherwise (Not needed): a sentence that is as long as reasons are.".to_owned(),
            ],
            arm: "threshold".to_owned(),
            best_free: Some(Free { arm: "threshold".to_owned(), words: "moved decision thresholds".to_owned(), n_of: 10 }),
            lines,
            folded: Vec::new(),
            advice: Vec::new(),
            sure: Vec::new(),
            note: None,
            labels: Vec::new(),
        }
    }

    fn facts() -> Facts {
        Facts {
            made: Some("172 of 172 texts kept · 18 requests · cost not known (give --price IN,OUT)".to_owned()),
            judged_on: "329 real rows never trained on (test.csv)".to_owned(),
            next: vec![
                ("read and share", "runs/train-1/report.html".to_owned()),
                ("label new texts", "equipoise predict runs/train-1 new.csv".to_owned()),
                ("judge the rows", "equipoise review runs/train-1".to_owned()),
            ],
            files: Some(
                "augmented.csv (your rows, then the new ones) · synthetic.csv · card.md · all in runs/train-1"
                    .to_owned(),
            ),
            ways: "equipoise report runs/train-1 --arms".to_owned(),
        }
    }

    #[test]
    fn fits_twenty_lines_and_the_width_with_few_labels_and_with_many() {
        for n_labels in [1, 2, 6, 60] {
            for columns in 60..=200 {
                let block = ending(&summary(n_labels), &facts(), columns);
                let text = block.join("\n");
                assert!(block.len() <= MOST, "{columns}: {} lines\n{text}", block.len());
                assert!(block.iter().all(|line| width(line) <= columns), "{columns}:\n{text}");
                assert!(text.contains("67 more of 288") || columns < 78, "{columns}:\n{text}");
                assert!(text.contains("▼ harmed −0.10"), "harm is shown: {text}");
                assert!(
                    text.contains("mean F1") && text.contains("accuracy") && text.contains("report.html"),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn says_how_many_labels_are_left_out_and_never_leaves_out_a_harmed_one_first() {
        let text = ending(&summary(60), &facts(), 80).join("\n");
        assert!(text.contains("more labels in the report"), "{text}");
        assert!(text.contains("harmed"), "{text}");
    }

    #[test]
    fn a_fourth_hint_gives_way_to_a_label_and_three_hints_stay() {
        let with = |summary: &Summary| {
            let mut facts = facts();
            facts.next.push(("try again, fairer", "the same command with --style-control 1".to_owned()));
            ending(summary, &facts, 80).join("\n")
        };
        let few = Summary { fine_print: Vec::new(), effect: Vec::new(), ..summary(1) };
        assert!(with(&few).contains("--style-control"), "there is room: {}", with(&few));
        for n_labels in [4, 60] {
            let text = with(&summary(n_labels));
            assert!(text.contains("equipoise review") && !text.contains("--style-control"), "{text}");
        }
    }

    /// The other half of the test in core that compares page, card, `report.md` and JSON.
    #[test]
    fn says_what_the_summary_of_two_hundred_random_evaluations_says() {
        for number in 0..200 {
            let evaluation = evaluation(number);
            let summary = Summary::of(Some(&evaluation));
            for columns in [60, 80, 160] {
                let block = ending(&summary, &facts(), columns);
                let text = block.join("\n");
                assert!(block.len() <= MOST && block.iter().all(|line| width(line) <= columns), "{columns}:\n{text}");
                let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(whole.starts_with(&format!("{}. {}", said(&summary), summary.headline)), "{text}");
                let shown = |line: &SummaryLine| {
                    let name: String = line.name.chars().take(4).collect();
                    block
                        .iter()
                        .any(|shown| shown.trim_start().starts_with(&name) && shown.contains(finding(line.finding)))
                };
                let over_all = summary.lines.iter().filter(|line| !line.is_label);
                assert!(over_all.clone().all(shown), "{text}");
                let harmed = summary.lines.iter().filter(|line| line.finding == LabelFinding::Harmed);
                assert!(harmed.clone().any(shown) || harmed.count() == 0, "harm is shown:\n{text}");
                let free = summary.best_free.as_ref().map(|free| free.words.chars().take(20).collect::<String>());
                assert!(free.is_none_or(|free| summary.lines.is_empty() || text.contains(&free)), "{text}");
            }
            let brief = brief(&summary, None).join("\n");
            assert!(brief.starts_with(&format!("{}. {}", said(&summary), summary.headline)), "{brief}");
        }
    }

    #[test]
    fn the_brief_form_has_three_lines() {
        let brief = brief(&summary(2), Some("runs/train-1/report.html"));
        assert_eq!(brief.len(), 3);
        assert!(brief[0].starts_with("✕ No. Do not use the new rows"), "{}", brief[0]);
    }
}
