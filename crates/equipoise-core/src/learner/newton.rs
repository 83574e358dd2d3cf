//! Truncated Newton: the optimiser of the linear learners.

/// A smooth convex function with a Hessian that is only ever applied.
pub(super) trait Objective {
    /// The value at `at`, which becomes the current point.
    fn evaluate(&mut self, at: &[f32]) -> f64;

    /// The gradient at the current point.
    fn gradient(&mut self, at: &[f32], out: &mut [f32]);

    /// The Hessian at the current point times `direction`.
    fn hessian_times(&mut self, direction: &[f32], out: &mut [f32]);

    /// The diagonal of the Hessian at the current point, every entry positive.
    fn diagonal(&mut self, out: &mut [f32]);
}

/// Where the optimiser stopped.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    /// The point.
    pub(super) at: Vec<f32>,
    /// The value there.
    pub(super) value: f64,
    /// Steps taken.
    pub(super) n_steps: usize,
    /// Hessian products computed.
    pub(super) n_products: usize,
    /// Whether the gradient got as short as was asked.
    pub(super) converged: bool,
}

/// More steps than any problem tried has needed (5 to 20); a bound for data that defeat the arithmetic.
const MAX_STEPS: usize = 100;
/// Products a step; far above the 5 to 40 a step seen.
const MAX_PRODUCTS: usize = 250;
/// Halvings before a step is given up: below 2^-20 the change drowns in f32.
const MAX_HALVINGS: usize = 20;
/// Relative error to which a Newton equation is solved. On the emotion set 0.1 took 76 products, 0.3 took 69 in two more steps, 0.5
/// took 79, and a term that shrinks with the gradient 107.
const FORCING: f64 = 0.1;
/// Share of the predicted decrease that a step must bring (Armijo).
const SUFFICIENT: f64 = 1e-4;

/// Minimises from `start` until the gradient is no longer than `short_enough`.
///
/// Each step solves the Newton equation by conjugate gradients, preconditioned by the Hessian's diagonal, to a tenth of
/// the error it starts from, then searches along the solution.
///
/// # Source
/// Dembo and Steihaug, "Truncated-Newton algorithms for large-scale unconstrained optimization" (1983); diagonal
/// preconditioning as in Hsia, Chiang and Lin, "Preconditioned Conjugate Gradient Methods
/// in Truncated Newton Frameworks for Large-scale Linear Classification" (2018).
pub(super) fn minimise(objective: &mut impl Objective, start: Vec<f32>, short_enough: f64) -> Minimum {
    let n = start.len();
    let mut minimum =
        Minimum { value: objective.evaluate(&start), at: start, n_steps: 0, n_products: 0, converged: false };
    let [mut gradient, mut diagonal, mut trial] = [(); 3].map(|()| vec![0.0; n]);
    let mut solver = Solver::new(n);
    loop {
        objective.gradient(&minimum.at, &mut gradient);
        let norm = dot(&gradient, &gradient).sqrt();
        minimum.converged = norm <= short_enough;
        if minimum.converged || !norm.is_finite() || minimum.n_steps == MAX_STEPS {
            return minimum;
        }
        objective.diagonal(&mut diagonal);
        minimum.n_products += solver.solve(objective, &gradient, &diagonal);
        let slope = dot(&gradient, &solver.direction);
        let mut length = 1.0_f32;
        let stepped = (0..MAX_HALVINGS).any(|_| {
            for ((to, at), direction) in trial.iter_mut().zip(&minimum.at).zip(&solver.direction) {
                *to = at + length * direction;
            }
            let value = objective.evaluate(&trial);
            let enough = value <= minimum.value + SUFFICIENT * f64::from(length) * slope;
            if enough {
                minimum.value = value
            } else {
                length *= 0.5
            }
            enough
        });
        if !stepped {
            return minimum;
        }
        std::mem::swap(&mut minimum.at, &mut trial);
        minimum.n_steps += 1;
    }
}

/// Conjugate gradients for `H · direction = −gradient`.
struct Solver {
    direction: Vec<f32>,
    residual: Vec<f32>,
    search: Vec<f32>,
    product: Vec<f32>,
}

impl Solver {
    fn new(n: usize) -> Self {
        let [direction, residual, search, product] = [(); 4].map(|()| vec![0.0; n]);
        Solver { direction, residual, search, product }
    }

    /// Fills `direction` up to the relative error [`FORCING`]; returns how many products it took.
    fn solve(&mut self, objective: &mut impl Objective, gradient: &[f32], diagonal: &[f32]) -> usize {
        self.direction.fill(0.0);
        self.residual.iter_mut().zip(gradient).for_each(|(r, g)| *r = -g);
        self.search.fill(0.0);
        let mut error = dot_over(&self.residual, diagonal);
        let enough = FORCING * FORCING * error;
        let mut turn = 0.0_f32;
        for n_products in 0..MAX_PRODUCTS {
            if error <= enough {
                return n_products;
            }
            for ((s, r), d) in self.search.iter_mut().zip(&self.residual).zip(diagonal) {
                *s = r / d + turn * *s;
            }
            objective.hessian_times(&self.search, &mut self.product);
            let curvature = dot(&self.search, &self.product);
            if curvature <= 0.0 {
                // Only rounding can do this to a convex function; what is solved so far descends.
                return n_products + 1;
            }
            let length = (error / curvature) as f32;
            for i in 0..self.direction.len() {
                self.direction[i] += length * self.search[i];
                self.residual[i] -= length * self.product[i];
            }
            let before = std::mem::replace(&mut error, dot_over(&self.residual, diagonal));
            turn = (error / before) as f32;
        }
        MAX_PRODUCTS
    }
}

/// The inner product, summed in f64 in a fixed order.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        (0..8).for_each(|l| lanes[l] += f64::from(a[l]) * f64::from(b[l]));
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    lanes.iter().sum::<f64>() + rest
}

/// The inner product of `a` with itself, each term over that of `divisor`.
fn dot_over(a: &[f32], divisor: &[f32]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (d, d_rest) = divisor.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for (a, d) in a.iter().zip(d) {
        (0..8).for_each(|l| lanes[l] += f64::from(a[l] * (a[l] / d[l])));
    }
    let rest: f64 = a_rest.iter().zip(d_rest).map(|(a, d)| f64::from(a * (a / d))).sum();
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Σ (aᵢ/2) (xᵢ − i)² + ¼ Σ xᵢ⁴, whose minimum solves aᵢ (x − i) + x³ = 0.
    struct Quartic(Vec<f32>, Vec<f32>);

    impl Objective for Quartic {
        fn evaluate(&mut self, at: &[f32]) -> f64 {
            self.1 = at.to_vec();
            let term = |(i, (x, a)): (usize, (&f32, &f32))| {
                let (x, a) = (f64::from(*x), f64::from(*a));
                a / 2.0 * (x - i as f64).powi(2) + x.powi(4) / 4.0
            };
            at.iter().zip(&self.0).enumerate().map(term).sum()
        }

        fn gradient(&mut self, at: &[f32], out: &mut [f32]) {
            (0..at.len()).for_each(|i| out[i] = self.0[i] * (at[i] - i as f32) + at[i].powi(3));
        }

        fn hessian_times(&mut self, direction: &[f32], out: &mut [f32]) {
            (0..out.len()).for_each(|i| out[i] = (self.0[i] + 3.0 * self.1[i].powi(2)) * direction[i]);
        }

        fn diagonal(&mut self, out: &mut [f32]) {
            out.fill(1.0);
        }
    }

    #[test]
    fn finds_the_minimum_of_a_badly_scaled_function() {
        let scales: Vec<f32> = (0..19).map(|i| 1.5_f32.powi(i)).collect();
        let minimum = minimise(&mut Quartic(scales.clone(), Vec::new()), vec![50.0; 19], 1e-3);
        assert!(minimum.converged && minimum.n_steps < 30, "{minimum:?}");
        for (i, (x, a)) in minimum.at.iter().zip(&scales).enumerate() {
            assert!((a * (x - i as f32) + x.powi(3)).abs() <= 1e-3 + a * 1e-5 * i as f32, "{i}: {x}");
        }
    }

    #[test]
    fn stops_at_once_at_the_minimum_and_without_parameters() {
        assert_eq!(minimise(&mut Quartic(vec![], vec![]), vec![], 0.0).n_steps, 0);
        assert_eq!(minimise(&mut Quartic(vec![2.0], vec![]), vec![0.0], 1e-9).n_steps, 0);
    }
}
