//! Models of the Hugging Face hub: the few files that a learner reads, as a folder of one commit.

use super::download::{Client, Progress};
use super::hub::{Commit, escaped, last_time, remember};
use super::{HubModel, Remote, RemoteError};
use std::path::{Path, PathBuf};

/// The folder with those of `wanted` that the repository has.
pub(super) fn fetch(
    model: &HubModel,
    wanted: &[&str],
    client: &Client,
    remote: &Remote,
    progress: &Progress<'_>,
) -> Result<PathBuf, RemoteError> {
    let address = model.to_string();
    if remote.offline {
        return last_time(&address, remote);
    }
    let revision = model.revision.as_deref().unwrap_or("main");
    let commit = Commit::ask(&format!("models/{}", model.repository), revision, client, remote)?;
    let folder = remote.cache.folder(&format!("{address} {}", commit.sha)).join("model");
    for file in wanted.iter().filter(|file| commit.files.iter().any(|there| there == *file)) {
        let url = format!("{}/{}/resolve/{}/{}", remote.hub, model.repository, commit.sha, escaped(file));
        place(&client.fetch(&url, remote.token.as_ref(), progress)?, &folder.join(file))?;
    }
    if !folder.exists() {
        let message = format!("it has none of the files {}", wanted.join(", "));
        return Err(RemoteError::NoSuchPart { address, message, instead: None });
    }
    remember(&address, &folder, remote)?;
    Ok(folder)
}

/// Puts a fetched file where the folder has it, without a second copy where the file system can do so.
fn place(fetched: &Path, path: &Path) -> Result<(), RemoteError> {
    let failed = |source| RemoteError::Cache { path: path.to_owned(), source };
    std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(failed)?;
    if path.exists() {
        std::fs::remove_file(path).map_err(failed)?;
    }
    std::fs::hard_link(fetched, path).or_else(|_| std::fs::copy(fetched, path).map(drop)).map_err(failed)
}
