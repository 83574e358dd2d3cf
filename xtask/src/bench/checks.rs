//! `cargo xtask bench checks [SECTION…]`: what the checks find of planted faults, and what they say of human rows.

/// Runs the measurements; `sections` as the example takes them, all where there is none.
///
/// # Errors
/// A sentence that says what is missing or failed.
pub(super) fn run(sections: &[String]) -> Result<(), String> {
    let data = super::shared(&crate::shell::root()).join("data");
    if !data.is_dir() {
        return Err(format!("{} is not at hand; EQUIPOISE_SHARED names the folder that holds `data`", data.display()));
    }
    let mut bench = super::example("equipoise-core", "checks_bench");
    bench.arg(data).args(sections);
    super::finish(&mut bench)
}
