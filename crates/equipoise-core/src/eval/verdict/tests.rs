//! What holds for every verdict: nothing that it says contradicts anything else, and better evidence never gives a lower level.

use super::evidence::{Counts, Design, Evidence, FreeEvidence, JudgedBy, LabelEvidence, TextsEvidence};
use super::*;
use crate::arm::{CATALOG, NONE, Role, is_synthetic, lookup};
use crate::stats::{Estimate, Measured};
use proptest::prelude::*;

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_964;

fn measured(value: f64, standard_error: f64, n: usize) -> Measured {
    let estimate =
        Estimate { value, low: value - Z * standard_error, high: value + Z * standard_error, n, method: String::new() };
    // Close enough to the normal tail for a rule that asks on which side of 5 % it lies.
    let p_value = if value.abs() > Z * standard_error { 0.01 } else { 0.2 };
    Measured { estimate, standard_error, p_value }
}

fn difference() -> impl Strategy<Value = Measured> {
    (-0.3f64..0.3, 0.002f64..0.15).prop_map(|(value, error)| measured(value, error, 500))
}

fn free_arms() -> Vec<&'static str> {
    CATALOG.iter().filter(|arm| arm.role == Role::Free).map(|arm| arm.item.name).collect()
}

fn synthetic_arms() -> Vec<&'static str> {
    CATALOG.iter().map(|arm| arm.item.name).filter(|arm| is_synthetic(arm)).collect()
}

fn free() -> impl Strategy<Value = Vec<FreeEvidence>> {
    let one = (
        0.0f64..1.0,
        proptest::option::of(0.0f64..1.0),
        proptest::option::of(0.0f64..1.0),
        proptest::option::of(difference()),
        proptest::option::of(difference()),
    );
    let one = one.prop_map(|(level, shown, cv, over_none, texts_over)| FreeEvidence {
        arm: NONE,
        cv,
        level,
        shown,
        over_none,
        texts_over,
    });
    let n = free_arms().len();
    proptest::collection::vec(one, n).prop_map(|all| {
        all.into_iter().zip(free_arms()).map(|(evidence, arm)| FreeEvidence { arm, ..evidence }).collect()
    })
}

fn texts() -> impl Strategy<Value = TextsEvidence> {
    let best = proptest::option::of((proptest::sample::select(free_arms()), difference()));
    let arm = proptest::sample::select(synthetic_arms());
    (arm, 0.0f64..0.7, difference(), best, proptest::option::of(difference())).prop_map(
        |(arm, before, over_none, over_best_free, accuracy)| TextsEvidence {
            arm,
            before,
            level: before + over_none.estimate.value,
            shown: Some(0.5 + over_none.estimate.value / 2.0),
            n_right: [250.0, 250.0 + accuracy.as_ref().map_or(0.0, |a| 500.0 * a.estimate.value)],
            over_none,
            over_best_free,
            accuracy,
        },
    )
}

fn label() -> impl Strategy<Value = LabelEvidence> {
    let figures = (
        proptest::option::of(difference()),
        proptest::option::of(difference()),
        proptest::option::of((0.0f64..1.0, difference())),
    );
    (any::<bool>(), 0usize..2_000, 0usize..400, 0usize..200, figures).prop_map(
        |(is_raised, n_train, n_made, support, (f1, ranking, rival))| LabelEvidence {
            label: "joy".to_owned(),
            is_raised,
            n_train,
            n_made,
            support,
            counts: f1.as_ref().map(|m| {
                let found = |share: f64| Counts { n_found: share * support as f64, n_false: 3.0 };
                [found(0.5), found(0.5 + m.estimate.value / 2.0)]
            }),
            f1,
            ranking,
            rival,
            free_counts: vec![],
        },
    )
}

fn fault() -> impl Strategy<Value = Fault> {
    let kind =
        proptest::sample::select(vec![FaultKind::Copies, FaultKind::LabelsOfOtherSources, FaultKind::LabelsLookWrong]);
    kind.prop_map(|kind| Fault { kind, n_faulty: 60, n: 100, sentence: format!("{kind:?} was found.") })
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let counts = (0usize..50, 0usize..50, 50usize..5_000, 1usize..5_000);
    let taken = proptest::sample::select(
        CATALOG.iter().filter(|a| a.role != Role::Chooser).map(|a| a.item.name).collect::<Vec<_>>(),
    );
    let labels = proptest::collection::vec(label(), 1..6);
    let faults = proptest::collection::vec(fault(), 0..3);
    (counts, taken, any::<bool>(), free(), proptest::option::weighted(0.9, texts()), labels, faults).prop_map(
        |((n_candidates, n_kept, n_train, n_judged), taken, took, free, mut texts, mut labels, faults)| {
            labels.iter_mut().enumerate().for_each(|(at, label)| label.label = format!("label {at}"));
            // The procedure weighs the arm that it takes.
            let mut taken = taken;
            if let Some(texts) = texts.as_mut() {
                match (took, is_synthetic(taken)) {
                    (true, _) => taken = texts.arm,
                    (false, true) => texts.arm = taken,
                    (false, false) => {}
                }
            } else if is_synthetic(taken) {
                taken = NONE;
            }
            Evidence {
                design: Design::HeldOut,
                n_candidates,
                n_kept: n_kept.min(n_candidates),
                n_train,
                n_judged,
                figure: JudgedBy { metric: "macro_f1".to_owned(), words: "macro-F1".to_owned() },
                before: Some(0.5),
                taken,
                free,
                texts,
                labels,
                faults,
            }
        },
    )
}

/// The place of a level, the higher the better.
fn rank(verdict: &Verdict) -> Option<usize> {
    let place = |level| Level::ALL.iter().rev().position(|l| *l == level);
    verdict.level.and_then(place)
}

/// The evidence with every difference of the texts moved up.
fn better(evidence: &Evidence, by: f64) -> Evidence {
    let up = |m: &mut Measured| *m = measured(m.estimate.value + by, m.standard_error, m.estimate.n);
    let mut better = evidence.clone();
    better.free.iter_mut().filter_map(|free| free.texts_over.as_mut()).for_each(up);
    if let Some(texts) = &mut better.texts {
        up(&mut texts.over_none);
        texts.accuracy.iter_mut().for_each(up);
        texts.level += by;
        texts.shown.iter_mut().for_each(|shown| *shown += by);
    }
    better.labels.iter_mut().filter_map(|label| label.f1.as_mut()).for_each(up);
    better
}

fn kinds(verdict: &Verdict) -> Vec<AdviceKind> {
    verdict.advice.iter().map(|advice| advice.kind).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_statement_contradicts_another(evidence in evidence()) {
        let verdict = verdict(&evidence);
        let uses = verdict.level.is_some_and(Level::uses_synthetic);
        prop_assert_eq!(verdict.use_synthetic, verdict.level.map(Level::uses_synthetic));
        prop_assert_eq!(verdict.level.is_none(), evidence.n_candidates == 0);
        prop_assert_eq!(is_synthetic(&verdict.arm), uses, "the arm holds synthetic rows exactly where they are to be used");
        let kinds = kinds(&verdict);
        prop_assert_eq!(kinds.contains(&AdviceKind::UseSyntheticRows), uses);
        prop_assert_eq!(kinds.contains(&AdviceKind::UseFreeArm), verdict.level.is_some() && !uses && verdict.arm != NONE);
        for advice in &verdict.advice {
            prop_assert!(advice.arm.as_ref().is_none_or(|arm| *arm == verdict.arm), "{advice:?} is of another arm");
            prop_assert!(advice.n_rows.is_none_or(|n| n > 0) && !advice.sentence.is_empty());
        }
        prop_assert!(!(uses && kinds.contains(&AdviceKind::MakeRowsAnew)), "rows to be used are not to be made anew");
        prop_assert!(!(uses && kinds.contains(&AdviceKind::TrustNothing)), "figures that nobody trusts prove nothing");
        if let Some(over) = evidence.free.iter().find(|free| free.arm == verdict.arm).and_then(|free| free.over_none.as_ref()) {
            prop_assert!(over.estimate.high >= 0.0, "{} is below the rows as they are", verdict.arm);
        }
        let shown = evidence.free.iter().find(|free| free.arm == verdict.arm).map(|free| free.shown);
        let shown = shown.or(evidence.texts.as_ref().filter(|_| uses).map(|texts| texts.shown)).flatten();
        prop_assert!(shown.zip(evidence.before).is_none_or(|(with, before)| with >= before), "{} is seen to be worse", verdict.arm);
        let harmed = verdict.labels.iter().filter(|label| label.finding == LabelFinding::Harmed).count();
        prop_assert_eq!(verdict.price.iter().filter(|price| price.label.is_some()).count(), harmed, "every label that is harmed is priced");
        prop_assert!(verdict.level != Some(Level::Yes) || verdict.price.is_empty());
        prop_assert!(verdict.level != Some(Level::YesAtAPrice) || !verdict.price.is_empty());
        if let (Some(first), true) = (verdict.price.first(), verdict.level.is_some() && evidence.n_kept > 0) {
            prop_assert!(verdict.headline.contains(&first.sentence), "the price is in the first sentence: {}", verdict.headline);
        }
        if let Some((best, _)) = evidence.texts.as_ref().and_then(|t| t.over_best_free.as_ref()).filter(|(_, over)| over.estimate.low <= 0.0) {
            let named = |free: &FreeEvidence| verdict.headline.ends_with(&format!(" than {}.", lookup(free.arm).unwrap().words()));
            prop_assert!(evidence.free.iter().all(|free| free.arm == *best || !named(free)), "another rival: {}", verdict.headline);
        }
        prop_assert!(verdict.advice.len() <= 3, "one thing to do and two besides");
        if uses {
            let judged = verdict.judged.as_ref().unwrap();
            prop_assert_eq!(&judged.arm, &verdict.arm);
            prop_assert!(judged.over_none.value >= 0.0);
            let has_cut = verdict.arm.ends_with("_threshold");
            let met = judged.over_rivals.iter().filter(|rival| has_cut || rival.arm == "class_weight");
            let over: Vec<&Estimate> = met.filter_map(|rival| rival.difference.as_ref()).collect();
            prop_assert!(!over.is_empty() && over.iter().all(|over| over.value > 0.0));
            prop_assert_eq!(over.iter().all(|over| over.low > 0.0), verdict.level != Some(Level::Promising));
        }
        prop_assert!(!verdict.reason.contains("NaN") && !verdict.reason.is_empty() && !verdict.headline.is_empty());
        let said_harm = verdict.reason.starts_with("They harm");
        prop_assert_eq!(said_harm, verdict.headline.contains("they harm"));
        prop_assert!(!(said_harm && verdict.level != Some(Level::No)));
        let wrong = verdict.faults.iter().any(|fault| fault.kind == FaultKind::LabelsLookWrong);
        let is_below = evidence.texts.as_ref().is_some_and(|texts| texts.over_none.estimate.high < 0.0);
        let raised_harmed = verdict.labels.iter().any(|l| l.raised && l.finding == LabelFinding::Harmed);
        prop_assert!(!wrong || is_below || raised_harmed, "labels are called wrong only where something is harmed");
    }

    #[test]
    fn the_level_does_not_fall_when_the_evidence_improves(evidence in evidence(), by in 0.0f64..0.4) {
        let (before, after) = (verdict(&evidence), verdict(&better(&evidence, by)));
        prop_assert!(rank(&after) >= rank(&before), "{:?} became {:?}", before.level, after.level);
    }
}

fn plain() -> Evidence {
    let free = |arm, over| FreeEvidence {
        arm,
        cv: None,
        level: 0.5,
        shown: Some(0.5),
        over_none: Some(measured(0.05, 0.01, 500)),
        texts_over: Some(over),
    };
    let label = |label: &str, is_raised| LabelEvidence {
        label: label.to_owned(),
        is_raised,
        n_train: 200,
        n_made: if is_raised { 100 } else { 0 },
        support: 80,
        f1: Some(measured(0.1, 0.02, 80)),
        ranking: None,
        rival: None,
        counts: Some([Counts { n_found: 40.0, n_false: 10.0 }, Counts { n_found: 28.0, n_false: 40.0 }]),
        free_counts: vec![
            ("class_weight", Counts { n_found: 35.0, n_false: 20.0 }),
            ("threshold", Counts { n_found: 33.0, n_false: 15.0 }),
        ],
    };
    Evidence {
        design: Design::HeldOut,
        n_candidates: 120,
        n_kept: 100,
        n_train: 1_000,
        n_judged: 500,
        figure: JudgedBy { metric: "macro_f1".to_owned(), words: "macro-F1".to_owned() },
        before: Some(0.45),
        taken: "synthetic_mixture",
        free: vec![free("class_weight", measured(0.04, 0.01, 500)), free("threshold", measured(0.03, 0.02, 500))],
        texts: Some(TextsEvidence {
            arm: "synthetic_mixture",
            before: 0.45,
            level: 0.54,
            shown: Some(0.54),
            over_none: measured(0.09, 0.02, 500),
            over_best_free: None,
            accuracy: None,
            n_right: [300.0, 310.0],
        }),
        labels: vec![label("fear", true), label("joy", false)],
        faults: vec![],
    }
}

#[test]
fn each_level_has_its_case() {
    let of = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = plain();
        change(&mut evidence);
        verdict(&evidence)
    };
    let over =
        |evidence: &mut Evidence, d: Measured| evidence.free.iter_mut().for_each(|f| f.texts_over = Some(d.clone()));
    let yes = of(&|_| ());
    assert_eq!((yes.level, yes.arm.as_str()), (Some(Level::Yes), "synthetic_mixture"), "{}", yes.reason);
    let paid = of(&|e| e.labels[1].f1 = Some(measured(-0.1, 0.02, 80)));
    assert_eq!(paid.level, Some(Level::YesAtAPrice));
    let price = "12 more of 80 `joy` texts are missed, and 30 more texts are called `joy` wrongly.";
    assert_eq!(paid.headline, format!("Use the new rows only if their price is worth it: {price}"));
    let promising = of(&|e| over(e, measured(0.01, 0.02, 500)));
    assert_eq!((promising.level, promising.use_synthetic), (Some(Level::Promising), Some(true)));
    let not_taken = of(&|e| {
        over(e, measured(0.03, 0.03, 500));
        e.taken = "class_weight";
    });
    assert_eq!((not_taken.level, not_taken.arm.as_str()), (Some(Level::TooLittleData), "class_weight"));
    assert!(not_taken.reason.contains("rows to judge by would show"), "{}", not_taken.reason);
    let equal = of(&|e| over(e, measured(-0.005, 0.01, 500)));
    assert_eq!(equal.level, Some(Level::NotNeeded));
    assert!(equal.reason.contains("they add at most 0.015"), "{}", equal.reason);
    let harm = of(&|e| {
        over(e, measured(-0.1, 0.02, 500));
        e.texts.as_mut().unwrap().over_none = measured(-0.06, 0.02, 500);
    });
    assert_eq!((harm.level, harm.headline.as_str()), (Some(Level::No), "Do not use the new rows; they harm."));
    let few = of(&|e| e.n_train = 40);
    assert_eq!(few.level, Some(Level::TooLittleData));
    assert!(few.reason.contains("100 are the least"), "{}", few.reason);
    let none_kept = of(&|e| e.n_kept = 0);
    assert_eq!(none_kept.level, Some(Level::No));
    assert_eq!(of(&|e| e.n_candidates = 0).level, None);
}

#[test]
fn the_free_arm_to_use_is_the_stronger_in_cross_validation_and_never_below_the_rows_as_they_are() {
    let arm = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = plain();
        evidence.taken = "class_weight";
        evidence.free.iter_mut().for_each(|f| f.texts_over = Some(measured(-0.02, 0.01, 500)));
        change(&mut evidence);
        verdict(&evidence).arm
    };
    assert_eq!(arm(&|_| ()), "class_weight");
    assert_eq!(arm(&|e| e.free[1].cv = Some(0.6)), "threshold");
    assert_eq!(arm(&|e| e.free[0].over_none = Some(measured(-0.01, 0.02, 500))), "class_weight");
    assert_eq!(arm(&|e| e.free[0].over_none = Some(measured(-0.06, 0.02, 500))), "threshold");
    assert_eq!(arm(&|e| e.free[0].shown = Some(0.44)), "threshold");
    assert_eq!(arm(&|e| e.free.iter_mut().for_each(|f| f.over_none = Some(measured(-0.06, 0.02, 500)))), "none");
}

#[test]
fn what_the_advised_way_finds_is_told_where_it_is_not_the_best_free_one() {
    let effect = |best_free| {
        let mut evidence = plain();
        evidence.free.iter_mut().for_each(|f| f.texts_over = Some(measured(-0.005, 0.01, 500)));
        evidence.texts.as_mut().unwrap().over_best_free = Some((best_free, measured(-0.005, 0.01, 500)));
        let verdict = verdict(&evidence);
        assert_eq!(verdict.arm, "class_weight");
        verdict.effect
    };
    let best = "The best free way (class weights) finds 35; 20 other texts are called `fear` wrongly.";
    assert_eq!(effect("class_weight")[1..], [best]);
    let advised = "The advised way (class weights) finds 35; 20 other texts are called `fear` wrongly.";
    let other = "The best free way (a calibrated cut) finds 33; 15 other texts are called `fear` wrongly.";
    assert_eq!(effect("threshold")[1..], [other, advised]);
}

#[test]
fn where_every_label_has_new_rows_the_rarest_is_counted() {
    let mut evidence = plain();
    let both = "With the new rows 28 of 80 `fear` texts are found (40 without), and 40 other texts are called `fear` wrongly (10 without).";
    assert_eq!(verdict(&evidence).effect[0], both);
    evidence.labels[1].is_raised = true;
    evidence.labels[1].n_train = 20;
    assert_eq!(verdict(&evidence).effect[0], both.replace("fear", "joy"));
}

#[test]
fn labels_that_a_model_finds_wrong_are_called_so_only_where_the_rows_harm() {
    let fault =
        Fault { kind: FaultKind::LabelsLookWrong, n_faulty: 60, n: 100, sentence: "They look wrong.".to_owned() };
    let mut evidence = Evidence { faults: vec![fault], ..plain() };
    let said = verdict(&evidence);
    assert_eq!(said.faults[0].kind, FaultKind::OtherWords);
    assert!(said.reason.contains("in other words") && !said.reason.contains("wrong"), "{}", said.reason);
    evidence.labels[0].f1 = Some(measured(-0.1, 0.02, 80));
    assert_eq!(verdict(&evidence).faults[0].kind, FaultKind::LabelsLookWrong);
}
