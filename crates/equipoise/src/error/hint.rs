//! What to do about an error, as data: every surface words it in its own way.

use std::path::{Path, PathBuf};

/// What to do about an error: a sentence whose references to settings and actions are left to whoever shows it. A command line says
/// `--label COL` where a notebook says `label=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    parts: Vec<Part>,
}

/// A part of a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words for people.
    Text(String),
    /// A setting.
    Setting {
        /// Its name, as the options of the command line have it, with `_` between words.
        name: String,
        /// What to give it.
        value: Option<String>,
    },
    /// Something to do.
    Action(Action),
}

/// Something to do with a run or with rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Start a run; `None` for the action as such.
    Run,
    /// Go on with a run; `None` for one that is not named.
    Resume(Option<PathBuf>),
    /// Go on with a run at another address.
    ResumeAt {
        /// The folder of the run.
        dir: PathBuf,
        /// The base URL.
        address: String,
    },
    /// Start a run beside another one, with its recipe and its answers to equal requests.
    Fork,
    /// Derive the files of a run again.
    Replay,
    /// Derive the files of this run again.
    ReplayOf(PathBuf),
    /// Look at the rows of a file.
    Profile,
    /// Evaluate and keep the files.
    Evaluate,
    /// Try prompts on a few rows.
    TryPrompts,
    /// List a catalog by its name in the plural, or any.
    List(&'static str),
    /// Read what the options take.
    Help,
}

/// How a surface words the references of a hint.
pub trait Wording {
    /// A setting, with what to give it.
    fn setting(&self, name: &str, value: Option<&str>) -> String;

    /// Something to do.
    fn action(&self, action: &Action) -> String;
}

impl Hint {
    /// A hint from a template: `{name}` and `{name=VALUE}` are settings, `{}` is the next of `arguments`, which are taken as they are.
    pub(crate) fn new(template: &str, arguments: impl IntoIterator<Item = Part>) -> Self {
        let mut arguments = arguments.into_iter();
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((before, (inside, after))) =
            rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?)))
        {
            parts.push(Part::Text(before.to_owned()));
            match inside.split_once('=') {
                _ if inside.is_empty() => parts.extend(arguments.next()),
                Some((name, value)) => parts.push(setting(name, Some(value))),
                None => parts.push(setting(inside, None)),
            }
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Hint { parts }
    }

    /// Its parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The sentence, with references as `wording` has them.
    pub fn worded(&self, wording: &dyn Wording) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Setting { name, value } => wording.setting(name, value.as_deref()),
            Part::Action(action) => wording.action(action),
        };
        self.parts.iter().map(part).collect()
    }
}

/// A hint without arguments.
impl From<&str> for Hint {
    fn from(template: &str) -> Self {
        Hint::new(template, [])
    }
}

fn setting(name: &str, value: Option<&str>) -> Part {
    Part::Setting { name: name.to_owned(), value: value.map(str::to_owned) }
}

impl From<Action> for Part {
    fn from(action: Action) -> Self {
        Part::Action(action)
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Part::Text(text)
    }
}

/// Going on with the run in `dir`.
pub(crate) fn resume(dir: &Path) -> Part {
    Action::Resume(Some(dir.to_owned())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Notebook;

    impl Wording for Notebook {
        fn setting(&self, name: &str, value: Option<&str>) -> String {
            format!("{name}={}", value.unwrap_or("True"))
        }

        fn action(&self, action: &Action) -> String {
            format!("{action:?}")
        }
    }

    #[test]
    fn references_are_worded_by_the_surface_and_arguments_stay_as_they_are() {
        let text = |text: &str| Part::from(text.to_owned());
        let hint = Hint::new("give {price=IN,OUT} or {unpriced}: {}; then {}", [text("{seed}"), Action::Help.into()]);
        assert_eq!(hint.worded(&Notebook), "give price=IN,OUT or unpriced=True: {seed}; then Help");
        assert_eq!(Hint::from("nothing to fill in").parts(), [text("nothing to fill in")]);
        assert_eq!(Hint::from("a { alone").worded(&Notebook), "a { alone");
    }
}
