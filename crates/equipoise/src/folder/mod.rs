//! Runs that are kept in a folder: started, gone on with, replayed, forked, and their report rendered again.

mod barren;
mod opened;
mod overrides;
mod past;
mod record;
mod replay;
mod run;
mod view;

pub(crate) use opened::Opened;
pub use opened::recipe_of;
pub use overrides::Overrides;
pub(crate) use past::{Past, past};
pub use record::{FileRecord, RunRecord};
pub use replay::{Replayed, replay, report};
pub use run::{Place, refused, resume, same, start};
pub use view::{augmented_of, command_of, evaluation_of, is_evaluation, synthetic_of};
pub(crate) use view::{optional, read};

/// The recipe of a run.
const RECIPE_FILE: &str = "recipe.toml";
/// What the server told of itself when the run began.
const SERVER_FILE: &str = "server.json";
/// The values of attributes that a run learnt from its rows.
const LEARNT_FILE: &str = "attributes.json";
/// The names that a run hides.
const NAMES_FILE: &str = "names.txt";
/// The template of a run that uses one of the user's own.
const TEMPLATE_FILE: &str = "prompt.j2";
