//! The fault server as a child process.

use crate::shell::{Outcome, cargo, root, run};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A running server; it ends when dropped.
pub(super) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Builds the server and starts it with `args`.
    pub(super) fn start(args: &[&str]) -> Outcome<Self> {
        run(&mut cargo(&["build", "--quiet", "--release", "-p", "fault-server"]))?;
        let fault = |e: std::io::Error| format!("the fault server does not start: {e}");
        let mut command = Command::new(release("fault-server"));
        let mut child = command.args(args).stdout(Stdio::piped()).spawn().map_err(fault)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(fault)?;
        }
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let server = Server { child, address: address.to_owned() };
        if server.address.is_empty() { Err(format!("the fault server says no address: {line}")) } else { Ok(server) }
    }

    /// The base URL as OpenAI's clients take it.
    pub(super) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The port, as text.
    pub(super) fn port(&self) -> String {
        self.address.rsplit(':').next().unwrap_or_default().to_owned()
    }

    /// A count of its ledger.
    pub(super) fn count(&self, name: &str) -> Outcome<u64> {
        let ledger = self.ledger().map_err(|e| format!("the fault server shows no ledger: {e}"))?;
        ledger[name].as_u64().ok_or_else(|| format!("the ledger has no `{name}`: {ledger}"))
    }

    fn ledger(&self) -> std::io::Result<Value> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(b"GET /ledger HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        Ok(serde_json::from_str(body)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of the release build.
pub(super) fn release(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release").join(name).with_extension(std::env::consts::EXE_EXTENSION)
}
