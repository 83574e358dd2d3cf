//! The embedded demo data: hand-written customer messages, unpacked into the run that uses them.

use crate::Error;
use crate::config::{Recipe, set};
use crate::output;
use equipoise_core::format::WriteError;
use std::path::Path;
use toml::{Table, Value};

/// Training rows of the demo.
pub const TRAIN: &str = include_str!("../demo/train.csv");
/// Held-out rows of the demo.
pub const TEST: &str = include_str!("../demo/test.csv");

/// What the demo's recipe sets: the rarest label is raised with the offline generator.
pub fn recipe() -> Table {
    let mut table = Table::new();
    let text = |s: &str| Value::String(s.to_owned());
    set(&mut table, "data.input", text("demo.csv"));
    set(&mut table, "data.test", text("demo-test.csv"));
    set(&mut table, "model.name", text("offline"));
    set(&mut table, "targets.balance", text("none"));
    set(&mut table, "targets.label_to.cancellation", text("120"));
    table
}

/// The demo's files: name and content.
const FILES: [(&str, &str); 2] = [("demo.csv", TRAIN), ("demo-test.csv", TEST)];

/// The recipe with the demo's files in `out`.
pub fn placed(mut recipe: Recipe, out: &Path) -> Recipe {
    let [input, test] = FILES.map(|(name, _)| Some(out.join(name)));
    (recipe.data.input, recipe.data.test) = (input, test);
    recipe
}

/// Writes the demo's files into `out` and points the recipe at them.
///
/// # Errors
/// Where they cannot be written.
pub fn unpack(recipe: Recipe, out: &Path) -> Result<Recipe, Error> {
    let failed = |source| output::OutputError::Io { path: out.to_owned(), source };
    std::fs::create_dir_all(out).map_err(failed)?;
    for (name, text) in FILES {
        let path = out.join(name);
        output::write_atomically(&path, |file| file.write_all(text.as_bytes()).map_err(WriteError::Io))?;
    }
    Ok(placed(recipe, out))
}
