//! Ctrl-C and TERM: once to stop in order, twice to drop what is in flight, three times to go.

use crate::error::Failure;
use crate::ui::Ui;
use equipoise::error::Stopped;
use equipoise::rundir::RUN_FILE;
use equipoise::{Error, Stop};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long work that sends nothing has to leave by itself. Leaving it is safe at any instant, as every file is written whole or not
/// at all, so nobody has to wait longer.
const GRACE: Duration = Duration::from_millis(800);

/// A switch that Ctrl-C and TERM press; `run` is the folder of the run that goes on, where there is one.
pub(crate) fn stop_on_interrupt(ui: &Ui, run: Option<&Path>) -> Stop {
    let stop = Stop::default();
    let listener = Listener { stop: stop.clone(), ui: ui.clone(), run: run.map(Path::to_owned) };
    if let Err(e) = listener.start() {
        ui.note(&format!("Ctrl-C will end this at once: {e}"));
    }
    stop
}

struct Listener {
    stop: Stop,
    ui: Ui,
    run: Option<PathBuf>,
}

impl Listener {
    /// Listens from now on, on a thread of its own.
    fn start(self) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listen = move || {
            runtime.block_on(async {
                let Ok(mut signals) = Signals::new() else { return };
                while signals.next().await {
                    self.pressed(&mut signals).await;
                }
            });
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop)
    }

    async fn pressed(&self, signals: &mut Signals) {
        loop {
            // Answers in flight are waited for, and what they give is written; only another press may cut that short.
            let waits = self.stop.is_sending();
            self.stop.request();
            if self.stop.level() >= 3 {
                break;
            }
            if waits {
                return;
            }
            match tokio::time::timeout(GRACE, signals.next()).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => break,
            }
        }
        self.leave();
    }

    /// Ends the process, unless it is about to end with words of its own.
    fn leave(&self) {
        if !self.ui.claim_last_word() {
            return;
        }
        self.ui.clear();
        let dir = self.run.clone().filter(|dir| dir.join(RUN_FILE).exists());
        let failure = Failure::from(Error::from(Stopped::Interrupted { dir }));
        self.ui.failure(&failure);
        std::process::exit(failure.code().into());
    }
}

/// Ctrl-C and TERM; none is missed between two calls.
#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    }

    async fn next(&mut self) -> bool {
        tokio::select! {
            got = self.0.recv() => got.is_some(),
            got = self.1.recv() => got.is_some(),
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Signals)
    }

    async fn next(&mut self) -> bool {
        self.0.recv().await.is_some()
    }
}
