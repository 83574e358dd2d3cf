//! Points between neighbours of one label.

use super::neighbours::{ALL_COMPARED, SAMPLED, nearest, partners};
use super::repeats::largest;
use super::{Arm, ArmEntry, ArmOutput, Context, Pool, Recipe, Role, TrainingSet};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::data::{LabelId, Labels};
use crate::rng::Seed;
use crate::text::escape_control;
use rand::RngExt;
use serde::Deserialize;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "smote",
        what: "Raises every label to the largest with points drawn between a real row and one of its nearest neighbours of that label, in the learner's features.",
        why: "The best-known free way to make new minority examples; they are points, not texts, so nobody can read or check them.",
        source: "Chawla, Bowyer, Hall and Kegelmeyer, SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16, 2002.",
        settings: &[Setting {
            name: "k",
            default: "5",
            why: "Nearest neighbours to draw from, at least 1; 5 as in the paper. A label of fewer rows uses all its others; in one of more than 50,000 rows they are looked for among 20,000 drawn at random.",
        }],
        make,
    },
    role: Role::Free,
    plain: "points between neighbouring real rows",
    form: None,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Smote {
    k: usize,
}

impl Default for Smote {
    fn default() -> Self {
        Smote { k: 5 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    let smote: Smote = read(ENTRY.item.name, settings)?;
    if smote.k == 0 {
        return Err(SettingsError::BadValue {
            item: ENTRY.item.name,
            message: "k takes a whole number from 1".to_owned(),
        });
    }
    Ok(Box::new(smote))
}

impl Arm for Smote {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let pool = context.pool();
        let targets = largest(pool);
        let mut set = TrainingSet::real_once(pool);
        for (label, rows) in pool.real_by_label().into_iter().enumerate() {
            let missing = targets[label] - rows.len();
            if rows.len() < 2 {
                // No neighbour to go towards.
                rows.iter().for_each(|at| set.real.extend(std::iter::repeat_n((*at, 1.0), missing)));
                continue;
            }
            let mut rng = seed.child(&label.to_string()).rng();
            let draws: Vec<(usize, f64, f32)> = (0..missing)
                .map(|_| (rng.random_range(0..rows.len()), rng.random::<f64>(), rng.random::<f32>()))
                .collect();
            let mut wanted = vec![false; rows.len()];
            draws.iter().for_each(|(base, ..)| wanted[*base] = true);
            let partners = partners(rows.len(), seed.child(&format!("partners/{label}")));
            let neighbours = nearest(context.features(), &rows, &partners, &wanted, self.k);
            set.between.extend(draws.into_iter().map(|(base, which, share)| {
                let near = &neighbours[base];
                let which = ((which * near.len() as f64) as usize).min(near.len() - 1);
                (rows[base], rows[near[which] as usize], share)
            }));
        }
        Some(ArmOutput::Recipe(Recipe::of(set)))
    }

    fn notes(&self, pool: &Pool<'_>, labels: &Labels) -> Vec<String> {
        let targets = largest(pool);
        let counts = pool.counts(&pool.real);
        let sampled = labels.ids().filter(|l| (ALL_COMPARED + 1..targets[l.index()]).contains(&counts[l.index()]));
        let note = |label: LabelId| {
            format!(
                "`smote` looked for the neighbours of the {} rows of `{}` among {SAMPLED} of them, drawn at random.",
                counts[label.index()],
                escape_control(labels.name(label)),
            )
        };
        sampled.map(note).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn a_sample_of_neighbours_is_told_of_where_points_are_drawn_from_it() {
        let labels = Labels::new(["few", "large", "largest"].map(str::to_owned));
        let example = |label: u16| move |_| example("a text", label, &[]);
        let real = (0..3).map(example(0)).chain((0..ALL_COMPARED + 1).map(example(1)));
        let real = real.chain((0..ALL_COMPARED + 2).map(example(2))).collect();
        let pool = Pool { real, naive: vec![], kept: vec![], n_labels: 3, author: None };
        let told = Smote::default().notes(&pool, &labels);
        assert_eq!(
            told,
            ["`smote` looked for the neighbours of the 50001 rows of `large` among 20000 of them, drawn at random."]
        );
    }

    #[test]
    fn refuses_no_neighbours() {
        let settings = Settings::from_iter([("k".to_owned(), 0.into())]);
        assert!(matches!(make(&settings), Err(SettingsError::BadValue { .. })));
    }
}
