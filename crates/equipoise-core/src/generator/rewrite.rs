//! `rewrite`: each source row is written anew, under its id.

use super::Generator;
use super::paired::{Paired, SETTINGS};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "rewrite",
    what: "Asks for one new wording of each source row and pairs the answers by id.",
    why: "The default for models: a text keeps its source, so that no model is judged on the source of a row it has seen.",
    source: "Rewriting real rows in small groups: Møller et al., The Parrot Dilemma, EACL 2024; ids instead of positions: SmartSub issue 322, weblate issue 17825 (texts shifted to other rows).",
    settings: SETTINGS,
    make: |settings| Paired::make(ENTRY.name, settings, false),
};
