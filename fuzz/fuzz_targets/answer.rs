//! The answer parser: any text, in any form asked for, gives items and notes and never a panic.
#![no_main]

use equipoise_core::parse::{Expect, Form, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (choice, answer) = input;
    let form = [Form::Json, Form::Semicolon, Form::List][usize::from(choice % 3)];
    let sources = [("a1", "good day"), ("a2", "bad day"), ("a3", "no; day")];
    let n_sources = usize::from(choice / 3 % 4);
    let expect = Expect {
        sources: &sources[..n_sources],
        wanted: n_sources.max(1),
        form,
        complete: choice & 64 == 0,
        one_line: choice & 128 == 0,
    };
    let parsed = parse(answer, &expect);
    for item in &parsed.items {
        assert!(item.source.is_none_or(|at| at < n_sources), "an item belongs to a source that was not shown");
        assert!(!item.text.trim().is_empty(), "a blank text is no item");
    }
});
