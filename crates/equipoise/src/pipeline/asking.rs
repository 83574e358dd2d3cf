//! Asking: the model, the template and the generator of a run, and the requests that they make.

use crate::setup::Model;
use crate::{Error, Material, Setup};
use equipoise_core::catalog::{self, Settings};
use equipoise_core::data::{LabelId, RowId};
use equipoise_core::generator::{self, Ask, Generator, Piece};
use equipoise_core::plan::{Quota, RequestSize};
use equipoise_core::prompt::{self, Scene, Template};
use equipoise_core::provider::{Prompt, Request, Sampling};
use equipoise_core::rng::Seed;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// Everything that decides what a run asks.
pub struct Asking {
    /// Who is asked.
    pub model: Arc<Model>,
    /// What each label gets.
    pub quotas: Vec<Quota>,
    /// Refill rounds after the first.
    pub rounds: u32,
    pub(super) generator: Box<dyn Generator>,
    pub(super) generator_name: &'static str,
    /// None where the provider needs no words.
    pub(super) template: Option<Template>,
    chunk: usize,
    temperature: Option<f64>,
    styles: BTreeMap<String, Vec<String>>,
}

impl Asking {
    /// The asking of a recipe; `template` overrides the recipe's.
    ///
    /// # Errors
    /// Unknown providers, generators, labels and templates, each with a hint.
    pub(super) fn new(setup: &Setup, material: &Material, template: Option<&str>) -> Result<Self, Error> {
        let (recipe, model) = (&setup.recipe, setup.model.clone());
        let labels = material.dataset.labels();
        let counts = material.dataset.train().counts();
        let counts =
            labels.ids().map(|id| (labels.name(id).to_owned(), counts[id.index()])).filter(|(_, n)| *n > 0).collect();
        let quotas = setup.targets.quotas(&counts)?;
        let template = match template.or(recipe.prompt.template.as_deref()) {
            _ if model.host().is_none() => None,
            Some(name) => Some(load_template(name)?),
            None => prompt::builtin(prompt::BUILT_IN[0].name),
        };
        let generator_name = template.as_ref().map_or("recombine", Template::generator);
        let settings = template.as_ref().map_or_else(Settings::new, |t| t.settings().clone());
        let head = |source| match &template {
            Some(template) => Error::TemplateHead { template: template.name().to_owned(), source },
            None => Error::Settings(source),
        };
        let entry = catalog::find(generator::CATALOG, "generator", generator_name).map_err(head)?;
        let style = |l: &equipoise_core::profile::LabelProfile| (l.label.clone(), prompt::style_words(l));
        Ok(Asking {
            model,
            quotas,
            rounds: recipe.prompt.rounds,
            generator: entry.build(&settings).map_err(head)?,
            generator_name: entry.name,
            template,
            chunk: recipe.prompt.chunk,
            temperature: recipe.model.temperature,
            styles: material.profile().labels.iter().map(style).collect(),
        })
    }

    /// The first requests for `wanted` texts of a label.
    ///
    /// # Errors
    /// A template that cannot be filled in.
    pub(super) fn requests(
        &self,
        material: &Material,
        quota: &Quota,
        wanted: usize,
        seed: Seed,
    ) -> Result<Vec<Request>, Error> {
        let pieces = self.pieces(material, quota, wanted, 0, seed, &HashSet::new());
        pieces.iter().map(|piece| self.request(material, piece, 0, seed, &[])).collect()
    }

    /// What a round begins with for `wanted` texts of a label, from rows that are not among `without`.
    pub(super) fn pieces(
        &self,
        material: &Material,
        quota: &Quota,
        wanted: usize,
        round: u32,
        seed: Seed,
        without: &HashSet<RowId>,
    ) -> Vec<Piece> {
        let train = material.dataset.train();
        let label = material.dataset.labels().id(&quota.label).expect("quotas name labels of the data set");
        let chunk = self.chunk_of(material, label);
        let seed = seed_of(seed, &quota.label, round);
        let jobs = self.generator.jobs(&Ask { train, label, wanted, chunk, without, round, seed });
        jobs.into_iter().map(Piece::new).collect()
    }

    /// Source rows a request for a label.
    pub(super) fn chunk_of(&self, material: &Material, label: LabelId) -> usize {
        match self.chunk {
            0 => prompt::auto_chunk(material.dataset.train().rows().filter(|r| r.label == label).map(|r| r.text)),
            rows => rows,
        }
    }

    /// The request for a piece; `advice` says what was wrong before.
    ///
    /// # Errors
    /// A template that cannot be filled in.
    pub(super) fn request(
        &self,
        material: &Material,
        piece: &Piece,
        round: u32,
        seed: Seed,
        advice: &[String],
    ) -> Result<Request, Error> {
        let job = piece.job.clone();
        let label = material.dataset.labels().name(job.label);
        let structured = self.model.structured();
        let style = self.styles.get(label).map_or(&[][..], Vec::as_slice);
        let rendered = match &self.template {
            Some(template) => {
                template.render(&job, &Scene { label, style, structured, seeded: self.model.seeded(), advice })?
            }
            None => Prompt { system: String::new(), user: String::new(), version: String::new() },
        };
        let sampling = Sampling {
            temperature: self.temperature,
            max_tokens: prompt::max_tokens(&job).saturating_mul(piece.room()),
            // JSON numbers are exact up to 2⁵³, and some servers take 32 bits; 31 fit everywhere.
            seed: seed_of(seed, label, round).child(&format!("request/{}", job.ordinal)).value() & 0x7FFF_FFFF,
        };
        let schema = structured.then(|| self.generator.schema(&job)).flatten();
        Ok(Request { job, prompt: rendered, model: self.model.name.clone(), sampling, schema })
    }
}

fn seed_of(seed: Seed, label: &str, round: u32) -> Seed {
    seed.child(&format!("generate/{label}/{round}"))
}

/// What a request weighs.
pub(super) fn size(request: &Request) -> RequestSize {
    let schema = request.schema.as_ref().map_or(0, |s| s.to_string().len());
    let shown: usize = request.job.sources.iter().map(|s| s.text.len()).sum();
    let wanted = request.job.wanted;
    let answer = shown * wanted / request.job.sources.len().max(1) + 24 * wanted;
    RequestSize {
        prompt_bytes: (request.prompt.system.len() + request.prompt.user.len() + schema) as u64,
        answer_bytes: answer as u64,
        max_tokens: u64::from(request.sampling.max_tokens),
    }
}

/// A built-in template by name, or a file.
fn load_template(name: &str) -> Result<Template, Error> {
    if let Some(template) = prompt::builtin(name) {
        return Ok(template);
    }
    let path = Path::new(name);
    let source = std::fs::read_to_string(path).map_err(|source| Error::Template {
        name: name.to_owned(),
        known: prompt::BUILT_IN.iter().map(|b| b.name).collect::<Vec<_>>().join(", "),
        source,
    })?;
    Ok(Template::new(name, &source)?)
}
