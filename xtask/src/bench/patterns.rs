//! `cargo xtask bench patterns [SECTION…]`: what the pattern report finds in recorded answers of real models, and in human rows.

/// Runs the measurements; `sections` as the example takes them, all where there is none.
///
/// # Errors
/// A sentence that says what is missing or failed.
pub(super) fn run(sections: &[String]) -> Result<(), String> {
    let data = super::shared(&crate::shell::root()).join("data");
    if !data.is_dir() {
        return Err(format!("{} is not at hand; EQUIPOISE_SHARED names the folder that holds `data`", data.display()));
    }
    let all = ["halves", "splits", "cells", "reliance", "probation"].map(str::to_owned);
    let mut bench = super::example("equipoise-core", "pattern_bench");
    bench.arg(data).args(if sections.is_empty() { &all[..] } else { sections });
    super::finish(&mut bench)
}
