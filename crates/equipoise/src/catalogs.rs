//! Every catalog as data: what `equipoise list` shows and the reference pages are made of.

use equipoise_core::catalog::{Entry, SettingsError};
use equipoise_core::{arm, check, format, generator, learner, metric, provider};
use serde::Serialize;
use std::fmt::Write;

/// A catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// File formats.
    Formats,
    /// Ways of asking.
    Generators,
    /// Model endpoints.
    Providers,
    /// Checks of candidates.
    Checks,
    /// Classifiers.
    Learners,
    /// Ways of training that are set side by side.
    Arms,
    /// Figures.
    Metrics,
}

/// One item of a catalog.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// When and why.
    pub why: &'static str,
    /// What it rests on.
    pub source: &'static str,
    /// Its settings.
    pub settings: Vec<ItemSetting>,
}

/// One setting of an item.
#[derive(Debug, Clone, Serialize)]
pub struct ItemSetting {
    /// Its name.
    pub name: &'static str,
    /// Its default, as JSON text.
    pub default: &'static str,
    /// What it does and why the default is what it is.
    pub why: &'static str,
}

impl Kind {
    /// All catalogs, in the order of the pipeline.
    pub const ALL: [Kind; 7] =
        [Kind::Formats, Kind::Generators, Kind::Providers, Kind::Checks, Kind::Learners, Kind::Arms, Kind::Metrics];

    /// The catalog that lacks the item that was asked for; `None` where it is there and something else is wrong.
    pub fn lacking(error: &SettingsError) -> Option<Kind> {
        let SettingsError::UnknownItem { kind, .. } = error else { return None };
        Kind::ALL.into_iter().find(|catalog| catalog.name().strip_suffix('s') == Some(kind))
    }

    /// The catalog's name, in the plural.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Formats => "formats",
            Kind::Generators => "generators",
            Kind::Providers => "providers",
            Kind::Checks => "checks",
            Kind::Learners => "learners",
            Kind::Arms => "arms",
            Kind::Metrics => "metrics",
        }
    }
}

/// The items of a catalog, in its order.
pub fn items(kind: Kind) -> Vec<Item> {
    fn of<T: ?Sized + 'static>(catalog: impl IntoIterator<Item = &'static Entry<T>>) -> Vec<Item> {
        let setting =
            |s: &equipoise_core::catalog::Setting| ItemSetting { name: s.name, default: s.default, why: s.why };
        let item = |e: &'static Entry<T>| Item {
            name: e.name,
            what: e.what,
            why: e.why,
            source: e.source,
            settings: e.settings.iter().map(setting).collect(),
        };
        catalog.into_iter().map(item).collect()
    }
    match kind {
        Kind::Formats => of(format::CATALOG.iter().copied()),
        Kind::Generators => of(generator::CATALOG.iter().copied()),
        Kind::Providers => of(provider::CATALOG.iter().copied()),
        Kind::Checks => of(check::CATALOG.iter().copied()),
        Kind::Learners => of(learner::CATALOG.iter().copied()),
        Kind::Arms => of(arm::CATALOG.iter().map(|arm| &arm.item)),
        Kind::Metrics => of(metric::CATALOG.iter().map(|metric| &metric.item)),
    }
}

/// The catalog as a Markdown page.
pub fn markdown(kind: Kind) -> String {
    let mut page = format!("# {}\n\nMade from the code by `cargo xtask gen`; do not edit.\n", capitalised(kind.name()));
    for item in items(kind) {
        let _ = write!(page, "\n## `{}`\n\n{}\n\n{}\n\nSource: {}\n", item.name, item.what, item.why, item.source);
        if !item.settings.is_empty() {
            page.push_str("\n| setting | default | what it does |\n| --- | --- | --- |\n");
            for setting in item.settings {
                let _ = writeln!(
                    page,
                    "| `{}` | `{}` | {} |",
                    setting.name,
                    setting.default,
                    setting.why.replace('|', "\\|")
                );
            }
        }
    }
    page
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
