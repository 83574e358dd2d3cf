//! Rows in memory for the tests of the pipeline: sixty that are found easily beside twelve of the label that is raised.

use crate::artefacts::Memory;
use crate::material::Sources;
use crate::{Material, Recipe, Setup, Work};
use equipoise_core::format::Table;

/// The label that is raised.
pub(super) const RARE: &str = "cancel";

/// Asks for twelve rows more of [`RARE`] and evaluates with few resamples.
pub(super) fn recipe() -> Recipe {
    let mut recipe = Recipe::default();
    recipe.targets.balance = "none".to_owned();
    recipe.targets.label_to.insert(RARE.to_owned(), "24".to_owned());
    recipe.evaluate.resamples = 100;
    recipe
}

/// A recipe for a model over HTTP, where nobody listens.
pub(super) fn remote() -> Recipe {
    let mut recipe = recipe();
    recipe.model.name = "openai-compatible/m".to_owned();
    recipe.model.base_url = Some("http://127.0.0.1:9/v1".to_owned());
    recipe
}

/// What `recipe` says, and the rows; other rows of the same kinds are held out.
pub(super) fn begun(recipe: Recipe) -> (Setup, Material) {
    let sources = Sources::from((table(60, 12, 0), table(24, 12, 1_000)));
    let setup = Setup::new(recipe).expect("a good recipe");
    let material = Material::read(&sources, &Work::default()).expect("good rows");
    (setup, material)
}

/// A whole run of `recipe`, and its files.
pub(super) fn ran(recipe: Recipe) -> (super::Outcome, Memory) {
    let (setup, material) = begun(recipe);
    let mut files = Memory::default();
    let outcome = super::run(&setup, &material, &mut files, &Work::default()).expect("a run");
    (outcome, files)
}

/// The text of a file.
pub(super) fn text<'f>(files: &'f Memory, name: &str) -> &'f str {
    let bytes = files.file(name).unwrap_or_else(|| panic!("no {name} among {:?}", files.names().collect::<Vec<_>>()));
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// `n_common` and `n_rare` rows that no other number gives.
fn table(n_common: usize, n_rare: usize, number: usize) -> Table {
    const COMMON: [&str; 4] =
        ["where is my parcel", "when does the box come", "the courier never rang", "it was sent on Monday"];
    const RARE_ONES: [&str; 4] =
        ["please cancel my order", "I want my money back", "stop the shipment now", "take the coat back"];
    const ENDS: [&str; 5] = ["for my mother", "from your shop", "as a present", "in blue", "once more"];
    let rows = |parts: [&'static str; 4], label: &'static str, n: usize| {
        (0..n).map(move |i| (format!("{} {} number {}", parts[i % 4], ENDS[i / 4 % 5], number + i), label))
    };
    let rows: Vec<(String, &str)> = rows(COMMON, "delivery", n_common).chain(rows(RARE_ONES, RARE, n_rare)).collect();
    Table::of_pairs(rows.iter().map(|(text, label)| (text.as_str(), *label)))
}
