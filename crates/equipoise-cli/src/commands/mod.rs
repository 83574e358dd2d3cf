//! The commands, one file each.

mod again;
mod broker;
mod check;
mod completions;
mod define;
mod demo;
mod doctor;
mod evaluate;
mod fail_on;
mod job;
mod list;
mod out;
mod plan;
mod predict;
mod profile;
mod prompts;
mod push;
mod replay;
mod report;
mod resume;
mod review;
mod run;
mod summary;

use crate::args::Global;
use crate::error::Failure;
use crate::ui::Ui;
use clap::Subcommand;

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Demo(demo::DemoArgs),
    Profile(profile::ProfileArgs),
    Define(Box<define::DefineArgs>),
    Plan(Box<plan::PlanArgs>),
    Run(Box<run::RunArgs>),
    Resume(resume::ResumeArgs),
    Check(check::CheckArgs),
    Evaluate(evaluate::EvaluateArgs),
    Predict(predict::PredictArgs),
    Report(report::ReportArgs),
    Review(review::ReviewArgs),
    Replay(replay::ReplayArgs),
    Prompts(prompts::PromptsArgs),
    Push(push::PushArgs),
    Broker(Box<broker::BrokerArgs>),
    List(list::ListArgs),
    Doctor(Box<doctor::DoctorArgs>),
    Completions(completions::Completions),
    Man(completions::Man),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        match self {
            Command::Demo(args) => args.run(global, ui),
            Command::Profile(args) => args.run(global, ui),
            Command::Define(args) => args.run(global, ui),
            Command::Plan(args) => args.run(global, ui),
            Command::Run(args) => args.run(global, ui),
            Command::Resume(args) => args.run(ui),
            Command::Check(args) => args.run(global, ui),
            Command::Evaluate(args) => args.run(global, ui),
            Command::Predict(args) => args.run(ui),
            Command::Report(args) => args.run(ui),
            Command::Review(args) => args.run(ui),
            Command::Replay(args) => args.run(ui),
            Command::Prompts(args) => args.run(global, ui),
            Command::Push(args) => args.run(ui),
            Command::Broker(args) => args.run(global, ui),
            Command::List(args) => args.run(ui),
            Command::Doctor(args) => args.run(global, ui),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}
