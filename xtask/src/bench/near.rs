//! `cargo xtask bench near [N…]`: near-duplicates among N texts, found by the product and by other packages.

use super::learner::{data, python_with};
use std::process::Command;

/// Texts where nobody says how many.
const SIZES: [&str; 2] = ["100000", "1000000"];

/// Runs the measurements on each number of texts in `sizes`.
///
/// # Errors
/// A sentence that says what is missing or failed.
pub(super) fn run(sizes: &[String]) -> Result<(), String> {
    let root = crate::shell::root();
    let scratch = super::Scratch::new()?;
    let (source, _) = data(&root, scratch.path())?;
    let python = python_with(&["rensa", "datasketch"], scratch.path())?;
    let built = super::server::Build::Release;
    built.make(&["-p", "equipoise-core", "--example", "near_bench"])?;
    let mut near = Command::new(python);
    near.arg(root.join("bench/near.py")).arg(built.program("examples/near_bench")).arg(source);
    super::finish(if sizes.is_empty() { near.args(SIZES) } else { near.args(sizes) })
}
