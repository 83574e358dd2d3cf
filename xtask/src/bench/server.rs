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
    pub(super) fn start(build: Build, args: &[&str]) -> Outcome<Self> {
        build.make(&["-p", "fault-server"])?;
        let fault = |e: std::io::Error| format!("the fault server does not start: {e}");
        let mut command = Command::new(build.program("fault-server"));
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
        // The server keeps the connection open, so the end of the body is where the head says.
        let (mut reader, mut length, mut line) = (BufReader::new(stream), 0, String::new());
        while reader.read_line(&mut line)? > 0 && !line.trim().is_empty() {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// With or without optimisation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Build {
    Release,
    Debug,
}

impl Build {
    /// Builds what cargo's `args` name.
    pub(super) fn make(self, args: &[&str]) -> Outcome {
        let mut command = cargo(&["build", "--quiet"]);
        if matches!(self, Build::Release) {
            command.arg("--release");
        }
        run(command.args(args))
    }

    /// Where a program of this build lies.
    pub(super) fn program(self, name: &str) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        let folder = match self {
            Build::Release => "release",
            Build::Debug => "debug",
        };
        target.join(folder).join(name).with_extension(std::env::consts::EXE_EXTENSION)
    }
}
