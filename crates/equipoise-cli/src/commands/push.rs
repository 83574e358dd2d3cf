//! `equipoise push`.

use crate::error::Failure;
use crate::ui::Ui;
use equipoise::event::{Event, Phase};
use equipoise::remote::{Remote, Upload, upload};
use equipoise::{Error, Work, pipeline};
use std::path::PathBuf;

/// Write the data sets of a run with card and splits as a hub has them, and send them there where a repository is named
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise push runs/train-1 --to published
  HF_TOKEN=… equipoise push runs/train-1 --repo OWNER/NAME --license cc-by-4.0")]
pub(crate) struct PushArgs {
    /// Folder of a finished run
    dir: PathBuf,
    /// Folder for README.md, data/ and synthetic/ [default: `hub` in the run's folder]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Send the folder to this data set of the Hugging Face hub; the token stands in HF_TOKEN
    #[arg(long, value_name = "OWNER/NAME", value_parser = repository)]
    repo: Option<String>,
    /// Make a new repository public; it is private otherwise
    #[arg(long, requires = "repo")]
    public: bool,
    /// Licence of the data, as the hub names it (cc-by-4.0, mit, other, …)
    #[arg(long, value_name = "NAME")]
    license: Option<String>,
}

impl PushArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let folder = self.to.clone().unwrap_or_else(|| self.dir.join("hub"));
        let sink = |e| ui.event(e);
        let work = Work::watched(sink);
        let mut published = pipeline::publish(&self.dir, &folder, self.license.as_deref(), &work)?;
        ui.say(&format!("wrote {}", folder.display()))?;
        if let Some(repository) = &self.repo {
            let remote = Remote::of_environment(false);
            let progress = |done, total: Option<u64>| {
                let what = repository.clone();
                ui.event(Event::Advanced { phase: Phase::Send, done, total: total.unwrap_or(done), what });
            };
            ui.event(Event::Started(Phase::Send));
            let what = Upload { repository, public: self.public, folder: &folder, files: &published.files };
            let sent = upload(&remote, &what, &progress);
            ui.event(Event::Finished(Phase::Send));
            let url = sent.map_err(Error::from)?;
            ui.say(&format!("sent to {url}"))?;
            published.url = Some(url);
        }
        ui.result(&published)
    }
}

/// `OWNER/NAME`.
fn repository(text: &str) -> Result<String, String> {
    let lawful = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    match text.split_once('/') {
        Some((owner, name)) if lawful(owner) && lawful(name) => Ok(text.to_owned()),
        _ => Err("write OWNER/NAME".to_owned()),
    }
}
