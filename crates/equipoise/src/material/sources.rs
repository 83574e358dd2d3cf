//! Where rows are, and what is held out of them.

use crate::Error;
use crate::config::Recipe;
use crate::error::MaterialError;
use crate::input::{InputOptions, Source};
use equipoise_core::format::Table;

/// Where the rows of a piece of work are.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// The labelled texts.
    pub train: Source,
    /// What is held out.
    pub held_out: HoldOut,
    /// Real rows without labels, which lend parts of texts.
    pub unlabelled: Option<Source>,
    /// Texts with their vectors, for texts that have none where they stand, and the column of vectors.
    pub features: Option<(Source, String)>,
    /// The column of the held-out rows that names their groups.
    pub group: Option<String>,
    /// How the rows are read. The format is that of `train` alone; columns are called the same in all.
    pub columns: InputOptions,
}

/// Which rows nothing but the final evaluation reads.
#[derive(Debug, Clone, PartialEq)]
pub enum HoldOut {
    /// None.
    Nothing,
    /// Those of another source.
    Test(Source),
    /// A share of each label's rows.
    Share {
        /// Between 0 and 1.
        share: f64,
        /// Seed of the run; the draw has a child of its own.
        seed: u64,
    },
}

/// What is held out where no file of held-out rows is named: a quarter where models are fitted outside, since to judge all rows in turn
/// takes far more fits.
fn share(recipe: &Recipe) -> Option<f64> {
    let evaluate = &recipe.evaluate;
    let is_outside = evaluate.learner_command.is_some() || evaluate.own_learner.is_some();
    evaluate.held_out_share.or(is_outside.then_some(0.25))
}

impl Sources {
    /// The files of a recipe as a run reads them: the test file is held out, or else the share that the recipe names.
    ///
    /// # Errors
    /// [`MaterialError::NoInput`].
    pub fn of(recipe: &Recipe) -> Result<Self, Error> {
        let data = &recipe.data;
        let train = data.input.clone().ok_or(MaterialError::NoInput)?;
        Ok(Sources {
            unlabelled: data.unlabelled.clone().map(Source::Path),
            ..Sources::given(recipe, train.into(), data.test.clone().map(Source::Path))
        })
    }

    /// Rows from elsewhere, read and held out as the recipe says; its own files of rows count for nothing.
    pub fn given(recipe: &Recipe, train: Source, test: Option<Source>) -> Self {
        let held_out = match test {
            Some(test) => HoldOut::Test(test),
            None => match share(recipe).filter(|_| recipe.evaluate.enabled) {
                Some(share) => HoldOut::Share { share, seed: recipe.seed },
                None => HoldOut::Nothing,
            },
        };
        let data = &recipe.data;
        let column = data.embedding.clone().unwrap_or_else(|| "embedding".to_owned());
        let features = data.features.clone().map(|path| (path.into(), column));
        Sources {
            train,
            held_out,
            unlabelled: None,
            features,
            group: recipe.evaluate.group.clone(),
            columns: data.options(),
        }
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

impl From<(Table, Table)> for Sources {
    /// Training rows and held-out rows in memory.
    fn from((train, test): (Table, Table)) -> Self {
        Sources {
            train: Source::table("train", train),
            held_out: HoldOut::Test(Source::table("test", test)),
            unlabelled: None,
            features: None,
            group: None,
            columns: InputOptions::default(),
        }
    }
}

impl From<Table> for Sources {
    /// Training rows in memory; nothing is held out.
    fn from(train: Table) -> Self {
        Sources {
            train: Source::table("train", train),
            held_out: HoldOut::Nothing,
            unlabelled: None,
            features: None,
            group: None,
            columns: InputOptions::default(),
        }
    }
}
