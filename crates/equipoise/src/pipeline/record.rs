//! `run.json`: what a run was started with, so that it can be gone on with from anywhere, and nothing else be mistaken for it.

use crate::Error;
use crate::config::Recipe;
use crate::pipeline::Loaded;
use crate::pipeline::load::file_name;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The start of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of this layout.
    pub schema: u32,
    /// Version of the tool that started the run.
    pub tool_version: String,
    /// The input file.
    pub input: FileRecord,
    /// The test file.
    pub test: Option<FileRecord>,
    /// Version of the prompt template; empty where the provider needs no words.
    pub prompt: String,
}

/// One file that a run reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Where it stood; the whole path, so that a run can be resumed from another folder.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// BLAKE3 of its bytes, hex.
    pub digest: String,
}

/// The current layout.
const SCHEMA: u32 = 1;

impl RunRecord {
    /// The record of a run that is about to start.
    pub(super) fn new(recipe: &Recipe, loaded: &Loaded, prompt: &str) -> Self {
        let file = |path: &Path, digest: &str| FileRecord {
            path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            name: file_name(path),
            digest: digest.to_owned(),
        };
        let input = recipe.data.input.as_deref().unwrap_or(Path::new("-"));
        let test = recipe.data.test.as_deref().zip(loaded.test.as_ref());
        RunRecord {
            schema: SCHEMA,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            input: file(input, &loaded.input.digest),
            test: test.map(|(path, read)| file(path, &read.digest)),
            prompt: prompt.to_owned(),
        }
    }

    /// Points the recipe at the files' recorded places.
    pub(super) fn point(&self, recipe: &mut Recipe) {
        recipe.data.input = Some(self.input.path.clone());
        recipe.data.test = self.test.as_ref().map(|t| t.path.clone());
    }

    /// Refuses files and prompts that are not those of the run.
    pub(super) fn verify(&self, loaded: &Loaded, prompt: &str) -> Result<(), Error> {
        if self.schema != SCHEMA {
            return Err(Error::RunSchema { found: self.schema, known: SCHEMA });
        }
        let test = self.test.as_ref().zip(loaded.test.as_ref());
        let pairs = [(&self.input, &loaded.input)].into_iter().chain(test);
        for (recorded, read) in pairs {
            if recorded.digest != read.digest {
                return Err(Error::InputChanged { path: recorded.path.clone() });
            }
        }
        if self.prompt != prompt {
            return Err(Error::PromptChanged);
        }
        Ok(())
    }
}
