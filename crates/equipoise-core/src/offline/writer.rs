//! The generator after it has read the training rows.

use super::answer::{Answer, Ask, Joint, Text};
use super::choose::{Shelf, Written};
use super::donor::Donor;
use super::harvest::harvest;
use super::knowledge::Knowledge;
use super::label::Portrait;
use super::settings::Settings;
use super::write::Writing;
use crate::data::TrainView;
use crate::rng::Seed;
use std::borrow::Cow;
use std::sync::OnceLock;

/// What is said of a label whose rows no word tells from the others.
pub(super) const NO_OWN_WORDS: &str = "this label has no words of its own; weights or a model serve better";
/// What is said of rows whose words cannot be told apart.
pub(super) const UNSPACED: &str =
    "these texts are written without blanks between words, which the offline generator needs; use a model";

/// The offline generator with what it learnt from the training rows and the donors.
pub struct Writer<'a> {
    knowledge: Knowledge<'a>,
    /// Each label's portrait, by id; drawn when the label is first asked for.
    portraits: Vec<OnceLock<Portrait>>,
    settings: Settings,
}

impl<'a> Writer<'a> {
    pub(super) fn new(train: TrainView<'a>, donors: &'a [Donor], settings: Settings) -> Self {
        let portraits = train.labels().ids().map(|_| OnceLock::new()).collect();
        Writer { knowledge: Knowledge::new(train, donors), portraits, settings }
    }

    /// Up to [`Ask::wanted`] new texts, decided by the rows, the settings and the arguments alone whatever the number of threads.
    pub fn write(&self, ask: &Ask<'_>, seed: Seed) -> Answer {
        let knowledge = &self.knowledge;
        if knowledge.unspaced {
            let reason = Some(UNSPACED.to_owned());
            return Answer { texts: Vec::new(), made: 0, wanted: ask.wanted, reason, note: None };
        }
        let portrait = self.portraits[ask.label.index()].get_or_init(|| Portrait::new(knowledge, ask.label));
        let harvested = if self.settings.harvest { harvest(&knowledge.corpus, ask) } else { Vec::new() };
        let mut taken = Cow::Borrowed(ask.taken);
        if !harvested.is_empty() {
            taken.to_mut().extend(harvested.iter().map(|donor| donor.text.clone()));
        }
        let label = knowledge.corpus.train.labels().name(ask.label);
        let rng = seed.child("offline").child(label).child(&ask.ordinal.to_string()).rng();
        let wanted = ask.wanted - harvested.len();
        let shelf = Shelf::new(knowledge, &taken);
        let texts = Writing::new(shelf, portrait, &self.settings, wanted, rng).write();
        answer(knowledge, portrait, &harvested, texts, ask.wanted)
    }
}

fn answer(
    knowledge: &Knowledge<'_>,
    portrait: &Portrait,
    harvested: &[&Donor],
    written: Vec<Written>,
    wanted: usize,
) -> Answer {
    let made = harvested.len() + written.len();
    let (fewest, most) = portrait.window;
    let reason = (made < wanted).then(|| {
        let n = portrait.rows.len();
        format!("no further text of {fewest} to {most} tokens can be joined from the label's {n} rows and the others")
    });
    let note = (!portrait.has_own_words).then(|| NO_OWN_WORDS.to_owned());
    let found = harvested.iter().map(|donor| Text::Harvested { text: donor.text.clone(), harvested: donor.id });
    let texts = found.chain(written.into_iter().map(|w| text(knowledge, w))).collect();
    Answer { texts, made, wanted, reason, note }
}

fn text(knowledge: &Knowledge<'_>, written: Written) -> Text {
    let id = |row: u32| knowledge.corpus.id(row);
    let word = |w: &u32| knowledge.corpus.vocabulary[*w].to_owned();
    let chars_before = |token: usize| {
        let bytes = written.begins.get(token).copied().unwrap_or(written.text.len());
        written.text[..bytes].chars().count()
    };
    let joints = written.draft.joints.iter().map(|j| Joint {
        kind: j.kind,
        at: chars_before(j.at),
        words: j.words.iter().map(word).collect(),
        donor: id(j.donor),
    });
    Text::Made {
        joints: joints.collect(),
        source: id(written.draft.source),
        donors: written.draft.donors().into_iter().map(id).collect(),
        text: written.text,
    }
}
