//! How Python words what errors tell people to do.

use equipoise::error::{Action, Wording};

/// Keywords and calls, as a notebook takes them.
pub(crate) struct Notebook;

impl Wording for Notebook {
    fn setting(&self, name: &str, value: Option<&str>) -> String {
        match (name, value) {
            ("no_evaluate", _) => "evaluate=False".to_owned(),
            (_, None) => format!("{name}=True"),
            ("label_to", Some(target)) => match target.rsplit_once('=') {
                Some((label, to)) => format!("label_to={{{}: {}}}", quoted(label), quoted(to)),
                None => format!("label_to={}", quoted(target)),
            },
            (_, Some(value)) => format!("{name}={}", quoted(value)),
        }
    }

    fn action(&self, action: &Action) -> String {
        match action {
            Action::Run => "equipoise.run(…)".to_owned(),
            Action::Resume(None) => "equipoise.resume(DIR)".to_owned(),
            Action::Resume(Some(dir)) => format!("equipoise.resume({})", quoted(&dir.display().to_string())),
            Action::ResumeAt { dir, address } => {
                format!("equipoise.resume({}, base_url={})", quoted(&dir.display().to_string()), quoted(address))
            }
            Action::Fork => "equipoise.run(…, out=DIR, fork=True)".to_owned(),
            Action::Replay => "equipoise.Run(DIR).replay()".to_owned(),
            Action::Profile => "equipoise.profile(…)".to_owned(),
            Action::Evaluate => "equipoise.evaluate(…, out=DIR)".to_owned(),
            // Prompts are tried by the command, which comes with the package.
            Action::TryPrompts => "equipoise plan … --try 5 --prompt FILE".to_owned(),
            Action::List(kind) => format!("equipoise.items({})", quoted(kind)),
            Action::Help => "help(equipoise.run)".to_owned(),
        }
    }
}

/// A string as Python writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
