//! No two statements of a report contradict each other, whatever the figures are.

use super::random::evaluation;
use super::sample::Sample;
use super::{core, render};
use core::arm::{self, NONE, Role};
use core::eval::{Evaluation, LabelFinding, Level};
use core::metric::MACRO_F1;
use core::report::{Summary, SummaryLine, Tone};
use std::collections::BTreeSet;

const EVALUATIONS: u64 = 200;

fn shown(evaluation: &Evaluation, name: &str) -> f64 {
    let arm = evaluation.arms.iter().find(|arm| arm.name == name).expect("the arm was run");
    arm.figure(MACRO_F1).expect("it has a figure").value
}

/// Names of free arms in a sentence.
fn free_arms_in(text: &str) -> BTreeSet<&str> {
    let named = text.split('`').skip(1).step_by(2);
    named.filter(|name| arm::role(name) == Some(Role::Free)).collect()
}

fn assert_agrees(evaluation: &Evaluation) {
    let (verdict, summary) = (&evaluation.verdict, Summary::of(Some(evaluation)));
    let uses = verdict.use_synthetic == Some(true);
    // What is advised is never seen to be below the real rows as they are.
    assert!(shown(evaluation, &verdict.arm) >= shown(evaluation, NONE), "{} is advised: {verdict:?}", verdict.arm);
    for advice in verdict.advice.iter().filter_map(|advice| advice.arm.as_ref()) {
        assert_eq!(advice, &verdict.arm, "one arm is advised");
    }
    // The one free way is the best, and no sentence names another.
    if let Some(free) = &summary.best_free {
        let best = evaluation.arms.iter().filter(|arm| arm::role(&arm.name) == Some(Role::Free));
        let best = best.map(|arm| shown(evaluation, &arm.name)).fold(0.0, f64::max);
        if evaluation.synthetic.n_kept > 0 {
            assert!(shown(evaluation, &free.arm) >= best, "{} is not the best free way", free.arm);
            let sentences = summary.effect.iter().chain(&summary.labels);
            for sentence in sentences {
                let others: Vec<&str> = free_arms_in(sentence).into_iter().filter(|name| *name != free.arm).collect();
                // Average precision is always told against class weights, which do not move the ranking by themselves.
                assert!(others.is_empty() || sentence.contains("average precision"), "{others:?} in: {sentence}");
            }
        }
    }
    assert_level(evaluation, &summary, uses);
    assert_shown_everywhere(evaluation, &summary, uses);
}

fn assert_level(evaluation: &Evaluation, summary: &Summary, uses: bool) {
    let harmed = |lines: &[SummaryLine]| lines.iter().filter(|line| line.finding == LabelFinding::Harmed).count();
    assert_eq!(harmed(&summary.folded), 0, "no harm is folded away");
    match evaluation.verdict.level {
        Some(Level::Yes) => {
            let labels: Vec<SummaryLine> = summary.lines.iter().filter(|line| line.is_label).cloned().collect();
            assert_eq!(harmed(&labels), 0, "a plain yes harms nobody");
            assert!(!summary.lines.iter().any(|line| line.name == "accuracy" && line.finding == LabelFinding::Harmed));
        }
        Some(Level::YesAtAPrice) => assert!(harmed(&summary.lines) > 0, "a price is seen in the table"),
        Some(Level::No) if evaluation.synthetic.n_kept > 0 => {
            assert!(harmed(&summary.lines) > 0, "a no stands over the figure that falls: {:?}", summary.lines);
        }
        _ => {}
    }
    assert_eq!(uses, summary.headline.starts_with("Use the new rows"), "{}", summary.headline);
    assert_eq!(
        matches!(summary.tone, Tone::Yes | Tone::Price),
        uses && evaluation.verdict.level != Some(Level::Promising)
    );
    for line in &summary.lines {
        let Some(d) = &line.difference else { continue };
        match line.finding {
            LabelFinding::Helped => assert!(d.value > 0.0 && d.low > 0.0, "{line:?}"),
            LabelFinding::Harmed => assert!(d.value < 0.0 && d.high < 0.0, "{line:?}"),
            LabelFinding::NoEffect | LabelFinding::CannotTell => {}
        }
        if let (Some(before), Some(with)) = (&line.before, &line.with) {
            assert!((with.value - before.value - d.value).abs() < 1e-9, "levels and difference agree: {line:?}");
        }
    }
}

/// Page, card and JSON say the same.
fn assert_shown_everywhere(evaluation: &Evaluation, summary: &Summary, uses: bool) {
    let mut sample = Sample::emotions();
    sample.evaluation = Some(evaluation.clone());
    let (page, card) = (render("html", &sample.data()), render("card", &sample.data()));
    assert_said_in_markdown(summary, &render("markdown", &sample.data()).replace('\\', "").replace("&#46;", "."));
    let plain = |text: &str| text.replace("<code>", "`").replace("</code>", "`");
    let start = page.find("<section class=\"first").expect("a first screen");
    let screen = plain(&page[start..start + page[start..].find("</section>").expect("it ends")]);
    let table = screen.split("<details>").next().expect("something stands before the fold");
    assert!(screen.contains(&format!("</span>{}</p>", summary.badge)), "the badge");
    assert!(screen.contains(&summary.headline), "{}", summary.headline);
    assert!(card.replace("\\`", "`").contains(&format!("{}. {}", summary.badge, summary.headline)), "{card}");
    let json = serde_json::to_value(evaluation).expect("JSON");
    assert_eq!(json["verdict"]["headline"], summary.headline.as_str());
    assert_eq!(json["verdict"]["use_synthetic"].as_bool(), Some(uses));
    for label in evaluation.verdict.labels.iter().filter(|label| label.finding == LabelFinding::Harmed) {
        assert!(
            table.contains(&format!(">{}</bdi>", label.label)),
            "{} is harmed and not on the first screen",
            label.label
        );
        let price = json["verdict"]["price"].as_array().expect("prices");
        assert!(price.iter().any(|price| price["label"] == label.label.as_str()), "its price is in the JSON");
    }
    for sentence in &summary.effect {
        assert!(screen.contains(sentence.as_str()), "{sentence}");
        assert!(card.replace("\\`", "`").contains(sentence.as_str()), "{sentence}");
    }
}

/// `report.md` has the badge, every sentence, every line of the table with its finding, and all advice.
fn assert_said_in_markdown(summary: &Summary, said: &str) {
    let sentences = summary.effect.iter().chain(&summary.sure).chain(summary.advice.iter().map(|a| &a.sentence));
    for sentence in sentences.chain([&summary.headline]) {
        assert!(said.contains(sentence.as_str()), "{sentence}\n{said}");
    }
    assert!(said.contains(&format!("{} {}:", summary.tone.sign(), summary.badge)), "{said}");
    for line in &summary.lines {
        let row = said.lines().find(|row| row.starts_with(&format!("| {}", line.name))).expect("its line");
        let word = match line.finding {
            LabelFinding::Helped => "▲ helped",
            LabelFinding::Harmed => "▼ harmed",
            LabelFinding::NoEffect => "= no effect",
            LabelFinding::CannotTell => "? not proven",
        };
        assert!(row.contains(word), "{row}");
    }
}

#[test]
fn no_statement_of_two_hundred_random_evaluations_contradicts_another() {
    let mut levels = BTreeSet::new();
    for number in 0..EVALUATIONS {
        let evaluation = evaluation(number);
        levels.insert(format!("{:?}", evaluation.verdict.level));
        assert_agrees(&evaluation);
    }
    assert!(levels.len() >= 5, "the evaluations are of many kinds: {levels:?}");
}
