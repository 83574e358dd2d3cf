//! Files that a learner reads before it can learn.

use std::collections::BTreeMap;

/// The files that a learner needs, all in one folder that the user names. Whoever acts reads them and calls
/// [`Learner::supply`](super::Learner::supply).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs<'a> {
    /// The setting that names the folder.
    pub setting: &'static str,
    /// The folder as the user wrote it; `None` where the setting is absent.
    pub folder: Option<&'a str>,
    /// Paths below the folder, with `/`, that must be there.
    pub files: &'static [&'static str],
    /// Paths below the folder that are read where they are there.
    pub optional: &'static [&'static str],
}

/// The contents of files by the paths of [`Needs`].
pub type Files = BTreeMap<&'static str, Vec<u8>>;
