//! Patterns that the real rows may switch off: what the collection shows itself is no fault.

use super::Context;
use crate::catalog::{Setting, Settings, SettingsError, read};
use crate::text::{compact, unescaped};
use rayon::prelude::*;
use regex::{Regex, RegexSet};
use serde::Deserialize;
use std::sync::Arc;

/// One pattern of a check.
pub(super) struct Pattern {
    /// snake_case name, as notes and evidence give it.
    pub(super) name: &'static str,
    /// What it is a part of, where a collection that shows one part shows the others too.
    pub(super) family: Option<&'static str>,
    pub(super) rule: Rule,
}

impl Pattern {
    /// The pattern as one of `family`, whose patterns are on or off together.
    pub(super) fn of(self, family: &'static str) -> Self {
        Pattern { family: Some(family), ..self }
    }
}

/// How a pattern is found.
pub(super) enum Rule {
    /// By a regular expression.
    Regex(String),
    /// By code that gives the part of the text that shows it.
    Code(Code),
}

type Code = Box<dyn Fn(&str) -> Option<&str> + Send + Sync>;

/// A pattern that is a regular expression, with the classes of [`compact`].
pub(super) fn regex(name: &'static str, source: impl AsRef<str>) -> Pattern {
    Pattern { name, family: None, rule: Rule::Regex(compact(source.as_ref())) }
}

/// A pattern that is found by code.
pub(super) fn code(name: &'static str, find: impl Fn(&str) -> Option<&str> + Send + Sync + 'static) -> Pattern {
    Pattern { name, family: None, rule: Rule::Code(Box::new(find)) }
}

/// The patterns of a check, compiled.
pub(super) struct Patterns {
    check: &'static str,
    list: Vec<Pattern>,
    /// All regular expressions at once, to see in one pass whether any is there.
    set: RegexSet,
    /// Each with its place in `list`, in the order of `set`.
    each: Vec<(usize, Regex)>,
}

impl Patterns {
    pub(super) fn new(check: &'static str, list: Vec<Pattern>) -> Arc<Self> {
        let sources: Vec<(usize, &str)> = list
            .iter()
            .enumerate()
            .filter_map(|(at, p)| match &p.rule {
                Rule::Regex(source) => Some((at, source.as_str())),
                Rule::Code(_) => None,
            })
            .collect();
        let set = RegexSet::new(sources.iter().map(|(_, s)| s)).expect("fixed patterns");
        let each = sources.iter().map(|(at, s)| (*at, Regex::new(s).expect("a fixed pattern"))).collect();
        Arc::new(Patterns { check, list, set, each })
    }

    /// Learns which patterns, or families of patterns, more than `usual_share` of the real rows show, and at least two of them.
    pub(super) fn learn(self: &Arc<Self>, context: &Context<'_>, usual_share: f64) -> Watched {
        let step = context.train.len().div_ceil(MOST_ROWS).max(1);
        let n_rows = context.train.len().div_ceil(step);
        let counts = (0..n_rows)
            .into_par_iter()
            .map(|at| self.with_families(self.all(context.train.get(at * step).text)))
            .fold(
                || vec![0usize; self.list.len()],
                |mut counts, found| {
                    found.into_iter().for_each(|p| counts[p] += 1);
                    counts
                },
            )
            .reduce(|| vec![0; self.list.len()], |a, b| a.iter().zip(&b).map(|(a, b)| a + b).collect());
        let off: Vec<bool> = counts.iter().map(|n| *n > 1 && *n as f64 > usual_share * n_rows as f64).collect();
        let note = |(p, n): (&Pattern, &usize)| {
            let (what, it) = match p.family {
                Some(family) => (format!("patterns of `{family}` are"), "one of them"),
                None => (format!("pattern `{}` is", p.name), "it"),
            };
            let share = 100.0 * *n as f64 / n_rows as f64;
            format!("check `{}`: the {what} off, since {share:.1} % of the real rows show {it}", self.check)
        };
        let mut notes: Vec<String> = Vec::new();
        for (of_pattern, _) in self.list.iter().zip(&counts).zip(&off).filter(|(_, off)| **off) {
            // The patterns of a family say the same.
            let said = note(of_pattern);
            if !notes.contains(&said) {
                notes.push(said);
            }
        }
        Watched { patterns: Arc::clone(self), off, notes }
    }

    /// The places of patterns that are found, and of the others of their families.
    fn with_families(&self, mut found: Vec<usize>) -> Vec<usize> {
        let families: Vec<&str> = found.iter().filter_map(|at| self.list[*at].family).collect();
        let others = self.list.iter().enumerate().filter(|(_, p)| p.family.is_some_and(|f| families.contains(&f)));
        let others: Vec<usize> = others.map(|(at, _)| at).filter(|at| !found.contains(at)).collect();
        found.extend(others);
        found
    }

    /// The places of all patterns that the text shows.
    fn all(&self, text: &str) -> Vec<usize> {
        let mut found: Vec<usize> = self.set.matches(text).iter().map(|i| self.each[i].0).collect();
        let shows = |p: &Pattern| matches!(&p.rule, Rule::Code(find) if find(text).is_some());
        found.extend(self.list.iter().enumerate().filter(|(_, p)| shows(p)).map(|(at, _)| at));
        found
    }
}

/// Real rows that are looked at to learn what is usual.
const MOST_ROWS: usize = 5_000;

/// Patterns without those that the real rows show.
pub(super) struct Watched {
    patterns: Arc<Patterns>,
    off: Vec<bool>,
    /// One sentence for each pattern that is off.
    pub(super) notes: Vec<String>,
}

impl Watched {
    /// Whether the real rows show the pattern, so that it says nothing.
    pub(super) fn is_off(&self, name: &str) -> bool {
        self.patterns.list.iter().zip(&self.off).any(|(p, off)| *off && p.name == name)
    }

    /// The first pattern, in their order, that the text shows and none of the rows that it was made from: its name and the part of the text
    /// that shows it. A row may be stored escaped, and what it shows then is in the text unescaped.
    pub(super) fn find_new<'t, 's>(
        &self,
        text: &'t str,
        sources: impl FnOnce() -> Vec<&'s str>,
    ) -> Option<(&'static str, &'t str)> {
        let found = self.find(text)?;
        let sources = sources();
        if sources.is_empty() {
            return Some(found);
        }
        let mut off = self.off.clone();
        for source in sources {
            let shown = [self.patterns.all(source), self.patterns.all(&unescaped(source))].concat();
            self.patterns.with_families(shown).into_iter().for_each(|at| off[at] = true);
        }
        self.first(text, &off)
    }

    /// The first pattern, in their order, that the text shows, whatever it was made from.
    pub(super) fn find<'t>(&self, text: &'t str) -> Option<(&'static str, &'t str)> {
        self.first(text, &self.off)
    }

    fn first<'t>(&self, text: &'t str, off: &[bool]) -> Option<(&'static str, &'t str)> {
        let list = &self.patterns.list;
        let by_regex = self.patterns.set.matches(text).iter().map(|i| &self.patterns.each[i]).find(|(at, _)| !off[*at]);
        let by_regex = by_regex.and_then(|(at, regex)| Some((*at, regex.find(text)?.as_str())));
        let before = by_regex.map_or(list.len(), |(at, _)| at);
        let by_code = list[..before].iter().zip(off).enumerate().find_map(|(at, (p, off))| match &p.rule {
            Rule::Code(find) if !off => Some((at, find(text)?)),
            _ => None,
        });
        // A blank may be what is shown.
        let shown = |part: &'t str| if part.trim().is_empty() { part } else { part.trim() };
        by_code.or(by_regex).map(|(at, part)| (list[at].name, shown(part)))
    }
}

/// The setting that every check of patterns has.
pub(super) const USUAL_SHARE: Setting = Setting {
    name: "usual_share",
    default: "0.005",
    why: "A pattern that more than this share (0..1) of the real rows show, and at least two of them, belongs to the collection: it is off, and the counts say so. At 0.5 % no pattern that is on hits more than about one human row in two hundred; at 1 % the broken characters of crowdflower (0.75 % of its rows) would stay on.",
};

/// The settings of a check that has patterns alone.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PatternSettings {
    pub(super) usual_share: f64,
}

impl Default for PatternSettings {
    fn default() -> Self {
        PatternSettings { usual_share: 0.005 }
    }
}

impl PatternSettings {
    pub(super) fn read(check: &'static str, settings: &Settings) -> Result<Self, SettingsError> {
        let read: PatternSettings = read(check, settings)?;
        share(check, "usual_share", read.usual_share)?;
        Ok(read)
    }
}

/// Refuses a share that is outside of 0..=1.
pub(super) fn share(item: &'static str, setting: &str, value: f64) -> Result<(), SettingsError> {
    match (0.0..=1.0).contains(&value) {
        true => Ok(()),
        false => Err(SettingsError::BadValue { item, message: format!("{setting} is a share, 0..1") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    #[test]
    fn a_pattern_that_the_real_rows_show_is_off_and_says_so() {
        let mut rows = Rows::default();
        for i in 0..200 {
            let text = if i < 3 { format!("#tag {i}") } else { format!("plain {i}") };
            rows.push(&text, if i % 2 == 0 { "a" } else { "b" }).expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let shout = code("shout", |text| text.split(' ').find(|w| w.ends_with('!')));
        let list = vec![regex("tag", "#[a-z]+"), shout, regex("end", "end$")];
        let patterns = Patterns::new("some", list);
        let watched = patterns.learn(&context, 0.01);
        assert_eq!(watched.find("a #tag at the end"), Some(("end", "end")));
        assert_eq!(watched.find("hey! the end"), Some(("shout", "hey!")));
        assert_eq!(watched.notes.len(), 1);
        assert!(watched.notes[0].contains("`tag` is off, since 1.5 %"), "{}", watched.notes[0]);
        assert_eq!(patterns.learn(&context, 0.02).find("a #tag at the end"), Some(("tag", "#tag")));
    }

    #[test]
    fn a_family_is_off_as_a_whole_and_says_so_once() {
        let mut rows = Rows::default();
        for i in 0..200 {
            let text = ["#tag", "@name"].get(i).map_or_else(|| format!("plain {i}"), |mark| format!("{mark} {i}"));
            rows.push(&text, if i % 2 == 0 { "a" } else { "b" }).expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let list =
            vec![regex("tag", "#[a-z]+").of("net"), regex("name", "@[a-z]+").of("net"), regex("link", "://").of("net")];
        let watched = Patterns::new("some", list).learn(&context, 0.005);
        assert_eq!(watched.find("http://a.b and #tag"), None);
        assert_eq!(
            watched.notes,
            ["check `some`: the patterns of `net` are off, since 1.0 % of the real rows show one of them"]
        );
        let alone = vec![regex("tag", "#[a-z]+"), regex("name", "@[a-z]+")];
        assert_eq!(Patterns::new("some", alone).learn(&context, 0.005).notes, [""; 0]);
    }

    #[test]
    fn what_the_source_shows_is_no_finding_also_where_it_is_stored_escaped() {
        let mut rows = Rows::default();
        (0..20).for_each(|i| rows.push(&format!("plain {i}"), ["a", "b"][i % 2]).expect("few labels"));
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let list = vec![regex("arrow", "-->"), regex("bold", r"\*\*").of("stars"), regex("slant", "_$").of("stars")];
        let watched = Patterns::new("some", list).learn(&context, 0.005);
        assert_eq!(watched.find("see you --> **there**"), Some(("arrow", "-->")));
        assert_eq!(watched.find_new("see you --> **there**", || vec!["come --&gt;"]), Some(("bold", "**")));
        assert_eq!(watched.find_new("**there**", || vec!["over _there_"]), None);
    }
}
