//! What holds for every run, whatever the model answers and wherever the run is cut off.

use super::*;
use crate::attribute::{Given, LabelAttributes, for_labels};
use crate::catalog::{Settings, find};
use crate::check::{self, Check, Panel};
use crate::data::{Dataset, RowId, Rows};
use crate::generator::{self, Fault, RequestKey, attributes_id};
use crate::plan::{Forecast, Quota};
use crate::prompt::{PromptError, builtin};
use crate::provider::tests::wires;
use crate::provider::{Answer, Failure, FailureKind, Finish, Request, Way, Wire, request_key};
use crate::rng::Seed;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

/// Ordinals of requests that ask again begin here.
const AGAIN: u32 = 1 << 31;

/// How often a model answers badly.
#[derive(Debug, Clone, Copy)]
enum Mood {
    Willing,
    Mixed,
    Broken,
}

impl Mood {
    /// Of 16 requests, those that are answered as they should be.
    fn n_good(self) -> u64 {
        match self {
            Mood::Willing => 14,
            Mood::Mixed => 6,
            Mood::Broken => 1,
        }
    }
}

/// A model whose answer depends on the request alone, as if it drew by the request's key.
fn end_of(mood: Mood, key: &RequestKey, request: &Request) -> RequestEnd {
    let dice = Seed::new(0).child(&key.0).value();
    let (kind, dice) = (dice % 16, dice / 16);
    let n_items = match kind {
        k if k < mood.n_good() => request.job.wanted,
        _ => dice as usize % (request.job.wanted + 1),
    };
    let new = |at: usize, id: &str| {
        let words = Seed::new(dice).child(&format!("{at}"));
        let words: Vec<String> =
            (0..6).map(|i| format!("w{:x}", words.child(&i.to_string()).value() % 0xFFFF)).collect();
        serde_json::json!({"id": id, "text": words.join(" ")})
    };
    let sources = &request.job.sources;
    let id = |at: usize| match request.job.attributes.is_empty() {
        true => sources[at % sources.len()].key.clone(),
        false => attributes_id(at),
    };
    let mut texts: Vec<_> = (0..n_items).map(|at| new(at, &id(at))).collect();
    let mut finish = Finish::Stop;
    match kind {
        k if k < mood.n_good() => {}
        k => match k % 8 {
            0 => return RequestEnd::Failed(Failure::new(FailureKind::Rejected, "no")),
            1 => return RequestEnd::Failed(Failure::new(FailureKind::Garbled, "what?")),
            2 => finish = Finish::Refused,
            3 => finish = Finish::Length,
            // The text of the source itself: a check rejects it.
            4 => texts.push(serde_json::json!({"id": sources[0].key, "text": sources[0].text})),
            5 => texts.push(new(n_items, "a999")),
            6 => texts.clear(),
            _ => {}
        },
    }
    let mut text = serde_json::json!({ "texts": texts }).to_string();
    if finish == Finish::Length {
        text.truncate(text.len() * 2 / 3);
    }
    RequestEnd::Answered(Answer { text, finish, usage: None, model: None })
}

/// The run was cut off.
#[derive(Debug)]
struct Cut;

impl From<PromptError> for Cut {
    fn from(error: PromptError) -> Self {
        panic!("a built-in template is filled in: {error}")
    }
}

/// A model and the journal of its answers.
struct Journaled<'a> {
    inputs: &'a RoundInputs<'a>,
    wire: Box<dyn Wire>,
    mood: Mood,
    journal: BTreeMap<RequestKey, RequestEnd>,
    /// Requests that may still be sent before the run is cut off.
    may_send: usize,
    /// Decides the order in which answers arrive.
    arrival: u64,
    n_sent: usize,
    /// The bodies of all requests of this run.
    bodies: BTreeSet<Vec<u8>>,
    round: &'a AtomicU32,
    /// For each round and row the texts that were asked for and have not come. Kept where each text answers one row.
    open: BTreeMap<(u32, RowId), usize>,
}

impl Journaled<'_> {
    /// Texts that are asked for again are texts that did not come.
    fn follow(&mut self, request: &Request, key: &RequestKey) {
        let generator = self.inputs.asking.generator.as_ref();
        let round = self.round.load(Ordering::Relaxed);
        if request.job.ordinal < AGAIN {
            request.job.sources.iter().for_each(|s| *self.open.entry((round, s.row)).or_default() += 1);
        }
        let RequestEnd::Answered(answer) = &self.journal[key] else { return };
        let read = read_answer(generator, &request.job, answer);
        for item in read.reading.items.iter().filter(|i| i.fault.is_none()) {
            if let [row] = item.sources.rows() {
                let open = self.open.get_mut(&(round, *row)).expect("only rows that were shown have a text");
                *open = open.checked_sub(1).expect("a text that came was not asked for again");
            }
        }
    }
}

impl Asker for Journaled<'_> {
    type Error = Cut;

    fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Cut> {
        let mut keys = Vec::new();
        for request in step.requests {
            let call = Way::new("https://model.example/v1").call(&*self.wire, request);
            keys.push(request_key(self.wire.id(), &call, request));
            assert!(self.bodies.insert(call.body), "two requests of a run are equal to the byte");
        }
        let mut again: BTreeMap<RowId, usize> = BTreeMap::new();
        for job in step.requests.iter().map(|r| &r.job).filter(|job| job.ordinal >= AGAIN) {
            job.sources.iter().for_each(|s| *again.entry(s.row).or_default() += 1);
        }
        let is_paired = self.inputs.asking.generator.is_paired();
        for (row, n) in again.into_iter().filter(|_| is_paired) {
            assert!(n <= self.open[&(self.round.load(Ordering::Relaxed), row)], "a text that came is asked for again");
        }
        // Answers come in another order than they are asked for in, and are looked at in groups of any size.
        let dice = |at: usize| Seed::new(self.arrival).child(&keys[at].0).value();
        let mut by_arrival: Vec<usize> = (0..keys.len()).collect();
        by_arrival.sort_by_key(|at| dice(*at));
        for at in by_arrival {
            if !self.journal.contains_key(&keys[at]) {
                if self.may_send == 0 {
                    return Err(Cut);
                }
                self.may_send -= 1;
                self.n_sent += 1;
                self.journal.insert(keys[at].clone(), end_of(self.mood, &keys[at], &step.requests[at]));
            }
            intake.end(at, keys[at].clone(), self.journal[&keys[at]].clone());
            if dice(at) % 5 == 0 {
                intake.look();
            }
        }
        assert!(intake.open().is_empty());
        if is_paired {
            step.requests.iter().zip(&keys).for_each(|(request, key)| self.follow(request, key));
        }
        Ok(())
    }
}

/// The journal alone: nothing is sent.
struct Replayed<'a>(&'a BTreeMap<RequestKey, RequestEnd>, Box<dyn Wire>);

impl Asker for Replayed<'_> {
    type Error = Cut;

    fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Cut> {
        for (at, request) in step.requests.iter().enumerate() {
            let key = request_key(self.1.id(), &Way::new("https://model.example/v1").call(&*self.1, request), request);
            if let Some(end) = self.0.get(&key) {
                intake.end(at, key, end.clone());
            }
        }
        Ok(())
    }
}

/// What a case is made of.
#[derive(Debug, Clone, Copy)]
struct Case {
    n_rare: usize,
    wanted: usize,
    chunk: usize,
    rounds: u32,
    template: &'static str,
    mood: Mood,
    is_seeded: bool,
}

fn cases(most_wanted: usize) -> impl Strategy<Value = Case> {
    let mood = prop_oneof![Just(Mood::Willing), Just(Mood::Mixed), Just(Mood::Broken)];
    let template = prop_oneof![Just("rewrite"), Just("new")];
    let all = (1usize..9, 1..most_wanted, 1usize..5, 0u32..3, template, mood, any::<bool>());
    all.prop_map(|(n_rare, wanted, chunk, rounds, template, mood, is_seeded)| Case {
        n_rare,
        wanted,
        chunk,
        rounds,
        template,
        mood,
        is_seeded,
    })
}

/// Two attributes of the rare label.
fn attributes(wanted: usize) -> BTreeMap<String, LabelAttributes> {
    let table = serde_json::json!({
        "topic": {"refund": 3, "delay": 1}, "channel": ["sms", "letter"], "forbidden": [["topic=delay", "channel=sms"]],
    });
    for_labels(&Given::read(&table, &[]).expect("attributes"), &[("rare", wanted)]).expect("combinations")
}

/// Rows, what is asked of them, and checks.
struct World {
    dataset: Dataset,
    asking: Asking,
    checks: Vec<Box<dyn Check>>,
    case: Case,
}

impl World {
    fn new(case: Case) -> Self {
        let mut rows = Rows::default();
        for i in 0..40 {
            let label =
                ["common", "rare", "scarce"][if i < case.n_rare { 1 } else { 2 * usize::from(i < case.n_rare + 3) }];
            rows.push(&format!("row {i} tells {} of all things", "more ".repeat(i % 5)), label).expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("three labels");
        let template = builtin(case.template).expect("built in");
        let entry = find(generator::CATALOG, "generator", template.generator()).expect("in the catalog");
        let quota = |label: &str, have, wanted| Quota {
            label: label.to_owned(),
            have,
            target: have + wanted,
            wanted,
            style_control: false,
        };
        let asking = Asking {
            definitions: BTreeMap::new(),
            attributes: if case.template == "new" && case.is_seeded {
                attributes(case.wanted)
            } else {
                BTreeMap::new()
            },
            rules: BTreeMap::new(),
            mask: None,
            quotas: vec![quota("rare", case.n_rare, case.wanted), quota("scarce", 3, case.wanted.div_ceil(3))],
            rounds: case.rounds,
            model: AskedModel {
                name: "m".to_owned(),
                is_remote: true,
                is_here: false,
                window: None,
                takes_schema: true,
            },
            generator: entry.build(template.settings()).expect("the template's own settings"),
            generator_name: entry.name,
            template: Some(template),
            chunk: case.chunk,
            temperature: None,
            avoid_patterns: case.is_seeded,
            neighbours: BTreeMap::new(),
            mining: Mining::default(),
            styles: BTreeMap::new(),
        };
        World { dataset, asking, checks: check::build_all(|_| None).expect("defaults"), case }
    }

    fn inputs<'a>(&'a self, panel: &'a Panel<'a>) -> RoundInputs<'a> {
        RoundInputs { asking: &self.asking, train: self.dataset.train(), panel, seed: Seed::new(7) }
    }

    fn wire(&self) -> Box<dyn Wire> {
        wires().nth(usize::from(!self.case.is_seeded)).expect("wires with a seed and without")
    }

    /// Runs with the journal of an earlier process until `may_send` more requests were sent. Gives what came of it, the journal and
    /// the number of requests sent. `arrival` decides in which order answers arrive.
    fn run(
        &self,
        journal: BTreeMap<RequestKey, RequestEnd>,
        may_send: usize,
        arrival: u64,
    ) -> (Result<Generated, Cut>, BTreeMap<RequestKey, RequestEnd>, usize) {
        let context = check::Context::new(self.dataset.train(), None, Seed::new(7));
        let panel = Panel::new(&self.checks, &context);
        let inputs = self.inputs(&panel);
        let round = AtomicU32::new(0);
        let mut asker = Journaled {
            inputs: &inputs,
            wire: self.wire(),
            mood: self.case.mood,
            journal,
            may_send,
            arrival,
            n_sent: 0,
            bodies: BTreeSet::new(),
            round: &round,
            open: BTreeMap::new(),
        };
        let observer = |event| {
            if let RoundEvent::AsksAgain { round: now, .. } = event {
                round.store(now, Ordering::Relaxed);
            }
        };
        let generated = run(&inputs, &mut asker, &observer);
        (generated, asker.journal, asker.n_sent)
    }

    fn replay(&self, journal: &BTreeMap<RequestKey, RequestEnd>) -> Generated {
        let context = check::Context::new(self.dataset.train(), None, Seed::new(7));
        let panel = Panel::new(&self.checks, &context);
        let inputs = self.inputs(&panel);
        run(&inputs, &mut Replayed(journal, self.wire()), &|_| {}).expect("a replay is never cut off")
    }

    /// The most requests that the plan promises.
    fn n_requests_worst(&self) -> usize {
        let requests = self.asking.requests(self.dataset.train(), Seed::new(7));
        let of_quota = |quota: &Quota| {
            let first = requests.first(quota, quota.wanted).expect("a built-in template");
            let sizes: Vec<_> = first.iter().map(request_size).collect();
            Forecast::new(&sizes, self.asking.rounds, None).n_requests_worst
        };
        self.asking.quotas.iter().map(of_quota).sum()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // That no text is asked for twice, and no two requests are equal, is asserted by the asker.
    #[test]
    fn nothing_is_asked_twice_and_what_is_kept_stays_within_quota_and_plan(case in cases(40)) {
        let world = World::new(case);
        let (generated, journal, n_sent) = world.run(BTreeMap::new(), usize::MAX, 1);
        let generated = generated.expect("never cut off");
        let (other_order, ..) = world.run(BTreeMap::new(), usize::MAX, 2);
        prop_assert_eq!(&other_order.expect("never cut off"), &generated, "the order of arrival decides something");
        prop_assert_eq!((n_sent, journal.len()), (generated.n_requests, generated.n_requests));
        prop_assert!(n_sent <= world.n_requests_worst(), "more requests than the plan's worst case");
        prop_assert!(generated.rows.balances());
        prop_assert_eq!(generated.checks.n_candidates, generated.candidates.len());
        let by_id: BTreeMap<&str, &str> =
            generated.candidates.iter().map(|c| (c.id.as_str(), c.label.as_str())).collect();
        prop_assert_eq!(by_id.len(), generated.candidates.len(), "two candidates have one id");
        let kept: BTreeSet<&String> = generated.selection.kept.iter().collect();
        prop_assert_eq!(kept.len(), generated.selection.kept.len());
        for quota in &world.asking.quotas {
            let n = kept.iter().filter(|id| by_id[id.as_str()] == quota.label).count();
            prop_assert!(n <= quota.wanted, "`{}` keeps {} of {}", quota.label, n, quota.wanted);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_run_resumed_after_any_cut_equals_an_uninterrupted_one(case in cases(12)) {
        let world = World::new(case);
        let (whole, whole_journal, n_requests) = world.run(BTreeMap::new(), usize::MAX, 1);
        let whole = whole.expect("never cut off");
        prop_assert_eq!(&world.replay(&whole_journal), &whole, "a replay differs");
        for cut in 0..n_requests {
            let (stopped, journal, n_before) = world.run(BTreeMap::new(), cut, 1);
            prop_assert!(stopped.is_err() && n_before == cut);
            let partial = world.replay(&journal);
            prop_assert!(partial.is_partial() && partial.rows.balances(), "cut after {}", cut);
            let (resumed, journal, n_after) = world.run(journal, usize::MAX, 2);
            prop_assert_eq!(&resumed.expect("goes on to the end"), &whole, "cut after {}", cut);
            prop_assert_eq!((&journal, n_before + n_after), (&whole_journal, n_requests), "something was paid twice");
        }
    }
}

#[test]
fn a_prompt_that_the_model_declines_is_given_up_after_the_first_requests() {
    struct Declining(usize);
    impl Asker for Declining {
        type Error = Cut;
        fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Cut> {
            self.0 += step.requests.len();
            let answer = Answer { text: String::new(), finish: Finish::Refused, usage: None, model: None };
            for at in 0..step.requests.len() {
                intake.end(at, RequestKey(format!("{at}")), RequestEnd::Answered(answer.clone()));
            }
            Ok(())
        }
    }
    let case =
        Case { n_rare: 8, wanted: 400, chunk: 1, rounds: 2, template: "rewrite", mood: Mood::Broken, is_seeded: true };
    let world = World::new(case);
    let context = check::Context::new(world.dataset.train(), None, Seed::new(7));
    let panel = Panel::new(&world.checks, &context);
    let inputs = world.inputs(&panel);
    let mut asker = Declining(0);
    let generated = run(&inputs, &mut asker, &|_| {}).expect("never cut off");
    assert_eq!((asker.0, generated.halt.map(|h| (h.n_requests, h.n_texts))), (6, Some((6, 0))));
    assert_eq!(generated.rows.planned, 400 + 400usize.div_ceil(3));
    assert_eq!(generated.rows.cancelled, generated.rows.planned);
}

#[test]
fn a_provider_inside_the_process_is_not_asked_again_once_it_has_nothing_new() {
    struct Empty(usize);
    impl Asker for Empty {
        type Error = Cut;
        fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Cut> {
            self.0 += step.requests.len();
            let text = r#"{"texts":[]}"#.to_owned();
            let answer = Answer { text, finish: Finish::Stop, usage: None, model: None };
            for at in 0..step.requests.len() {
                intake.end(at, RequestKey(format!("{at}")), RequestEnd::Answered(answer.clone()));
            }
            Ok(())
        }
    }
    let case =
        Case { n_rare: 4, wanted: 6, chunk: 3, rounds: 2, template: "rewrite", mood: Mood::Broken, is_seeded: true };
    let mut world = World::new(case);
    world.asking.model.is_remote = false;
    world.asking.template = None;
    let entry = find(generator::CATALOG, "generator", "rewrite").expect("in the catalog");
    world.asking.generator = entry.build(&Settings::new()).expect("defaults");
    let context = check::Context::new(world.dataset.train(), None, Seed::new(7));
    let panel = Panel::new(&world.checks, &context);
    let inputs = world.inputs(&panel);
    let mut asker = Empty(0);
    let generated = run(&inputs, &mut asker, &|_| {}).expect("never cut off");
    assert_eq!(asker.0, generated.n_requests);
    assert_eq!((generated.rows.missing, generated.rows.planned), (8, 8));
}

/// Gives each request an end by a function, and keeps what was asked.
struct Scripted<F> {
    ends: F,
    asked: Vec<Request>,
}

impl<F: FnMut(&Request) -> RequestEnd> Asker for Scripted<F> {
    type Error = Cut;
    fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Cut> {
        self.asked.extend(step.requests.iter().cloned());
        for (at, request) in step.requests.iter().enumerate() {
            intake.end(at, RequestKey(format!("{at}")), (self.ends)(request));
        }
        Ok(())
    }
}

fn scripted<F: FnMut(&Request) -> RequestEnd>(wanted: usize, chunk: usize, ends: F) -> (Generated, Vec<Request>) {
    scripted_rounds(0, wanted, chunk, ends)
}

fn scripted_rounds<F: FnMut(&Request) -> RequestEnd>(
    rounds: u32,
    wanted: usize,
    chunk: usize,
    ends: F,
) -> (Generated, Vec<Request>) {
    let case = Case { n_rare: 8, wanted, chunk, rounds, template: "rewrite", mood: Mood::Willing, is_seeded: true };
    let mut world = World::new(case);
    world.asking.quotas.truncate(1);
    let context = check::Context::new(world.dataset.train(), None, Seed::new(7));
    let panel = Panel::new(&world.checks, &context);
    let inputs = world.inputs(&panel);
    let mut asker = Scripted { ends, asked: Vec::new() };
    let generated = run(&inputs, &mut asker, &|_| {}).expect("never cut off");
    (generated, asker.asked)
}

fn good(request: &Request) -> RequestEnd {
    let text = |s: &crate::generator::SourceText| serde_json::json!({"id": s.key, "text": format!("quite another wording {}", s.row.0)});
    let texts: Vec<_> = request.job.sources.iter().map(text).collect();
    let text = serde_json::json!({ "texts": texts }).to_string();
    RequestEnd::Answered(Answer { text, finish: Finish::Stop, usage: None, model: None })
}

#[test]
fn an_answer_that_thoughts_ate_is_asked_for_whole_with_four_times_the_room() {
    let mut usual = None;
    let (generated, asked) = scripted(8, 4, |request| {
        let usual = *usual.get_or_insert(request.sampling.max_tokens);
        match request.sampling.max_tokens > usual + usual / 2 {
            true => good(request),
            false => {
                RequestEnd::Answered(Answer { text: String::new(), finish: Finish::Length, usage: None, model: None })
            }
        }
    });
    assert_eq!(asked.iter().map(|r| r.job.wanted).collect::<Vec<_>>(), [4, 4, 4, 4]);
    assert_eq!((generated.rows.planned, generated.candidates.len(), generated.halt), (8, 8, None));
}

#[test]
fn a_model_that_thinks_for_thousands_of_tokens_is_asked_for_no_fewer_texts() {
    let mut usual = None;
    let (generated, asked) = scripted(8, 4, |request| {
        let usual = *usual.get_or_insert(request.sampling.max_tokens);
        match request.sampling.max_tokens > 6 * usual {
            true => good(request),
            false => {
                RequestEnd::Answered(Answer { text: String::new(), finish: Finish::Length, usage: None, model: None })
            }
        }
    });
    assert!(asked.iter().all(|r| r.job.wanted == 4) && asked.len() <= 6, "{} requests", asked.len());
    assert_eq!((generated.candidates.len(), generated.halt), (8, None));
}

#[test]
fn a_model_that_answers_no_json_is_asked_line_by_line_within_the_first_requests() {
    let (generated, asked) = scripted(40, 4, |request| {
        let of = |s: &crate::generator::SourceText| format!("{}: quite another wording {}", s.key, s.row.0);
        let text = match request.schema.is_some() {
            true => "There are many ways to say this.\n\nIt depends on what you mean.".to_owned(),
            false => request.job.sources.iter().map(of).collect::<Vec<_>>().join("\n"),
        };
        RequestEnd::Answered(Answer { text, finish: Finish::Stop, usage: None, model: None })
    });
    let n_json = asked.iter().filter(|r| r.schema.is_some()).count();
    assert_eq!((n_json, generated.halt, generated.candidates.len()), (2, None, 40));
    assert!(generated.candidates.iter().all(|c| matches!(c.sources, crate::generator::Sources::One(_))));
    assert!(asked[2].prompt.user.ends_with("and with nothing else."));
}

#[test]
fn a_model_that_copies_what_stands_in_json_is_asked_line_by_line_in_the_next_round() {
    let (generated, asked) = scripted_rounds(1, 8, 1, |request| {
        let source = &request.job.sources[0];
        let text = match request.schema.is_some() {
            true => serde_json::json!({"texts": [{"id": source.key, "text": source.text}]}).to_string(),
            false => format!("quite another wording of thing {}", source.row.0),
        };
        RequestEnd::Answered(Answer { text, finish: Finish::Stop, usage: None, model: None })
    });
    let (json, lines): (Vec<&Request>, Vec<&Request>) = asked.iter().partition(|r| r.schema.is_some());
    assert_eq!((json.len(), lines.is_empty()), (8, false), "{:?}", generated.rows);
    assert!(lines.iter().all(|r| r.prompt.user.contains("Earlier texts repeated their sources")));
    assert!(!generated.selection.kept.is_empty());
}

#[test]
fn what_does_not_fit_the_window_is_cut_until_it_does_and_never_halts() {
    let (generated, asked) = scripted(8, 8, |request| match request.job.wanted > 2 {
        true => {
            let message = "400: request (900 tokens) exceeds the available context size (700 tokens)";
            RequestEnd::Failed(Failure::new(FailureKind::TooLong, message))
        }
        false => good(request),
    });
    assert_eq!((generated.candidates.len(), generated.halt, generated.rows.failed), (8, None, 0));
    assert!(asked.len() <= 1 + 2 + 4, "{}", asked.len());
}

#[test]
fn where_no_text_fits_a_run_halts_after_few_requests() {
    for n_rows in [6, 12] {
        let refused = |_: &Request| RequestEnd::Failed(Failure::new(FailureKind::TooLong, "413: payload too large"));
        let (generated, asked) = scripted(n_rows, n_rows, refused);
        assert_eq!(generated.halt.and_then(|halt| halt.fault), Some(Fault::TooLong), "{:?}", generated.rows);
        assert!(asked.len() <= n_rows + 2, "{} requests for {n_rows} texts", asked.len());
    }
}
