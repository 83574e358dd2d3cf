//! Arguments that several commands share, and the recipe layer that they make.

use crate::attributes;
use clap::{Args, ValueEnum};
use equipoise::config::{seconds, set};
use std::path::PathBuf;
use toml::{Table, Value};

/// Options of every command.
#[derive(Args, Debug, Clone)]
pub(crate) struct Global {
    /// Print one machine-readable JSON object on standard output; everything else goes to standard error
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
    /// Print nothing but errors and the result
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Log every event as a line of JSON on standard error, in the place of progress and notes
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) log_json: bool,
    /// Seed of everything random [default: 7]
    #[arg(long, global = true, value_name = "N", help_heading = "Output")]
    pub(crate) seed: Option<u64>,
    /// When to colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(crate) color: Color,
}

/// When to colour.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The labelled texts.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Input")]
pub(crate) struct Input {
    /// Format, where the file's name does not tell (needed for standard input) [csv, tsv, txt, fasttext, json, jsonl, parquet, arrow]
    #[arg(long, value_name = "NAME")]
    pub(crate) format: Option<String>,
    /// Column of the text [default: `text`, else guessed and said]
    #[arg(long, value_name = "COL")]
    pub(crate) text: Option<String>,
    /// Column of the label [default: `label`, else guessed and said]
    #[arg(long, value_name = "COL")]
    pub(crate) label: Option<String>,
    #[command(flatten)]
    pub(crate) dialect: Dialect,
}

/// What a file's own signs do not tell.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Input")]
pub(crate) struct Dialect {
    /// Encoding of text that is not UTF-8: latin1, utf-16, shift_jis, …, or auto to have it guessed
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// Character between the cells of csv and tsv, or the word tab [default: the format's own, else what the first line shows]
    #[arg(long, value_name = "CHAR")]
    pub(crate) delimiter: Option<String>,
    /// What encloses a cell of csv and tsv: double, single, backslash (double, with a backslash before quotes of the text), or none where
    /// quotes belong to the text [default: double]
    #[arg(long, value_name = "KIND")]
    pub(crate) quote: Option<String>,
    /// What names the columns of csv and tsv: first, the number of another line, or none [default: first]
    #[arg(long, value_name = "WHERE")]
    pub(crate) header: Option<String>,
    /// Names of the columns, separated by commas, where no header has them
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Split to read, where a file holds several; of the test file that is `test`
    #[arg(long, value_name = "NAME")]
    pub(crate) split: Option<String>,
    /// Leave out rows that cannot be used, also where they are more than a fifth
    #[arg(long)]
    pub(crate) allow_dropped: bool,
    /// What to do with labels that differ only in case, blanks or the way of writing: merge or keep [default: ask]
    #[arg(long, value_name = "HOW")]
    pub(crate) similar_labels: Option<String>,
    /// What to do with rows of several labels: powerset (each set counts as one label) or drop [default: ask]
    #[arg(long, value_name = "HOW")]
    pub(crate) multi_label: Option<String>,
}

/// How far labels are raised.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Targets")]
pub(crate) struct Targets {
    /// Raise LABEL to N rows in all: a count (1200), a multiple (2x) or `max` (the largest label); repeatable
    #[arg(long = "label-to", value_name = "LABEL=N", allow_hyphen_values = true)]
    pub(crate) label_to: Vec<String>,
    /// Raise all other labels: none, to-majority, to-median or a RATIO of the largest [default: to-median; none with --label-to]
    #[arg(long, value_name = "HOW")]
    pub(crate) balance: Option<String>,
    /// Raise only this label; repeatable
    #[arg(long, value_name = "LABEL", allow_hyphen_values = true)]
    pub(crate) only: Vec<String>,
    /// Have texts of the largest label written too, as a share (0 to 1) of its rows, so that the model's style marks no label
    #[arg(long, value_name = "SHARE")]
    pub(crate) style_control: Option<f64>,
}

/// Who writes the texts and how it is asked.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Model")]
pub(crate) struct Model {
    /// `offline` (built in, free), or PROVIDER/NAME: openai/…, anthropic/…, gemini/…, ollama/…, vllm/…, llama-cpp/…, openai-compatible/… [default: offline]
    #[arg(long, value_name = "PROVIDER/NAME")]
    pub(crate) model: Vec<String>,
    /// Address of the endpoint, as the provider's own clients take it (OpenAI's ends in /v1)
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Environment variable that holds the key
    #[arg(long, value_name = "VAR")]
    pub(crate) key_env: Option<String>,
    /// A host besides the provider's own that may be sent the provider's key; repeatable
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
    /// Sampling temperature [default: the provider's]
    #[arg(long, value_name = "X")]
    pub(crate) temperature: Vec<f64>,
    /// How much the model reasons: none, minimal, low, medium or high [default: the least that is known of it]
    #[arg(long, value_name = "EFFORT")]
    pub(crate) reasoning: Option<String>,
    /// How long one call may take: 90s, 10m [default: 10m, and more for more tokens]
    #[arg(long, value_name = "TIME")]
    pub(crate) deadline: Option<String>,
    /// Requests in flight, at most [default: 32; 4 for ollama, vllm and llama-cpp on this machine]
    #[arg(long, value_name = "N")]
    pub(crate) max_concurrency: Option<usize>,
    /// USD that the run may spend, at most
    #[arg(long, value_name = "USD")]
    pub(crate) budget: Option<f64>,
    /// USD per million tokens read and written [default: the list price of common models; nothing for local servers]
    #[arg(long, value_name = "IN,OUT")]
    pub(crate) price: Option<String>,
    /// Go on although the price is not known
    #[arg(long, conflicts_with = "price")]
    pub(crate) unpriced: bool,
    /// How long an outage may last before the run stops, resumable: 90s, 30m, 2h [default: 30m]
    #[arg(long, value_name = "TIME")]
    pub(crate) max_outage: Option<String>,
    /// Hand the requests over in batches: half the price, answered within a day or two (openai, anthropic, gemini)
    #[arg(long)]
    pub(crate) batch: bool,
    /// Open no socket, whatever else is asked
    #[arg(long)]
    pub(crate) offline: bool,
    /// File that says what labels mean, for the model; see docs/prompts.md and `equipoise define`
    #[arg(long, value_name = "FILE")]
    pub(crate) label_about: Option<PathBuf>,
    /// Deal values of an attribute to new texts: topic=refund,delay, with weights topic=refund:3,delay:1, or topic=learn (learn:12 for at most
    /// 12) to take them from the rows; repeatable; for the prompt `new` and templates like it
    #[arg(long, value_name = "NAME=A,B")]
    pub(crate) attribute: Vec<String>,
    /// Let no text have these two values together: channel=sms,topic=contract; repeatable
    #[arg(long, value_name = "A=X,B=Y")]
    pub(crate) forbid: Vec<String>,
    /// Hide mail addresses, phone, card and account numbers, IP addresses, user pages and keys from the model, and put them back into
    /// its texts; `keep` puts made-up ones there
    #[arg(long, value_name = "restore|keep", num_args = 0..=1, default_missing_value = "restore", value_parser = mask)]
    pub(crate) mask: Option<String>,
    /// Hide these names as well, one a line
    #[arg(long, value_name = "FILE", requires = "mask")]
    pub(crate) mask_names: Option<PathBuf>,
    /// Source rows a request, at most: a number or `auto` [default: auto]
    #[arg(long, value_name = "N")]
    pub(crate) chunk: Option<String>,
    /// Tell the model to do without the habits that gave its earlier texts away, from the first answers on
    #[arg(long)]
    pub(crate) avoid_patterns: bool,
}

/// The prompt of one run.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Model")]
pub(crate) struct Prompt {
    /// A built-in template (rewrite, new, neighbour, mine, article-2023) or a template file of your own
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) prompt: Option<String>,
    /// Have the model say which rows of --unlabelled have a rare label, the likeliest first, instead of writing texts
    #[arg(long, conflicts_with = "prompt")]
    pub(crate) mine: bool,
}

/// How the outcome is measured.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Evaluation")]
pub(crate) struct Evaluation {
    /// Learner to judge with; linear_embedding takes =FOLDER or =hf://OWNER/NAME; repeatable [default: auto; linear, or linear_char where most texts have no blanks between words]
    #[arg(long, value_name = "NAME[=MODEL]")]
    pub(crate) learner: Vec<String>,
    /// Command that fits the models of the verdict, such as 'python fit.py'; see docs/learner-command.md for what it reads and writes
    #[arg(long, value_name = "COMMAND")]
    pub(crate) learner_command: Option<String>,
    /// Models for each learner: few (4, nothing cross-validated), auto (14) or all [default: auto with --learner-command, else all]
    #[arg(long, value_name = "few|auto|all", value_parser = ["few", "auto", "all"], hide_possible_values = true)]
    pub(crate) fits: Option<String>,
    /// Search each learner's settings by cross-validation over the training rows
    #[arg(long)]
    pub(crate) tune: bool,
    /// What the calibrated cut and `auto` try to raise: f1 (every label counts the same), accuracy or recall:LABEL [default: f1]
    #[arg(long, value_name = "GOAL")]
    pub(crate) goal: Option<String>,
    /// Share of a label among the texts that the classifier will meet, for the calibrated cut; repeatable [default: as in training]
    #[arg(long, value_name = "LABEL=SHARE", value_parser = prior)]
    pub(crate) prior: Vec<(String, f64)>,
    /// How often all rows are dealt to 5 folds and judged in turn; with a test file of enough rows, how often folds and the rows that arms
    /// draw are drawn, once unless named [default: 5 times, fewer with over 2000 rows]
    #[arg(long, value_name = "N")]
    pub(crate) repeats: Option<u16>,
    /// Column of the held-out rows that names groups: tells by group how many rows a raised label now takes from other labels
    #[arg(long, value_name = "COL")]
    pub(crate) group: Option<String>,
}

/// Reads `LABEL=0.04`; the label may hold `=`.
fn prior(given: &str) -> Result<(String, f64), String> {
    let read = given.rsplit_once('=').and_then(|(label, share)| Some((label.to_owned(), share.parse().ok()?)));
    read.ok_or_else(|| format!("{given}: write LABEL=SHARE, for instance rare=0.04"))
}

/// Reads the value of `--mask`, which may stand before something that is none.
fn mask(given: &str) -> Result<String, String> {
    match given {
        "restore" | "keep" => Ok(given.to_owned()),
        _ => Err(
            "write `--mask restore` or `--mask keep`; `--mask` alone stands behind the input or before another option"
                .to_owned(),
        ),
    }
}

/// A recipe file.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct RecipeFile {
    /// Read settings from a TOML recipe; flags win over it
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) recipe: Option<PathBuf>,
}

/// Something a user typed that is no option's value.
pub(crate) type Usage = String;

impl Global {
    /// Writes the given flags into a recipe layer.
    pub(crate) fn write(&self, table: &mut Table) {
        if let Some(seed) = self.seed {
            set(table, "seed", Value::Integer(seed as i64));
        }
    }
}

impl Input {
    /// Writes the given flags into a recipe layer.
    pub(crate) fn write(&self, table: &mut Table) {
        put(table, "data.format", self.format.clone());
        put(table, "data.text", self.text.clone());
        put(table, "data.label", self.label.clone());
        self.dialect.write(table);
    }
}

impl Dialect {
    /// Writes the given flags into a recipe layer.
    fn write(&self, table: &mut Table) {
        put(table, "data.encoding", self.encoding.clone());
        put(table, "data.delimiter", self.delimiter.clone());
        put(table, "data.quote", self.quote.clone());
        put(table, "data.header", self.header.clone());
        if !self.columns.is_empty() {
            set(table, "data.columns", Value::Array(self.columns.iter().cloned().map(Value::String).collect()));
        }
        put(table, "data.split", self.split.clone());
        if self.allow_dropped {
            set(table, "data.allow_dropped", Value::Boolean(true));
        }
        put(table, "data.similar_labels", self.similar_labels.clone());
        put(table, "data.multi_label", self.multi_label.clone());
    }
}

impl Targets {
    /// Writes the given flags into a recipe layer.
    ///
    /// # Errors
    /// A `--label-to` without `=`.
    pub(crate) fn write(&self, table: &mut Table) -> Result<(), Usage> {
        let mut labels: Vec<&str> = Vec::new();
        for target in &self.label_to {
            let (label, to) = target
                .rsplit_once('=')
                .ok_or(format!("--label-to {target}: write LABEL=N, for instance {target}=2x"))?;
            if labels.contains(&label) {
                return Err(format!("--label-to names {label} twice"));
            }
            if !self.only.is_empty() && !self.only.iter().any(|only| only == label) {
                return Err(format!("--label-to {target} is of no use: --only leaves {label} out"));
            }
            labels.push(label);
            set_key(table, &["targets", "label_to", label], Value::String(to.to_owned()));
        }
        let implied = (!self.label_to.is_empty()).then(|| "none".to_owned());
        put(table, "targets.balance", self.balance.clone().or(implied));
        if !self.only.is_empty() {
            set(table, "targets.only", Value::Array(self.only.iter().cloned().map(Value::String).collect()));
        }
        if let Some(share) = self.style_control {
            set(table, "targets.style_control", Value::Float(share));
        }
        Ok(())
    }
}

/// The value of an option that only a comparison takes several of.
fn one<T: Clone>(name: &str, given: &[T]) -> Result<Option<T>, Usage> {
    match given {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        _ => Err(format!("{name} is given {} times; only `equipoise prompts compare` takes several", given.len())),
    }
}

impl Model {
    /// The same with the first model and the first temperature alone.
    pub(crate) fn first(&self) -> Self {
        let mut first = self.clone();
        first.model.truncate(1);
        first.temperature.truncate(1);
        first
    }

    /// Writes the given flags into a recipe layer.
    ///
    /// # Errors
    /// A value that does not have the form that its option names.
    pub(crate) fn write(&self, table: &mut Table) -> Result<(), Usage> {
        put(table, "model.name", one("--model", &self.model)?);
        put(table, "model.base_url", self.base_url.clone());
        put(table, "model.key_env", self.key_env.clone());
        if !self.allow_host.is_empty() {
            set(table, "model.allow_host", Value::Array(self.allow_host.iter().cloned().map(Value::String).collect()));
        }
        if let Some(temperature) = one("--temperature", &self.temperature)? {
            set(table, "model.temperature", Value::Float(temperature));
        }
        put(table, "model.reasoning", self.reasoning.clone());
        if let Some(time) = &self.deadline {
            let seconds = seconds(time).ok_or(format!("--deadline {time}: write 90s, 30m or 2h"))?;
            set(table, "model.deadline_s", Value::Integer(seconds as i64));
        }
        if let Some(n) = self.max_concurrency {
            set(table, "model.max_concurrency", Value::Integer(n as i64));
        }
        if let Some(usd) = self.budget {
            set(table, "model.budget_usd", Value::Float(usd));
        }
        if let Some(given) = &self.price {
            set(table, "model.price", price("--price", given)?);
        }
        if self.unpriced {
            set(table, "model.unpriced", Value::Boolean(true));
        }
        if self.batch {
            set(table, "model.batch", Value::Boolean(true));
        }
        if self.offline {
            set(table, "model.offline", Value::Boolean(true));
        }
        if let Some(time) = &self.max_outage {
            let seconds = seconds(time).ok_or(format!("--max-outage {time}: write 90s, 30m or 2h"))?;
            set(table, "model.max_outage_s", Value::Integer(seconds as i64));
        }
        attributes::write(&self.attribute, &self.forbid, table)?;
        put(table, "mask.how", self.mask.clone());
        if let Some(names) = &self.mask_names {
            let names = names.to_str().ok_or("--mask-names: the path is not valid Unicode")?;
            put(table, "mask.names", Some(names.to_owned()));
        }
        if let Some(chunk) = &self.chunk {
            let rows =
                if chunk == "auto" { Some(0) } else { chunk.parse::<i64>().ok().filter(|n| (1..=1000).contains(n)) };
            let rows = rows.ok_or(format!("--chunk {chunk}: write a number of rows from 1 to 1000, or auto"))?;
            set(table, "prompt.chunk", Value::Integer(rows));
        }
        if self.avoid_patterns {
            set(table, "prompt.avoid_patterns", Value::Boolean(true));
        }
        Ok(())
    }
}

impl Prompt {
    /// Writes the given flags into a recipe layer.
    pub(crate) fn write(&self, table: &mut Table) {
        let mine = self.mine.then(|| "mine".to_owned());
        put(table, "prompt.template", self.prompt.clone().or(mine));
    }
}

impl Evaluation {
    /// Writes the given flags into a recipe layer.
    pub(crate) fn write(&self, table: &mut Table) {
        if !self.learner.is_empty() {
            let parts = || self.learner.iter().map(|learner| learner.split_once('=').unwrap_or((learner.as_str(), "")));
            let names = parts().map(|(name, _)| Value::String(name.to_owned())).collect();
            set(table, "evaluate.learners", Value::Array(names));
            for (name, model) in parts().filter(|(_, model)| !model.is_empty()) {
                set(table, &format!("learner.{name}.model"), Value::String(model.to_owned()));
            }
        }
        put(table, "evaluate.learner_command", self.learner_command.clone());
        put(table, "evaluate.fits", self.fits.clone());
        if self.tune {
            set(table, "evaluate.tune", Value::Boolean(true));
        }
        put(table, "evaluate.goal", self.goal.clone());
        if let Some(n) = self.repeats {
            set(table, "evaluate.repeats", Value::Integer(n.into()));
        }
        put(table, "evaluate.group", self.group.clone());
        if !self.prior.is_empty() {
            let shares = self.prior.iter().map(|(label, share)| (label.clone(), Value::Float(*share)));
            set(table, "evaluate.prior", Value::Table(shares.collect()));
        }
    }
}

/// Reads `IN,OUT`.
///
/// # Errors
/// Anything else.
pub(crate) fn price(option: &str, given: &str) -> Result<Value, Usage> {
    let parts: Option<Vec<Value>> = given.split(',').map(|p| p.trim().parse().ok().map(Value::Float)).collect();
    let parts = parts.filter(|p| p.len() == 2);
    Ok(Value::Array(parts.ok_or(format!("{option} {given}: write IN,OUT, for instance 0.4,1.6"))?))
}

/// Sets a key to a text, where one was given.
pub(crate) fn put(table: &mut Table, key: &str, value: Option<String>) {
    if let Some(value) = value {
        set(table, key, Value::String(value));
    }
}

/// Sets a key given as its parts, which may hold dots.
fn set_key(table: &mut Table, path: &[&str], value: Value) {
    match path {
        [] => {}
        [last] => drop(table.insert((*last).to_owned(), value)),
        [head, rest @ ..] => {
            let inner = table.entry(*head).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set_key(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};
    use equipoise::config::{Layer, Layers, OPTIONS, Recipe};

    /// Every option that a recipe has too.
    #[derive(Parser)]
    struct All {
        #[command(flatten)]
        global: Global,
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        targets: Targets,
        #[command(flatten)]
        model: Model,
        #[command(flatten)]
        prompt: Prompt,
        #[command(flatten)]
        evaluation: Evaluation,
    }

    fn recipe_of(arguments: &[&str]) -> Recipe {
        let all = All::parse_from([&["equipoise"], arguments].concat());
        let mut table = Table::new();
        all.global.write(&mut table);
        all.input.write(&mut table);
        all.targets.write(&mut table).expect("targets");
        all.model.write(&mut table).expect("a model");
        all.prompt.write(&mut table);
        all.evaluation.write(&mut table);
        Layers::default().with(Layer::Flag, table).resolve().expect("a recipe")
    }

    #[test]
    fn a_default_that_the_help_names_is_the_default() {
        let mut n = 0;
        for argument in All::command().get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let Some((_, named)) = help.rsplit_once("[default: ") else { continue };
            let value = named.split([']', ';']).next().unwrap_or_default();
            // Some defaults are told in words, and one is chosen once the model is known.
            if value.contains(' ') || argument.get_id() == "max_concurrency" {
                continue;
            }
            let option = format!("--{}", argument.get_long().expect("a long option"));
            assert_eq!(recipe_of(&[&option, value]), recipe_of(&[]), "{option} {value}");
            n += 1;
        }
        assert!(n >= 7, "{n} defaults were compared");
    }

    #[test]
    fn label_names_may_hold_dots_and_equals_signs() {
        let targets = Targets { label_to: vec!["a.b=c=2x".to_owned()], ..Targets::default() };
        let mut table = Table::new();
        targets.write(&mut table).expect("a target");
        assert_eq!(table["targets"]["label_to"]["a.b=c"].as_str(), Some("2x"));
        assert_eq!(table["targets"]["balance"].as_str(), Some("none"));
    }

    #[test]
    fn every_option_of_a_recipe_is_one_that_other_surfaces_have_under_the_same_name() {
        for argument in All::command().get_arguments() {
            let name = argument.get_id().as_str();
            // How a terminal is written to is no matter of other surfaces, and `--mine` is short for `--prompt mine`.
            if ["json", "quiet", "log_json", "color", "help", "mine"].contains(&name) {
                continue;
            }
            assert!(OPTIONS.iter().any(|option| option.name == name), "--{name} is not in config::OPTIONS");
        }
    }
}
