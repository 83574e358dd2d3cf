//! The one place that opens sockets: a call goes out once, and a whole response or a reason comes back.

#[cfg(feature = "http")]
mod client;
mod endpoint;
#[cfg(not(feature = "http"))]
mod none;
#[cfg(feature = "http")]
mod resolve;
mod unreached;

#[cfg(feature = "http")]
pub use client::Transport;
pub use endpoint::{Endpoint, EndpointError};
#[cfg(not(feature = "http"))]
pub use none::Transport;
pub use unreached::Unreached;

use std::time::Duration;

/// How long and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// To connect, TLS included. 10 s.
    pub connect: Duration,
    /// For the whole call, at least; it grows with the tokens that are asked for. 600 s: models that reason first and local models on plain
    /// computers take minutes.
    pub total: Duration,
    /// Whether `total` is all that a call may take, whatever it asks for. False.
    pub is_fixed: bool,
    /// Between two pieces of a body. 60 s.
    pub idle: Duration,
    /// Largest body after decompression, in bytes. 16 MiB.
    pub max_body: usize,
}

impl Default for Deadlines {
    fn default() -> Self {
        Deadlines {
            connect: Duration::from_secs(10),
            total: Duration::from_secs(600),
            is_fixed: false,
            idle: Duration::from_secs(60),
            max_body: 16 << 20,
        }
    }
}

/// A whole response.
#[derive(Debug, Clone, PartialEq)]
pub struct RawResponse {
    /// HTTP status.
    pub status: u16,
    /// The headers worth keeping, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body after decompression.
    pub body: Vec<u8>,
    /// From the first byte sent to the last received.
    pub latency: Duration,
}

/// Why a call brought no whole response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Lost {
    /// Whether the request may have reached the server, and so may be billed.
    pub maybe_billed: bool,
    /// Whether a deadline passed.
    pub timed_out: bool,
    /// Whether the head of an answer had come, with a status of success.
    pub is_answer: bool,
    /// What happened; holds neither URL nor key.
    pub message: String,
}

/// Why no transport can be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// `--offline` is set.
    #[error("{host} cannot be asked: the run is offline")]
    Offline {
        /// The host.
        host: String,
    },
    /// A key would go over plain http to another machine.
    #[error("a key is never sent over http to {host}; use https")]
    KeyInTheClear {
        /// The host.
        host: String,
    },
    /// The build has no HTTP client.
    #[error("{host} cannot be asked: this build of the library lacks its feature `http`")]
    NotBuilt {
        /// The host.
        host: String,
    },
    /// The TLS or DNS set-up of the system is unusable.
    #[error("the HTTP client cannot start: {message}")]
    Client {
        /// What it said.
        message: String,
    },
}
