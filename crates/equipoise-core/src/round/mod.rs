//! Rounds: ask for texts, read the answers, check and select, and ask again for what is missing.
//!
//! Round 0 asks for what the plan wants. Each later round asks for what checks rejected or answers never held, until every quota is
//! met or the rounds are used up. What is asked depends on the rows, the recipe and the answers before it, and on nothing else. So a
//! run that was interrupted continues exactly where an uninterrupted one would be, and a replay asks exactly what was asked.

mod accounting;
mod asker;
mod asking;
mod event;
mod generated;
mod halt;
mod hearing;
mod intake;
mod judge;
mod learnt;
mod mining;
mod reading;
mod reviewed;
mod run;
mod take_in;

pub use accounting::{Accounting, GivenUp, SetAside};
pub use asker::{Asker, RequestEnd, Step, Taken};
pub use asking::{AskedModel, Asking, Requests, request_size};
pub use event::{RoundEvent, RowCounts};
pub use generated::Generated;
pub use halt::Halt;
pub use intake::Intake;
pub use mining::{Guessed, Mining};
pub use reading::{ReadAnswer, candidates, read_answer};
pub use run::{RoundInputs, run};

#[cfg(test)]
mod tests;
