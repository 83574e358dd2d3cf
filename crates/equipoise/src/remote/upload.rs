//! Sending a folder to the hub as one commit: large and binary files by LFS, the others within the commit.

use super::download::{Client, Progress};
use super::{Remote, RemoteError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::Path;

/// Bytes of a file by which the hub tells how it wants it.
const SAMPLE: usize = 512;

/// What is sent, and where it goes.
pub struct Upload<'a> {
    /// The data set, `OWNER/NAME`. It is made where there is none.
    pub repository: &'a str,
    /// Whether everybody may read a data set that is made; otherwise its owner alone may.
    pub public: bool,
    /// Where the files are.
    pub folder: &'a Path,
    /// Paths below `folder`.
    pub files: &'a [String],
}

/// Sends files to a data set; gives its address.
///
/// # Errors
/// [`RemoteError`]: no token, a name that is not the token's, a transfer that broke off. A commit stands as a whole or not at all.
pub fn upload(remote: &Remote, sent: &Upload<'_>, progress: &Progress<'_>) -> Result<String, RemoteError> {
    let Upload { repository, public, folder, files } = *sent;
    let address = format!("{}/datasets/{repository}", remote.hub);
    if remote.offline {
        return Err(RemoteError::Offline { address });
    }
    if remote.token.is_none() {
        let message = "sending needs a token".to_owned();
        return Err(RemoteError::NotTaken { address, message });
    }
    let client = Client::new(remote)?;
    let hub = Hub { remote, client, repository };
    hub.create(public).map_err(not_taken)?;
    let read = |name: &String| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|source| RemoteError::Cache { path, source })
    };
    let contents = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let modes = hub.modes(files, &contents)?;
    let total: u64 = contents.iter().map(|c| c.len() as u64).sum();
    let mut done = 0;
    let mut lines =
        vec![json!({"key": "header", "value": {"summary": "Data sets of an Equipoise run", "description": ""}})];
    for ((name, content), is_large) in files.iter().zip(&contents).zip(modes) {
        progress(done, Some(total));
        lines.push(match is_large {
            true => {
                let oid = hub.send_large(content)?;
                json!({"key": "lfsFile", "value": {"path": name, "algo": "sha256", "oid": oid, "size": content.len()}})
            }
            false => json!({"key": "file", "value": {"path": name, "content": STANDARD.encode(content), "encoding": "base64"}}),
        });
        done += content.len() as u64;
    }
    hub.commit(&lines).map_err(not_taken)?;
    progress(total, Some(total));
    Ok(address)
}

/// A refusal of the token, which must be one that may write.
fn not_taken(error: RemoteError) -> RemoteError {
    match error {
        RemoteError::Refused { address, status: 401 | 403, .. } => {
            RemoteError::NotTaken { address, message: "the hub refuses the token".to_owned() }
        }
        other => other,
    }
}

struct Hub<'a> {
    remote: &'a Remote,
    client: Client,
    repository: &'a str,
}

impl Hub<'_> {
    fn create(&self, public: bool) -> Result<(), RemoteError> {
        let (owner, name) = self.repository.split_once('/').unwrap_or(("", self.repository));
        let body = json!({"type": "dataset", "organization": owner, "name": name, "private": !public});
        let url = format!("{}/api/repos/create", self.remote.hub);
        match self.post(&url, &body) {
            // It is there already, and stays as visible as it is.
            Err(RemoteError::Refused { status: 409, .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Whether each file is to go by LFS.
    fn modes(&self, files: &[String], contents: &[Vec<u8>]) -> Result<Vec<bool>, RemoteError> {
        let file = |(name, content): (&String, &Vec<u8>)| json!({"path": name, "size": content.len(), "sample": STANDARD.encode(&content[..content.len().min(SAMPLE)])});
        let body = json!({"files": files.iter().zip(contents).map(file).collect::<Vec<_>>()});
        let url = format!("{}/api/datasets/{}/preupload/main", self.remote.hub, self.repository);
        let answer = self.post(&url, &body)?;
        let told = answer.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let of = |name: &String| told.iter().find(|f| text(f, "path").as_ref() == Some(name));
        Ok(files.iter().map(|name| of(name).and_then(|f| text(f, "uploadMode")).as_deref() == Some("lfs")).collect())
    }

    /// Sends one file to the store of large files, where it is not there already; gives its hash.
    fn send_large(&self, content: &[u8]) -> Result<String, RemoteError> {
        let digest = ring::digest::digest(&ring::digest::SHA256, content);
        let oid: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        let url = format!("{}/datasets/{}.git/info/lfs/objects/batch", self.remote.hub, self.repository);
        let body = json!({"operation": "upload", "transfers": ["basic"], "hash_algo": "sha_256",
            "objects": [{"oid": oid, "size": content.len()}]});
        let answer = self.post(&url, &body)?;
        let object = answer.get("objects").and_then(|o| o.get(0)).cloned().unwrap_or_default();
        if let Some(message) = object.get("error").and_then(|e| e.get("message")).and_then(Value::as_str) {
            return Err(RemoteError::Lost { address: url, message: message.to_owned() });
        }
        // Without an action the store has it.
        let Some(upload) = object.get("actions").and_then(|a| a.get("upload")) else { return Ok(oid) };
        let href = upload.get("href").and_then(Value::as_str).unwrap_or_default();
        let none = serde_json::Map::new();
        let headers = upload.get("header").and_then(Value::as_object).unwrap_or(&none);
        self.client.put(href, headers, content.to_vec())?;
        if let Some(verify) = object["actions"].get("verify").and_then(|v| v.get("href")).and_then(Value::as_str) {
            self.post(verify, &json!({"oid": oid, "size": content.len()}))?;
        }
        Ok(oid)
    }

    fn commit(&self, lines: &[Value]) -> Result<(), RemoteError> {
        let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let url = format!("{}/api/datasets/{}/commit/main", self.remote.hub, self.repository);
        self.client.post(&url, self.remote.token.as_ref(), "application/x-ndjson", body.into_bytes()).map(drop)
    }

    fn post(&self, url: &str, body: &Value) -> Result<Value, RemoteError> {
        let kind = if url.contains("/info/lfs/") { "application/vnd.git-lfs+json" } else { "application/json" };
        self.client.post(url, self.remote.token.as_ref(), kind, body.to_string().into_bytes())
    }
}
