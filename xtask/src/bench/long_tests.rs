//! `cargo xtask bench prompts`, `bench review` and `bench page`: measurements that are tests, too long for every day.

use crate::shell::{Outcome, cargo};

/// A name of `bench`, and the target and test behind it.
static LONG: [(&str, &str, &str); 3] = [
    ("prompts", "pilot", "a_bad_prompt_is_last_in_20_of_20_pilots"),
    ("review", "browser", "five_hundred_rows_are_decided_with_fifty_kills"),
    ("page", "browser", "five_thousand_rows_open_within_a_second"),
];

/// Runs the measurement called `name`; `None` where none of these is.
pub(super) fn run(name: &str) -> Option<Outcome> {
    let (_, target, test) = LONG.iter().find(|(long, ..)| *long == name)?;
    // As `ci` builds them, so that nothing is built twice.
    let test = ["test", "--quiet", "--workspace", "--test", target, "--", "--ignored", "--nocapture", test];
    Some(super::finish(&mut cargo(&test)))
}
