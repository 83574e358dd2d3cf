//! How the command line says what a verdict advises.

use crate::eval::Action;

/// The command that does this; `run` is the folder that holds the fitted model, `typed` the command that made it. `None` where no run was
/// started by a command that could be given again.
pub fn command(action: Action, run: &str, typed: Option<&str>) -> Option<String> {
    match action {
        Action::Predict => Some(format!("equipoise predict {run} NEW.csv")),
        Action::WriteWeights => again(typed?, "--weights"),
        Action::StyleControl(share) => again(typed?, &format!("--style-control {share}")),
    }
}

/// The command once more with an option, beside the folder that it named.
fn again(typed: &str, option: &str) -> Option<String> {
    let is_run = typed.starts_with("equipoise run ");
    let has = |name: &str| typed.split(' ').any(|word| word == name || word.starts_with(&format!("{name}=")));
    let name = option.split(' ').next().unwrap_or(option);
    // What came from standard input is gone, and answers are taken over from runs with the same settings alone.
    if !is_run || has(name) || has("-") || has("--fork") {
        return None;
    }
    let beside = if has("--out") && !has("--force") { " --force" } else { "" };
    Some(format!("{typed} {option}{beside}"))
}

/// What the command is for, in words that stand before it.
pub fn purpose(action: Action) -> &'static str {
    match action {
        Action::Predict => "to label new texts with it",
        Action::WriteWeights => "to train another model with its weights",
        Action::StyleControl(_) => "to have the largest label rewritten too",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_given_again_where_it_can_be() {
        let fairer = |typed| command(Action::StyleControl(1.0), "RUN", typed);
        let run = "equipoise run 'my rows.csv' --only refund --out a";
        assert_eq!(fairer(Some(run)), Some(format!("{run} --style-control 1 --force")));
        assert_eq!(
            command(Action::WriteWeights, "RUN", Some("equipoise run a.csv")).as_deref(),
            Some("equipoise run a.csv --weights")
        );
        for typed in [
            None,
            Some("equipoise evaluate --train a.csv"),
            Some("equipoise run - --format csv"),
            Some("equipoise run a.csv --style-control 0.5"),
        ] {
            assert_eq!(fairer(typed), None, "{typed:?}");
        }
    }
}
