//! Parameters out of `model.safetensors`, and what can be wrong with a model folder.

use ndarray::{Array1, Array2};
use safetensors::{Dtype, SafeTensors};

/// Why the files of a folder are not a sentence transformer that can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    /// A file is missing.
    #[error("its folder has no `{file}`")]
    Missing {
        /// Its name.
        file: &'static str,
    },
    /// Not JSON, or a field is missing or of the wrong type.
    #[error("{file}: {source}")]
    Json {
        /// The file.
        file: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// A kind of model or tokenizer that is not computed here.
    #[error("{file}: {what} is `{found}`; only `{taken}` is read, as in all-MiniLM-L6-v2")]
    Unsupported {
        /// The file.
        file: &'static str,
        /// The field.
        what: &'static str,
        /// What it says.
        found: String,
        /// What is read.
        taken: &'static str,
    },
    /// Values that do not fit each other.
    #[error("{file}: {fault}")]
    Content {
        /// The file.
        file: &'static str,
        /// What does not hold.
        fault: &'static str,
    },
    /// Not a safetensors file.
    #[error("{WEIGHTS}: {source}")]
    Container {
        /// Why.
        source: safetensors::SafeTensorError,
    },
    /// A tensor is missing, or has another shape or type.
    #[error("{WEIGHTS}: the tensor `{name}` {fault}")]
    Tensor {
        /// Its name.
        name: String,
        /// What does not hold.
        fault: String,
    },
}

/// The file of parameters.
pub(super) const WEIGHTS: &str = "model.safetensors";

/// The tensors of a model file.
pub(super) struct Weights<'a> {
    tensors: SafeTensors<'a>,
    /// What stands before every name: nothing, or `bert.` where the model was saved with a head on top.
    prefix: &'static str,
}

impl<'a> Weights<'a> {
    /// Reads the table of tensors; the container's lengths and offsets are checked.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, FolderError> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|source| FolderError::Container { source })?;
        let headed = tensors.names().iter().any(|name| name.starts_with("bert."));
        Ok(Weights { tensors, prefix: if headed { "bert." } else { "" } })
    }

    /// Whether there is a tensor called `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tensors.tensor(&format!("{}{name}", self.prefix)).is_ok()
    }

    /// The vector called `name` of whole numbers, none below 0.
    pub(super) fn indices(&self, name: &str) -> Result<Vec<usize>, FolderError> {
        let (_, values) = self.tensor(name)?;
        let whole = |v: f32| (v >= 0.0 && v.fract() == 0.0).then_some(v as usize);
        let indices: Option<Vec<usize>> = values.into_iter().map(whole).collect();
        indices.ok_or_else(|| fault(name, "holds a number that is no row".to_owned()))
    }

    /// The matrix called `name` with so many rows and columns; `None` takes any number.
    pub(super) fn matrix(&self, name: &str, shape: [Option<usize>; 2]) -> Result<Array2<f32>, FolderError> {
        let (found, values) = self.tensor(name)?;
        let fits = found.len() == 2 && found.iter().zip(shape).all(|(n, want)| want.is_none_or(|want| *n == want));
        let array = if fits { Array2::from_shape_vec([found[0], found[1]], values).ok() } else { None };
        array.ok_or_else(|| {
            let wanted = shape.map(|n| n.map_or_else(|| "any".to_owned(), |n| n.to_string())).join(" × ");
            fault(name, format!("has the shape {found:?} where {wanted} is needed"))
        })
    }

    /// The vector called `name` of `n` entries.
    pub(super) fn vector(&self, name: &str, n: usize) -> Result<Array1<f32>, FolderError> {
        let (found, values) = self.tensor(name)?;
        if found == [n] {
            return Ok(Array1::from_vec(values));
        }
        Err(fault(name, format!("has the shape {found:?} where {n} entries are needed")))
    }

    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), FolderError> {
        let full = format!("{}{name}", self.prefix);
        let Ok(view) = self.tensors.tensor(&full) else { return Err(fault(&full, "is missing".to_owned())) };
        let bytes = view.data();
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => bytes.as_chunks().0.iter().map(|b| half(u16::from_le_bytes(*b))).collect(),
            // The upper half of an f32.
            Dtype::BF16 => {
                bytes.as_chunks().0.iter().map(|[low, high]| f32::from_le_bytes([0, 0, *low, *high])).collect()
            }
            // Static encoders: quantised vectors, whose common scale does not matter at length 1; weights; rows, exact up to 2^24.
            Dtype::I8 => bytes.iter().map(|b| f32::from(b.cast_signed())).collect(),
            Dtype::F64 => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect(),
            Dtype::I32 => bytes.as_chunks().0.iter().map(|b| i32::from_le_bytes(*b) as f32).collect(),
            Dtype::I64 => bytes.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect(),
            other => return Err(fault(&full, format!("is of type {other:?}, which is not read"))),
        };
        if !values.iter().all(|v| v.is_finite()) {
            return Err(fault(&full, "has a value that is not finite".to_owned()));
        }
        Ok((view.shape().to_vec(), values))
    }
}

fn fault(name: &str, fault: String) -> FolderError {
    FolderError::Tensor { name: name.to_owned(), fault }
}

/// The value of IEEE 754 binary16 bits, exactly.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f32::from(bits & 0x3ff);
    match (bits >> 10) & 0x1f {
        0 => sign * fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        exponent => sign * (1024.0 + fraction) * 2_f32.powi(i32::from(exponent) - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_half_precision_exactly() {
        let known = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0x3555, 0.333_251_95),
            (0x0000, 0.0),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, want) in known {
            assert_eq!(half(bits), want, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan());
    }
}
