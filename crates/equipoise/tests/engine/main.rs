//! The engine's promises, against a server that misbehaves on purpose.

mod faults;
mod journal;
mod kill;
mod llm_sim;
mod money;
mod server;
mod set_up;
mod stopping;
