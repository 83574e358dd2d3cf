//! `label_judge`: texts that a judge of the user's own, a model or a command, says to have another label.

use super::on_probation::{Accusations, Accused, REASONS, SETTINGS, bounds};
use super::{Check, Conclusion, Context, Finding, Judge, Reason, Session, Subject};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::data::{LabelId, RowId};
use crate::probation::{Bounds, JudgedText, Judgements, LabelJudgement, Opinion, Probation, Record};
use std::collections::{BTreeSet, HashMap};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "label_judge",
    what: "Has a model or a command of yours (`[judge]` in a recipe) say which label each text has, and rejects those of another label \
           where the real rows show that it can tell.",
    why: "A model can know more of a label than a classifier learns from few rows, and can be as wrong: it is asked about real rows first, \
          whose labels are known.",
    source: "The estimate and the rule of `label_drift` (Rogan and Gladen, 1978), with the judge's answers in the place of a classifier's.",
    settings: &SETTINGS,
    make,
};

struct LabelJudge {
    bounds: Bounds,
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(LabelJudge { bounds: bounds(ENTRY.name, settings)? }))
}

impl Check for LabelJudge {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &REASONS
    }

    fn is_asked(&self) -> bool {
        true
    }

    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        Box::new(Waiting { context, bounds: self.bounds })
    }
}

/// Learns nothing by itself: whoever reads candidates asks the judge and hands its answers in.
struct Waiting<'a> {
    context: &'a Context<'a>,
    bounds: Bounds,
}

impl Judge for Waiting<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        let n_labels = self.context.train.labels().len();
        Box::new(Hearing {
            of: self,
            rows: self.context.train.rows().map(|row| (row.id, row.label)).collect(),
            heard: None,
            records: vec![None; n_labels],
            said: Accusations::new(n_labels),
            asked: BTreeSet::new(),
        })
    }
}

struct Hearing<'a> {
    of: &'a Waiting<'a>,
    /// The label of each training row.
    rows: HashMap<RowId, LabelId>,
    /// The counts so far; `None` before the judge was heard.
    heard: Option<LabelJudgement>,
    /// How the judge did on real rows, by label.
    records: Vec<Option<Record>>,
    said: Accusations,
    /// Labels with texts that were asked about.
    asked: BTreeSet<LabelId>,
}

impl Hearing<'_> {
    fn text(&mut self, text: &JudgedText) {
        let JudgedText { ref candidate, label, source, said } = *text;
        self.asked.insert(label);
        let Some(said) = said else { return };
        let is_accused = said.opinion.accuses(label);
        self.said.tallies[label.index()].add(is_accused, source.map(|row| row.0));
        if is_accused {
            let looks_like = match said.opinion {
                Opinion::Label(label) => Some(label),
                Opinion::NotClaimed | Opinion::Unsure => None,
            };
            let made_from = source.and_then(|row| self.rows.get(&row).copied());
            let candidate = candidate.clone();
            self.said.accused.push(Accused { candidate, label, looks_like, made_from, score: said.score });
        }
    }
}

impl Session for Hearing<'_> {
    /// Finds nothing: the judge is not asked here.
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        vec![None; texts.len()]
    }

    fn hear(&mut self, said: &Judgements) {
        let heard = self.heard.get_or_insert_with(|| LabelJudgement {
            by: said.by.clone(),
            n_known: 0,
            n_texts: 0,
            n_unread: 0,
            labels: Vec::new(),
            silent: Vec::new(),
        });
        heard.n_known += said.n_known;
        heard.n_texts += said.texts.len();
        heard.n_unread += said.n_known_unread + said.texts.iter().filter(|text| text.said.is_none()).count();
        said.records.iter().for_each(|(label, record)| self.records[label.index()] = *record);
        said.texts.iter().for_each(|text| self.text(text));
    }

    fn conclude(&self) -> Conclusion {
        let Some(heard) = &self.heard else { return Conclusion::default() };
        let labels = self.of.context.train.labels();
        let weighed = self.said.weighed(labels, &self.records, &self.of.bounds);
        let is_silent = |label: &LabelId| weighed[label.index()].is_none();
        let silent = self.asked.iter().filter(|label| is_silent(label));
        let judged = LabelJudgement {
            labels: weighed.iter().flatten().cloned().collect::<Vec<Probation>>(),
            silent: silent.map(|label| labels.name(*label).to_owned()).collect(),
            ..heard.clone()
        };
        Conclusion { findings: self.said.findings(labels, &weighed), judged: Some(judged), ..Conclusion::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CheckOutcome, Panel, Verdict};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::generator::{Candidate, Sources};
    use crate::probation::{KnownRows, Said};
    use crate::rng::Seed;

    fn dataset() -> Dataset {
        let mut rows = Rows::default();
        for i in 0..400 {
            rows.push(&format!("text {i}"), ["joy", "fear", "anger", "joy"][i % 4]).expect("few labels");
        }
        Dataset::new(rows).expect("three labels")
    }

    fn candidate(i: usize) -> Candidate {
        Candidate {
            id: format!("c{i}"),
            text: format!("made {i}"),
            label: "fear".to_owned(),
            request: None,
            position: i,
            sources: Sources::Unknown,
            fault: None,
            came: None,
            attributes: Default::default(),
        }
    }

    /// The verdicts on 100 texts that claim `fear`, of which the judge takes the first `n_accused` for `anger`, and its judgement; it accuses
    /// one real row of `fear` in `false_nth`, and all of others.
    fn judged(n_accused: usize, false_nth: usize, n_known: usize) -> (Vec<Verdict>, LabelJudgement) {
        let dataset = dataset();
        let train = dataset.train();
        let [fear, anger] = ["fear", "anger"].map(|name| train.labels().id(name).expect("a label"));
        let known = KnownRows::draw(train, &BTreeSet::from([fear]), n_known, Seed::new(1)).remove(0);
        let on_real = |at: usize| {
            let own = known.own.iter().position(|row| *row == at);
            Some(Opinion::Label(if own.is_some_and(|at| at % false_nth != 0) { fear } else { anger }))
        };
        let text = |at: usize| {
            let said = Opinion::Label(if at < n_accused { anger } else { fear });
            let said = (at != 99).then_some(Said { opinion: said, score: (at == 0).then_some(0.9) });
            JudgedText { candidate: format!("c{at}"), label: fear, source: None, said }
        };
        let said = Judgements {
            by: "m".to_owned(),
            records: [(fear, known.record(on_real))].into(),
            n_known: known.own.len() + known.others.len(),
            texts: (0..100).map(text).collect(),
            ..Judgements::default()
        };
        let checks = vec![make(&Settings::new()).expect("no settings")];
        let context = Context::new(train, None, Seed::new(1));
        let panel = Panel::new(&checks, &context);
        let mut judging = panel.begin();
        let single = judging.judge(&(0..100).map(candidate).collect::<Vec<_>>());
        assert!(single.is_empty());
        judging.hear(&said);
        let (verdicts, counts) = judging.conclude(&single);
        (verdicts, counts.judge.expect("it was heard"))
    }

    #[test]
    fn a_judge_that_can_tell_rejects_and_what_it_did_not_answer_counts_neither_way() {
        let (verdicts, judged) = judged(30, 50, 50);
        assert_eq!(verdicts.len(), 30);
        assert!(verdicts.iter().all(|v| v.outcome == CheckOutcome::Reject && v.evidence[0] == "anger"));
        assert_eq!(verdicts[0].evidence, ["anger", "score 0.9"]);
        assert_eq!((judged.n_known, judged.n_texts, judged.n_unread), (100, 100, 1));
        let [fear] = &judged.labels[..] else { panic!("one label: {judged:?}") };
        assert_eq!(fear.permit, crate::probation::Permit::Rejects, "{}", fear.sentence);
        assert!((fear.wrong.as_ref().expect("an estimate").value - 0.29).abs() < 0.03, "{}", fear.sentence);
    }

    #[test]
    fn a_judge_that_accuses_half_of_the_real_rows_or_saw_too_few_only_warns_and_says_why() {
        for (false_nth, n_known, why) in
            [(2, 50, "accuses 50 % of your own rows"), (50, 20, "20 real rows of `fear` only")]
        {
            let (verdicts, judged) = judged(30, false_nth, n_known);
            assert!(verdicts.len() == 30 && verdicts.iter().all(|v| v.outcome == CheckOutcome::Warn));
            assert!(judged.labels[0].sentence.contains(why), "{}", judged.labels[0].sentence);
        }
    }

    #[test]
    fn a_judge_that_was_not_heard_finds_nothing() {
        let dataset = dataset();
        let checks = vec![make(&Settings::new()).expect("no settings")];
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let panel = Panel::new(&checks, &context);
        let (verdicts, counts) = panel.begin().conclude(&[]);
        assert!(verdicts.is_empty() && counts.judge.is_none());
    }
}
