//! Files that lie elsewhere (`https://`, `hf://`, `s3://`): fetched when they are named, kept in a cache, read like local ones.
//!
//! Nothing is fetched unasked. A cached file is checked with the server before it is used again; where the program must stay offline,
//! the cached one serves.

#[cfg_attr(not(feature = "http"), allow(dead_code, reason = "nothing is fetched"))]
mod cache;
#[cfg(feature = "http")]
mod download;
#[cfg(feature = "http")]
mod hub;
mod location;
#[cfg(feature = "http")]
mod model;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "http")]
mod upload;

pub use cache::Cache;
pub use location::{HubLocation, HubModel, Location};
#[cfg(feature = "http")]
pub use upload::{Upload, upload};

use crate::error::{Hint, Kind};
use crate::event::{Event, Phase};
use crate::{Recipe, Work};
#[cfg(feature = "http")]
use download::Client;
use equipoise_core::text::escape_control;
use equipoise_core::{catalog, learner};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why a file that lies elsewhere cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Not an address.
    #[error("`{}` is no address; expected {expected}", escape_control(.address))]
    BadAddress {
        /// What was given.
        address: String,
        /// What it should look like.
        expected: &'static str,
    },
    /// The network is switched off, and the cache has no copy.
    #[error("{}: it was not fetched before, and the program is to stay offline", escape_control(.address))]
    Offline {
        /// The address.
        address: String,
    },
    /// The server gave no file.
    #[error("{}: {message}", escape_control(.address))]
    Refused {
        /// The address.
        address: String,
        /// HTTP status.
        status: u16,
        /// What that means, for people.
        message: String,
    },
    /// The server takes nothing from this user.
    #[error("{}: {message}", escape_control(.address))]
    NotTaken {
        /// The address.
        address: String,
        /// What that means, for people.
        message: String,
    },
    /// The server was not reached, or the transfer broke off.
    #[error("{}: {message}", escape_control(.address))]
    Lost {
        /// The address.
        address: String,
        /// What happened.
        message: String,
    },
    /// The data set has no such part, or several that could be meant.
    #[error("{}: {message}", escape_control(.address))]
    NoSuchPart {
        /// The address.
        address: String,
        /// What there is.
        message: String,
        /// An address that would do.
        instead: Option<String>,
    },
    /// This build cannot read such addresses.
    #[error("{}: this program was built without `{feature}`", escape_control(.address))]
    NotBuilt {
        /// The address.
        address: String,
        /// The feature of the build.
        feature: &'static str,
    },
    /// The cache cannot be written.
    #[error("{}: it cannot be written: {source}", path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl RemoteError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            RemoteError::Cache { .. } => Kind::Output,
            RemoteError::Lost { .. } => Kind::Stopped,
            RemoteError::NotTaken { .. } => Kind::Provider,
            RemoteError::BadAddress { .. } | RemoteError::NotBuilt { .. } => Kind::Usage,
            RemoteError::Offline { .. } | RemoteError::Refused { .. } | RemoteError::NoSuchPart { .. } => Kind::Input,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Hint {
        match self {
            RemoteError::BadAddress { .. } => "correct the address, or name a local file".into(),
            RemoteError::Offline { .. } => "omit {offline} once, or name a local file".into(),
            RemoteError::Refused { status: 401 | 403, address, .. } if address.starts_with("s3://") => {
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that may read it, and AWS_REGION to its region".into()
            }
            RemoteError::Refused { status: 401 | 403, .. } => {
                "set the environment variable HF_TOKEN to a token that may read it, for a file of the hub".into()
            }
            RemoteError::NotTaken { .. } => {
                "set the environment variable HF_TOKEN to a token that may write to it, and give the command again".into()
            }
            RemoteError::Refused { .. } => "check the address".into(),
            RemoteError::Lost { .. } => "try again; what has come is kept, and the rest is fetched".into(),
            RemoteError::NoSuchPart { instead: Some(instead), .. } => {
                Hint::new("for instance {}", [instead.clone().into()])
            }
            RemoteError::NoSuchPart { .. } => "name a file of the data set: hf://datasets/OWNER/NAME/PATH".into(),
            RemoteError::NotBuilt { feature, .. } => {
                Hint::new("build it with the feature `{}`", [(*feature).to_owned().into()])
            }
            RemoteError::Cache { .. } => {
                "name another folder for the cache with the environment variable EQUIPOISE_CACHE".into()
            }
        }
    }
}

/// What fetching needs to know of the outer world.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Where fetched files are kept.
    pub cache: Cache,
    /// Whether no socket may be opened.
    pub offline: bool,
    /// Address of the hub, without a slash at its end.
    pub hub: String,
    /// Token for the hub.
    pub token: Option<crate::secret::Secret>,
}

impl Remote {
    /// As the environment has it: `EQUIPOISE_CACHE`, `HF_ENDPOINT`, `HF_TOKEN`, and the folders of the system.
    pub fn of_environment(offline: bool) -> Self {
        let var = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let hub = var("HF_ENDPOINT").unwrap_or_else(|| "https://huggingface.co".to_owned());
        let token = var("HF_TOKEN").and_then(|token| crate::secret::Secret::new(&token));
        Remote { cache: Cache::of_environment(), offline, hub: hub.trim_end_matches('/').to_owned(), token }
    }

    /// Points a recipe's files, and the models of the learners that it names, at their local copies.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn localise(&self, recipe: &mut Recipe, work: &Work<'_>) -> Result<(), RemoteError> {
        for name in &recipe.evaluate.learners {
            if let Some((setting, folder)) = self.local_model(name, &recipe.learner, work)? {
                recipe.learner.entry(name.clone()).or_default().insert(setting.to_owned(), folder.into());
            }
        }
        let data = &mut recipe.data;
        for path in [&mut data.input, &mut data.test, &mut data.unlabelled, &mut data.features].into_iter().flatten() {
            *path = self.local(path, work)?;
        }
        Ok(())
    }

    /// The local file for `path`: itself, or the fetched copy of what lies at the address that it is.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub fn local(&self, path: &Path, work: &Work<'_>) -> Result<PathBuf, RemoteError> {
        let text = path.to_string_lossy();
        let Some(location) = Location::parse(&text)? else { return Ok(path.to_owned()) };
        work.tell(Event::Started(Phase::Fetch));
        let fetched = self.fetch(location, &text, work)?;
        work.tell(Event::Finished(Phase::Fetch));
        Ok(fetched)
    }

    /// The setting that names the model of the learner called `name`, and the folder that it was fetched into; `None` where it lies on
    /// this machine or there is none. What is wrong with a learner is for the setup to say.
    fn local_model(
        &self,
        name: &str,
        settings: &BTreeMap<String, toml::Table>,
        work: &Work<'_>,
    ) -> Result<Option<(&'static str, String)>, RemoteError> {
        let learner = catalog::find(learner::CATALOG, "learner", name).ok().and_then(|entry| {
            let settings = crate::setup::settings(settings, entry.name).ok()?;
            entry.build(&settings).ok()
        });
        let Some(needs) = learner.as_ref().and_then(|learner| learner.needs()) else { return Ok(None) };
        let Some(address) = needs.folder else { return Ok(None) };
        let Some(model) = HubModel::parse(address)? else { return Ok(None) };
        let wanted = [needs.files, needs.optional].concat();
        work.tell(Event::Started(Phase::Fetch));
        let folder = self.fetch_model(&model, &wanted, work)?;
        work.tell(Event::Finished(Phase::Fetch));
        Ok(Some((needs.setting, folder.to_string_lossy().into_owned())))
    }

    #[cfg(feature = "http")]
    fn fetch_model(&self, model: &HubModel, wanted: &[&str], work: &Work<'_>) -> Result<PathBuf, RemoteError> {
        let progress = |done: u64, total: Option<u64>| {
            let total = total.unwrap_or(0).max(done);
            work.tell(Event::Advanced { phase: Phase::Fetch, done, total, what: model.to_string() });
        };
        model::fetch(model, wanted, &Client::new(self)?, self, &progress)
    }

    #[cfg(not(feature = "http"))]
    fn fetch_model(&self, model: &HubModel, _: &[&str], _: &Work<'_>) -> Result<PathBuf, RemoteError> {
        Err(RemoteError::NotBuilt { address: model.to_string(), feature: "http" })
    }

    #[cfg(feature = "http")]
    fn fetch(&self, location: Location, address: &str, work: &Work<'_>) -> Result<PathBuf, RemoteError> {
        let client = Client::new(self)?;
        let progress = |done: u64, total: Option<u64>| {
            let total = total.unwrap_or(0).max(done);
            work.tell(Event::Advanced { phase: Phase::Fetch, done, total, what: address.to_owned() });
        };
        match location {
            Location::Url(url) => client.fetch(&url, None, &progress),
            Location::Hub(hub) => hub::fetch(&hub, &client, self, &progress),
            #[cfg(feature = "s3")]
            Location::S3 { bucket, key } => s3::fetch(&bucket, &key, self, &progress),
            #[cfg(not(feature = "s3"))]
            Location::S3 { .. } => Err(RemoteError::NotBuilt { address: address.to_owned(), feature: "s3" }),
        }
    }

    #[cfg(not(feature = "http"))]
    fn fetch(&self, _: Location, address: &str, _: &Work<'_>) -> Result<PathBuf, RemoteError> {
        Err(RemoteError::NotBuilt { address: address.to_owned(), feature: "http" })
    }
}
