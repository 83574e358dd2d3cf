//! How Python words what errors tell people to do.

use equipoise::config::{OPTIONS, Takes};
use equipoise::error::{Action, Wording};

/// Keywords and calls, as a notebook takes them.
pub(crate) struct Notebook;

impl Wording for Notebook {
    fn setting(&self, name: &str, value: Option<&str>) -> String {
        if name == "no_evaluate" {
            return "evaluate=False".to_owned();
        }
        let takes = OPTIONS.iter().find(|option| option.name == name).map(|option| option.takes);
        let value = match (takes, value) {
            (Some(Takes::Switch), _) => "True".to_owned(),
            // What is no option of a recipe is a folder or a file, but for these.
            (None, None) if ["fork", "force", "yes"].contains(&name) => "True".to_owned(),
            (Some(Takes::Targets | Takes::Shares), Some(value)) => match value.rsplit_once('=') {
                Some((label, to)) => format!("{{{}: {}}}", quoted(label), plain(to)),
                None => plain(value),
            },
            (Some(Takes::Targets | Takes::Shares), None) => "{LABEL: …}".to_owned(),
            (Some(Takes::Whole | Takes::Number | Takes::Time | Takes::Price | Takes::Chunk), None) => "…".to_owned(),
            (Some(Takes::Whole | Takes::Number | Takes::Chunk), Some(value)) => plain(value),
            (_, Some(value)) => quoted(value),
            (_, None) => "\"…\"".to_owned(),
        };
        format!("{name}={value}")
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
            Action::ReplayOf(dir) => format!("equipoise.Run({:?}).replay()", dir.display().to_string()),
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

/// A number as it stands, anything else as a string.
fn plain(value: &str) -> String {
    if value.parse::<f64>().is_ok() { value.to_owned() } else { quoted(value) }
}

/// A string as Python writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
