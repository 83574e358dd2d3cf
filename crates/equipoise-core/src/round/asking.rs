//! What a run asks: which rows each request shows, and its exact words.

use super::learnt::{Learnt, Lines};
use super::{Mining, ReadAnswer, read_answer};
use crate::attribute::{LabelAttributes, TextAttributes};
use crate::data::{LabelId, Labels, RowId, TrainView};
use crate::generator::{Ask, Generator, Job, Piece, Reading};
use crate::mask::Mask;
use crate::parse::{Note, NoteKind};
use crate::plan::{Quota, RequestSize};
use crate::profile::{LabelProfile, Profile};
use crate::prompt::{self, PromptError, Scene, Template};
use crate::provider::{Answer, Prompt, Request, Sampling};
use crate::rng::Seed;
use crate::rules::{LabelRules, TOO_MANY_WORDS, TextRules};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// Everything besides rows and seed that decides what a run asks.
pub struct Asking {
    /// What each label gets, in plan order.
    pub quotas: Vec<Quota>,
    /// Refill rounds after the first.
    pub rounds: u32,
    /// Who is asked.
    pub model: AskedModel,
    /// How rows become jobs, and answers become texts.
    pub generator: Box<dyn Generator>,
    /// That generator's catalog name.
    pub generator_name: &'static str,
    /// The prompt's template; `None` where the provider needs no words.
    pub template: Option<Template>,
    /// Source rows a request; 0 takes what fits the label's texts.
    pub chunk: usize,
    /// Temperature; `None` leaves the provider's default.
    pub temperature: Option<f64>,
    /// Whether prompts name the habits that gave earlier texts of the run away: those of the first requests, and of each round.
    pub avoid_patterns: bool,
    /// How each label's texts are written, in phrases for the prompt ([`Asking::styles`]).
    pub styles: BTreeMap<String, Vec<String>>,
    /// For each label the one whose rows it is made from, where the generator shows neighbours ([`crate::probation::neighbours`]).
    pub neighbours: BTreeMap<LabelId, LabelId>,
    /// Rows without a label that the model is asked about, where the generator mines.
    pub mining: Mining,
    /// What labels mean, in phrases for the prompt ([`prompt::Definition::lines`]); labels of which nothing is said are not in it.
    pub definitions: BTreeMap<String, Vec<String>>,
    /// What texts of each label are to be like, where somebody said so; labels without attributes are not in it.
    pub attributes: BTreeMap<String, LabelAttributes>,
    /// What texts of each label are held to ([`Asking::rules`]); labels without are held to nothing.
    pub rules: BTreeMap<LabelId, LabelRules>,
    /// Hides what is private in whatever is sent; `None` sends the rows as they are.
    pub mask: Option<Mask>,
}

/// What a request must know of the model that it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedModel {
    /// Its name as the provider knows it; empty where the provider is the model.
    pub name: String,
    /// Whether it is outside the process. Then it can leave texts out for no lasting reason, and they are asked for again; what runs
    /// inside the process gives all that it has at once.
    pub is_remote: bool,
    /// Whether it runs on this machine and costs nothing.
    pub is_here: bool,
    /// Tokens that prompt and answer may have together, where that is known.
    pub window: Option<u32>,
    /// Whether a JSON schema is sent along.
    pub takes_schema: bool,
}

impl Asking {
    /// The phrases of each label's style, which its rules decide where it has some.
    pub fn styles(
        profile: &Profile,
        labels: &Labels,
        rules: &BTreeMap<LabelId, LabelRules>,
    ) -> BTreeMap<String, Vec<String>> {
        let told = |l: &LabelProfile| match labels.id(&l.label).and_then(|id| rules.get(&id)) {
            Some(rules) => prompt::style_words(&rules.told(l)),
            None => prompt::style_words(l),
        };
        profile.labels.iter().map(|l| (l.label.clone(), told(l))).collect()
    }

    /// What texts of each label are held to, by a recipe's rules and the rows.
    pub fn rules(rules: &TextRules, train: TrainView<'_>, profile: &Profile) -> BTreeMap<LabelId, LabelRules> {
        let of = |label: &LabelProfile| Some((train.labels().id(&label.label)?, rules.of(train, label)));
        profile.labels.iter().filter_map(of).filter(|(_, rules)| *rules != LabelRules::default()).collect()
    }

    /// Reads the answer to `job`: what was hidden is put back, and texts are held to the rules of their label. Real rows remain as they are.
    pub fn read(&self, job: &Job, answer: &Answer) -> ReadAnswer {
        if self.generator.mines() {
            return read_answer(self.generator.as_ref(), job, answer);
        }
        let mut read = match &self.mask {
            None => read_answer(self.generator.as_ref(), job, answer),
            Some(mask) => {
                let mut read = read_answer(self.generator.as_ref(), &mask.hide_job(job), answer);
                read.reading.items = read.reading.items.into_iter().map(|item| mask.show(item)).collect();
                read
            }
        };
        if let Some(rules) = self.rules.get(&job.label) {
            hold(rules, &mut read.reading);
        }
        read
    }

    /// A text as a prompt may show it.
    pub(super) fn hidden<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask.as_ref().map_or(Cow::Borrowed(text), |mask| Cow::Owned(mask.hide(text)))
    }

    /// The requests that this makes of `train`.
    pub fn requests<'a>(&'a self, train: TrainView<'a>, seed: Seed) -> Requests<'a> {
        Requests { asking: self, train, seed }
    }
}

/// Makes the requests of a run. They depend on its rows, its seed and what is asked, and on nothing else.
#[derive(Clone, Copy)]
pub struct Requests<'a> {
    asking: &'a Asking,
    train: TrainView<'a>,
    seed: Seed,
}

/// What a round begins from.
#[derive(Debug)]
pub(super) struct Begin<'a> {
    /// The round, from 0.
    pub(super) round: u32,
    /// Rows that are no source any more.
    pub(super) without: &'a HashSet<RowId>,
    /// The attributes of the label's texts that are kept so far.
    pub(super) have: Vec<&'a TextAttributes>,
}

/// The last words of a prompt where the JSON that its template asks for did not do. Lines are read by their ids, and a text that is alone
/// needs none.
fn line_by_line(why: Lines, job: &Job, generator: &dyn Generator) -> String {
    let why = match why {
        Lines::Unreadable => "JSON did not work before.",
        Lines::Copied => "Earlier texts repeated their sources; use other words.",
    };
    let has_ids = generator.is_paired() || !job.attributes.is_empty();
    let how = match (job.wanted, has_ids) {
        _ if generator.mines() => "one line for each text, its id, a colon and yes or no",
        (1, _) => "the one new text alone, on one line",
        (_, true) => "one line for each text, its id, a colon and the new text",
        (_, false) => "one new text a line, without numbers",
    };
    format!("\n\n{why} So answer with {how}, and with nothing else.")
}

/// Holds the texts of an answer to rules, and notes what was changed.
fn hold(rules: &LabelRules, reading: &mut Reading) {
    for item in &mut reading.items {
        let held = rules.hold(&item.text);
        let changes = [(held.is_lowered, NoteKind::LowerCased), (held.is_unmarked, NoteKind::Unpunctuated)];
        let changes = changes.into_iter().filter(|(is_changed, _)| *is_changed);
        reading.notes.extend(changes.map(|(_, kind)| Note { kind, detail: item.text.clone() }));
        if held.is_too_long {
            item.fault.get_or_insert_with(|| TOO_MANY_WORDS.to_owned());
        }
        let came = std::mem::replace(&mut item.text, held.text);
        item.came = (came != item.text).then_some(came);
    }
}

/// What a prompt says of the placeholders in it; whoever writes a template need not know of them.
fn about_placeholders(is_paired: bool) -> &'static str {
    match is_paired {
        true => {
            "Placeholders such as [EMAIL_1] stand for private data. Copy every placeholder of a text into its new wording exactly as it is, and add no other."
        }
        false => {
            "Placeholders such as [EMAIL_1] stand for private data. Where a new text needs such data, copy a placeholder of the examples exactly as it is, and make up no other."
        }
    }
}

impl Requests<'_> {
    /// The first requests for `wanted` texts of a label.
    ///
    /// # Errors
    /// A template that cannot be filled in.
    pub fn first(&self, quota: &Quota, wanted: usize) -> Result<Vec<Request>, PromptError> {
        let pieces = self.pieces(quota, wanted, &Begin { round: 0, without: &HashSet::new(), have: Vec::new() });
        let learnt = Learnt::new(self.asking.model.window);
        pieces.iter().map(|piece| self.request(piece, 0, &[], &learnt)).collect()
    }

    /// What a round begins with for `wanted` texts of a label. Nothing for a label that no row has: its quota remains short.
    pub(super) fn pieces(&self, quota: &Quota, wanted: usize, begin: &Begin<'_>) -> Vec<Piece> {
        let Begin { round, without, .. } = begin;
        let Some(label) = self.train.labels().id(&quota.label) else { return Vec::new() };
        let ask = Ask {
            train: self.train,
            label,
            of: self.of(label),
            wanted,
            chunk: self.chunk(label),
            without,
            unlabelled: self.asking.mining.rows.get(&label).map_or(&[][..], Vec::as_slice),
            round: *round,
            seed: self.round_seed(&quota.label, *round),
        };
        let mut attributes = self.attributes(&quota.label, wanted, begin).into_iter();
        let piece = |job: Job| Piece::new(Job { attributes: attributes.by_ref().take(job.wanted).collect(), ..job });
        self.asking.generator.jobs(&ask).into_iter().map(piece).collect()
    }

    /// What each of `wanted` texts of a label is to be like; empty where nothing is said.
    fn attributes(&self, label: &str, wanted: usize, begin: &Begin<'_>) -> Vec<TextAttributes> {
        let Some(attributes) = self.asking.attributes.get(label) else { return Vec::new() };
        let seed = self.seed.child("attributes");
        match begin.round {
            0 => attributes.draw(wanted, seed),
            round => attributes.refill(&begin.have, wanted, seed.child(&format!("round/{round}"))),
        }
    }

    /// The request for a piece; `advice` says what was wrong before, a sentence each, and `learnt` how long the answer may be.
    ///
    /// # Errors
    /// A template that cannot be filled in.
    pub(super) fn request(
        &self,
        piece: &Piece,
        round: u32,
        advice: &[String],
        learnt: &Learnt,
    ) -> Result<Request, PromptError> {
        let Asking { model, generator, template, temperature, styles, definitions, mining, .. } = self.asking;
        let job = piece.job.clone();
        let labels = self.train.labels();
        let label = labels.name(job.label);
        let style = styles.get(label).map_or(&[][..], Vec::as_slice);
        let definition = definitions.get(label).map_or(&[][..], Vec::as_slice);
        let others: Vec<&str> = labels.ids().filter(|id| *id != job.label).map(|id| labels.name(id)).collect();
        let prompt = match template {
            Some(template) => {
                let of = self.of(job.label);
                let neighbour = if of == job.label { "" } else { labels.name(of) };
                let known = mining.known.get(&job.label).map_or(&[][..], Vec::as_slice);
                let structured = model.takes_schema;
                let scene = Scene { label, neighbour, others: &others, known, definition, style, structured, advice };
                self.render(template, &job, &scene)?
            }
            None => Prompt { system: String::new(), user: String::new(), version: String::new() },
        };
        let seed = self.round_seed(label, round).child(&format!("request/{}", job.ordinal));
        let sampling = Sampling {
            temperature: *temperature,
            max_tokens: self.most_tokens(&job).saturating_mul(piece.room()).saturating_add(learnt.thoughts()),
            // JSON numbers are exact up to 2⁵³, and some servers take 32 bits; 31 fit everywhere.
            seed: seed.value() & 0x7FFF_FFFF,
        };
        let mut schema = generator.schema(&job);
        let mut prompt = prompt;
        if let Some(why) = learnt.lines().filter(|_| schema.is_some()) {
            schema = None;
            prompt.user.push_str(&line_by_line(why, &job, generator.as_ref()));
        }
        let schema = schema.filter(|_| model.takes_schema);
        let mut request = Request { job, prompt, model: model.name.clone(), sampling, schema };
        request.sampling.max_tokens = learnt.limit(&request);
        Ok(request)
    }

    /// The most tokens that the answer to `job` may have; one that says yes or no of a row is as long as one about an empty row.
    fn most_tokens(&self, job: &Job) -> u32 {
        match self.asking.generator.mines() {
            true => prompt::max_tokens(&Job { sources: Vec::new(), ..job.clone() }),
            false => prompt::max_tokens(job),
        }
    }

    /// The prompt of `job`, in which placeholders stand where the rows are private.
    fn render(&self, template: &Template, job: &Job, scene: &Scene<'_>) -> Result<Prompt, PromptError> {
        let Some(mask) = &self.asking.mask else { return template.render(job, scene) };
        let mut prompt = template.render(&mask.hide_job(job), scene)?;
        if mask.is_in(job) {
            prompt.instruct(about_placeholders(self.asking.generator.is_paired()));
        }
        Ok(prompt)
    }

    /// The label whose rows are sources for `label`.
    fn of(&self, label: LabelId) -> LabelId {
        self.asking.neighbours.get(&label).copied().unwrap_or(label)
    }

    /// Source rows a request for a label.
    fn chunk(&self, label: LabelId) -> usize {
        match self.asking.chunk {
            0 => prompt::auto_chunk(self.train.rows().filter(|r| r.label == self.of(label)).map(|r| r.text)),
            rows => rows,
        }
    }

    fn round_seed(&self, label: &str, round: u32) -> Seed {
        self.seed.child(&format!("generate/{label}/{round}"))
    }
}

/// What a request weighs.
pub fn request_size(request: &Request) -> RequestSize {
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
