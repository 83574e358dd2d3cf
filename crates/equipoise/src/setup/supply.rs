//! Files that a learner needs, read from the folder that the recipe names.

use equipoise_core::catalog::SettingsError;
use equipoise_core::learner::{Files, Learner, Needs};
use std::io::ErrorKind;
use std::path::Path;

/// Reads what `learner`, called `name`, needs and hands it over; a sentence that tells which model that was, for the notes, or
/// `None` for a learner that needs nothing.
pub(super) fn supply(name: &'static str, learner: &mut dyn Learner) -> Result<Option<String>, SettingsError> {
    let Some(needs) = learner.needs() else { return Ok(None) };
    let bad = |message| SettingsError::BadValue { item: name, message };
    let Some(folder) = needs.folder else {
        let setting = needs.setting;
        return Err(bad(format!(
            "`{setting}` is not set: name a folder or hf://OWNER/NAME as `{setting}` under `[learner.{name}]` in a recipe"
        )));
    };
    let note = format!("`{name}` read {folder}");
    let files = read(Path::new(folder), &needs).map_err(bad)?;
    learner.supply(&files)?;
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in &files {
        hasher.update(path.as_bytes()).update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
    Ok(Some(format!("{note}, whose files have the BLAKE3 hash {}.", &hasher.finalize().to_hex()[..16])))
}

fn read(folder: &Path, needs: &Needs<'_>) -> Result<Files, String> {
    let all = needs.files.iter().map(|path| (*path, true)).chain(needs.optional.iter().map(|path| (*path, false)));
    let mut files = Files::new();
    for (path, needed) in all {
        let full = folder.join(path);
        match std::fs::read(&full) {
            Ok(bytes) => {
                files.insert(path, bytes);
            }
            Err(e) if !needed && e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(format!("cannot read {}: {e}", full.display())),
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::learner::{Model, Problem, Vectoriser};

    #[derive(Default)]
    struct Needy {
        folder: Option<String>,
        supplied: Files,
    }

    impl Learner for Needy {
        fn needs(&self) -> Option<Needs<'_>> {
            let folder = self.folder.as_deref();
            Some(Needs { setting: "model", folder, files: &["a/needed"], optional: &["optional"] })
        }

        fn supply(&mut self, files: &Files) -> Result<(), SettingsError> {
            self.supplied.clone_from(files);
            Ok(())
        }

        fn vectoriser(&self, _: &[&str]) -> Box<dyn Vectoriser> {
            unreachable!("nothing is learnt here")
        }

        fn fit(&self, _: &Problem<'_>) -> Box<dyn Model> {
            unreachable!("nothing is learnt here")
        }
    }

    #[test]
    fn hands_over_the_files_that_are_there_and_names_one_that_must_be() {
        let folder = tempfile::tempdir().unwrap();
        let mut learner = Needy { folder: folder.path().to_str().map(str::to_owned), ..Needy::default() };
        let error = supply("needy", &mut learner).unwrap_err().to_string();
        assert!(error.starts_with("`needy`: cannot read ") && error.contains("needed"), "{error}");
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/needed"), "one").unwrap();
        let note = supply("needy", &mut learner).unwrap().unwrap();
        assert_eq!(learner.supplied, Files::from([("a/needed", b"one".to_vec())]));
        std::fs::write(folder.path().join("optional"), "two").unwrap();
        assert_ne!(supply("needy", &mut learner).unwrap().unwrap(), note, "the hash is of all files");
        assert_eq!(learner.supplied.len(), 2);
    }

    #[test]
    fn says_which_setting_is_missing() {
        let error = supply("needy", &mut Needy::default()).unwrap_err().to_string();
        assert!(error.contains("`model` is not set") && error.contains("[learner.needy]"), "{error}");
    }
}
