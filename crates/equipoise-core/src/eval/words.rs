//! Figures and names as people read them.

use crate::stats::Estimate;

/// `+0.041, 95 % interval +0.010 to +0.080`.
pub(super) fn change(difference: &Estimate) -> String {
    let shown = |value: f64| format!("{:+.3}", (value * 1e3).round() / 1e3 + 0.0);
    format!("{}, 95 % interval {} to {}", shown(difference.value), shown(difference.low), shown(difference.high))
}

/// `1 synthetic row`, `541 synthetic rows`.
pub(super) fn synthetic_rows(n: usize) -> String {
    format!("{n} synthetic row{}", if n == 1 { "" } else { "s" })
}

/// What a free arm does, in words, with its name.
pub(super) fn free_arm(name: &str) -> String {
    match name {
        "none" => "the rows as they are (`none`)".to_owned(),
        "class_weight" => "class weights (`class_weight`)".to_owned(),
        "duplicate_control" => "duplicating the real rows to the same number (`duplicate_control`)".to_owned(),
        "over_sample" => "duplicating every label to the largest (`over_sample`)".to_owned(),
        "threshold" => "moved decision thresholds (`threshold`)".to_owned(),
        other => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_negative_zero() {
        let d = Estimate { value: -0.0003, low: -0.0171, high: 0.0169, n: 5, method: String::new() };
        assert_eq!(change(&d), "+0.000, 95 % interval -0.017 to +0.017");
    }
}
