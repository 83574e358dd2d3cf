//! One object of an S3 store: asked whether it changed, fetched in pieces, whole under its name or not at all.

use super::cache::{Known, file_name, known, remember};
use super::download::Progress;
use super::{Remote, RemoteError};
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStoreExt as _, RetryConfig};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// How often a call is made again, and for how long; a machine without keys asks its cloud for some, which most do not have.
const MOST_RETRIES: usize = 3;
const MOST_RETRYING: Duration = Duration::from_secs(30);

/// Bytes fetched at once.
const PIECE: u64 = 8 << 20;

/// The local copy of the object. Keys, region and address come from the environment, as the store's own clients take them
/// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, …).
pub(super) fn fetch(bucket: &str, key: &str, remote: &Remote, progress: &Progress<'_>) -> Result<PathBuf, RemoteError> {
    let address = format!("s3://{bucket}/{key}");
    let folder = remote.cache.folder(&address);
    let have = known(&folder).filter(|k| k.url == address && k.is_whole);
    let path = folder.join(file_name(&address));
    if remote.offline {
        return if have.is_some() && path.exists() { Ok(path) } else { Err(RemoteError::Offline { address }) };
    }
    let failed = |source| RemoteError::Cache { path: folder.clone(), source };
    let told = |error: Error| told(&address, error);
    // Fails only where a provider is installed already, which then serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let local = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|url| super::download::checked(&url).is_ok());
    let retry = RetryConfig { max_retries: MOST_RETRIES, retry_timeout: MOST_RETRYING, ..RetryConfig::default() };
    let builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_allow_http(local).with_retry(retry);
    let store = builder.build().map_err(told)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| RemoteError::Lost { address: address.clone(), message: e.to_string() })?;
    let key = Key::parse(key).map_err(|e| told(e.into()))?;
    runtime.block_on(async {
        let meta = store.head(&key).await.map_err(told)?;
        if meta.e_tag.is_some() && have.as_ref().is_some_and(|k| k.etag == meta.e_tag) && path.exists() {
            return Ok(());
        }
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
        let mut done = 0;
        while done < meta.size {
            progress(done, Some(meta.size));
            let piece = store.get_range(&key, done..meta.size.min(done + PIECE)).await.map_err(told)?;
            file.write_all(&piece).map_err(failed)?;
            done += piece.len() as u64;
        }
        progress(done, Some(meta.size));
        file.persist(&path).map_err(|e| failed(e.error))?;
        let name = file_name(&address);
        remember(&folder, &Known { url: address.clone(), name, etag: meta.e_tag, is_whole: true })
    })?;
    Ok(path)
}

fn told(address: &str, error: Error) -> RemoteError {
    let address = address.to_owned();
    match error {
        Error::NotFound { .. } => {
            RemoteError::Refused { address, status: 404, message: "there is no such file".to_owned() }
        }
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            let message = "the store refuses it (no key, or one that may not read it)".to_owned();
            RemoteError::Refused { address, status: 403, message }
        }
        other => RemoteError::Lost { address, message: other.to_string() },
    }
}
