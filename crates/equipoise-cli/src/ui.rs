//! The terminal: where text goes, whether it is coloured, and progress bars where someone looks.

use crate::args::{Color, Global};
use crate::error::Failure;
use crate::live::Live;
use equipoise::core::text::{escape_control, escape_lines};
use equipoise::event::{Event, Phase};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often a run without a terminal says how far it is.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// Standard output and standard error of one command; clones are the same.
#[derive(Clone)]
pub(crate) struct Ui {
    json: bool,
    quiet: bool,
    color_out: bool,
    color_err: bool,
    live: bool,
    bars: Arc<Mutex<HashMap<Phase, ProgressBar>>>,
    logged: Arc<Mutex<Option<Instant>>>,
    generation: Arc<Mutex<Live>>,
    log_json: bool,
    is_ending: Arc<AtomicBool>,
    typed: Arc<str>,
}

impl Ui {
    /// What the flags, the environment and the terminal allow.
    pub(crate) fn new(global: &Global, typed: &str) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let color = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !no_color,
        };
        let terminal = std::io::stderr().is_terminal();
        Ui {
            json: global.json,
            quiet: global.quiet,
            color_out: color(std::io::stdout().is_terminal()),
            color_err: color(terminal),
            live: terminal && !global.quiet && !global.log_json,
            bars: Arc::default(),
            logged: Arc::default(),
            generation: Arc::default(),
            log_json: global.log_json,
            is_ending: Arc::default(),
            typed: typed.into(),
        }
    }

    /// Prints the result for people; with `--json` it goes to standard error.
    ///
    /// # Errors
    /// Where the stream is closed or full.
    pub(crate) fn say(&self, text: &str) -> Result<(), Failure> {
        if self.json {
            if !self.quiet {
                writeln!(std::io::stderr().lock(), "{text}")?;
            }
            return Ok(());
        }
        writeln!(std::io::stdout().lock(), "{text}")?;
        Ok(())
    }

    /// The command that was typed.
    pub(crate) fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether nothing but errors and the result are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether standard output is for the machine-readable result alone.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the machine-readable result, if one was asked for.
    ///
    /// # Errors
    /// Where standard output is closed or full.
    pub(crate) fn result(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string(value).expect("results have string keys and finite numbers");
            writeln!(std::io::stdout().lock(), "{text}")?;
        }
        Ok(())
    }

    /// Says something on standard error, unless quiet.
    pub(crate) fn note(&self, text: &str) {
        if self.log_json {
            self.log(&Event::Note(text.to_owned()));
        } else if !self.quiet {
            self.above_bars(|| {
                let _ = writeln!(std::io::stderr().lock(), "{}", escape_control(text));
            });
        }
    }

    /// Prints a block of ready-made text on standard error, unless quiet; its untrusted parts are escaped already.
    pub(crate) fn note_block(&self, text: &str) {
        if !self.quiet && !self.log_json {
            let _ = writeln!(std::io::stderr().lock(), "{text}\n");
        }
    }

    /// Says what went wrong and what to do.
    pub(crate) fn failure(&self, failure: &Failure) {
        let (message, hint) = failure.told();
        if self.log_json {
            return self.log(&json!({ "event": "error", "data": { "message": message, "hint": hint } }));
        }
        let mut err = std::io::stderr().lock();
        let _ = writeln!(err, "{} {message}", paint(self.color_err, "1;31", "error:"));
        if let Some(hint) = hint {
            let _ = writeln!(err, "{} {hint}", paint(self.color_err, "1;36", "hint:"));
        }
    }

    /// The text in bold where standard output is coloured.
    pub(crate) fn bold(&self, text: &str) -> String {
        paint(self.color_out && !self.json, "1", text)
    }

    /// The text in an ANSI colour where standard output is coloured.
    pub(crate) fn colored(&self, code: &str, text: &str) -> String {
        paint(self.color_out && !self.json, code, text)
    }

    /// Takes an event of a run.
    pub(crate) fn event(&self, event: Event) {
        if self.log_json {
            return self.log(&event);
        }
        match event {
            Event::Note(text) | Event::Omitted(text) => self.note(&text),
            Event::Waiting { wait, reason } => self.note(&format!("waiting {} s: {reason}", wait.as_secs_f64().ceil())),
            Event::Started(_) => {}
            Event::Advanced { phase, done, total, what } => self.advance(phase, done, total, &what),
            Event::Rows(rows) => lock(&self.generation).rows = rows,
            Event::Requests(counts) => {
                // What was answered before this command takes no time, and would spoil the estimate of what is left.
                let (done, total) =
                    (counts.done.saturating_sub(counts.reused), counts.total.saturating_sub(counts.reused));
                let said = lock(&self.generation).take(counts, Instant::now());
                // A second line under the bar; one line in a log.
                let what = said.join(if self.live { "\n            " } else { "; " });
                self.advance(Phase::Generate, done, total, &what);
            }
            Event::Finished(phase) => {
                if let Some(bar) = lock(&self.bars).remove(&phase) {
                    bar.finish_and_clear();
                }
            }
        }
    }

    /// One line of JSON: the seconds since 1970 and what happened.
    fn log(&self, event: &impl serde::Serialize) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut line = serde_json::Map::new();
        line.insert("time".to_owned(), json!(since.as_millis() as f64 / 1000.0));
        if let Ok(serde_json::Value::Object(event)) = serde_json::to_value(event) {
            line.extend(event);
        }
        let _ = writeln!(std::io::stderr().lock(), "{}", serde_json::Value::Object(line));
    }

    /// Whether nobody else is about to say why the process ends; from then on the caller is.
    pub(crate) fn claim_last_word(&self) -> bool {
        !self.is_ending.swap(true, Ordering::SeqCst)
    }

    /// Removes all progress bars.
    pub(crate) fn clear(&self) {
        lock(&self.bars).drain().for_each(|(_, bar)| bar.finish_and_clear());
    }

    fn above_bars(&self, print: impl FnOnce()) {
        match lock(&self.bars).values().next() {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn advance(&self, phase: Phase, done: u64, total: u64, what: &str) {
        if self.live {
            let mut bars = lock(&self.bars);
            let bar = bars.entry(phase).or_insert_with(|| {
                let style = "{prefix:>11} [{bar:30}] {pos}/{len}, {eta} left, {msg}";
                let style = ProgressStyle::with_template(style).expect("a fixed template").progress_chars("=> ");
                let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
                bar.with_style(style).with_prefix(phase.name())
            });
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(escape_lines(what));
        } else if !self.quiet {
            let mut logged = lock(&self.logged);
            let now = Instant::now();
            if logged.is_none_or(|at| now - at >= LOG_EVERY) {
                // The first call only starts the clock, so that short work logs nothing.
                if logged.is_some() {
                    let _ =
                        writeln!(std::io::stderr().lock(), "{} {done}/{total} {}", phase.name(), escape_control(what));
                }
                *logged = Some(now);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn paint(on: bool, code: &str, text: &str) -> String {
    if on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
