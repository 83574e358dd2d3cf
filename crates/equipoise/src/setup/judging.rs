//! Which real rows judge, and how often.

use super::Setup;
use crate::Material;
use equipoise_core::eval::{Design, usual_repeats};

impl Setup {
    /// Which real rows a run that is to raise the labels `raised` judges on, and how often; `None` where nothing is evaluated.
    pub fn judges(&self, material: &Material, raised: &[&str]) -> Option<(Design, usize)> {
        self.evaluates.then(|| self.judging(material, Design::for_labels(&material.dataset, raised)))
    }

    /// The same, where `design` is what the rows are enough for.
    pub(crate) fn judging(&self, material: &Material, design: Design) -> (Design, usize) {
        let n_held_out = material.dataset.held_out().map_or(0, |held_out| held_out.len());
        // Models that are fitted outside are dear: any rows that are held out judge them, and without such rows one pass does.
        let is_outside = self.outside().is_some();
        let design = if is_outside && n_held_out > 0 { Design::HeldOut } else { design };
        let usual = match design {
            Design::CrossValidation if !is_outside => usual_repeats(material.dataset.train().len() + n_held_out),
            _ => 1,
        };
        (design, self.repeats.unwrap_or(usual))
    }
}
