//! Prompts: templates that turn a job and the style of its label into what the model reads.

mod builtin;
mod definition;
mod draft;
mod judge;
mod meta;
mod size;
mod style;
mod template;

pub use builtin::{BUILT_IN, BuiltIn, builtin};
pub use definition::Definition;
pub use draft::{DraftScene, draft_prompt, draft_rows, draft_schema, read_draft};
pub use judge::{Meaning, judge_prompt, judge_schema, read_judgement};
pub use size::{auto_chunk, max_tokens};
pub use style::style_words;
pub use template::{KnownRow, PromptError, Scene, Template, VARIABLES};
