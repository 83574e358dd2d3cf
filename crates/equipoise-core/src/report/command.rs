//! How the command line says what a verdict advises.

use crate::eval::Action;

/// The command, or the option of one, that does this; `run` is the folder that holds the fitted model.
pub fn command(action: Action, run: &str) -> String {
    match action {
        Action::Predict => format!("equipoise predict {run} NEW.csv"),
        Action::WriteWeights => "equipoise run … --weights".to_owned(),
        Action::StyleControl(share) => format!("equipoise run … --style-control {share}"),
    }
}

/// What the command is for, in words that stand before it.
pub fn purpose(action: Action) -> &'static str {
    match action {
        Action::Predict => "to label new texts with it",
        Action::WriteWeights => "to train another model with its weights",
        Action::StyleControl(_) => "to have the largest label rewritten too",
    }
}
