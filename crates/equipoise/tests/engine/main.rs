//! The engine's promises, against a server that misbehaves on purpose.

mod faults;
mod fed;
mod hostile;
mod journal;
mod kill;
mod llm_sim;
mod money;
mod outage;
mod set_up;
mod stale;
mod stopping;
