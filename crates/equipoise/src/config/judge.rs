//! `[judge]`: who says which labels texts have.

use serde::{Deserialize, Serialize};

/// Who says which labels texts have, besides the classifier; nobody unless one is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JudgeRecipe {
    /// `PROVIDER/NAME` of a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Base URL of its endpoint; absent takes that of the model that writes, where both have one provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Environment variable that holds its key; never the key. Absent takes that of the model that writes, where both have one provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// USD per million tokens read and written; absent takes that of the model that writes, where it is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<[f64; 2]>,
    /// A command that reads texts and writes labels, a JSON object a line each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Real rows of a label, and as many of others, that it is asked about first.
    pub real_rows: usize,
}

impl Default for JudgeRecipe {
    fn default() -> Self {
        JudgeRecipe { model: None, base_url: None, key_env: None, price: None, command: None, real_rows: 50 }
    }
}
