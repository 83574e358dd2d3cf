//! What learners computed of texts, kept in the folder of a run so that nothing is embedded there twice.

use crate::setup::Named;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Learners with what they remember; it is written when they are done with, also where an evaluation is left in the middle.
pub(super) struct Remembered<'l> {
    learners: &'l [Named],
    folder: Option<PathBuf>,
}

impl<'l> Remembered<'l> {
    /// Has the learners recall what lies in `folder`.
    pub(super) fn recall(learners: &'l [Named], folder: Option<&Path>) -> Self {
        for (name, learner) in learners {
            if let Some(bytes) = folder.and_then(|folder| std::fs::read(file(folder, name)).ok()) {
                learner.recall(&bytes);
            }
        }
        Remembered { learners, folder: folder.map(Path::to_owned) }
    }
}

impl Drop for Remembered<'_> {
    /// What cannot be written is computed again next time, which is no fault of the evaluation.
    fn drop(&mut self) {
        let Some(folder) = &self.folder else { return };
        for (name, learner) in self.learners {
            if let Some(bytes) = learner.remembered() {
                let _ = write(folder, &file(folder, name), &bytes);
            }
        }
    }
}

fn file(folder: &Path, learner: &str) -> PathBuf {
    folder.join(format!("{learner}.embeddings"))
}

/// Whole under its name, or not at all.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::learner::{Learner, Model, Problem, Vectoriser};
    use std::sync::Mutex;

    #[derive(Default)]
    struct Knowing(Mutex<Vec<u8>>);

    impl Learner for Knowing {
        fn remembered(&self) -> Option<Vec<u8>> {
            self.0.lock().ok().map(|known| known.clone())
        }

        fn recall(&self, bytes: &[u8]) {
            self.0.lock().expect("one thread").extend_from_slice(bytes);
        }

        fn vectoriser(&self, _: &[&str]) -> Box<dyn Vectoriser> {
            unreachable!("nothing is learnt here")
        }

        fn fit(&self, _: &Problem<'_>) -> Box<dyn Model> {
            unreachable!("nothing is learnt here")
        }
    }

    #[test]
    fn what_one_evaluation_computed_the_next_one_recalls() {
        let folder = tempfile::tempdir().expect("a folder");
        let fits = folder.path().join("fits");
        let first: [Named; 1] = [("knowing", Box::new(Knowing::default()))];
        let kept = Remembered::recall(&first, Some(&fits));
        first[0].1.recall(b"computed");
        drop(kept);
        let second: [Named; 1] = [("knowing", Box::new(Knowing::default()))];
        drop(Remembered::recall(&second, Some(&fits)));
        assert_eq!(second[0].1.remembered().as_deref(), Some(&b"computed"[..]));
    }
}
