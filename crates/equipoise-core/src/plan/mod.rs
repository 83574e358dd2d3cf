//! The plan: how many texts of which label, and what asking for them costs, before anything is sent.

mod types;

pub use types::{Balance, Forecast, LabelPlan, Plan, Price, Quota, Target};
