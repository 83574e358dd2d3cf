//! Where rows are, and what is held out of them.

use crate::Error;
use crate::config::Recipe;
use crate::error::MaterialError;
use crate::input::InputOptions;
use std::path::{Path, PathBuf};

/// Where the rows of a piece of work are.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// The labelled texts; `-` is standard input.
    pub train: PathBuf,
    /// What is held out.
    pub held_out: HoldOut,
    /// Real rows without labels, which lend parts of texts.
    pub unlabelled: Option<PathBuf>,
    /// How the files are read. The format is that of `train` alone; columns are called the same in all.
    pub columns: InputOptions,
}

/// Which rows nothing but the final evaluation reads.
#[derive(Debug, Clone, PartialEq)]
pub enum HoldOut {
    /// None.
    Nothing,
    /// Those of a file.
    Test(PathBuf),
    /// A share of each label's rows.
    Share {
        /// Between 0 and 1.
        share: f64,
        /// Seed of the run; the draw has a child of its own.
        seed: u64,
    },
}

impl Sources {
    /// The files of a recipe as a run reads them: the test file is held out, or else a stratified share, or nothing where nothing is
    /// evaluated.
    ///
    /// # Errors
    /// [`MaterialError::NoInput`].
    pub fn of(recipe: &Recipe) -> Result<Self, Error> {
        let data = &recipe.data;
        let held_out = match &data.test {
            Some(path) => HoldOut::Test(path.clone()),
            None if recipe.evaluate.enabled => {
                HoldOut::Share { share: recipe.evaluate.held_out_share, seed: recipe.seed }
            }
            None => HoldOut::Nothing,
        };
        Ok(Sources {
            train: data.input.clone().ok_or(MaterialError::NoInput)?,
            held_out,
            unlabelled: data.unlabelled.clone(),
            columns: InputOptions { format: data.format.clone(), text: data.text.clone(), label: data.label.clone() },
        })
    }

    /// The same, of which nothing is held out but a test file, and nothing lends parts: to look at rows, not to train on them.
    #[must_use]
    pub fn to_look_at(mut self) -> Self {
        self.unlabelled = None;
        if let HoldOut::Share { .. } = self.held_out {
            self.held_out = HoldOut::Nothing;
        }
        self
    }
}

/// The last part of a path, for people.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
