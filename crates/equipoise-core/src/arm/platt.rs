//! From scores to probabilities that mean what they say.

/// A logistic curve from scores to the probability of a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Platt {
    slope: f64,
    offset: f64,
}

/// Newton steps, at most; two parameters settle in fewer than ten.
const MAX_STEPS: usize = 50;

impl Platt {
    /// The curve under which the rows are most likely: `rows` holds each row's score and whether it has the label.
    ///
    /// Targets are drawn in by one row on each side, so that scores that separate the rows give a finite curve. `None` where no row or
    /// every row has the label, or where the score falls as the label becomes likelier: then it carries nothing.
    ///
    /// # Source
    /// Platt, *Probabilistic Outputs for Support Vector Machines* (1999); the damped steps after Lin, Lin and Weng, *A Note on Platt's
    /// Probabilistic Outputs for Support Vector Machines*, Machine Learning 68 (2007).
    pub(super) fn fit(rows: impl Iterator<Item = (f64, bool)> + Clone) -> Option<Self> {
        let (n_with, n) =
            rows.clone().fold((0.0, 0.0), |(with, n), (_, has)| (with + f64::from(u8::from(has)), n + 1.0));
        if n_with == 0.0 || n_with == n {
            return None;
        }
        let [above, below] = [(n_with + 1.0) / (n_with + 2.0), 1.0 / (n - n_with + 2.0)];
        let target = |has: bool| if has { above } else { below };
        let loss = |curve: Platt| -> f64 {
            rows.clone().map(|(score, has)| softplus(curve.at(score)) - target(has) * curve.at(score)).sum()
        };
        let mut curve = Platt { slope: 0.0, offset: (n_with / (n - n_with)).ln() };
        let mut least = loss(curve);
        for _ in 0..MAX_STEPS {
            let Some(step) = curve.newton(rows.clone().map(|(score, has)| (score, target(has)))) else { break };
            let halves = (0..20).map(|half| curve.moved(step, 0.5_f64.powi(half)));
            let Some((next, its)) = halves.map(|next| (next, loss(next))).find(|(_, its)| *its < least) else { break };
            let gain = least - its;
            (curve, least) = (next, its);
            if gain < 1e-10 * n {
                break;
            }
        }
        (curve.slope > 0.0 && curve.slope.is_finite() && curve.offset.is_finite()).then_some(curve)
    }

    /// The probability of the label at a score.
    pub(super) fn probability(self, score: f64) -> f64 {
        1.0 / (1.0 + (-self.at(score)).exp())
    }

    fn at(self, score: f64) -> f64 {
        self.slope * score + self.offset
    }

    fn moved(self, [slope, offset]: [f64; 2], share: f64) -> Self {
        Platt { slope: self.slope + share * slope, offset: self.offset + share * offset }
    }

    /// The step to the minimum of the quadratic that touches the loss here.
    fn newton(self, rows: impl Iterator<Item = (f64, f64)>) -> Option<[f64; 2]> {
        let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
        for (score, target) in rows {
            let p = self.probability(score);
            let (residual, weight) = (target - p, p * (1.0 - p));
            gradient[0] += residual * score;
            gradient[1] += residual;
            hessian[0] += weight * score * score;
            hessian[1] += weight * score;
            hessian[2] += weight;
        }
        // A tenth of a millionth keeps the matrix regular where all scores are equal.
        let [a, b, c] = [hessian[0] + 1e-7, hessian[1], hessian[2] + 1e-7];
        let determinant = a * c - b * b;
        (determinant > 0.0).then(|| {
            [(c * gradient[0] - b * gradient[1]) / determinant, (a * gradient[1] - b * gradient[0]) / determinant]
        })
    }
}

/// `ln(1 + eˣ)` without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_curve_that_made_the_rows() {
        // At each score the share of rows with the label is that of slope 2 and offset -1.
        let rows = (-30..=30).flat_map(|at| {
            let score = f64::from(at) / 10.0;
            let share = 1.0 / (1.0 + (-(2.0 * score - 1.0)).exp());
            (0..1000).map(move |i| (score, f64::from(i) < 1000.0 * share))
        });
        let curve = Platt::fit(rows).unwrap();
        assert!((curve.slope - 2.0).abs() < 0.02 && (curve.offset + 1.0).abs() < 0.02, "{curve:?}");
        assert!((curve.probability(0.5) - 0.5).abs() < 0.01);
    }

    #[test]
    fn stays_finite_where_scores_separate_the_rows_and_gives_none_where_they_carry_nothing() {
        let parted = [(-3.0, false), (-2.0, false), (2.0, true), (3.0, true)];
        let curve = Platt::fit(parted.into_iter()).unwrap();
        assert!(curve.probability(3.0) < 1.0 && curve.probability(3.0) > 0.6);
        assert_eq!(Platt::fit(parted.into_iter().map(|(score, has)| (-score, has))), None);
        assert_eq!(Platt::fit([(1.0, true), (2.0, true)].into_iter()), None);
        assert_eq!(Platt::fit([].into_iter()), None);
    }
}
