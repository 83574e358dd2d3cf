//! Planning: what a run would ask and what that costs.

use crate::event::Phase;
use crate::pipeline::Cost;
use crate::pipeline::answers::lane;
use crate::pipeline::asking::asking;
use crate::pipeline::attributes;
use crate::pipeline::judge::advanced;
use crate::pipeline::label_judge::JudgePlan;
use crate::schedule::{ServerFacts, server_facts};
use crate::setup::{Model, Reach};
use crate::{Error, Material, Setup, Work};
use equipoise_core::data::LabelId;
use equipoise_core::offline::Donor;
use equipoise_core::pattern::AVOID_BYTES;
use equipoise_core::plan::{Forecast, LabelPlan, Plan, RequestSize};
use equipoise_core::rng::Seed;
use equipoise_core::round::Asking;
use equipoise_core::{eval, learner};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A plan and everything that decides what is asked.
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// What is asked.
    pub asking: Asking,
    /// Who is asked.
    pub model: Arc<Model>,
    /// The donors with guesses of their labels, where some may become texts.
    guessed: Option<Vec<Donor>>,
    /// The judge of labels; `None` where nobody judges.
    pub(crate) judge: Option<JudgePlan>,
    n_texts: usize,
    host: Option<String>,
    budget_usd: Option<f64>,
}

impl Planned {
    /// Rows that lend parts of texts.
    pub(super) fn donors<'a>(&'a self, material: &'a Material) -> &'a [Donor] {
        self.guessed.as_deref().unwrap_or(&material.donors)
    }

    /// The labels that texts are to raise.
    pub fn raised(&self) -> Vec<&str> {
        let quotas = self.asking.quotas.iter().filter(|quota| quota.wanted > 0 && !quota.style_control);
        quotas.map(|quota| quota.label.as_str()).collect()
    }

    /// Says for each label that is to be raised whether texts are likely to help it, by the training rows alone, in `plan.outlook`.
    ///
    /// # Errors
    /// Interrupted; features that a learner cannot take.
    pub fn look_ahead(&mut self, setup: &Setup, material: &Material, work: &Work<'_>) -> Result<(), Error> {
        let train = material.dataset.train();
        let raised: Vec<LabelId> = self.raised().into_iter().filter_map(|label| train.labels().id(label)).collect();
        if raised.is_empty() {
            return Ok(());
        }
        let features = material.features.as_ref();
        let given = features.map(|features| setup.learners.given(setup.recipe(), features.shared())).transpose()?;
        let named = given.as_deref().unwrap_or_else(|| setup.learners.of(train));
        // Words tell as much of a label, and cost no fit elsewhere.
        let words = ("linear", learner::usual());
        let (name, learner) = named.first().filter(|_| setup.outside().is_none()).unwrap_or(&words);
        self.plan.outlook = work.phase(Phase::Profile, || {
            let progress = |progress: eval::Progress<'_>| advanced(work, Phase::Profile, progress);
            let seed = Seed::new(setup.seed).child("outlook");
            work.compute(|| eval::outlook(train, &raised, (*name, learner.as_ref()), seed, &progress))
        })?;
        Ok(())
    }

    /// What a person consents to.
    pub fn cost(&self) -> Cost {
        let hosts = self.host.as_deref().into_iter().chain(self.judge.as_ref().and_then(JudgePlan::host));
        let hosts: BTreeSet<&str> = hosts.collect();
        Cost {
            host: (!hosts.is_empty()).then(|| hosts.into_iter().collect::<Vec<_>>().join(", ")),
            price_from: self.model.price_from,
            budget_usd: self.budget_usd,
            n_texts: self.n_texts,
            forecast: self.plan.all(),
        }
    }

    /// Refuses to send where the price is unknown and the user did not say that this is fine.
    ///
    /// # Errors
    /// [`PlanError::Unpriced`](crate::error::PlanError::Unpriced).
    pub fn check_price(&self, setup: &Setup) -> Result<(), Error> {
        if self.host.is_some() { setup.check_price() } else { Ok(()) }
    }

    /// Refuses what could never be sent: the run is offline, the key is missing, a budget has no price to count with.
    ///
    /// # Errors
    /// [`PlanError::Offline`](crate::error::PlanError::Offline), [`Error::Engine`].
    pub fn check_way(&self, setup: &Setup) -> Result<(), Error> {
        if let Some(judge) = &self.judge {
            judge.check(setup)?;
        }
        if self.host.is_none() {
            return Ok(());
        }
        setup.check_way()?;
        lane(&self.model).map(drop)
    }

    /// Asks a server on this machine about itself, where that can tell what fits; `None` where it told nothing or was not asked.
    pub(crate) fn look_around(&self, setup: &Setup) -> Result<Option<ServerFacts>, Error> {
        if setup.limits.offline || !self.model.is_worth_a_look() {
            return Ok(None);
        }
        let facts = server_facts(&lane(&self.model)?, &self.model.name);
        Ok(Some(facts).filter(|facts| *facts != ServerFacts::default()))
    }
}

/// The donors with guesses of their labels, where the provider takes those that are sure enough as texts.
fn guess(setup: &Setup, material: &Material) -> Option<Vec<Donor>> {
    let Reach::Local(offline) = &setup.model.reach else { return None };
    let (_, learner) = setup.learners.of(material.dataset.train()).first()?;
    if !offline.harvests() || material.donors.is_empty() {
        return None;
    }
    let texts: Vec<&str> = material.donors.iter().map(|d| d.text.as_str()).collect();
    let guesses = learner::guess(material.dataset.train(), &texts, &**learner);
    let donor = |(donor, guess): (&Donor, _)| Donor { guess: Some(guess), ..donor.clone() };
    Some(material.donors.iter().zip(guesses).map(donor).collect())
}

/// Plans a run; sends nothing.
///
/// # Errors
/// Targets, models and templates that do not fit the rows.
pub fn plan(setup: &Setup, material: &Material) -> Result<Planned, Error> {
    setup.fits(material)?;
    let (asking, model) = (asking(setup, material, &setup.prompting)?, setup.model.clone());
    let host = model.host().map(str::to_owned);
    let all_requests = asking.requests(material.dataset.train(), setup.seed());
    let wanted = asking.quotas.iter().filter_map(|q| Some((material.dataset.labels().id(&q.label)?, q.wanted)));
    let judge = JudgePlan::new(setup, material, &wanted.collect(), asking.rounds)?;
    let mut labels = Vec::new();
    let mut sent = HashSet::new();
    let mut drawn = Vec::new();
    let mut chunk = 0;
    let price = model.price;
    let zero = Forecast::new(&[], 0, price);
    for quota in &asking.quotas {
        let requests = all_requests.first(quota, quota.wanted)?;
        sent.extend(requests.iter().flat_map(|r| r.job.sources.iter().map(|s| s.row)));
        let attributes = requests.iter().flat_map(|r| r.job.attributes.iter().cloned()).collect();
        drawn.push((quota.label.clone(), attributes));
        chunk = chunk.max(requests.iter().map(|r| r.job.sources.len()).max().unwrap_or(0));
        // Nothing inside the process is billed, whatever it reads.
        let forecast = if host.is_some() {
            let habits = if asking.avoid_patterns { AVOID_BYTES } else { 0 };
            let size = |request| {
                let size = model.size(request);
                RequestSize { prompt_bytes: size.prompt_bytes + habits, ..size }
            };
            Forecast::new(&requests.iter().map(size).collect::<Vec<_>>(), asking.rounds, price)
        } else {
            let n_requests = requests.len();
            let n_requests_worst = n_requests * (asking.rounds as usize + 1);
            Forecast { n_requests, n_requests_worst, ..zero }
        };
        labels.push(LabelPlan { quota: quota.clone(), forecast });
    }
    let plan = Plan {
        schema: 1,
        model: model.shown(),
        generator: asking.generator_name.to_owned(),
        prompt: asking.template.as_ref().map_or_else(String::new, |t| t.version().to_owned()),
        chunk,
        rounds: asking.rounds,
        price,
        total: labels.iter().fold(zero, |sum, l| sum.plus(l.forecast)),
        definitions: {
            let is_raised = |label: &String| labels.iter().any(|plan| plan.quota.label == *label);
            asking.definitions.clone().into_iter().filter(|(label, _)| host.is_some() && is_raised(label)).collect()
        },
        attributes: attributes::planned(setup, &asking, &drawn),
        masked: asking.mask.as_ref().map(|mask| {
            let train = material.dataset.train();
            mask.count(train.rows().filter(|row| sent.contains(&row.id)).map(|row| row.text))
        }),
        labels,
        outlook: Vec::new(),
        judge: judge.as_ref().map(|judge| judge.forecast.clone()),
    };
    sent.extend(judge.iter().flat_map(|judge| judge.sent(material.dataset.train())));
    let guessed = guess(setup, material);
    let budget_usd = setup.limits.budget.map(|cost| cost.usd());
    Ok(Planned { plan, asking, model, guessed, judge, n_texts: sent.len(), host, budget_usd })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::PlanError;
    use crate::pipeline::testing::{RARE, begun, recipe, remote};

    #[test]
    fn a_plan_inside_the_process_is_free_and_says_what_each_label_gets() {
        let (setup, material) = begun(recipe());
        let planned = plan(&setup, &material).expect("a plan");
        let [label] = &planned.plan.labels[..] else { panic!("one label is raised") };
        assert_eq!((label.quota.label.as_str(), label.quota.wanted), (RARE, 12));
        assert_eq!(planned.plan.total.n_requests, label.forecast.n_requests);
        assert!(planned.cost().is_free());
        planned.check_price(&setup).and_then(|()| planned.check_way(&setup)).expect("nothing is sent");
    }

    #[test]
    fn a_plan_says_whether_texts_are_likely_to_help_each_label_that_is_raised() {
        let (setup, material) = begun(recipe());
        let mut planned = plan(&setup, &material).expect("a plan");
        assert!(planned.plan.outlook.is_empty(), "nobody asked");
        planned.look_ahead(&setup, &material, &Work::default()).expect("rows enough");
        let labels: Vec<&str> = planned.plan.outlook.iter().map(|outlook| outlook.label.as_str()).collect();
        assert_eq!(labels, [RARE]);
    }

    #[test]
    fn a_plan_over_http_shows_each_row_to_the_model_and_asks_for_consent() {
        let (setup, material) = begun(remote());
        let planned = plan(&setup, &material).expect("a plan");
        let cost = planned.cost();
        assert_eq!((cost.host.as_deref(), cost.n_texts), (Some("127.0.0.1"), 12));
        assert!(planned.plan.total.input_tokens > 0 && planned.donors(&material).is_empty());
    }

    #[test]
    fn what_could_never_be_sent_is_refused_before_a_run() {
        let mut priceless = remote();
        priceless.model.base_url = Some("https://models.example/v1".to_owned());
        let (setup, material) = begun(priceless.clone());
        let refused = plan(&setup, &material).expect("a plan").check_price(&setup).expect_err("no price is known");
        assert!(matches!(refused, Error::Plan(PlanError::Unpriced { .. })), "{refused}");
        priceless.model.unpriced = true;
        priceless.model.budget_usd = Some(1.0);
        let (setup, material) = begun(priceless);
        let planned = plan(&setup, &material).expect("a plan");
        planned.check_price(&setup).expect("the user says that it is fine");
        let refused = planned.check_way(&setup).expect_err("a budget counts with a price");
        assert!(matches!(refused, Error::Plan(PlanError::BudgetWithoutPrice { .. })), "{refused}");
    }
}
