//! `equipoise review`.

use crate::error::Failure;
use crate::serve::{self, Secrets};
use crate::ui::Ui;
use crate::wording;
use equipoise::Work;
use equipoise::core::text::{counted, fixed};
use equipoise::review::Review;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Read the generated texts in a browser and decide about them; `replay` then measures what you accepted
#[derive(clap::Args, Debug)]
#[command(after_help = "\
A random sample of 50 texts a label comes first, with advice when to stop. Keys: a accept, r reject, l other label, e edit, s skip,
u undo, ? all of them. Each decision is on the disk (human.jsonl) before the next text is shown.

Examples:
  equipoise review runs/train-1
  equipoise review runs/train-1 --reviewer anna      a second person; a fifth of the sample is decided by both
  equipoise review runs/train-1 --read runs/train-1/review.csv   after filling `decision`: accept, reject, relabel, edit or skip;
      `detail` holds the right label, the better text, or why it is rejected: wrong_label, unnatural, copy, private, language or other
  equipoise review runs/train-1 --summary            how far everybody is and how far they agree; serves nothing
  equipoise replay runs/train-1                      applies the decisions and measures the verdict again")]
pub(crate) struct ReviewArgs {
    /// Folder of the run
    dir: PathBuf,
    /// Who reviews [default: the user name of this session, else `reviewer`]
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// Port on loopback; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Take over the decisions of a filled review.csv (columns `decision` and `detail`), and serve nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["summary", "port"])]
    read: Option<PathBuf>,
    /// Print how far everybody is, and serve nothing
    #[arg(long, conflicts_with_all = ["port", "reviewer"])]
    summary: bool,
}

impl ReviewArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let reviewer = self.reviewer()?;
        let mut review = Review::open(&self.dir, &reviewer, &Work::watched(|e| ui.event(e)))?;
        if let Some(sheet) = &self.read {
            let n = review.read_sheet(sheet)?;
            ui.say(&format!(
                "{} saved; `equipoise replay {}` measures what was accepted",
                counted(n, "decision"),
                wording::path(&self.dir)
            ))?;
            return ui.result(&serde_json::json!({ "saved": n }));
        }
        if self.summary {
            let progress = review.progress()?;
            ui.say(&summary(&progress))?;
            return ui.result(&progress);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.serve(review, ui))
    }

    async fn serve(&self, review: Review, ui: &Ui) -> Result<(), Failure> {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await;
        let listener = listener.map_err(|e| {
            Failure::usage(
                format!("cannot listen on port {} of this machine: {e}", self.port),
                "omit --port to take a free one",
            )
        })?;
        let address = listener.local_addr()?;
        let secrets = Secrets::draw()?;
        let url = format!("http://{address}/?token={}", secrets.token);
        ui.say(&format!("open {url} in a browser of this machine; the address works once, Ctrl-C ends the review"))?;
        ui.result(&serde_json::json!({ "url": url }))?;
        let ended = async { drop(tokio::signal::ctrl_c().await) };
        axum::serve(listener, serve::routes(review, secrets, address)).with_graceful_shutdown(ended).await?;
        ui.note(&format!(
            "every decision is saved; `equipoise replay {}` measures what was accepted",
            wording::path(&self.dir)
        ));
        Ok(())
    }

    /// Who reviews. The name goes into a file that others read, so it is one line of sensible length.
    fn reviewer(&self) -> Result<String, Failure> {
        let named = self.reviewer.clone().or_else(|| std::env::var("USER").ok()).filter(|name| !name.is_empty());
        let name = named.unwrap_or_else(|| "reviewer".to_owned());
        match name.chars().count() <= 64 && !name.chars().any(char::is_control) {
            true => Ok(name),
            false => {
                Err(Failure::usage("the name of the reviewer is too long or not one line", "write --reviewer anna"))
            }
        }
    }
}

/// The progress in words.
fn summary(progress: &equipoise::review::Progress) -> String {
    let mut lines = vec![format!(
        "{} of {} texts decided, {} open, {} disputed",
        progress.n_decided, progress.n_rows, progress.n_open, progress.n_disputed
    )];
    for s in &progress.samples {
        let fine = s.fine.as_ref().map_or_else(
            || "nothing read yet".to_owned(),
            |f| {
                format!(
                    "{:.0} % fine ({:.0} … {:.0}), {} of {} read",
                    100.0 * f.value,
                    100.0 * f.low,
                    100.0 * f.high,
                    s.n_decided,
                    s.n_sample
                )
            },
        );
        lines.push(format!(
            "  {}: {fine}; {} open with warnings",
            equipoise::core::text::escape_control(&s.label),
            s.n_warned_open
        ));
    }
    for a in &progress.agreement {
        let share = a.share.as_ref().map_or_else(String::new, |s| format!("{:.0} % of {} texts", 100.0 * s.value, s.n));
        let kappa = a.kappa.as_ref().map_or_else(String::new, |k| {
            format!(", kappa {} ({} … {})", fixed(k.value, 2), fixed(k.low, 2), fixed(k.high, 2))
        });
        let names = a.reviewers.each_ref().map(|name| equipoise::core::text::escape_control(name).to_string());
        lines.push(format!("  {} agree on {share}{kappa}", names.join(" and ")));
    }
    lines.join("\n")
}
