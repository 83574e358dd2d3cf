//! What the catalog knows of an arm besides how to build it: what it is made of, and what people call it.

use super::{Arm, CATALOG};
use crate::catalog::{Entry, SettingsError, nearest};

/// One arm of the catalog.
pub struct ArmEntry {
    /// Name, documentation, settings, and how to build it.
    pub item: Entry<dyn Arm>,
    /// What it is made of; everything that is said of an arm goes by this, never by its name.
    pub role: Role,
    /// What people call it, without an article in front: `class weights`. A form has the words of its base.
    pub plain: &'static str,
    /// The arm that this one is a form of, and what it adds; `None` for an arm of its own.
    pub form: Option<Form>,
}

/// What an arm is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The real rows as they are; every other arm is set against it.
    Baseline,
    /// Real rows alone, so it costs nothing.
    Free,
    /// It trains on synthetic rows.
    Synthetic {
        /// How it uses them; completes "Use the synthetic rows …".
        how: &'static str,
    },
    /// It takes one of the other arms.
    Chooser,
}

/// An arm made from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Name of the other arm. Its settings hold where the form has none of its own.
    pub base: &'static str,
    /// What is added.
    pub with: Addition,
}

/// What a form adds to its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addition {
    /// Every label brought to equal mass.
    ClassWeight,
    /// A calibrated cut.
    Threshold,
}

impl Addition {
    fn words(self) -> &'static str {
        match self {
            Addition::ClassWeight => "with class weights",
            Addition::Threshold => "with a calibrated cut",
        }
    }
}

impl ArmEntry {
    /// What people call it: `class weights`.
    pub fn words(&self) -> String {
        let form = self.form.map_or_else(String::new, |form| format!(" {}", form.with.words()));
        format!("{}{form}", self.plain)
    }

    /// What people call it, and its name: ``class weights (`class_weight`)``.
    pub fn title(&self) -> String {
        format!("{} (`{}`)", self.words(), self.item.name)
    }

    /// How it uses synthetic rows, in words; `None` where it uses none.
    pub fn how(&self) -> Option<String> {
        let Role::Synthetic { how } = self.role else { return None };
        Some(self.form.map_or_else(|| how.to_owned(), |form| format!("{how}, {}", form.with.words())))
    }
}

impl PartialEq for ArmEntry {
    fn eq(&self, other: &Self) -> bool {
        self.item.name == other.item.name
    }
}

impl Eq for ArmEntry {}

/// The arm called `name`; `None` where there is none, as in an evaluation of another version of this program.
pub fn lookup(name: &str) -> Option<&'static ArmEntry> {
    CATALOG.iter().copied().find(|entry| entry.item.name == name)
}

/// The arm called `name`.
///
/// # Errors
/// [`SettingsError::UnknownItem`], with the most similar name.
pub fn find(name: &str) -> Result<&'static ArmEntry, SettingsError> {
    lookup(name).ok_or_else(|| SettingsError::UnknownItem {
        kind: "arm",
        name: name.to_owned(),
        nearest: nearest(name, CATALOG.iter().map(|entry| entry.item.name)),
    })
}

/// What the arm called `name` is made of; `None` where no arm has that name.
pub fn role(name: &str) -> Option<Role> {
    lookup(name).map(|entry| entry.role)
}

/// Whether the arm called `name` trains on synthetic rows.
pub fn is_synthetic(name: &str) -> bool {
    matches!(role(name), Some(Role::Synthetic { .. }))
}

/// The entry of `<base>_class_weight` or `<base>_threshold`.
macro_rules! form {
    ($base:ident + class_weight) => {
        form!(
            $base,
            "_class_weight",
            "`, with every label brought to equal mass.",
            "Tells what its rows teach from what moved label shares do; what a script does that loads the rows and switches class weights on.",
            "` and `class_weight`.",
            $crate::arm::weighted::weighted,
            ClassWeight
        )
    };
    ($base:ident + threshold) => {
        form!(
            $base,
            "_threshold",
            "` and moves where each label is predicted, as `threshold` does.",
            "Tells what its rows teach from how readily they have a label predicted.",
            "` and `threshold`.",
            $crate::arm::thresholded::thresholded,
            Threshold
        )
    };
    ($base:ident, $suffix:literal, $what:literal, $why:literal, $source:literal, $make:path, $with:ident) => {{
        static FORM: ArmEntry = ArmEntry {
            item: Entry {
                name: concat!(stringify!($base), $suffix),
                what: concat!("Trains as `", stringify!($base), $what),
                why: $why,
                source: concat!("As `", stringify!($base), $source),
                settings: $base::ENTRY.item.settings,
                make: |settings| $make(stringify!($base), settings),
            },
            role: $base::ENTRY.role,
            plain: $base::ENTRY.plain,
            form: Some(Form { base: stringify!($base), with: Addition::$with }),
        };
        &FORM
    }};
}
pub(super) use form;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_the_words_and_the_role_of_its_base() {
        let form = lookup("synthetic_naive_class_weight").unwrap();
        assert_eq!(form.title(), "the unchecked synthetic rows with class weights (`synthetic_naive_class_weight`)");
        assert_eq!(form.how().unwrap(), "with weight 1 each, with class weights");
        assert_eq!(lookup("eda_class_weight").unwrap().role, Role::Free);
        assert_eq!(lookup("class_weight").unwrap().how(), None);
    }

    #[test]
    fn a_name_that_is_nearly_right_is_answered_with_the_right_one() {
        let error = find("class_weigth").err().unwrap().to_string();
        assert_eq!(error, "no arm is called `class_weigth`; did you mean `class_weight`?");
    }
}
