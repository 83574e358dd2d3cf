//! The combinations of values that a text can have.

use super::given::AttributeError;
use std::collections::HashSet;

/// Combinations that are counted one by one.
const MOST_COMBINATIONS: usize = 1_000_000;

/// A value: the position of its attribute, and its own among the values of that.
pub(super) type Place = (usize, usize);

/// The attributes of one label by position, and the pairs that no text has.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Combinations {
    /// How many values each attribute has.
    pub(super) sizes: Vec<usize>,
    /// Pairs, the earlier attribute first.
    pub(super) forbidden: HashSet<(Place, Place)>,
}

impl Combinations {
    /// How many forbidden pairs the combination has.
    pub(super) fn n_conflicts(&self, values: &[usize]) -> usize {
        if self.forbidden.is_empty() {
            return 0;
        }
        (0..values.len()).map(|at| self.n_conflicts_of(values, at)).sum()
    }

    /// Forbidden pairs of the value at `at` with those before it.
    fn n_conflicts_of(&self, values: &[usize], at: usize) -> usize {
        (0..at).filter(|before| self.forbidden.contains(&((*before, values[*before]), (at, values[at])))).count()
    }

    /// Visits each allowed combination, where `order` gives the values of an attribute; ends where `visit` says so.
    pub(super) fn visit(&self, order: &dyn Fn(usize) -> Vec<usize>, visit: &mut dyn FnMut(&[usize]) -> bool) {
        let mut chosen = Vec::with_capacity(self.sizes.len());
        self.deeper(&mut chosen, order, visit);
    }

    /// Gives whether to go on.
    fn deeper(
        &self,
        chosen: &mut Vec<usize>,
        order: &dyn Fn(usize) -> Vec<usize>,
        visit: &mut dyn FnMut(&[usize]) -> bool,
    ) -> bool {
        let at = chosen.len();
        if at == self.sizes.len() {
            return visit(chosen);
        }
        for value in order(at) {
            chosen.push(value);
            let goes_on = self.n_conflicts_of(chosen, at) > 0 || self.deeper(chosen, order, visit);
            chosen.pop();
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// How many combinations are allowed; `shown` names a value.
    ///
    /// # Errors
    /// None is, a value is in none, or there are too many to count.
    pub(super) fn count(&self, shown: &dyn Fn(Place) -> String) -> Result<usize, AttributeError> {
        let all = self.sizes.iter().try_fold(1usize, |product, n| product.checked_mul(*n));
        let Some(all) = all.filter(|all| *all <= MOST_COMBINATIONS) else {
            return Err(AttributeError::new(
                format!("the attributes have more than {MOST_COMBINATIONS} combinations of values"),
                "use fewer attributes or values",
            ));
        };
        if self.forbidden.is_empty() {
            return Ok(all);
        }
        let mut n = 0;
        let mut occurs: Vec<Vec<bool>> = self.sizes.iter().map(|size| vec![false; *size]).collect();
        self.visit(&|at| (0..self.sizes[at]).collect(), &mut |values| {
            n += 1;
            occurs.iter_mut().zip(values).for_each(|(occurs, value)| occurs[*value] = true);
            true
        });
        if n == 0 {
            return Err(AttributeError::new(
                "the forbidden pairs leave no combination of values",
                "take a pair out of `forbidden`, or add a value that may stand with the others",
            ));
        }
        let never =
            occurs.iter().enumerate().find_map(|(at, occurs)| Some((at, occurs.iter().position(|does| !does)?)));
        match never {
            None => Ok(n),
            Some(place) => Err(AttributeError::new(
                format!("no text can have `{}`: the forbidden pairs leave no combination with it", shown(place)),
                "omit the value, or take one of its pairs out of `forbidden`",
            )),
        }
    }
}
