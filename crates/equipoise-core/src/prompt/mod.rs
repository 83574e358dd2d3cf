//! Prompts: templates that turn a job and the style of its label into what the model reads.

mod builtin;
mod meta;
mod size;
mod style;
mod template;

pub use builtin::{BUILT_IN, BuiltIn, builtin};
pub use size::{auto_chunk, max_tokens};
pub use style::style_words;
pub use template::{PromptError, Scene, Template, VARIABLES};
