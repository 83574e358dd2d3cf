//! Sparse rows of features and their product with a dense matrix.

use rayon::prelude::*;

/// A sparse matrix in compressed row form: row i has columns `indices[offsets[i]..offsets[i + 1]]`, ascending, with `values` beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Csr {
    /// Rows + 1 offsets into the other two.
    pub offsets: Vec<usize>,
    /// Column of each stored value.
    pub indices: Vec<u32>,
    /// The stored values.
    pub values: Vec<f32>,
    /// Number of columns.
    pub n_columns: usize,
}

/// Rows that one task computes. Fixed, so that sums over tasks do not depend on the number of threads.
const ROWS_A_TASK: usize = 512;

/// Products that are summed in f32 before they join the row's total: bounds rounding in long rows.
const RUN: usize = 128;

impl Csr {
    /// A matrix without rows.
    pub fn empty(n_columns: usize) -> Self {
        Csr { offsets: vec![0], indices: Vec::new(), values: Vec::new(), n_columns }
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Columns, ascending, and values of the row at `at`, below [`Csr::n_rows`].
    pub fn row(&self, at: usize) -> (&[u32], &[f32]) {
        let stored = self.offsets[at]..self.offsets[at + 1];
        (&self.indices[stored.clone()], &self.values[stored])
    }

    /// Appends a row of columns, ascending and below `n_columns`, with their values.
    pub fn push_row(&mut self, entries: impl IntoIterator<Item = (u32, f32)>) {
        for (index, value) in entries {
            self.indices.push(index);
            self.values.push(value);
        }
        self.offsets.push(self.indices.len());
    }

    /// Appends the rows of `other`, which has the same columns.
    pub fn append(&mut self, other: &Csr) {
        let end = self.indices.len();
        self.offsets.extend(other.offsets[1..].iter().map(|o| o + end));
        self.indices.extend(&other.indices);
        self.values.extend(&other.values);
    }

    /// This matrix with the columns of `right`, which has as many rows, after its own.
    pub(super) fn beside(&self, right: &Csr) -> Csr {
        let mut both = Csr::empty(self.n_columns + right.n_columns);
        let shift = self.n_columns as u32;
        for row in 0..self.n_rows() {
            for (matrix, shift) in [(self, 0), (right, shift)] {
                let (columns, values) = matrix.row(row);
                both.indices.extend(columns.iter().map(|j| j + shift));
                both.values.extend(values);
            }
            both.offsets.push(both.indices.len());
        }
        both
    }

    /// The matrix with rows and columns exchanged.
    pub(crate) fn transpose(&self) -> Csr {
        let mut offsets = vec![0; self.n_columns + 1];
        self.indices.iter().for_each(|j| offsets[*j as usize + 1] += 1);
        (0..self.n_columns).for_each(|j| offsets[j + 1] += offsets[j]);
        let mut next = offsets.clone();
        let mut indices = vec![0; self.indices.len()];
        let mut values = vec![0.0; self.values.len()];
        for row in 0..self.n_rows() {
            let (columns, stored) = self.row(row);
            for (j, value) in columns.iter().zip(stored) {
                let to = &mut next[*j as usize];
                indices[*to] = row as u32;
                values[*to] = *value;
                *to += 1;
            }
        }
        Csr { offsets, indices, values, n_columns: self.n_rows() }
    }

    /// Fills `out` (rows × `dense.stride`) with this matrix, each value passed through `value`, times `dense`, and gives each task's
    /// rows to `finish` (first row, the rows of `out`); what that returns comes back in the order of rows.
    pub(super) fn times<T: Send>(
        &self,
        dense: Dense<'_>,
        value: impl Fn(f32) -> f32 + Sync,
        out: &mut [f32],
        finish: impl Fn(usize, &mut [f32]) -> T + Sync,
    ) -> Vec<T> {
        let task = |(task, out): (usize, &mut [f32])| {
            let first = task * ROWS_A_TASK;
            // 4 and 8 labels fill one or two vector registers; more are taken 8 at a time.
            if dense.stride == 4 {
                self.block::<4>(dense, &value, first, out);
            } else {
                self.block::<8>(dense, &value, first, out);
            }
            finish(first, out)
        };
        out.par_chunks_mut(ROWS_A_TASK * dense.stride).enumerate().map(task).collect()
    }

    fn block<const LANES: usize>(&self, dense: Dense<'_>, value: &impl Fn(f32) -> f32, first: usize, out: &mut [f32]) {
        for (i, out) in out.chunks_exact_mut(dense.stride).enumerate() {
            let (indices, values) = self.row(first + i);
            for (lanes, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let mut total = [0.0; LANES];
                for (indices, values) in indices.chunks(RUN).zip(values.chunks(RUN)) {
                    let mut sum = [0.0; LANES];
                    for (j, v) in indices.iter().zip(values) {
                        let v = value(*v);
                        let from = *j as usize * dense.stride + lanes * LANES;
                        for (sum, d) in sum.iter_mut().zip(&dense.values[from..from + LANES]) {
                            *sum += v * d;
                        }
                    }
                    total.iter_mut().zip(sum).for_each(|(total, sum)| *total += sum);
                }
                *out = total;
            }
        }
    }
}

/// A dense matrix of row-major values whose rows are `stride` wide.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dense<'a> {
    /// Rows × stride values.
    pub(super) values: &'a [f32],
    /// Width of a row: what [`stride`] gives.
    pub(super) stride: usize,
}

/// The width that a row of `n` values takes: 4, or a multiple of 8; what is added stays 0.
pub(super) fn stride(n: usize) -> usize {
    if n <= 4 { 4 } else { n.next_multiple_of(8) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix(dense: &[Vec<f32>], n_columns: usize) -> Csr {
        let mut csr = Csr::empty(n_columns);
        for row in dense {
            csr.push_row((0..).zip(row.iter().copied()).filter(|e| e.1 != 0.0));
        }
        csr
    }

    proptest! {
        #[test]
        fn multiplies_and_transposes_like_a_dense_matrix(
            rows in prop::collection::vec(prop::collection::vec(-2_i8..3, 7), 0..9),
            n in 1_usize..20,
        ) {
            let rows: Vec<Vec<f32>> = rows.iter().map(|r| r.iter().map(|v| f32::from(*v)).collect()).collect();
            let csr = matrix(&rows, 7);
            let stride = stride(n);
            let right: Vec<f32> = (0..7 * stride).map(|i| (i * i % 11) as f32).collect();
            let mut out = vec![9.0; rows.len() * stride];
            csr.times(Dense { values: &right, stride }, |v| v, &mut out, |_, _| ());
            for (i, row) in rows.iter().enumerate() {
                for k in 0..stride {
                    let want: f32 = (0..7).map(|j| row[j] * right[j * stride + k]).sum();
                    prop_assert_eq!(out[i * stride + k], want);
                }
            }
            prop_assert_eq!(csr.transpose().transpose(), csr);
        }
    }

    #[test]
    fn puts_columns_beside_columns() {
        let left = matrix(&[vec![1.0, 0.0], vec![0.0, 0.0]], 2);
        let both = left.beside(&matrix(&[vec![2.0], vec![3.0]], 1));
        assert_eq!(both, matrix(&[vec![1.0, 0.0, 2.0], vec![0.0, 0.0, 3.0]], 3));
    }

    #[test]
    fn appends_rows() {
        let mut a = matrix(&[vec![1.0, 0.0]], 2);
        a.append(&matrix(&[vec![0.0, 2.0], vec![3.0, 4.0]], 2));
        assert_eq!(a, matrix(&[vec![1.0, 0.0], vec![0.0, 2.0], vec![3.0, 4.0]], 2));
    }
}
