//! A server that stands in for model providers in tests, and does on purpose what they do by accident.
//!
//! It speaks OpenAI chat completions, Anthropic messages, Gemini generateContent and their batch APIs. Its answers are
//! functions of the request alone, whatever the order of arrival, and its [`Ledger`] tells what a provider would have billed.
//!
//! ```
//! use fault_server::{Fault, Profile, Server};
//! let server = Server::start(Profile { faults: vec![(Fault::Status503, 0.3)], ..Profile::default() });
//! assert!(server.url().ends_with("/v1"));
//! assert_eq!(server.ledger().n_asked, 0);
//! ```

mod answer;
mod batch;
mod damage;
mod fault;
mod http;
mod ledger;
mod outage;
mod profile;
mod rate;
mod script;
mod serve;
mod server;
mod wire;

pub use batch::{BatchEnding, BatchProfile, Held};
pub use fault::{Fault, Injected};
pub use ledger::Ledger;
pub use outage::{Outage, OutageKind};
pub use profile::Profile;
pub use rate::{Limiter, RateProfile, Refusal, Told, WaitDialect};
pub use script::{Asked, Reply, Script};
pub use server::Server;
