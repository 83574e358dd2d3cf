//! When a run stops asking because its prompt fails.

use crate::generator::Fault;
use serde::{Deserialize, Serialize};

/// First requests after which a prompt is judged.
pub(super) const FIRST_REQUESTS: usize = 50;
/// Fewer requests than this with one fault are chance, however few were asked.
const LEAST_FAULTY: usize = 5;

/// Why a run was stopped although more could be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// What was wrong with the answers.
    pub fault: Fault,
    /// Requests that brought nothing for that reason.
    pub n: usize,
    /// Of so many first requests.
    pub of: usize,
}

impl Halt {
    /// Whether a fifth of the first requests, and at least five, brought nothing for one reason. Then the prompt or the model is at
    /// fault and not the rows, and asking the remaining thousands would buy nothing. `faults` holds the reason of each request that
    /// brought nothing.
    pub(super) fn judge(faults: &[Fault], of: usize) -> Option<Halt> {
        let count = |fault: Fault| faults.iter().filter(|f| **f == fault).count();
        let (n, fault) = faults.iter().map(|f| (count(*f), *f)).max()?;
        (n >= of.div_ceil(5).max(LEAST_FAULTY)).then_some(Halt { fault, n, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_first_requests_with_one_fault_halts_and_less_or_mixed_ones_do_not() {
        let (refused, unreadable) = (Fault::Refused, Fault::Unreadable);
        assert_eq!(Halt::judge(&[refused; 10], 50), Some(Halt { fault: refused, n: 10, of: 50 }));
        assert_eq!(Halt::judge(&[refused; 9], 50), None);
        assert_eq!(Halt::judge(&[[refused; 6], [unreadable; 6]].concat(), 50), None);
        assert_eq!(Halt::judge(&[unreadable; 4], 4), None, "too few to tell");
        assert_eq!(Halt::judge(&[], 50), None);
    }
}
