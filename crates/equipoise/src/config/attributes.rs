//! The table `[attributes]` of a recipe.

use super::Recipe;
use super::check::BadValue;
use equipoise_core::attribute::Given;
use equipoise_core::prompt::{BUILT_IN, VARIABLES};

/// Names that mean something else where a prompt or an answer tells of a text.
const OF_A_TEXT: [&str; 4] = ["id", "text", "texts", "values"];
/// The prompt that attributes are for unless another one is named.
const FOR_ATTRIBUTES: &str = "new";

impl Recipe {
    /// The attributes that are asked for.
    pub(crate) fn given_attributes(&self) -> Result<Given, BadValue> {
        let bad = |message| BadValue { key: "attributes", message };
        let table = serde_json::to_value(&self.attributes).map_err(|e| bad(e.to_string()))?;
        let reserved: Vec<&str> = VARIABLES.iter().map(|(name, _)| *name).chain(OF_A_TEXT).collect();
        Given::read(&table, &reserved).map_err(|e| bad(format!("{}; {}", e.what, e.remedy)))
    }

    /// The prompt: the one that is named, else the one that the rest of the recipe calls for.
    pub(crate) fn prompt_name(&self) -> &str {
        let usual = if self.attributes.is_empty() { BUILT_IN[0].name } else { FOR_ATTRIBUTES };
        self.prompt.template.as_deref().unwrap_or(usual)
    }
}
