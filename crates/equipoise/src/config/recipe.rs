//! The recipe: everything that decides what a run does, resolved. Written into the run as `recipe.toml`.

use super::JudgeRecipe;
use crate::input::InputOptions;
use crate::schedule::Limits;
use equipoise_core::format::{Delimiter, Dialect, MultiLabel, Quote, SimilarLabels};
use equipoise_core::mask::Unmask;
use equipoise_core::plan::{Balance, Price, Target, Targets};
use equipoise_core::prompt::Definition;
use equipoise_core::provider::Effort;
use equipoise_core::rules::TextRules;
use equipoise_core::text::escape_control;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A resolved recipe. Every field has a default, so that a recipe holds only what differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Seed of everything random; every consumer draws from a named child of it.
    pub seed: u64,
    /// The labelled texts.
    pub data: DataRecipe,
    /// How far labels are raised.
    pub targets: TargetRecipe,
    /// Who writes the texts.
    pub model: ModelRecipe,
    /// How it is asked.
    pub prompt: PromptRecipe,
    /// What labels mean: `[label.refund] about = "…"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub label: BTreeMap<String, Definition>,
    /// What new texts are to be like: `[attributes] topic = ["refund", "delay"]`.
    #[serde(skip_serializing_if = "toml::Table::is_empty")]
    pub attributes: toml::Table,
    /// What texts are held to: `[texts] case = "lower"`.
    #[serde(skip_serializing_if = "is_default")]
    pub texts: TextRules,
    /// What of the rows is hidden from it.
    #[serde(skip_serializing_if = "is_default")]
    pub mask: MaskRecipe,
    /// How the outcome is measured.
    pub evaluate: EvaluateRecipe,
    /// What the data set that is written holds besides the input's own columns.
    #[serde(skip_serializing_if = "OutputRecipe::is_plain")]
    pub output: OutputRecipe,
    /// Who says which labels texts have.
    #[serde(skip_serializing_if = "is_default")]
    pub judge: JudgeRecipe,
    /// Settings of each check, by check and setting: `[check.near_duplicate] threshold = 0.85`.
    pub check: BTreeMap<String, toml::Table>,
    /// Settings of each learner, by learner and setting.
    pub learner: BTreeMap<String, toml::Table>,
    /// Settings of each arm, by arm and setting: `[arm.eda] alpha = 0.2`. A form of an arm takes those of the arm unless it has its own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub arm: BTreeMap<String, toml::Table>,
    /// Settings of each provider, by provider and setting: `[provider.offline] overgenerate = 5`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub provider: BTreeMap<String, toml::Table>,
}

/// The labelled texts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataRecipe {
    /// File of labelled texts; `-` is standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<PathBuf>,
    /// File of held-out real rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<PathBuf>,
    /// File of real rows without labels, which lend parts to the offline generator's texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlabelled: Option<PathBuf>,
    /// Format, where the name and content do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Column of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Column of the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Column of vectors that come with the texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding: Option<String>,
    /// File of texts with their vectors, for texts whose own files have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<PathBuf>,
    /// Encoding of text that is not UTF-8, or `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Separates the cells of delimited text: one character, or `tab`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// What encloses a cell of delimited text.
    #[serde(skip_serializing_if = "is_default")]
    pub quote: Quote,
    /// What names the columns of delimited text.
    #[serde(skip_serializing_if = "is_default")]
    pub header: Header,
    /// The names of the columns where no header does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The split to read, where a file holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Whether rows that cannot be used are left out, however many they are.
    #[serde(skip_serializing_if = "is_default")]
    pub allow_dropped: bool,
    /// What becomes of labels that hardly differ.
    #[serde(skip_serializing_if = "is_default")]
    pub similar_labels: SimilarLabels,
    /// What becomes of rows with several labels.
    #[serde(skip_serializing_if = "is_default")]
    pub multi_label: MultiLabel,
}

/// What names the columns of delimited text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "HeaderWord", into = "String")]
pub enum Header {
    /// The first line.
    #[default]
    First,
    /// No line: the first one is a row.
    None,
    /// This line, counted from 1; what stands above it is no row.
    Line(u64),
}

/// A header as people write it.
#[derive(Deserialize)]
#[serde(untagged)]
enum HeaderWord {
    Line(u64),
    Word(String),
}

impl TryFrom<HeaderWord> for Header {
    type Error = String;

    fn try_from(word: HeaderWord) -> Result<Self, String> {
        let word = match word {
            HeaderWord::Line(line) => line.to_string(),
            HeaderWord::Word(word) => word,
        };
        match word.as_str() {
            "first" => Ok(Header::First),
            "none" => Ok(Header::None),
            line => match line.parse() {
                Ok(line) if line > 0 => Ok(Header::Line(line)),
                _ => Err(format!("`{}` is none of first, none and the number of a line", escape_control(line))),
            },
        }
    }
}

impl From<Header> for String {
    fn from(header: Header) -> String {
        match header {
            Header::First => "first".to_owned(),
            Header::None => "none".to_owned(),
            Header::Line(line) => line.to_string(),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl DataRecipe {
    /// How its files are read.
    pub fn options(&self) -> InputOptions {
        InputOptions {
            format: self.format.clone(),
            text: self.text.clone(),
            label: self.label.clone(),
            // Vectors of one file hold for the texts of all.
            embedding: self.embedding.clone().filter(|_| self.features.is_none()),
            group: None,
            encoding: self.encoding.clone(),
            dialect: Dialect {
                delimiter: self.delimiter,
                quote: self.quote,
                no_header: (self.header == Header::None || !self.columns.is_empty()).then(|| self.columns.clone()),
                header_line: match self.header {
                    Header::Line(line) => Some(line),
                    Header::First | Header::None => None,
                },
                split: self.split.clone(),
                allow_dropped: self.allow_dropped,
                similar_labels: self.similar_labels,
                multi_label: self.multi_label,
            },
        }
    }
}

/// How far labels are raised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetRecipe {
    /// All labels: `none`, `to-majority`, `to-median` or a ratio of the largest label. The default raises what is below the median
    /// label: enough to matter, and no label becomes mostly synthetic for the sake of one giant.
    pub balance: String,
    /// Labels with a target of their own: a count (`"1200"`), a multiple (`"2x"`) or `"max"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub label_to: BTreeMap<String, String>,
    /// Where not empty, only these labels are raised.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Texts to make for the largest label too, as a share (0..1) of its rows.
    pub style_control: f64,
}

/// Who writes the texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelRecipe {
    /// `PROVIDER/NAME`, or `offline`.
    pub name: String,
    /// Base URL of an endpoint, as OpenAI's clients take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Environment variable that holds the key; never the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// Sampling temperature; absent leaves the provider's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// How much the model reasons: `none`, `minimal`, `low`, `medium` or `high`; absent takes the least that is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Effort>,
    /// Seconds that one call may take; absent lets it grow with the tokens that are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_s: Option<u64>,
    /// Requests in flight, at most; absent takes 32, or 4 for a server on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<usize>,
    /// USD that the run may spend, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<f64>,
    /// USD per million tokens read and written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<[f64; 2]>,
    /// Whether to go on where the price is not known.
    pub unpriced: bool,
    /// Seconds that an outage may last before the run stops, resumable.
    pub max_outage_s: u64,
    /// Hosts besides the provider's own that may be sent its key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_host: Vec<String>,
    /// Whether requests are handed over in batches: answered within a day, at half the price.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub batch: bool,
    /// Whether to open no socket at all.
    pub offline: bool,
    /// USD per million tokens read and written of models by `PROVIDER/NAME`, for recipes that serve several; `price` wins over it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub prices: BTreeMap<String, [f64; 2]>,
}

/// How the model is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromptRecipe {
    /// Name of a template, or path of a template file; absent takes the provider's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Source rows a request, at most; 0 sizes chunks by tokens.
    pub chunk: usize,
    /// Rounds in which rejected and missing texts are asked for again.
    pub rounds: u32,
    /// Whether prompts name the habits that gave earlier texts of the run away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub avoid_patterns: bool,
}

/// What of the rows is hidden from the model; nothing unless it is asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MaskRecipe {
    /// What stands in the texts in the place of private data: `restore`d values, or made-up ones, which `keep`s the real ones away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<Unmask>,
    /// File of names to hide as well, one a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<PathBuf>,
}

/// How the outcome is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluateRecipe {
    /// Whether arms are compared on rows that their models did not see.
    pub enabled: bool,
    /// Learners, by name; `auto` takes `linear`, and `linear_char` where most texts have no blanks between words.
    pub learners: Vec<String>,
    /// A command that fits models, run on the folder `fits` of the output; the verdict follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learner_command: Option<String>,
    /// What the learner of a program that embeds the library is; the verdict follows it. A run started so is gone on with by a program
    /// that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_learner: Option<String>,
    /// How many models are fitted for each learner: `few`, `auto` or `all`; absent takes `auto` for models that are fitted outside, else
    /// `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fits: Option<String>,
    /// Whether each learner's settings are searched by cross-validation over the training rows.
    pub tune: bool,
    /// What thresholds and `auto` try to raise: `f1`, `accuracy` or `recall:LABEL`.
    pub goal: String,
    /// The column of the held-out rows that names groups of them: false alarms are told by group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The share of some labels among the texts that the classifier will meet, in 0..1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub prior: BTreeMap<String, f64>,
    /// Bootstrap resamples behind each interval.
    pub resamples: usize,
    /// How often all real rows are dealt to folds and judged in turn, where that is done; by default 5 times, fewer with over 2,000 rows.
    /// With enough held-out rows, how often folds and the rows that arms draw are drawn; by default once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<usize>,
    /// Share of each label's rows to hold out where no test file is given, in 0..1; by default all rows are judged in turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out_share: Option<f64>,
}

/// What the written files hold besides the input's own columns and the least that others need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutputRecipe {
    /// Whether every row says where it comes from.
    pub provenance: bool,
    /// Whether every row has its weight in the arm that was chosen.
    pub weights: bool,
    /// Whether `verdicts.jsonl` has a line of each check on each candidate, not of warnings and rejections alone.
    pub all_verdicts: bool,
}

impl OutputRecipe {
    fn is_plain(&self) -> bool {
        *self == OutputRecipe::default()
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Recipe {
            seed: 7,
            data: DataRecipe::default(),
            targets: TargetRecipe::default(),
            model: ModelRecipe::default(),
            prompt: PromptRecipe::default(),
            label: BTreeMap::new(),
            attributes: toml::Table::new(),
            texts: TextRules::default(),
            mask: MaskRecipe::default(),
            evaluate: EvaluateRecipe::default(),
            output: OutputRecipe::default(),
            judge: JudgeRecipe::default(),
            check: BTreeMap::new(),
            learner: BTreeMap::new(),
            arm: BTreeMap::new(),
            provider: BTreeMap::new(),
        }
    }
}

impl Default for TargetRecipe {
    fn default() -> Self {
        TargetRecipe {
            balance: "to-median".to_owned(),
            label_to: BTreeMap::new(),
            only: Vec::new(),
            style_control: 0.0,
        }
    }
}

impl Default for ModelRecipe {
    fn default() -> Self {
        let limits = Limits::default();
        ModelRecipe {
            name: "offline".to_owned(),
            base_url: None,
            key_env: None,
            temperature: None,
            reasoning: None,
            deadline_s: None,
            max_concurrency: None,
            budget_usd: None,
            price: None,
            prices: BTreeMap::new(),
            unpriced: false,
            max_outage_s: limits.max_outage.as_secs(),
            allow_host: Vec::new(),
            batch: false,
            offline: false,
        }
    }
}

impl Default for PromptRecipe {
    fn default() -> Self {
        PromptRecipe { template: None, chunk: 0, rounds: 2, avoid_patterns: false }
    }
}

impl Default for EvaluateRecipe {
    fn default() -> Self {
        EvaluateRecipe {
            enabled: true,
            learners: vec!["auto".to_owned()],
            learner_command: None,
            own_learner: None,
            fits: None,
            tune: false,
            goal: "f1".to_owned(),
            group: None,
            prior: BTreeMap::new(),
            resamples: 2000,
            repeats: None,
            held_out_share: None,
        }
    }
}

impl TargetRecipe {
    /// The targets as the plan takes them.
    ///
    /// # Errors
    /// A sentence that names the value and what it takes.
    pub fn parse(&self) -> Result<Targets, String> {
        let balance: Balance = self.balance.parse()?;
        let label_to = self.label_to.iter().map(|(label, to)| Ok((label.clone(), to.parse::<Target>()?)));
        if !(0.0..=1.0).contains(&self.style_control) {
            return Err(format!("{} is no share: style_control takes 0 to 1", self.style_control));
        }
        Ok(Targets {
            label_to: label_to.collect::<Result<_, String>>()?,
            balance,
            only: self.only.clone(),
            style_control: self.style_control,
        })
    }
}

impl ModelRecipe {
    /// The price, where it is known.
    pub fn known_price(&self) -> Option<Price> {
        self.price.map(|[input_usd, output_usd]| Price { input_usd, output_usd })
    }
}
