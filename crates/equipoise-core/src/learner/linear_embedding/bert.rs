//! The forward pass of a BERT encoder, in f32, for inference alone.

use super::folder::Shape;
use super::weights::{FolderError, Weights};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, Slice};
use std::f32::consts::FRAC_1_SQRT_2;
use std::ops::Range;

/// Embeddings of tokens and positions, and layers of attention and feed-forward networks, each followed by a layer norm.
///
/// # Source
/// Devlin, Chang, Lee and Toutanova, "BERT" (NAACL 2019), with the parameter names of the `BertModel` of the transformers library.
/// Texts stand one after the other without padding, so that attention needs no mask.
#[derive(Debug)]
pub(super) struct Bert {
    words: Array2<f32>,
    /// Positions, with the embedding of token type 0 added: a single text has no other.
    positions: Array2<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    n_heads: usize,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values below each other.
    attention: Linear,
    mixed: Linear,
    attention_norm: Norm,
    inner: Linear,
    outer: Linear,
    output_norm: Norm,
}

impl Bert {
    /// Takes the parameters out of `weights`.
    pub(super) fn new(shape: &Shape, weights: &Weights<'_>) -> Result<Self, FolderError> {
        let hidden = shape.hidden_size;
        let norm = |name: &str| {
            let scale = weights.vector(&format!("{name}.weight"), hidden)?;
            Ok(Norm { scale, shift: weights.vector(&format!("{name}.bias"), hidden)?, epsilon: shape.layer_norm_eps })
        };
        let linear = |name: &str, n_out: usize, n_in: usize| {
            let matrix = weights.matrix(&format!("{name}.weight"), [Some(n_out), Some(n_in)])?;
            Ok(Linear { matrix, bias: weights.vector(&format!("{name}.bias"), n_out)? })
        };
        let table = |name: &str| weights.matrix(&format!("embeddings.{name}_embeddings.weight"), [None, Some(hidden)]);
        let layer = |at: usize| {
            let own = |name: &str| format!("encoder.layer.{at}.{name}");
            let parts = ["query", "key", "value"].map(|p| linear(&own(&format!("attention.self.{p}")), hidden, hidden));
            let [query, key, value] = parts;
            Ok(Layer {
                attention: Linear::stacked([query?, key?, value?]),
                mixed: linear(&own("attention.output.dense"), hidden, hidden)?,
                attention_norm: norm(&own("attention.output.LayerNorm"))?,
                inner: linear(&own("intermediate.dense"), shape.intermediate_size, hidden)?,
                outer: linear(&own("output.dense"), hidden, shape.intermediate_size)?,
                output_norm: norm(&own("output.LayerNorm"))?,
            })
        };
        let kinds = table("token_type")?;
        let kind = kinds.rows().into_iter().next().map_or_else(|| Array1::zeros(hidden), |row| row.to_owned());
        Ok(Bert {
            words: table("word")?,
            positions: table("position")? + &kind,
            norm: norm("embeddings.LayerNorm")?,
            layers: (0..shape.num_hidden_layers).map(layer).collect::<Result<_, _>>()?,
            n_heads: shape.num_attention_heads,
        })
    }

    /// How many token ids it knows.
    pub(super) fn n_words(&self) -> usize {
        self.words.nrows()
    }

    /// How many tokens a text may have.
    pub(super) fn n_positions(&self) -> usize {
        self.positions.nrows()
    }

    /// Length of a token's state.
    pub(super) fn width(&self) -> usize {
        self.words.ncols()
    }

    /// The last layer's state of each token of each text, tokens × width, with the rows of each text.
    ///
    /// Ids are below [`Bert::n_words`], texts not longer than [`Bert::n_positions`]. A text's states do not depend on the others.
    pub(super) fn forward(&self, texts: &[Vec<u32>]) -> (Array2<f32>, Vec<Range<usize>>) {
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(texts.len());
        for text in texts {
            let start = ranges.last().map_or(0, |r| r.end);
            ranges.push(start..start + text.len());
        }
        let mut state = Array2::zeros((ranges.last().map_or(0, |r| r.end), self.width()));
        for (text, range) in texts.iter().zip(&ranges) {
            for (at, id) in text.iter().enumerate() {
                state.row_mut(range.start + at).assign(&self.words.row(*id as usize));
                state.row_mut(range.start + at).scaled_add(1.0, &self.positions.row(at));
            }
        }
        self.norm.apply(&mut state);
        for layer in &self.layers {
            layer.apply(&mut state, &ranges, self.n_heads);
        }
        (state, ranges)
    }
}

impl Layer {
    fn apply(&self, state: &mut Array2<f32>, texts: &[Range<usize>], n_heads: usize) {
        let projected = self.attention.apply(state);
        let mut mixed = Array2::zeros(state.raw_dim());
        for text in texts {
            let own = Slice::from(text.clone());
            attend(projected.slice_axis(Axis(0), own), n_heads, mixed.slice_axis_mut(Axis(0), own));
        }
        *state += &self.mixed.apply(&mixed);
        self.attention_norm.apply(state);
        let mut inner = self.inner.apply(state);
        inner.mapv_inplace(gelu);
        *state += &self.outer.apply(&inner);
        self.output_norm.apply(state);
    }
}

/// Scaled dot-product attention of one text: `projected` holds queries, keys and values side by side, each divided among the heads.
fn attend(projected: ArrayView2<'_, f32>, n_heads: usize, mut out: ArrayViewMut2<'_, f32>) {
    let (n_tokens, hidden) = out.dim();
    let width = hidden / n_heads;
    let scale = 1.0 / (width as f32).sqrt();
    let mut scores = Array2::zeros((n_tokens, n_tokens));
    for head in 0..n_heads {
        let part = |which: usize| {
            let from = which * hidden + head * width;
            projected.slice_axis(Axis(1), Slice::from(from..from + width))
        };
        general_mat_mul(scale, &part(0), &part(1).t(), 0.0, &mut scores);
        for mut row in scores.rows_mut() {
            let highest = row.fold(f32::NEG_INFINITY, |a, b| a.max(*b));
            row.mapv_inplace(|v| (v - highest).exp());
            let total = row.sum();
            row.mapv_inplace(|v| v / total);
        }
        let mut own = out.slice_axis_mut(Axis(1), Slice::from(head * width..(head + 1) * width));
        general_mat_mul(1.0, &scores, &part(2), 0.0, &mut own);
    }
}

#[derive(Debug)]
struct Linear {
    /// Outputs × inputs.
    matrix: Array2<f32>,
    bias: Array1<f32>,
}

impl Linear {
    /// One layer that gives the outputs of three, which take the same inputs, one after the other.
    fn stacked(parts: [Linear; 3]) -> Self {
        let rows: Vec<ArrayView1<'_, f32>> = parts.iter().flat_map(|p| p.matrix.rows()).collect();
        let biases: Vec<ArrayView1<'_, f32>> = parts.iter().map(|p| p.bias.view()).collect();
        Linear {
            matrix: ndarray::stack(Axis(0), &rows).expect("every row has one entry for each input"),
            bias: ndarray::concatenate(Axis(0), &biases).expect("vectors have one axis"),
        }
    }

    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let mut out = Array2::zeros((input.nrows(), self.bias.len()));
        out += &self.bias;
        general_mat_mul(1.0, input, &self.matrix.t(), 1.0, &mut out);
        out
    }
}

#[derive(Debug)]
struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
    epsilon: f32,
}

impl Norm {
    /// Gives each row mean 0 and variance 1, then scales and shifts its entries.
    fn apply(&self, state: &mut Array2<f32>) {
        let n = self.scale.len() as f32;
        for mut row in state.rows_mut() {
            let mean = row.sum() / n;
            row -= mean;
            let variance = row.fold(0.0, |sum, v| sum + v * v) / n;
            row *= 1.0 / (variance + self.epsilon).sqrt();
            row *= &self.scale;
            row += &self.shift;
        }
    }
}

/// x times the share of the standard normal distribution below x.
///
/// # Source
/// Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016). The error function is Abramowitz and Stegun (1964), 7.1.28, which
/// needs no exponential and is right to 3e-7; in f32 the result is within 1e-6 · max(1, |x|).
fn gelu(x: f32) -> f32 {
    let z = x.abs() * FRAC_1_SQRT_2;
    let tail = 0.000_276_567_2 + z * 0.000_043_063_8;
    let base = 1.0 + z * (0.070_523_08 + z * (0.042_282_01 + z * (0.009_270_527 + z * (0.000_152_014_3 + z * tail))));
    let fourth = (base * base) * (base * base);
    let erf = 1.0 - 1.0 / ((fourth * fourth) * (fourth * fourth));
    0.5 * x * (1.0 + erf.copysign(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_is_x_times_the_normal_share_below_x() {
        // Reference: x · Φ(x), with Φ from tables to 10 digits.
        let known = [
            (-3.0, -0.004_049_694_1),
            (-1.0, -0.158_655_253_9),
            (0.0, 0.0),
            (0.5, 0.345_731_230_6),
            (1.0, 0.841_344_746_1),
            (2.0, 1.954_499_736_1),
            (9.0, 9.0),
        ];
        for (x, want) in known {
            assert!((gelu(x) - want as f32).abs() < 1e-6 * x.abs().max(1.0), "{x}: {} {want}", gelu(x));
        }
        assert_eq!(gelu(-60.0), 0.0);
    }
}
