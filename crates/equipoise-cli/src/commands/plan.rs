//! `equipoise plan`.

use crate::args::{Global, Input, Model, Prompt, RecipeFile, Targets};
use crate::commands::job::{self, Flags, Job};
use crate::commands::{out, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::judge_args::JudgeArgs;
use crate::table::Table;
use crate::text::{PROSE, columns, wrapped};
use crate::ui::Ui;
use equipoise::core::plan::{Forecast, Help, JudgeForecast, Outlook, Plan, PlannedAttributes, TakenFor};
use equipoise::core::text::{counted, escape_control};
use equipoise::error::Stopped;
use equipoise::{Error, Work, pipeline};
use std::path::{Path, PathBuf};

/// Show what would be asked, what it would cost and which labels texts are likely to help; sends nothing (but see --try)
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise plan train.csv --label-to refund=2x --model openai/gpt-4.1-mini --price 0.4,1.6
  equipoise plan train.csv --only refund --model ollama/llama3.2 --try 5 --prompt rewrite --prompt own.j2")]
pub(crate) struct PlanArgs {
    /// File of labelled texts
    input: Option<PathBuf>,
    /// File of held-out rows [default: none; `run` judges every row in turn]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    test: Option<PathBuf>,
    /// File of real texts without labels: the built-in generator borrows phrases from them, and with --mine the model labels them
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    unlabelled: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    model: Model,
    /// Built-in template (rewrite, new, neighbour, mine, article-2023) or a template file; repeat it with --try to compare prompts
    #[arg(long, value_name = "NAME|FILE", help_heading = "Model")]
    prompt: Vec<String>,
    /// Have the model say which rows of --unlabelled have a rare label, as `run --mine` does
    #[arg(long, conflicts_with = "prompt", help_heading = "Model")]
    mine: bool,
    #[command(flatten)]
    judge: JudgeArgs,
    /// Send N source rows with each --prompt and show the answers side by side
    #[arg(long = "try", value_name = "N", help_heading = "Model", value_parser = clap::value_parser!(u32).range(1..=100))]
    try_rows: Option<u32>,
    /// Send without asking
    #[arg(long, requires = "try_rows", help_heading = "Model")]
    yes: bool,
    /// Hold nothing out, as `run --no-evaluate` does
    #[arg(long, help_heading = "Evaluation")]
    no_evaluate: bool,
}

impl PlanArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", self.input.as_deref())?
            .path("data.test", self.test.as_deref())?
            .path("data.unlabelled", self.unlabelled.as_deref())?
            .labels(self.model.label_about.as_deref())?;
        let usage = |m| Failure::usage(m, "see `equipoise plan --help`");
        self.targets.write(&mut flags.table).map_err(usage)?;
        self.model.write(&mut flags.table).map_err(usage)?;
        self.judge.write(&mut flags.table).map_err(usage)?;
        if self.no_evaluate {
            equipoise::config::set(&mut flags.table, "evaluate.enabled", toml::Value::Boolean(false));
        }
        Prompt { prompt: self.prompt.first().cloned(), mine: self.mine }.write(&mut flags.table);
        if self.prompt.len() > 1 && self.try_rows.is_none() {
            return Err(Failure::usage("a plan has one prompt", "add --try N to compare prompts"));
        }
        if self.try_rows.is_some() && self.model.budget.is_some() {
            let hint = "omit it: what the requests cost at most is said before they are sent";
            return Err(Failure::usage(
                "--budget is of no use with --try, which sends a fixed number of requests",
                hint,
            ));
        }
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let Job { setup, sources, material } = Job::open(flags.recipe()?, |sources| sources, &work)?;
        let mut planned = pipeline::plan(&setup, &material)?;
        job::say_judges(&setup, &material, &planned.raised(), ui);
        let Some(rows) = self.try_rows else {
            planned.look_ahead(&setup, &material, &work)?;
            ui.say(&(render(&planned.plan, ui) + &outlook(&planned.plan.outlook)))?;
            if let Some(budget) = self.model.budget {
                ui.say(&within(budget, &planned.plan.all()))?;
            }
            return ui.result(&planned.plan);
        };
        planned.check_way(&setup)?;
        let trial = pipeline::trial(&setup, &material, &self.prompt, rows as usize)?;
        summary::consent(&trial.cost(), self.yes, ui)?;
        let input = Path::new(&sources.train.name()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let tried = trial.send(&out::fresh(&format!("{input}-try")), &work)?;
        for row in &tried.rows {
            ui.say(&format!("\n{} {}", ui.bold("source"), escape_control(&row.source)))?;
            let of_prompts = tried.prompts.iter().zip(&row.answers).zip(&row.rejected);
            // A prompt that shows no one row has its texts in a block of its own.
            let has_sources = |prompt: &String| tried.without_source.iter().all(|own| own.prompt != *prompt);
            for ((prompt, answers), rejected) in of_prompts.filter(|((prompt, _), _)| has_sources(prompt)) {
                answered(prompt, answers, rejected, ui)?;
            }
        }
        for own in &tried.without_source {
            ui.say(&format!("\n{}", ui.bold(&format!("{}, which rewrites no one row", own.prompt))))?;
            answered(&own.prompt, &own.answers, &own.rejected, ui)?;
        }
        for note in &tried.notes {
            ui.note(note);
        }
        ui.result(&tried)?;
        tried.ended.map_or(Ok(()), |reason| Err(Error::from(Stopped::Trial { reason }).into()))
    }
}

/// The texts of one prompt, and why a run would reject them.
fn answered(prompt: &str, answers: &[String], rejected: &[Option<&str>], ui: &Ui) -> Result<(), Failure> {
    for (answer, why) in answers.iter().zip(rejected) {
        let why = why.map_or(String::new(), |why| format!("  (a run would reject it: it {why})"));
        ui.say(&format!("  {prompt:>14}  {}{why}", escape_control(answer)))?;
    }
    if answers.is_empty() {
        ui.say(&format!("  {prompt:>14}  (no answer)"))?;
    }
    Ok(())
}

/// What a judge of labels will be asked, and what all costs with it.
fn judged(judge: &JudgeForecast, plan: &Plan) -> String {
    let (by, known) = (escape_control(&judge.by), counted(judge.n_known, "real row"));
    let first = format!("\nThe label judge `{by}` is asked about {known} first, then about the texts");
    if judge.forecast.n_requests == 0 {
        return format!("{first}.");
    }
    let requests = counted(judge.forecast.n_requests, "request");
    let usd = |f: &Forecast| match (f.usd, f.usd_worst) {
        (Some(usd), Some(worst)) => format!("{usd:.4} USD, at most {worst:.4} USD"),
        _ => "at an unknown price".to_owned(),
    };
    format!("{first}: {requests}, {}. With it everything costs {}.", usd(&judge.forecast), usd(&plan.all()))
}

/// What a budget is enough for.
fn within(budget: f64, total: &Forecast) -> String {
    match (total.usd, total.usd_worst) {
        (Some(_), Some(worst)) if worst <= budget => format!("The budget of {budget} USD is enough whatever happens."),
        (Some(usd), Some(_)) if usd <= budget => {
            format!(
                "The budget of {budget} USD is enough for the forecast; a run that reaches it stops, and `resume` goes on."
            )
        }
        (Some(_), _) => format!(
            "The budget of {budget} USD is less than the forecast: a run would stop there, and `resume` goes on."
        ),
        (None, _) => {
            "Without a price nobody can tell what the budget is enough for; give it with --price IN,OUT.".to_owned()
        }
    }
}

/// Which labels are worth their price, the likeliest first.
fn outlook(outlooks: &[Outlook]) -> String {
    if outlooks.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["label", "texts help", "its rows are taken for"]).left(1).left(2);
    for outlook in outlooks {
        let help = outlook.help.map_or("too few rows to tell", Help::word);
        let neighbour = |taken: &TakenFor| format!("{} {:.0} %", taken.label, 100.0 * taken.share);
        let neighbours: Vec<String> = outlook.taken_for.iter().map(neighbour).collect();
        table.row([outlook.label.clone(), help.to_owned(), neighbours.join(", ")]);
    }
    let meaning = "Likely: class weights, which are free, raise F1 by 3 points or more in cross-validation over the training rows. May: by \
                   less. Unlikely: they lower it. By how much texts raise it, nobody can tell before they are there.";
    format!("\n\n{}\n\n{}", table.render(), wrapped(meaning, columns().min(PROSE), "").join("\n"))
}

/// What new texts are to be like.
fn attributes(attributes: &PlannedAttributes) -> String {
    let mut table = Table::new(&["attribute", "value", "share", "texts"]).left(1);
    for value in &attributes.values {
        let of_label = value.label.as_ref().map_or_else(String::new, |label| format!(" ({label})"));
        let cells = [format!("{}{of_label}", value.attribute), value.value.clone()];
        table.row(cells.into_iter().chain([format!("{:.0} %", 100.0 * value.share), value.n.to_string()]));
    }
    let combinations = &attributes.n_combinations;
    let (least, most) = (combinations.values().min().copied(), combinations.values().max().copied());
    let n = match (least.unwrap_or(0), most.unwrap_or(0)) {
        (least, most) if least == most => counted(most, "combination"),
        (least, most) => format!("{least} to {most} combinations by label"),
    };
    let mut sentences = vec![format!("Each new text gets a value of each attribute: {n}.")];
    if !attributes.forbidden.is_empty() {
        sentences.push(format!("Never together: {}.", escape_control(&attributes.forbidden.join("; "))));
    }
    for (name, labels) in &attributes.lacking {
        sentences.push(escape_control(&format!("No value of {name} for {}.", labels.join(", "))));
    }
    format!("\n\n{}\n\n{}", table.render(), wrapped(&sentences.join(" "), columns().min(PROSE), "").join("\n"))
}

/// The plan for people.
pub(crate) fn render(plan: &Plan, ui: &Ui) -> String {
    if plan.labels.is_empty() {
        return "Nothing to generate: every label has reached its target. Set --label-to or --balance to raise one."
            .to_owned();
    }
    let mut table = Table::new(&[
        "label",
        "real",
        "target",
        "to make",
        "requests",
        "tokens in",
        "tokens out",
        "USD",
        "USD at most",
    ])
    .optional(4)
    .optional(5)
    .optional(6);
    let usd = |usd: Option<f64>| usd.map_or("unknown".to_owned(), |x| format!("{x:.4}"));
    let cells = |f: &Forecast| {
        [
            f.n_requests.to_string(),
            f.input_tokens.to_string(),
            f.output_tokens.to_string(),
            usd(f.usd),
            usd(f.usd_worst),
        ]
    };
    for label in &plan.labels {
        let q = &label.quota;
        let counts = [q.label.clone(), q.have.to_string(), q.target.to_string(), q.wanted.to_string()];
        table.row(counts.into_iter().chain(cells(&label.forecast)));
    }
    let wanted: usize = plan.labels.iter().map(|l| l.quota.wanted).sum();
    let total = ["all".to_owned(), String::new(), String::new(), wanted.to_string()];
    table.row(total.into_iter().chain(cells(&plan.total)));
    let masked = plan.masked.as_ref();
    let masked = masked.map_or_else(String::new, |m| format!("\nMasked in what is sent: {}.", m.words()));
    let attributes = plan.attributes.as_ref().map_or_else(String::new, attributes);
    let judge = plan.judge.as_ref().map_or_else(String::new, |judge| judged(judge, plan));
    format!(
        "{}\n\n{}\n\nAt most: only if every answer is as long as allowed and {} more rounds are needed.{judge}{masked}{attributes}",
        ui.bold(&format!(
            "{} from {} with `{}`",
            counted(wanted, "text"),
            escape_control(&plan.model),
            escape_control(&plan.generator)
        )),
        table.render(),
        plan.rounds
    )
}
