//! Ctrl-C: once to finish what is in flight, twice to drop it, three times to go.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Exit code of an interrupted process.
const INTERRUPTED: i32 = 130;

/// How a run is asked to stop; clones are the same switch.
#[derive(Debug, Clone)]
pub struct Stop {
    level: Arc<watch::Sender<u32>>,
    n_running: Arc<AtomicUsize>,
    dir: Arc<Mutex<Option<PathBuf>>>,
}

impl Default for Stop {
    fn default() -> Self {
        Stop { level: Arc::new(watch::Sender::new(0)), n_running: Arc::default(), dir: Arc::default() }
    }
}

impl Stop {
    /// Asks once more: first no request is sent any more and those in flight are waited for, then they are dropped.
    pub fn request(&self) {
        self.level.send_modify(|level| *level = level.saturating_add(1));
    }

    /// How often it was asked. Long computations look at it between two steps.
    pub fn level(&self) -> u32 {
        *self.level.borrow()
    }

    /// Says which run goes on, from the moment at which it can be resumed.
    pub(crate) fn runs_in(&self, dir: &Path) {
        *self.dir.lock().unwrap_or_else(PoisonError::into_inner) = Some(dir.to_owned());
    }

    /// Listens to Ctrl-C and TERM from now on, on a thread of its own. While no engine runs the first one ends the process with
    /// code 130, which is safe at any instant; while one runs, the third. `leave` is called just before, with the folder of the run
    /// that can be resumed, if there is one.
    ///
    /// # Errors
    /// Where the system gives no thread or no signal handler.
    pub fn listen(&self, leave: impl Fn(Option<PathBuf>) + Send + 'static) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let stop = self.clone();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                let Ok(mut signals) = Signals::new() else { return };
                while signals.next().await {
                    stop.request();
                    if stop.level() >= 3 || stop.n_running.load(Ordering::SeqCst) == 0 {
                        leave(stop.dir.lock().unwrap_or_else(PoisonError::into_inner).clone());
                        std::process::exit(INTERRUPTED);
                    }
                }
            });
        })?;
        Ok(())
    }

    pub(super) fn watch(&self) -> watch::Receiver<u32> {
        self.level.subscribe()
    }

    /// Marks an engine as running until the guard goes.
    pub(super) fn running(&self) -> Running {
        self.n_running.fetch_add(1, Ordering::SeqCst);
        Running(self.n_running.clone())
    }
}

/// An engine runs while it lives.
pub(super) struct Running(Arc<AtomicUsize>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
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
