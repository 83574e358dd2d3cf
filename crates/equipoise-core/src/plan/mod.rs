//! The plan: how many texts of which label, and what asking for them costs, before anything is sent.

mod forecast;
mod outlook;
mod targets;
mod types;

pub use forecast::{RequestSize, most_again};
pub use outlook::{Help, Outlook, TakenFor};
pub use targets::{TargetError, Targets};
pub use types::{
    Balance, Forecast, JudgeForecast, LabelPlan, Plan, PlannedAttributes, PlannedValue, Price, Quota, Target,
};
