//! The columns that `augmented.*` gets on demand: where each row comes from, and what it weighs.

use crate::config::OutputRecipe;
use crate::error::{Part, PlanError};
use crate::output::OutputError;
use crate::{Error, Material, Setup};
use equipoise_core::data::RowId;
use equipoise_core::eval::RowWeights;
use equipoise_core::format::{NewCells, NewColumn, WriteError, by_name};
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::plan::Plan;
use std::collections::HashMap;
use std::fmt;

/// Says whether a row is real or synthetic.
const ORIGIN: &str = "origin";
/// What a row weighs in the arm that was chosen.
const WEIGHT: &str = "weight";
/// What is known of where a synthetic row comes from; `synthetic.*` always has them.
pub(super) const PROVENANCE: [&str; 6] = ["source_id", "source", "candidate", "request", "model", "generator"];

/// What a synthetic row was to be like, as JSON; `synthetic.*` has it where attributes were asked for.
pub(super) const ATTRIBUTES: &str = "attributes";

/// Refuses, before anything is written or paid, what cannot be written at the end.
pub(crate) fn verify(setup: &Setup, material: &Material) -> Result<(), Error> {
    let output = &setup.output;
    let has_attributes = !setup.attributing.is_empty();
    let (format, wanted) = (material.original.format, names(output, has_attributes));
    if wanted.is_empty() {
        return Ok(());
    }
    if !by_name(format).is_ok_and(|(_, format)| format.holds_columns()) {
        return Err(PlanError::NoColumns { added: added(output), format }.into());
    }
    if output.weights && !setup.evaluates {
        return Err(PlanError::NoWeights.into());
    }
    match wanted.into_iter().find(|name| material.original.layout.columns.iter().any(|c| c == name)) {
        Some(taken) => Err(PlanError::TakenColumn { added: added(output), column: taken.to_owned() }.into()),
        None => Ok(()),
    }
}

/// A column of which the head of a JSON file knew nothing, said in the same words.
pub(super) fn told(output: &OutputRecipe, error: Error) -> Error {
    match error {
        Error::Output(OutputError::Content { source, path }) => match *source {
            WriteError::TakenColumn { column } => PlanError::TakenColumn { added: added(output), column }.into(),
            other => OutputError::Content { path, source: Box::new(other) }.into(),
        },
        other => other,
    }
}

/// What is added to the input's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// Where each row comes from.
    Provenance,
    /// What each row weighs.
    Weights,
}

impl Added {
    /// The setting that asks for it.
    pub(crate) fn setting(self) -> Part {
        let name = match self {
            Added::Provenance => "provenance",
            Added::Weights => "weights",
        };
        Part::Setting { name: name.to_owned(), value: None }
    }
}

impl fmt::Display for Added {
    /// As a recipe has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Added::Provenance => "`output.provenance`",
            Added::Weights => "`output.weights`",
        })
    }
}

fn added(output: &OutputRecipe) -> Added {
    if output.provenance { Added::Provenance } else { Added::Weights }
}

fn names(output: &OutputRecipe, has_attributes: bool) -> Vec<&'static str> {
    let attributes = has_attributes.then_some(ATTRIBUTES);
    let provenance = [ORIGIN].into_iter().chain(PROVENANCE).chain(attributes).filter(|_| output.provenance);
    provenance.chain([WEIGHT].into_iter().filter(|_| output.weights)).collect()
}

/// The provenance of kept rows, a cell for each of [`PROVENANCE`].
pub(super) fn provenance(material: &Material, plan: &Plan, kept: &[&Candidate]) -> Vec<[String; 6]> {
    let texts: HashMap<RowId, &str> = material.dataset.train().rows().map(|r| (r.id, r.text)).collect();
    let row = |c: &&Candidate| {
        let (id, text) = match &c.sources {
            Sources::One(id) => (id.to_string(), texts.get(id).copied().unwrap_or_default()),
            Sources::Among(ids) | Sources::Joined { rows: ids, .. } => {
                (ids.iter().map(RowId::to_string).collect::<Vec<_>>().join(" "), "")
            }
            Sources::Harvested(id) => (id.to_string(), ""),
            Sources::Unknown => (String::new(), ""),
        };
        let request = c.request.as_ref().map_or("", |k| &k.0);
        let generator = c.sources.made_by(&plan.generator);
        [&id, text, &c.id, request, &plan.model, generator].map(str::to_owned)
    };
    kept.iter().map(row).collect()
}

/// What kept rows were to be like; `None` where no attributes were asked for.
pub(super) fn attributes(plan: &Plan, kept: &[&Candidate]) -> Option<Vec<String>> {
    plan.attributes.as_ref()?;
    let cell = |c: &&Candidate| match c.attributes.is_empty() {
        true => String::new(),
        false => serde_json::json!(c.attributes).to_string(),
    };
    Some(kept.iter().map(cell).collect())
}

/// The weights of a file's rows.
pub(super) struct FileWeights<'a> {
    by_row: HashMap<usize, f64>,
    material: &'a Material,
    weights: &'a RowWeights,
}

impl<'a> FileWeights<'a> {
    pub(super) fn new(material: &'a Material, weights: &'a RowWeights) -> Self {
        let by_row =
            material.dataset.train().rows().zip(&weights.real).map(|(row, weight)| (row.index, *weight)).collect();
        FileWeights { by_row, material, weights }
    }

    /// The weight of the row at a position in the file; one that was held out weighs what a row of its label does.
    pub(super) fn of(&self, at: usize, label: &str) -> Option<f64> {
        let of_label = || self.weights.of_label[self.material.dataset.labels().id(label)?.index()];
        self.by_row.get(&at).copied().or_else(of_label)
    }

    /// What a person has to know about the column.
    pub(super) fn note(&self, file: &str) -> String {
        let RowWeights { arm, kept, is_whole, .. } = self.weights;
        let unused = !kept.is_empty() && kept.iter().all(|w| *w == 0.0);
        let unused = if unused { "; it trains without the synthetic rows, so they weigh 0" } else { "" };
        let part = if *is_whole { "" } else { "; they are its first fit alone, which a column can hold" };
        format!("{file}: `{WEIGHT}` holds the weights of `{arm}`, which cross-validation chose{unused}{part}")
    }
}

/// The weight of a real row of the file by its position and text; `None` where it has none.
type WeightOfRow<'a> = dyn Fn(usize, &str) -> Option<f64> + Sync + 'a;

/// The new columns that the recipe asks for; without weights where there are none yet.
pub(super) fn columns<'a>(
    output: &OutputRecipe,
    (provenance, attributes): (&[[String; 6]], Option<&[String]>),
    weights: Option<(&RowWeights, &'a WeightOfRow<'a>)>,
) -> Vec<NewColumn<'a>> {
    let mut columns = Vec::new();
    if output.provenance {
        let new = vec!["synthetic".to_owned(); provenance.len()];
        columns.push(NewColumn { name: ORIGIN, cells: NewCells::Text { real: "real", new } });
        for (at, name) in PROVENANCE.into_iter().enumerate() {
            let new = provenance.iter().map(|cells| cells[at].clone()).collect();
            columns.push(NewColumn { name, cells: NewCells::Text { real: "", new } });
        }
        let attributes = attributes.map(<[String]>::to_vec);
        columns.extend(attributes.map(|new| NewColumn { name: ATTRIBUTES, cells: NewCells::Text { real: "", new } }));
    }
    if let Some((weights, real)) = weights.filter(|_| output.weights) {
        let new = weights.kept.iter().copied().map(Some).collect();
        columns.push(NewColumn { name: WEIGHT, cells: NewCells::Number { real, new } });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{begun, ran, recipe};

    #[test]
    fn weights_without_an_evaluation_are_refused_before_a_run() {
        let mut recipe = recipe();
        recipe.output.weights = true;
        recipe.evaluate.enabled = false;
        let (setup, material) = begun(recipe);
        let refused = verify(&setup, &material).expect_err("nothing is weighed");
        assert!(matches!(refused, Error::Plan(PlanError::NoWeights)), "{refused}");
    }

    #[test]
    fn columns_that_are_asked_for_stand_behind_those_of_the_input() {
        let mut recipe = recipe();
        (recipe.output.provenance, recipe.output.weights) = (true, true);
        let (setup, _) = begun(recipe.clone());
        let wanted = [&[ORIGIN][..], &PROVENANCE, &[WEIGHT]].concat();
        assert_eq!(names(&setup.output, false), wanted);
        let (outcome, files) = ran(recipe);
        let bytes = files.names().find(|name| name.starts_with("augmented")).and_then(|name| files.file(name));
        let bytes = bytes.expect("a data set");
        for name in wanted {
            assert!(bytes.windows(name.len()).any(|part| part == name.as_bytes()), "{name}");
        }
        let weights = outcome.weights.expect("an evaluation weighs rows");
        // Few rows are held out, so that the model is fitted on them too; they stand behind the training rows.
        assert_eq!((weights.real.len(), weights.kept.len()), (72 + 36, outcome.kept.len()));
    }
}
