//! Prompts that runs have used: every version, where it was used, what came of it, and how it differs from the one it was made from.

mod difference;
mod figures;
mod uses;
mod versions;

pub use difference::{Change, Part};
pub use figures::Figures;
pub use uses::RunUse;
pub use versions::{Lineage, Version, versions};
