//! Predicting: the fitted model of a run reads new texts.

use super::judge::{EVALUATION_FILE, MODEL_FILE};
use crate::Error;
use crate::error::{FolderError, MaterialError};
use crate::fits::FITS_FOLDER;
use crate::folder::recipe_of;
use crate::input::{self, InputOptions, Source};
use crate::output::{NewFile, OutputError, write_atomically};
use equipoise_core::format::{self, Compression, Layout, ReadError, WriteError};
use equipoise_core::learner::{About, Classifier};
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// What a model says of texts.
#[derive(Debug, Clone, Serialize)]
pub struct Predicted {
    /// The model.
    pub model: About,
    /// One entry for each text, in the order of the file.
    pub rows: Vec<Prediction>,
    /// What was left out or guessed, for people.
    pub notes: Vec<String>,
    #[serde(skip)]
    format: &'static str,
    #[serde(skip)]
    compression: Compression,
}

/// What a model says of one text.
#[derive(Debug, Clone, Serialize)]
pub struct Prediction {
    /// Which row of the file it is, from 1.
    pub row: u64,
    /// The row's own id, where the file has a column of ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The text.
    pub text: String,
    /// The most probable label.
    pub label: String,
    /// The calibrated probability of each label, in the order of the model's labels.
    pub probabilities: Vec<f64>,
}

/// Predicts the texts of `input` with the model in the folder `dir`.
///
/// # Errors
/// A folder without a model, a damaged model, unreadable input.
pub fn predict(dir: &Path, input: &Source, options: &InputOptions) -> Result<Predicted, Error> {
    let path = dir.join(MODEL_FILE);
    let bytes = std::fs::read(&path).map_err(|source| match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => no_model(dir),
        _ => crate::rundir::RunDirError::Unreadable { path: path.clone(), source }.into(),
    })?;
    let classifier = Classifier::decode(&bytes).map_err(|source| FolderError::ModelFile { path, source })?;
    let file = input::read_texts(input, options).map_err(MaterialError::from)?;
    let labels = &classifier.about.labels;
    let texts: Vec<&str> = match file.input.format {
        "txt" => file.texts.iter().map(|line| without_label(line, labels)).collect(),
        _ => file.texts.iter().map(String::as_str).collect(),
    };
    let (predicted, probabilities) = classifier.predict(&texts);
    let scores = predicted.iter().zip(probabilities.chunks_exact(labels.len()));
    let rows = texts.iter().zip(&file.rows).zip(scores).map(|((text, (row, id)), (label, probabilities))| Prediction {
        row: *row,
        id: id.clone(),
        text: (*text).to_owned(),
        label: labels[label.index()].clone(),
        probabilities: probabilities.to_vec(),
    });
    let rows = rows.collect();
    let notes = file.input.notes.iter().map(|note| format!("{}: {note}", file.input.name)).collect();
    let (format, compression) = (file.input.format, file.input.compression);
    Ok(Predicted { model: classifier.about, rows, notes, format, compression })
}

/// Why there is no model in `dir`: its run is not finished, or a command fitted it.
fn no_model(dir: &Path) -> FolderError {
    let path = dir.to_owned();
    let is_judged = dir.join(EVALUATION_FILE).exists();
    match recipe_of(dir) {
        Ok(recipe) if recipe.evaluate.enabled && !is_judged => FolderError::Unfinished { path, missing: MODEL_FILE },
        _ if dir.join(FITS_FOLDER).exists() => FolderError::ModelElsewhere { path },
        _ => FolderError::NoModel { path },
    }
}

/// The line without `;LABEL` at its end, where that is one of the model's labels: a labelled file must not give its labels away.
fn without_label<'l>(line: &'l str, labels: &[String]) -> &'l str {
    match line.rsplit_once(';') {
        Some((text, label)) if labels.iter().any(|l| l == label) => text,
        _ => line,
    }
}

/// Before a label: the column of its probability.
const PROBABILITY: &str = "probability:";

impl Predicted {
    /// Writes the predictions to `path`: in the format of its name, else in that of the input; CSV where that has no columns.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let name = path.to_string_lossy();
        let compression = match path.extension().and_then(|e| e.to_str()) {
            Some("gz") => Compression::Gzip,
            Some("zst") => Compression::Zstd,
            Some(_) => Compression::None,
            None => self.compression,
        };
        let asked = match format::recognise(&name, &[]) {
            Ok(asked) => asked,
            Err(ReadError::UnknownFormat { extension }) if !extension.is_empty() => {
                return Err(OutputError::UnknownFormat { path: path.to_owned(), extension }.into());
            }
            Err(_) => self.format,
        };
        let (_, format) = format::by_name(asked)?;
        let format = if format.holds_columns() { format } else { format::by_name("csv")?.1 };
        let (columns, rows) = self.table();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let real: Vec<&str> = columns.iter().copied().filter(|name| name.starts_with(PROBABILITY)).collect();
        let like = Layout::of_numbers(&["row"], &real);
        let file = NewFile { format: &*format, compression, like: Some(&like), columns: &columns };
        write_atomically(path, |out| file.write(rows, out))?;
        Ok(())
    }

    /// Writes the predictions as CSV.
    ///
    /// # Errors
    /// Where `out` is closed or full.
    pub fn write_csv(&self, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let (columns, mut rows) = self.table();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let (_, csv) = format::by_name("csv")?;
        let failed = |source| match source {
            WriteError::Io(source) => OutputError::Io { path: "standard output".into(), source },
            other => OutputError::Content { path: "standard output".into(), source: Box::new(other) },
        };
        csv.write(&columns, &mut rows, None, out).map_err(failed)?;
        Ok(())
    }

    /// `row`, `id` where the file has one, `text`, `label`, and a column `probability:LABEL` for each label, to four decimals.
    fn table(&self) -> (Vec<String>, impl Iterator<Item = Vec<String>>) {
        let has_ids = self.rows.iter().any(|row| row.id.is_some());
        let own: &[&str] = if has_ids { &["row", "id", "text", "label"] } else { &["row", "text", "label"] };
        let own = own.iter().map(|name| (*name).to_owned());
        let columns = own.chain(self.model.labels.iter().map(|label| format!("{PROBABILITY}{label}")));
        let row = move |row: &Prediction| {
            let id = has_ids.then(|| row.id.clone().unwrap_or_default());
            let cells = [row.row.to_string()].into_iter().chain(id).chain([row.text.clone(), row.label.clone()]);
            cells.into_iter().chain(row.probabilities.iter().map(|p| format!("{p:.4}"))).collect()
        };
        (columns.collect(), self.rows.iter().map(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_known_label_off_a_line_and_leaves_other_semicolons() {
        let labels = ["joy".to_owned()];
        assert_eq!(without_label("so glad;joy", &labels), "so glad");
        assert_eq!(without_label("so glad; really", &labels), "so glad; really");
        assert_eq!(without_label("so glad", &labels), "so glad");
    }
}
