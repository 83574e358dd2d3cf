//! `private`: personal data and secrets that the source does not have.

use super::judge::each_with_notes;
use super::patterns::{PatternSettings, Patterns, USUAL_SHARE, code};
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::data::RowId;
use crate::generator::Candidate;
use crate::text::{PRIVATE_KINDS, PrivateKind};
use std::collections::{HashMap, HashSet};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "private",
    what: "Rejects texts with a mail address, phone, card or account number, number of a person, IP address or key that the rows they were made from do not have, and warns of web addresses of users.",
    why: "A model that invents an address may hit a real one, and one that remembers a key publishes it; what a real row holds already is for its owner to judge.",
    source: "Mail by RFC 5322's usual form, phones of 8 to 14 digits with a sign of a number, cards by Luhn (ISO/IEC 7812), accounts by ISO 13616, keys by the prefixes of their issuers. Recorded answers invent addresses in 0.1 % of texts and repeat a real row's in as many. Web addresses of users are only warned of: links of that form stand in 0.5 % of human tweets, and mostly lead to a song or a picture.",
    settings: &[USUAL_SHARE],
    make,
};

struct Private(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Private(PatternSettings::read(ENTRY.name, settings)?)))
}

const ADVICE: &str = "Some texts held addresses, numbers or keys: never write any, real or invented.";
const MAIL: Reason = Reason::new("mail", "holds a mail address that its source does not have").with_advice(ADVICE);
const PHONE: Reason = Reason::new("phone", "holds a phone number that its source does not have").with_advice(ADVICE);
const CARD: Reason = Reason::new("card", "holds a card number that its source does not have").with_advice(ADVICE);
const ACCOUNT: Reason =
    Reason::new("account", "holds a bank account that its source does not have").with_advice(ADVICE);
const KEY: Reason = Reason::new("key", "holds a key or password that its source does not have").with_advice(ADVICE);

const IP: Reason = Reason::new("ip", "holds an IP address that its source does not have").with_advice(ADVICE);
const IDENTITY: Reason =
    Reason::new("identity", "holds a number of a person that its source does not have").with_advice(ADVICE);
const USER_PAGE: Reason =
    Reason::new("user_page", "holds a web address of a user that its source does not have").with_advice(ADVICE);

/// The reason of each kind; a name is found by a list alone, and no check has one.
fn reason(kind: PrivateKind) -> &'static Reason {
    match kind {
        PrivateKind::Email | PrivateKind::Name => &MAIL,
        PrivateKind::Phone => &PHONE,
        PrivateKind::Identity => &IDENTITY,
        PrivateKind::Card => &CARD,
        PrivateKind::Iban => &ACCOUNT,
        PrivateKind::Key => &KEY,
        PrivateKind::Ip => &IP,
        PrivateKind::Url => &USER_PAGE,
    }
}

/// The parts of a text that are of a kind.
fn find(kind: PrivateKind, text: &str) -> Vec<&str> {
    kind.find(text).into_iter().map(|range| &text[range]).collect()
}

impl Check for Private {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[MAIL, PHONE, CARD, ACCOUNT, KEY, IP, IDENTITY, USER_PAGE]
    }

    /// The evidence is the beginning of what was found, so that a report does not spread it.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let pattern = |kind: PrivateKind| code(reason(kind).name, move |text| find(kind, text).into_iter().next());
        let patterns = Patterns::new(ENTRY.name, PRIVATE_KINDS.map(pattern).into_iter().collect());
        let watched = patterns.learn(context, self.0.usual_share);
        let known = Known::new(context);
        let mut kinds: Vec<PrivateKind> =
            PRIVATE_KINDS.into_iter().filter(|kind| !watched.is_off(reason(*kind).name)).collect();
        // What rejects is looked for first.
        kinds.sort_by_key(|kind| *kind == PrivateKind::Url);
        let new = move |candidate: &Candidate| {
            kinds.iter().find_map(|kind| {
                let found = find(*kind, &candidate.text);
                let new = found.into_iter().find(|part| !known.has(candidate, part))?;
                let finding = match kind {
                    PrivateKind::Url => Finding::warn(reason(*kind)),
                    _ => Finding::reject(reason(*kind)),
                };
                Some(finding.with_evidence(masked(new)))
            })
        };
        each_with_notes(move |s| new(s.candidate), watched.notes)
    }
}

/// What the real rows hold.
struct Known {
    by_row: HashMap<RowId, HashSet<String>>,
    by_label: HashMap<String, HashSet<String>>,
    /// Values that were put into texts in the place of real ones.
    made_up: HashSet<String>,
}

impl Known {
    fn new(context: &Context<'_>) -> Self {
        let train = context.train;
        let made_up = context.made_up.iter().map(|value| folded(value)).collect();
        let mut known = Known { by_row: HashMap::new(), by_label: HashMap::new(), made_up };
        for row in train.rows() {
            for found in PRIVATE_KINDS.iter().flat_map(|kind| find(*kind, row.text)).map(folded) {
                let label = train.labels().name(row.label).to_owned();
                known.by_label.entry(label).or_default().insert(found.clone());
                known.by_row.entry(row.id).or_default().insert(found);
            }
        }
        known
    }

    /// Whether the candidate's sources hold it; where none is known, whether some real row of its label does.
    fn has(&self, candidate: &Candidate, part: &str) -> bool {
        let folded = folded(part);
        if self.made_up.contains(&folded) {
            return true;
        }
        match candidate.sources.rows() {
            [] => self.by_label.get(&candidate.label).is_some_and(|known| known.contains(&folded)),
            rows => rows.iter().any(|row| self.by_row.get(row).is_some_and(|known| known.contains(&folded))),
        }
    }
}

/// Letters and digits in lower case: `+45 12 34` and `+4512-34` are the same number.
fn folded(part: &str) -> String {
    part.chars().filter(|c| c.is_alphanumeric() || *c == '@').flat_map(char::to_lowercase).collect()
}

/// The first three characters, and how many more there are.
fn masked(part: &str) -> String {
    let n = part.chars().count();
    let head: String = part.chars().take(3).collect();
    format!("{head}… ({n} characters)")
}

#[cfg(test)]
mod tests {
    use super::super::CheckOutcome;
    use super::super::tests::{candidates, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::generator::Sources;
    use crate::rng::Seed;

    #[test]
    fn what_the_source_holds_is_no_finding() {
        let mut rows = Rows::default();
        for i in 0..300 {
            let text = if i == 0 { "call me on +45 12 34 56 78".to_owned() } else { format!("nothing {i}") };
            rows.push(&text, if i % 2 == 0 { "rare" } else { "common" }).expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&["phone +45-12-34-56-78 now", "phone +45 99 34 56 78 now", "call +45 12 34 56 78"]);
        all[2].sources = Sources::One(dataset.train().get(1).id);
        let found = judge(&Private(PatternSettings::default()), &context, &all);
        assert_eq!(reasons(&found), ["ok", "phone", "phone"]);
        assert_eq!(found[1].as_ref().unwrap().evidence, ["+45… (15 characters)"]);
        let pages = candidates(&[
            "see https://github.com/somebody",
            "see github.com/somebody, or ask a.b@example.org",
            "ask mia dot lund at example dot org",
            "my number is 240585-1234",
        ]);
        let found = judge(&Private(PatternSettings::default()), &context, &pages);
        let said = |at: usize| found[at].as_ref().map(|f| (f.reason.name, f.outcome));
        assert_eq!(said(0), Some(("user_page", CheckOutcome::Warn)));
        assert_eq!(said(1), Some(("mail", CheckOutcome::Reject)));
        assert_eq!(said(2), Some(("mail", CheckOutcome::Reject)));
        assert_eq!(said(3), Some(("identity", CheckOutcome::Reject)));
    }
}
