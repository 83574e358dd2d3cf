//! The two data sets of a run: the synthetic rows alone, and the input with them behind its own rows.

use super::columns::{self, ATTRIBUTES, FileWeights, PROVENANCE};
use crate::artefacts::Artefacts;
use crate::output::{self, NewFile, OutputError};
use crate::{Error, Material, Setup, Work};
use equipoise_core::eval::RowWeights;
use equipoise_core::format::{Compression, NewRow, WriteError, Written, by_name};
use equipoise_core::generator::Candidate;
use equipoise_core::plan::Plan;
use equipoise_core::text::counted;

/// What the data sets are made of.
pub(super) struct Rows<'a> {
    pub(super) plan: &'a Plan,
    /// The synthetic rows that are used.
    pub(super) kept: &'a [&'a Candidate],
    /// What each row weighs in the arm that was chosen, where that is known and asked for.
    pub(super) weights: Option<&'a RowWeights>,
}

/// Names and formats of the two data sets of a run.
pub(crate) struct DataSets {
    pub(super) augmented: String,
    pub(super) synthetic: String,
    synthetic_format: &'static str,
    compression: Compression,
}

impl DataSets {
    /// The input's own format and compression; CSV for the synthetic rows where that format has no room for their provenance.
    pub(crate) fn new(material: &Material) -> Self {
        let input = &material.original;
        let name = |format: &str, stem: &str| {
            let extension = by_name(format).map_or("csv", |(_, f)| f.extensions()[0]);
            format!("{stem}.{extension}{}", input.compression.extension())
        };
        let holds = by_name(input.format).is_ok_and(|(_, f)| f.holds_columns());
        let synthetic_format = if holds { input.format } else { "csv" };
        DataSets {
            augmented: name(input.format, "augmented"),
            synthetic: name(synthetic_format, "synthetic"),
            synthetic_format,
            compression: input.compression,
        }
    }

    /// Writes both.
    pub(super) fn write(
        &self,
        (setup, material): (&Setup, &Material),
        rows: &Rows<'_>,
        artefacts: &mut dyn Artefacts,
        work: &Work<'_>,
    ) -> Result<(), Error> {
        let provenance = columns::provenance(material, rows.plan, rows.kept);
        let attributes = columns::attributes(rows.plan, rows.kept);
        self.write_synthetic(material, rows.kept, (&provenance, attributes.as_deref()), artefacts)?;
        let of_rows = rows.weights.map(|weights| FileWeights::new(material, weights));
        let weight = |at: usize, label: &str| of_rows.as_ref().and_then(|file| file.of(at, label));
        let weights = rows.weights.map(|weights| (weights, &weight as _));
        let added = columns::columns(&setup.output, (&provenance, attributes.as_deref()), weights);
        let new: Vec<NewRow<'_>> = rows.kept.iter().map(|c| NewRow { text: &c.text, label: &c.label }).collect();
        let mut written = Written::default();
        let appended = artefacts.put(&self.augmented, &mut |out| {
            written = output::append(&material.original, &added, &new, out)?;
            Ok(())
        });
        appended.map_err(|error| columns::told(&setup.output, is_changed(error, material)))?;
        if let Some(file) = &of_rows {
            work.note(file.note(&self.augmented));
        }
        let (name, Written { n_folded, recoded, .. }) = (&self.augmented, written);
        if recoded {
            let encoding = material.original.encoding.name();
            work.note(format!("{name}: it is UTF-8, since {encoding} has not all characters of the new texts"));
        }
        if n_folded > 0 {
            work.note(format!(
                "{name}: line breaks of {} became spaces, since the format has none",
                counted(n_folded, "text")
            ));
        }
        Ok(())
    }

    fn write_synthetic(
        &self,
        material: &Material,
        kept: &[&Candidate],
        (provenance, attributes): (&[[String; 6]], Option<&[String]>),
        artefacts: &mut dyn Artefacts,
    ) -> Result<(), Error> {
        let layout = &material.original.layout;
        let columns = [layout.text.as_str(), &layout.label].into_iter().chain(PROVENANCE);
        let columns: Vec<&str> = columns.chain(attributes.map(|_| ATTRIBUTES)).collect();
        let row = |at: usize| {
            let own = [&kept[at].text, &kept[at].label].into_iter().chain(&provenance[at]);
            own.chain(attributes.map(|attributes| &attributes[at])).cloned().collect()
        };
        let (_, format) = by_name(self.synthetic_format)?;
        // Its labels are of the type that they have in the input.
        let like = (self.synthetic_format == material.original.format).then_some(layout);
        let file = NewFile { format: &*format, compression: self.compression, like, columns: &columns };
        artefacts.put(&self.synthetic, &mut |out| file.write((0..kept.len()).map(row), out).map(drop))
    }
}

/// An input that can no longer be read as it was has changed.
fn is_changed(error: Error, material: &Material) -> Error {
    match error {
        Error::Output(OutputError::Content { path, source }) if matches!(*source, WriteError::Original(_)) => {
            OutputError::InputChanged { path, input: material.original.name.clone() }.into()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::{RARE, begun, ran, recipe};
    use equipoise_core::format::{ReadRequest, read_bytes};

    /// Text and label of each row of a file.
    fn rows(files: &crate::artefacts::Memory, name: &str) -> Vec<(String, String)> {
        let bytes = files.file(name).unwrap_or_else(|| panic!("{name}"));
        read_bytes("arrow", bytes, &ReadRequest::default()).expect("a table").0
    }

    #[test]
    fn one_set_holds_the_new_rows_and_the_other_all_rows_with_the_new_ones_last() {
        let (outcome, files) = ran(recipe());
        let sets = super::DataSets::new(&begun(recipe()).1);
        let (synthetic, augmented) = (rows(&files, &sets.synthetic), rows(&files, &sets.augmented));
        assert_eq!(synthetic.len(), outcome.kept.len());
        assert_eq!(augmented.len(), 72 + outcome.kept.len());
        assert_eq!(augmented[72..], synthetic[..]);
        assert!(synthetic.iter().all(|(_, label)| label == RARE));
    }
}
