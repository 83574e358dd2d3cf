//! A template: minijinja source with a block for each message, checked when it is loaded.

use super::meta::{self, Meta};
use crate::attribute::TextAttributes;
use crate::catalog::{Settings, nearest};
use crate::data::{LabelId, RowId};
use crate::generator::{Job, SourceText, attributes_id};
use crate::provider::Prompt;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

/// The variables that a template may use, each with what it holds.
pub const VARIABLES: &[(&str, &str)] = &[
    ("label", "the label's name"),
    ("definition", "list of phrases: what the label means, where the recipe says so (`[label.NAME]`); else empty"),
    ("style", "list of phrases: how the label's texts are written (case, punctuation, length, emoji, hashtags)"),
    ("sources", "list of the job's real rows, each with `id` (short and opaque) and `text`"),
    ("examples", "the texts of `sources` alone"),
    (
        "attributes",
        "list of what each wanted text is to be like, where attributes are asked for: `id`, which its answer repeats, and `values` by name; else empty",
    ),
    ("neighbour", "the label of the rows in `sources`, where it is another one (generator `neighbour`); else empty"),
    ("others", "names of the other labels"),
    (
        "known",
        "list of real rows, each with `text` and `label`, where `sources` have no label (generator `mine`); else empty",
    ),
    ("wanted", "how many texts the answer should hold"),
    ("ordinal", "which ask of the same rows this is; 0 the first time"),
    ("structured", "whether a JSON schema is sent along"),
    ("advice", "list of sentences: what was wrong with earlier texts and answers; empty the first time"),
];

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// It is not a template.
    #[error("{file}:{line}: {message}")]
    Syntax {
        /// The template's name or path.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the template engine says.
        message: String,
    },
    /// It uses a variable that no prompt has.
    #[error("{file}:{line}: no variable is called `{name}`{}", hint(.nearest))]
    UnknownVariable {
        /// The template's name or path.
        file: String,
        /// Line of its first use, from 1.
        line: usize,
        /// The variable.
        name: String,
        /// The most similar variable that there is.
        nearest: Option<&'static str>,
    },
    /// The leading `equipoise:` comment holds something other than `name=value`.
    #[error("{file}:{line}: `{word}` in the `equipoise:` comment is not of the form name=value")]
    Metadata {
        /// The template's name or path.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// It cannot be filled in.
    #[error("{file}:{line}: {message}")]
    Render {
        /// The template's name or path.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the template engine says.
        message: String,
    },
}

fn hint(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |n| format!("; did you mean `{n}`?"))
}

/// What a prompt tells besides its job.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The label's name.
    pub label: &'a str,
    /// What the label means: [`super::Definition::lines`]; empty where nobody said.
    pub definition: &'a [String],
    /// The label of the sources, where it is another one; else empty.
    pub neighbour: &'a str,
    /// The names of the other labels.
    pub others: &'a [&'a str],
    /// Real rows with their labels, where the sources have none; else empty.
    pub known: &'a [KnownRow],
    /// How the label's texts are written: [`super::style_words`].
    pub style: &'a [String],
    /// Whether a JSON schema is sent along.
    pub structured: bool,
    /// What was wrong with earlier texts and answers, a sentence each.
    pub advice: &'a [String],
}

/// A real row that shows what labels mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownRow {
    /// Its text, as it may be sent.
    pub text: String,
    /// The name of its label.
    pub label: String,
}

/// A prompt template. Its block `system` gives the system message and its block `user` the user message; without a block `user`
/// the whole template is the user message.
#[derive(Debug, Clone)]
pub struct Template {
    name: String,
    source: String,
    version: String,
    meta: Meta,
    tells_ordinal: bool,
    tells_definition: bool,
    tells_attributes: bool,
    /// The source, compiled. A run renders it once a request, and compiling it costs several times as much as rendering it.
    compiled: Environment<'static>,
}

#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Wanted<'a> {
    id: String,
    values: &'a TextAttributes,
}

#[derive(Serialize)]
struct Variables<'a> {
    label: &'a str,
    neighbour: &'a str,
    others: &'a [&'a str],
    known: &'a [KnownRow],
    definition: &'a [String],
    attributes: Vec<Wanted<'a>>,
    style: &'a [String],
    sources: Vec<Shown<'a>>,
    examples: Vec<&'a str>,
    wanted: usize,
    ordinal: u32,
    structured: bool,
    advice: &'a [String],
}

impl Template {
    /// Checks `source` and fills it in once with made-up rows. `name` is the built-in name or the file's path, for messages.
    ///
    /// # Errors
    /// [`PromptError`] with the line that is wrong.
    pub fn new(name: &str, source: &str) -> Result<Self, PromptError> {
        let meta =
            meta::read(source).map_err(|(line, word)| PromptError::Metadata { file: name.to_owned(), line, word })?;
        let version = blake3::hash(source.as_bytes()).to_hex().to_string();
        let compiled = compile(name, source).map_err(|e| syntax_error(name, &e))?;
        let used = used_variables(name, source, &compiled)?;
        let tells = |variable: &str| used.iter().any(|v| v == variable);
        let template = Template {
            name: name.to_owned(),
            source: source.to_owned(),
            version,
            meta,
            tells_ordinal: tells("ordinal"),
            tells_definition: tells("definition"),
            tells_attributes: tells("attributes"),
            compiled,
        };
        template.try_out()?;
        Ok(template)
    }

    /// Built-in name or path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the template's file holds.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// BLAKE3 of the source, hex.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The generator that it is written for, from its leading comment; `rewrite` where it does not say.
    pub fn generator(&self) -> &str {
        &self.meta.generator
    }

    /// The template that it was made from, as its leading comment says (`parent=NAME`, a file or the beginning of a version).
    pub fn parent(&self) -> Option<&str> {
        self.meta.parent.as_deref()
    }

    /// The settings of that generator, from the same comment.
    pub fn settings(&self) -> &Settings {
        &self.meta.settings
    }

    /// Whether it tells what each text is to be like, where that is said.
    pub fn tells_attributes(&self) -> bool {
        self.tells_attributes
    }

    /// The prompt of `job`.
    ///
    /// # Errors
    /// [`PromptError::Render`] where the template fails on these rows.
    pub fn render(&self, job: &Job, scene: &Scene<'_>) -> Result<Prompt, PromptError> {
        // Told also where a seed is sent: whether the endpoint takes one is known only after it was asked.
        let ordinal = job.ordinal;
        let variables = Variables {
            label: scene.label,
            neighbour: scene.neighbour,
            others: scene.others,
            known: scene.known,
            definition: scene.definition,
            attributes: wanted(job),
            style: scene.style,
            sources: job.sources.iter().map(|s| Shown { id: &s.key, text: &s.text }).collect(),
            examples: job.sources.iter().map(|s| s.text.as_str()).collect(),
            wanted: job.wanted,
            ordinal,
            structured: scene.structured,
            advice: scene.advice,
        };
        let failed = |e: Error| self.render_error(&e);
        let template = self.compiled.get_template(&self.name).map_err(failed)?;
        let mut page = template.render_captured(Serde(&variables)).map_err(failed)?;
        let mut block = |name| match page.with_state_mut(|state| state.render_block(name)) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(e) if e.kind() == ErrorKind::UnknownBlock => Ok(None),
            Err(e) => Err(failed(e)),
        };
        let (system, user) = (block("system")?, block("user")?);
        let mut user = user.unwrap_or_else(|| page.output().trim().to_owned());
        if ordinal > 0 && !self.tells_ordinal {
            user.push_str(&format!("\n\n(pass {ordinal})"));
        }
        let mut prompt = Prompt { system: system.unwrap_or_default(), user, version: self.version.clone() };
        if !scene.definition.is_empty() && !self.tells_definition {
            prompt.instruct(&format!("What the label means:\n- {}", scene.definition.join("\n- ")));
        }
        Ok(prompt)
    }

    /// Fills the template in, so that a wrong attribute or filter argument shows before anything is planned.
    fn try_out(&self) -> Result<(), PromptError> {
        let source = |i: u64| SourceText { key: format!("a{i}"), row: RowId(i), text: format!("text {i}") };
        let job = Job {
            label: LabelId(0),
            sources: vec![source(1), source(2)],
            wanted: 2,
            ordinal: 1,
            attributes: Vec::new(),
        };
        let style = ["short".to_owned()];
        let known = [KnownRow { text: "text".to_owned(), label: "other".to_owned() }];
        for structured in [true, false] {
            let attributes = TextAttributes::from([("topic".to_owned(), "value".to_owned())]);
            let attributes = if structured { vec![attributes; 2] } else { Vec::new() };
            let job = Job { attributes, ..job.clone() };
            let scene = Scene {
                label: "label",
                neighbour: "other",
                others: &["other"],
                known: &known,
                definition: &style,
                style: &style,
                structured,
                advice: &style,
            };
            self.render(&job, &scene)?;
        }
        Ok(())
    }

    fn render_error(&self, e: &Error) -> PromptError {
        PromptError::Render { file: self.name.clone(), line: e.line().unwrap_or(1), message: message(e) }
    }
}

/// The variables that the template `source` uses.
fn used_variables(name: &str, source: &str, compiled: &Environment<'_>) -> Result<Vec<String>, PromptError> {
    let template = compiled.get_template(name).map_err(|e| syntax_error(name, &e))?;
    let globals: Vec<&str> = compiled.globals().map(|(name, _)| name).collect();
    let mut used: Vec<String> = template.undeclared_variables(false).into_iter().collect();
    used.sort_unstable();
    used.retain(|v| !globals.contains(&v.as_str()));
    let known = |v: &str| VARIABLES.iter().any(|(name, _)| *name == v);
    match used.iter().find(|v| !known(v)) {
        None => Ok(used),
        Some(variable) => Err(PromptError::UnknownVariable {
            file: name.to_owned(),
            line: line_of(source, variable),
            name: variable.clone(),
            nearest: nearest(variable, VARIABLES.iter().map(|(name, _)| *name)),
        }),
    }
}

/// The first line that holds `word` as a whole word within `{{ }}` or `{% %}`.
fn line_of(source: &str, word: &str) -> usize {
    let inside = |line: &str| line.contains("{{") || line.contains("{%");
    let holds = |line: &str| crate::text::words(line).any(|w| w == word);
    let lines = || source.lines().enumerate();
    let found = lines().find(|(_, l)| inside(l) && holds(l)).or_else(|| lines().find(|(_, l)| holds(l)));
    found.map_or(1, |(at, _)| at + 1)
}

/// What each text of `job` is to be like.
fn wanted(job: &Job) -> Vec<Wanted<'_>> {
    job.attributes.iter().enumerate().map(|(at, values)| Wanted { id: attributes_id(at), values }).collect()
}

/// An environment that holds the template `source` under `name` and nothing else.
fn compile(name: &str, source: &str) -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    // minijinja's own filter escapes for HTML as well (`\u0027`), which a model would have to undo.
    env.add_filter("tojson", |value: minijinja::Value| match value.is_undefined() {
        true => Err(Error::from(ErrorKind::UndefinedError)),
        false => {
            serde_json::to_string(&value).map_err(|e| Error::new(ErrorKind::InvalidOperation, format!("no JSON: {e}")))
        }
    });
    env.add_template_owned(name.to_owned(), source.to_owned())?;
    Ok(env)
}

fn syntax_error(name: &str, e: &Error) -> PromptError {
    PromptError::Syntax { file: name.to_owned(), line: e.line().unwrap_or(1), message: message(e) }
}

fn message(e: &Error) -> String {
    e.detail().map_or_else(|| e.kind().to_string(), |detail| format!("{}: {detail}", e.kind()))
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
