//! Hand-made runs of any size for looking at the report and for testing it.

#[path = "table.rs"]
mod table;

use equipoise_core::eval::{
    Action, Advice, AdviceKind, Analysis, ArmCurve, ArmResult, ChangedRow, ChangedRows, ConfusionTable, Contrast,
    Design, DoseCurve, DosePoint, Evaluation, HeldOutSummary, Judged, JudgedBy, LabelFinding, LabelResult,
    LabelVerdict, LearningCurve, LearningPoint, Level, PrecisionRecall, Rival, RowValue, RowValues, SyntheticSummary,
    TrainSummary, Verdict, Worth,
};
use equipoise_core::parse::NoteKind;
use equipoise_core::pattern::reliance::{Leaning, Reliance, Undone};
use equipoise_core::pattern::{Kind, LabelPatterns, ShownGiveAway};
use equipoise_core::plan::{Forecast, LabelPlan, Plan, Price, Quota};
use equipoise_core::probation::{Permit, Probation};
use equipoise_core::profile::{LabelProfile, Lengths, Profile, Style};
use equipoise_core::report::{Cost, Example, Input, InputRole, OutputFile, Provenance, ReportData, RowTable};
use equipoise_core::select::{LabelSelection, Selection};
use equipoise_core::stats::Estimate;
use equipoise_core::text::PrivateCounts;
use std::collections::BTreeMap;

/// A label: name, real rows, rows wanted beside them, held-out rows.
pub(crate) type Label<'a> = (&'a str, usize, usize, usize);

/// Arms, and how much of what a rare label loses each of them gives back.
const ARMS: &[(&str, f64)] = &[
    ("none", 0.0),
    ("class_weight", 0.40),
    ("over_sample", 0.36),
    ("smote", 0.30),
    ("duplicate_control", 0.34),
    ("synthetic_naive", 0.48),
    ("synthetic", 0.72),
    ("auto", 0.72),
];

/// A whole run, owned.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    pub(crate) plan: Option<Plan>,
    pub(crate) selection: Option<Selection>,
    pub(crate) evaluation: Option<Evaluation>,
    pub(crate) examples: Vec<Example>,
    pub(crate) rows: Option<RowTable>,
    pub(crate) cost: Option<Cost>,
    pub(crate) dropped: Vec<(String, usize)>,
    pub(crate) provenance: Provenance,
}

impl Sample {
    /// Five emotions, one of them rare.
    pub(crate) fn emotions() -> Self {
        Sample::new(
            "emotion.csv",
            &[
                ("joy", 1608, 0, 695),
                ("sadness", 1400, 0, 581),
                ("anger", 648, 0, 275),
                ("fear", 581, 220, 224),
                ("surprise", 60, 540, 66),
            ],
        )
    }

    /// A run over `labels`, largest first.
    pub(crate) fn new(name: &str, labels: &[Label<'_>]) -> Self {
        Sample {
            name: name.to_owned(),
            profile: profile(labels),
            plan: Some(plan(labels)),
            selection: Some(selection(labels)),
            evaluation: Some(evaluation(labels)),
            examples: table::examples(labels),
            rows: Some(table::rows(labels)),
            cost: Some(Cost {
                n_requests: 84,
                n_unknown: 1,
                usd_unknown: Some(0.0012),
                input_tokens: 61_340,
                output_tokens: 24_811,
                usd: Some(0.0642),
                judge: None,
            }),
            dropped: vec![("empty text".to_owned(), 3), ("no label".to_owned(), 1)],
            provenance: Provenance {
                tool_version: "0.1.0".to_owned(),
                seed: 7,
                date: Some("2026-11-28".to_owned()),
                command: Some("equipoise run emotion.csv --label-to surprise=600".to_owned()),
                recipe: "seed = 7\n".to_owned(),
                prompt: Some("Write {{ n }} texts.".to_owned()),
                typed_model: Some("openai/gpt-4.1-mini".to_owned()),
                temperature: None,
                inputs: vec![
                    Input { role: InputRole::Train, name: name.to_owned(), digest: Some("9f2c7b1e".repeat(8)) },
                    Input { role: InputRole::Test, name: "test.csv".to_owned(), digest: None },
                ],
                outputs: vec![
                    OutputFile { name: "augmented".to_owned(), file: "augmented.csv".to_owned() },
                    OutputFile { name: "synthetic".to_owned(), file: "synthetic.csv".to_owned() },
                ],
                served_models: vec!["gpt-4.1-mini-2025-04-14".to_owned()],
            },
        }
    }

    /// The same run with nothing asked for and nothing kept.
    pub(crate) fn without_synthetic_rows(mut self) -> Self {
        self.plan = None;
        self.selection = None;
        self.cost = None;
        self.examples.clear();
        self.rows = None;
        if let Some(evaluation) = &mut self.evaluation {
            evaluation
                .arms
                .retain(|a| !a.name.starts_with("synthetic") && a.name != "auto" && a.name != "duplicate_control");
            evaluation.contrasts.retain(|c| c.arm == "class_weight");
            evaluation.synthetic = SyntheticSummary::default();
            evaluation.verdict = Verdict {
                level: None,
                arm: "class_weight".to_owned(),
                use_synthetic: None,
                headline: "Real rows alone were compared.".to_owned(),
                effect: Vec::new(),
                reason: "Class weights do best in cross-validation over the training rows.".to_owned(),
                judged: None,
                price: Vec::new(),
                labels: Vec::new(),
                faults: Vec::new(),
                advice: Vec::new(),
            };
        }
        self
    }

    /// The same arms once more with another learner.
    pub(crate) fn with_second_learner(mut self, learner: &str) -> Self {
        if let Some(evaluation) = &mut self.evaluation {
            let again = evaluation.arms.clone().into_iter().map(|arm| ArmResult {
                learner: learner.to_owned(),
                chosen: false,
                ..arm
            });
            let again: Vec<ArmResult> = again.collect();
            evaluation.arms.extend(again);
        }
        self
    }

    /// What the renderers take.
    pub(crate) fn data(&self) -> ReportData<'_> {
        ReportData {
            plan: self.plan.as_ref(),
            selection: self.selection.as_ref(),
            evaluation: self.evaluation.as_ref(),
            examples: self.examples.clone(),
            rows: self.rows.clone(),
            cost: self.cost,
            parse_notes: BTreeMap::from([(NoteKind::TooFew, 9), (NoteKind::Preamble, 4), (NoteKind::Cut, 2)]),
            never_came: vec![("declined, also alone (refused)".to_owned(), 3)],
            dropped: self.dropped.clone(),
            ..ReportData::new(self.name.clone(), &self.profile, self.provenance.clone())
        }
    }
}

fn kept(wanted: usize) -> usize {
    wanted - wanted / 45
}

fn profile(labels: &[Label<'_>]) -> Profile {
    let n: usize = labels.iter().map(|l| l.1).sum();
    let lengths = Lengths { min: 2, p2: 4, median: 17, p98: 49, max: 66 };
    let style = Style {
        cased_share: 1.0,
        unspaced_share: 0.0,
        lower_case_share: 1.0,
        punctuation_share: 0.02,
        emoji_share: 0.0,
        hashtag_share: 0.0,
        mention_share: 0.0,
        n_distinct_words: 3120,
    };
    let of_label = |(label, rows, ..): &Label<'_>| LabelProfile {
        label: (*label).to_owned(),
        n: *rows,
        share: *rows as f64 / n as f64,
        words: lengths,
        chars: lengths,
        n_duplicates: 0,
        style: style.clone(),
    };
    let largest = labels.iter().map(|l| l.1).max().unwrap_or(1);
    let smallest = labels.iter().map(|l| l.1).min().unwrap_or(1);
    Profile {
        schema: 1,
        n,
        labels: labels.iter().map(of_label).collect(),
        imbalance_ratio: largest as f64 / smallest as f64,
        n_duplicates: 1,
        n_near_duplicates: Some(14),
        conflicts: Vec::new(),
        n_conflicts: 2,
        n_held_out: Some(labels.iter().map(|l| l.3).sum()),
        n_also_held_out: Some(1),
        private: PrivateCounts::default(),
    }
}

fn plan(labels: &[Label<'_>]) -> Plan {
    let total = Forecast {
        n_requests: 76,
        n_requests_worst: 228,
        input_tokens: 58_200,
        output_tokens: 25_400,
        input_tokens_worst: 412_000,
        output_tokens_worst: 311_000,
        usd: Some(0.0639),
        usd_worst: Some(0.6624),
    };
    let raised = labels.iter().filter(|l| l.2 > 0).map(|(label, have, wanted, _)| LabelPlan {
        quota: Quota {
            label: (*label).to_owned(),
            have: *have,
            target: have + wanted,
            wanted: *wanted,
            style_control: false,
        },
        forecast: total,
    });
    Plan {
        schema: 1,
        model: "openai/gpt-4.1-mini".to_owned(),
        generator: "rewrite".to_owned(),
        prompt: "4b0f1d7c".repeat(8),
        chunk: 10,
        rounds: 2,
        price: Some(Price { input_usd: 0.4, output_usd: 1.6 }),
        labels: raised.collect(),
        total,
        definitions: BTreeMap::new(),
        attributes: None,
        masked: None,
        outlook: vec![],
        judge: None,
    }
}

fn selection(labels: &[Label<'_>]) -> Selection {
    let raised = labels.iter().filter(|l| l.2 > 0).map(|(label, _, wanted, _)| {
        let n_kept = kept(*wanted);
        let copies = wanted / 12;
        LabelSelection {
            label: (*label).to_owned(),
            wanted: *wanted,
            n_candidates: n_kept + 4 + copies + 5,
            n_kept,
            n_surplus: 4,
            n_rejected: copies + 5,
            shortfall: wanted - n_kept,
            rejected_by: vec![("near_duplicate/near_row".to_owned(), copies), ("copy/copy_of_candidate".to_owned(), 5)],
        }
    });
    Selection { schema: 1, kept: Vec::new(), surplus: Vec::new(), labels: raised.collect() }
}

fn evaluation(labels: &[Label<'_>]) -> Evaluation {
    let n_train: usize = labels.iter().map(|l| l.1).sum();
    let n_test: usize = labels.iter().map(|l| l.3).sum();
    let n_kept: usize = labels.iter().map(|l| kept(l.2)).sum();
    let arms: Vec<ArmResult> = ARMS.iter().map(|(name, boost)| arm(labels, name, *boost, n_train, n_kept)).collect();
    let mut contrasts = Vec::new();
    for (name, ..) in &ARMS[1..] {
        let rivals: &[&str] = match *name {
            "synthetic" | "synthetic_naive" | "auto" => &["none", "duplicate_control", "class_weight"],
            _ => &["none"],
        };
        for against in rivals {
            contrasts.extend(contrasts_of(&arms, name, against, n_test));
        }
    }
    Evaluation {
        schema: 1,
        seed: 7,
        design: Design::HeldOut,
        train: TrainSummary { n: n_train, labels: labels.iter().map(|l| (l.0.to_owned(), l.1)).collect() },
        held_out: HeldOutSummary { n: n_test, name: "test.csv".to_owned(), n_also_train: 1 },
        synthetic: SyntheticSummary { n_candidates: n_kept + n_kept / 8, n_kept },
        arms,
        contrasts,
        verdict: verdict(labels, n_kept),
        others: Vec::new(),
        prior_shifts: Vec::new(),
        analysis: analysis(labels, n_kept),
        notes: vec!["1 held-out text is also among the training rows; it was counted.".to_owned()],
    }
}

fn verdict(labels: &[Label<'_>], n_kept: usize) -> Verdict {
    let difference = |value: f64| Estimate {
        value,
        low: value - 0.05,
        high: value + 0.05,
        ..estimate(0.5, 1841, 1.0, "test").expect("rows")
    };
    let rival = |arm: &str, value: f64, by: f64| Rival { arm: arm.to_owned(), value, difference: Some(difference(by)) };
    Verdict {
        level: Some(Level::Yes),
        arm: "synthetic".to_owned(),
        use_synthetic: Some(true),
        headline: "Use the new rows: 44 of 66 `surprise` texts are found instead of 30.".to_owned(),
        effect: vec!["With the new rows 44 of 66 `surprise` texts are found (30 without).".to_owned()],
        reason: format!(
            "The {n_kept} synthetic rows help: macro-F1 is 0.754, and 0.675 with class weights (`class_weight`)."
        ),
        judged: Some(Judged {
            arm: "synthetic".to_owned(),
            figure: JudgedBy { metric: "macro_f1".to_owned(), words: "macro-F1".to_owned() },
            before: 0.568,
            with: 0.754,
            over_none: difference(0.186),
            over_rivals: vec![rival("class_weight", 0.675, 0.079)],
            best_free: Some(rival("over_sample", 0.69, 0.064)),
            best_free_value: Some(0.69),
        }),
        price: Vec::new(),
        labels: labels.iter().map(label_verdict).collect(),
        faults: Vec::new(),
        advice: vec![Advice {
            kind: AdviceKind::UseSyntheticRows,
            arm: Some("synthetic".to_owned()),
            n_rows: None,
            sentence: "Use the synthetic rows with weight 1 each (`synthetic`).".to_owned(),
            actions: vec![Action::Predict, Action::WriteWeights],
        }],
    }
}

fn changed(labels: &[Label<'_>]) -> ChangedRows {
    let row = |row: usize, with: usize| ChangedRow {
        row,
        label: labels[0].0.to_owned(),
        without: labels[1 - with].0.to_owned(),
        with: labels[with].0.to_owned(),
    };
    ChangedRows {
        arm: "synthetic".to_owned(),
        against: "none".to_owned(),
        learner: "linear".to_owned(),
        rows: vec![row(0, 0), row(1, 1)],
    }
}

fn precision_recall(label: &Label<'_>) -> PrecisionRecall {
    let curve = |arm: &str, falls: f64| ArmCurve {
        arm: arm.to_owned(),
        points: (1..=40).map(|i| f64::from(i) / 40.0).map(|recall| [recall, 1.0 - falls * recall * recall]).collect(),
        working_point: Some([0.5, 1.0 - falls / 4.0]),
    };
    PrecisionRecall {
        label: label.0.to_owned(),
        n: label.3,
        n_judged: 900,
        learner: "linear".to_owned(),
        arms: vec![curve("none", 0.8), curve("class_weight", 0.6), curve("synthetic", 0.4)],
    }
}

fn analysis(labels: &[Label<'_>], n_kept: usize) -> Analysis {
    let around = |value: f64| {
        Some(Estimate {
            value,
            low: value - 0.06,
            high: value + 0.05,
            n: 66,
            method: "percentile bootstrap".to_owned(),
        })
    };
    let dose = |share: f64, value: f64| DosePoint {
        share,
        n_synthetic: (n_kept as f64 * share) as usize,
        n_draws: if share > 0.0 && share < 1.0 { 3 } else { 1 },
        raised_f1: around(value),
        macro_f1: around(0.8),
        gain: (share > 0.0).then(|| around(value - 0.568)).flatten(),
    };
    let learning = |share: f64, real: f64, with: f64| LearningPoint {
        share,
        n_real: (400.0 * share) as usize,
        n_draws: 3,
        real: around(real),
        with_synthetic: around(with),
    };
    let rows = Estimate { value: 138.0, low: 60.0, high: 205.0, n: 200, method: "percentile bootstrap".to_owned() };
    let raised: Vec<&Label<'_>> = labels.iter().filter(|l| kept(l.2) > 0).collect();
    let give_away = |text: &str| ShownGiveAway {
        kind: Kind::Word,
        text: text.to_owned(),
        shown: format!("`{text}`"),
        synthetic: around(0.31),
        real: around(0.02),
        p_value: 1e-9,
        synthetic_texts: vec![format!("and {text} it goes on"), "<img src=x onerror=alert(1)> another".to_owned()],
        real_text: None,
    };
    let patterns = |l: &&Label<'_>| LabelPatterns {
        label: l.0.to_owned(),
        n_real: l.1,
        n_synthetic: kept(l.2),
        n_sources: l.1.min(kept(l.2)),
        share: kept(l.2) as f64 / (l.1 + kept(l.2)) as f64,
        auc: if l.1 < 20 { None } else { around(0.93) },
        baseline: if l.1 < 100 { None } else { around(0.49) },
        longer: around(0.55),
        n_characters: Some([96, 88]),
        n_tested: 512,
        n_give_aways: 14,
        give_aways: vec![give_away("<b>moreover</b>"), give_away("kindly")],
        sentence: format!("A classifier recognises the synthetic rows of `{}` beside its real ones.", l.0),
    };
    let probation = |l: &&Label<'_>| Probation {
        label: l.0.to_owned(),
        permit: Permit::AccusesRealRows,
        falsely: around(0.41).expect("a figure"),
        found: around(0.60).expect("a figure"),
        accused: around(0.50).expect("a figure"),
        wrong: around(0.47),
        precision: around(0.56),
        sentence: format!("About 47 % (41 to 52 %) of the synthetic rows of `{}` look like another label.", l.0),
    };
    let undone = |n: usize, a: f64, b: f64| Undone {
        n,
        give_aways: around(a),
        random_words: around(b),
        difference: around(a - b),
    };
    let reliance = |l: &&Label<'_>| Reliance {
        label: l.0.to_owned(),
        finding: Leaning::Leans,
        words: vec!["<b>moreover</b>".to_owned(), "kindly".to_owned()],
        n_words: 2,
        new_false_alarms: undone(26, 0.58, 0.15),
        right_hits: undone(102, 0.05, 0.06),
        sentence: format!("58 % of the 26 new false alarms of `{}` hang on words such as `<b>moreover</b>`.", l.0),
    };
    let value = |text: &str, value: f64| RowValue { text: text.to_owned(), label: labels[0].0.to_owned(), value };
    Analysis {
        group_alarms: Vec::new(),
        changed: Some(changed(labels)),
        precision_recall: raised.iter().map(|l| precision_recall(l)).collect(),
        review: None,
        dose: Some(DoseCurve {
            points: vec![dose(0.0, 0.568), dose(0.25, 0.66), dose(0.5, 0.74), dose(1.0, 0.754)],
            stop: Some(0.5),
            note: "The curve ends at 100 %.".to_owned(),
        }),
        learning_curve: Some(LearningCurve {
            points: vec![
                learning(0.25, 0.3, 0.55),
                learning(0.5, 0.42, 0.65),
                learning(0.75, 0.51, 0.7),
                learning(1.0, 0.568, 0.754),
            ],
            at_half: Some(Worth { n_real: 200, rows, at_least: false }),
            at_all: None,
        }),
        patterns: raised.iter().map(patterns).collect(),
        reliance: raised.iter().map(reliance).collect(),
        probation: raised.iter().map(probation).collect(),
        row_values: Some(RowValues {
            n_helping: n_kept / 2,
            n_hurting: n_kept / 5,
            n_neutral: n_kept - n_kept / 2 - n_kept / 5,
            n_judges: 900,
            best: vec![value("<script>alert(1)</script> a text that helps", 0.002)],
            worst: vec![value("a text that hurts", -0.001)],
            values: (0..n_kept).map(|at| (at as f64 - 9.0) / 1e4).collect(),
        }),
    }
}

fn arm(labels: &[Label<'_>], name: &str, boost: f64, n_train: usize, n_kept: usize) -> ArmResult {
    let largest = labels.iter().map(|l| l.1).max().unwrap_or(1) as f64;
    let mut counts = vec![vec![0_u64; labels.len()]; labels.len()];
    for (i, (_, have, _, support)) in labels.iter().enumerate() {
        let rarity = 1.0 - (*have as f64 / largest).powf(0.3);
        let recall = 0.93 - 0.02 * boost - 0.75 * rarity * (1.0 - boost);
        let right = (*support as f64 * recall).round() as u64;
        counts[i][i] = right;
        // Errors fall on the labels in turn, the largest first, more often on it.
        for error in 0..(*support as u64 - right) {
            let mut j = (error as usize / 2) % labels.len();
            if j == i {
                j = (j + 1) % labels.len();
            }
            counts[i][j] += 1;
        }
    }
    let results: BTreeMap<String, LabelResult> =
        labels.iter().enumerate().map(|(i, l)| (l.0.to_owned(), label_result(&counts, i, l.3))).collect();
    let scores: Vec<f64> = results.values().filter_map(|r| r.figures["f1"].as_ref()).map(|e| e.value).collect();
    let n: usize = labels.iter().map(|l| l.3).sum();
    let right: u64 = (0..labels.len()).map(|i| counts[i][i]).sum();
    let macro_f1 = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    ArmResult {
        name: name.to_owned(),
        learner: "linear".to_owned(),
        n_real: n_train,
        n_synthetic: if name.starts_with("synthetic") || name == "auto" || name == "smote" { n_kept } else { 0 },
        chosen: name == "synthetic",
        figures: named([
            ("accuracy", estimate(right as f64 / n.max(1) as f64, n, 1.0, "Wilson score interval")),
            ("macro_f1", estimate(macro_f1, n, 1.6, "paired bootstrap over held-out rows, 2000 draws")),
        ]),
        labels: results,
        confusion: ConfusionTable { labels: labels.iter().map(|l| l.0.to_owned()).collect(), counts, n_passes: 1 },
        cv_score: None,
    }
}

fn label_verdict(label: &Label<'_>) -> LabelVerdict {
    LabelVerdict {
        label: label.0.to_owned(),
        finding: if label.2 > 0 { LabelFinding::Helped } else { LabelFinding::NoEffect },
        raised: label.2 > 0,
        n_real: label.1,
        n_made: kept(label.2),
        counts: None,
        arm: "synthetic".to_owned(),
        support: label.3,
        difference: estimate(0.2, label.3, 1.0, "paired bootstrap over held-out rows, 2000 draws"),
        p_value: Some(0.001),
        p_holm: Some(0.002),
        detectable: Some(0.1),
        average_precision: None,
        rival: None,
        sentence: format!("`{}`: helped.", label.0),
    }
}

fn label_result(counts: &[Vec<u64>], i: usize, support: usize) -> LabelResult {
    let right = counts[i][i] as f64;
    let predicted: u64 = counts.iter().map(|row| row[i]).sum();
    let recall = (support > 0).then(|| right / support as f64);
    let precision = (predicted > 0).then(|| right / predicted as f64);
    let f1 = (support > 0).then(|| 2.0 * right / (support as f64 + predicted as f64));
    let wilson = "Wilson score interval";
    LabelResult {
        support,
        figures: named([
            ("precision", precision.and_then(|p| estimate(p, predicted as usize, 1.0, wilson))),
            ("recall", recall.and_then(|r| estimate(r, support, 1.0, wilson))),
            ("f1", f1.and_then(|f| estimate(f, support, 1.1, "paired bootstrap over held-out rows, 2000 draws"))),
        ]),
    }
}

fn named<const N: usize>(figures: [(&str, Option<Estimate>); N]) -> BTreeMap<String, Option<Estimate>> {
    figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect()
}

fn estimate(value: f64, n: usize, spread: f64, method: &str) -> Option<Estimate> {
    let half = 1.96 * spread * (value * (1.0 - value) / n.max(1) as f64).sqrt();
    let (low, high) = ((value - half).max(0.0), (value + half).min(1.0));
    (n > 0).then(|| Estimate { value, low, high, n, method: method.to_owned() })
}

fn contrasts_of(arms: &[ArmResult], name: &str, against: &str, n: usize) -> Vec<Contrast> {
    let find = |name: &str| arms.iter().find(|a| a.name == name).expect("the arm is in the list");
    let (a, b) = (find(name), find(against));
    let contrast = |metric: String, of: &dyn Fn(&ArmResult) -> Option<Estimate>, p_value| {
        let difference = of(a).zip(of(b)).map(|(x, y)| {
            let (value, half) = (x.value - y.value, (x.high - x.low) * 0.36);
            let method = "paired bootstrap over held-out rows, 2000 draws".to_owned();
            Estimate { value, low: value - half, high: value + half, n, method }
        });
        Contrast {
            arm: name.to_owned(),
            against: against.to_owned(),
            learner: "linear".to_owned(),
            metric,
            difference,
            p_value,
        }
    };
    let mut contrasts = vec![
        contrast("macro_f1".to_owned(), &|a| a.figures["macro_f1"].clone(), Some(0.0004)),
        contrast("accuracy".to_owned(), &|a| a.figures["accuracy"].clone(), Some(0.0031)),
    ];
    for label in a.labels.keys() {
        contrasts.push(contrast(format!("f1:{label}"), &|a| a.labels[label].figures["f1"].clone(), None));
        contrasts.push(contrast(format!("precision:{label}"), &|a| a.labels[label].figures["precision"].clone(), None));
        contrasts.push(contrast(format!("recall:{label}"), &|a| a.labels[label].figures["recall"].clone(), None));
    }
    contrasts
}
