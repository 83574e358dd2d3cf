//! Why no connection comes about, where waiting alone mends nothing.

/// What keeps every call from its server, until somebody changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// Nothing listens there.
    Nobody,
    /// The host has no address.
    NoHost,
    /// The server speaks plain HTTP, and was spoken to in TLS.
    NoTls,
    /// The server does not speak plain HTTP, and was spoken to in it.
    NotHttp,
    /// The certificate of the server is not trusted on this machine.
    Certificate,
    /// No whole answer comes before the deadline of a call.
    Late,
}

/// What is said of a call that no whole answer came of before its deadline.
pub(super) const LATE: &str = "no whole answer in time";

/// What hyper, rustls and the resolvers of systems say in each case, in lower case.
const SAID: [(Unreached, &[&str]); 6] = [
    (Unreached::NoTls, &["invalidcontenttype", "received corrupt message of type"]),
    (Unreached::Certificate, &["invalid peer certificate"]),
    (Unreached::NotHttp, &["invalid http version"]),
    (
        Unreached::NoHost,
        &["failed to lookup address", "name or service not known", "no such host", "has no address that may be called"],
    ),
    (Unreached::Nobody, &["connection refused", "actively refused"]),
    (Unreached::Late, &[LATE]),
];

impl Unreached {
    /// What a message of a call that was lost tells.
    pub(crate) fn of(message: &str) -> Option<Self> {
        let message = message.to_lowercase();
        // A network that is not up yet says so of every name.
        if message.contains("temporary failure in name resolution") {
            return None;
        }
        SAID.iter().find(|(_, said)| said.iter().any(|words| message.contains(words))).map(|(why, _)| *why)
    }

    /// The same for people.
    pub fn words(self) -> &'static str {
        match self {
            Unreached::Nobody => "no server listens there",
            Unreached::NoHost => "no such host is known here",
            Unreached::NoTls => "the server speaks http and not https",
            Unreached::NotHttp => "the server does not speak plain http",
            Unreached::Late => "the server takes longer than a call may",
            Unreached::Certificate => "the certificate of the server is not trusted on this machine",
        }
    }
}
