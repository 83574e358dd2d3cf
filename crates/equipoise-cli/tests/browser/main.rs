//! The report and the review in a real browser: nothing runs that a row brings along, search and keys work, everybody can read them, and no
//! decision is lost.
//!
//! Needs `chromedriver` and Chromium (`apt install chromium chromium-driver`, as `.ci/run` does); where they are missing the tests say so
//! and do nothing.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and says why it skips")]

#[path = "../common/mod.rs"]
mod common;

mod access;
mod driver;
mod hostile;
mod page;
mod review;
mod speed;
