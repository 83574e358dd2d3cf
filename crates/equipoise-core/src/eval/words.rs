//! Figures and names as people read them.

use super::verdict::LabelFinding;
use crate::arm::{self, ArmEntry};
use crate::stats::Estimate;
use crate::text::{counted, signed};

/// `+0.041, 95 % interval +0.010 to +0.080`.
pub(super) fn change(difference: &Estimate) -> String {
    let shown = |value: f64| signed(value, 3);
    format!("{}, 95 % interval {} to {}", shown(difference.value), shown(difference.low), shown(difference.high))
}

/// `1 synthetic row`, `541 synthetic rows`.
pub(super) fn synthetic_rows(n: usize) -> String {
    counted(n, "synthetic row")
}

/// What people call an arm, with its name.
pub(super) fn titled(name: &str) -> String {
    arm::lookup(name).map_or_else(|| format!("`{name}`"), ArmEntry::title)
}

/// A finding in words.
pub(super) fn found(finding: LabelFinding) -> &'static str {
    match finding {
        LabelFinding::Helped => "helped",
        LabelFinding::NoEffect => "no effect",
        LabelFinding::Harmed => "harmed",
        LabelFinding::CannotTell => "not proven",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_negative_zero() {
        let d = Estimate { value: -0.0003, low: -0.0171, high: 0.0169, n: 5, method: String::new() };
        assert_eq!(change(&d), "0.000, 95 % interval −0.017 to +0.017");
    }
}
