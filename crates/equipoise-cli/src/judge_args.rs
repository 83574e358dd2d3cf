//! Arguments that name a judge of labels.

use crate::args::{Usage, price, put};
use clap::Args;
use equipoise::config::set;
use toml::Table;

/// Who says which labels the texts have, besides the classifier.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Label judge")]
pub(crate) struct JudgeArgs {
    /// Model that says which label each text has, after it was tried on real rows; see docs/checks.md
    #[arg(long, value_name = "PROVIDER/NAME", conflicts_with = "judge_command")]
    judge: Option<String>,
    /// Address of its endpoint [default: that of --model, where both have one provider]
    #[arg(long, value_name = "URL", requires = "judge")]
    judge_base_url: Option<String>,
    /// Environment variable that holds its key [default: that of --model, where both have one provider]
    #[arg(long, value_name = "VAR", requires = "judge")]
    judge_key_env: Option<String>,
    /// USD per million tokens that it reads and writes [default: that of --model, where it is the same; the list price of common models]
    #[arg(long, value_name = "IN,OUT", requires = "judge")]
    judge_price: Option<String>,
    /// Command that says which label each text has, such as 'python judge.py'; see docs/judge-command.md for what it reads and writes
    #[arg(long, value_name = "COMMAND")]
    judge_command: Option<String>,
}

impl JudgeArgs {
    /// Writes the given flags into a recipe layer.
    ///
    /// # Errors
    /// A price that is none.
    pub(crate) fn write(&self, table: &mut Table) -> Result<(), Usage> {
        put(table, "judge.model", self.judge.clone());
        put(table, "judge.base_url", self.judge_base_url.clone());
        put(table, "judge.key_env", self.judge_key_env.clone());
        if let Some(given) = &self.judge_price {
            set(table, "judge.price", price("--judge-price", given)?);
        }
        put(table, "judge.command", self.judge_command.clone());
        Ok(())
    }
}
