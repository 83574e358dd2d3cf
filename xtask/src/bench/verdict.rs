//! `cargo xtask bench verdict [SECTION…]`: what every arm does on recorded answers of real models.

/// Runs the protocol of the arms; `sections` as its example takes them, all where there is none.
///
/// # Errors
/// A sentence that says what is missing or failed.
pub(super) fn run(sections: &[String]) -> Result<(), String> {
    let data = super::shared(&crate::shell::root()).join("data");
    if !data.is_dir() {
        return Err(format!("{} is not at hand; EQUIPOISE_SHARED names the folder that holds `data`", data.display()));
    }
    let all = ["cells", "repeats", "stress", "faults", "cut", "designs", "advice"].map(str::to_owned);
    let mut bench = super::example("equipoise-core", "verdict_bench");
    bench.arg(data).args(if sections.is_empty() { &all[..] } else { sections });
    super::finish(&mut bench)
}
