//! How the command line words what errors tell people to do.

use equipoise::error::{Action, Wording};
use std::path::Path;

/// Options and commands, as a shell takes them.
pub(crate) struct CommandLine;

impl Wording for CommandLine {
    fn setting(&self, name: &str, value: Option<&str>) -> String {
        let option = format!("--{}", name.replace('_', "-"));
        value.map_or_else(|| option.clone(), |value| format!("{option} {}", quoted(value)))
    }

    fn action(&self, action: &Action) -> String {
        match action {
            Action::Run => "equipoise run".to_owned(),
            Action::Resume(None) => "equipoise resume DIR".to_owned(),
            Action::Resume(Some(dir)) => format!("equipoise resume {}", path(dir)),
            Action::ResumeAt { dir, address } => {
                format!("equipoise resume {} --base-url {}", path(dir), quoted(address))
            }
            Action::Fork => "equipoise resume DIR --fork".to_owned(),
            Action::Replay => "equipoise replay DIR".to_owned(),
            Action::ReplayOf(dir) => format!("equipoise replay {}", path(dir)),
            Action::Profile => "equipoise profile FILE".to_owned(),
            Action::Evaluate => "equipoise evaluate --out DIR".to_owned(),
            Action::TryPrompts => "equipoise plan … --try 5 --prompt FILE".to_owned(),
            Action::List(kind) => format!("equipoise list {kind}"),
            Action::Help => "equipoise run --help".to_owned(),
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./,:+@%=".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// A path as a shell takes it.
pub(crate) fn path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A command as somebody typed it, its first word without a folder.
pub(crate) fn typed(words: impl Iterator<Item = String>) -> String {
    let words = words.enumerate().map(|(at, word)| match at {
        0 => "equipoise".to_owned(),
        _ => quoted(&word),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn settings_are_options_and_folders_are_words_of_a_shell() {
        assert_eq!(CommandLine.setting("allow_host", Some("a.example")), "--allow-host a.example");
        assert_eq!(CommandLine.setting("label", Some("it's a column")), "--label 'it'\\''s a column'");
        assert_eq!(CommandLine.setting("unpriced", None), "--unpriced");
        let resumed = CommandLine.action(&Action::Resume(Some(PathBuf::from("my runs/a"))));
        assert_eq!(resumed, "equipoise resume 'my runs/a'");
    }
}
