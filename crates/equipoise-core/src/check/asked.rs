//! `asked`: texts that do not hold what their request asked for.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::generator::NOT_THIS_LABEL;
use crate::mask::{INVENTED, LOST};
use crate::rules::TOO_MANY_WORDS;
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "asked",
    what: "Rejects texts that lost or invented a placeholder of a masked value, or have more words than `[texts] max_words` allows, and unlabelled rows of which the model says that they do not have the label.",
    why: "A value whose placeholder is lost cannot be put back, and one behind an invented placeholder never was; a rule that is only asked for is not held.",
    source: "Definition; what can be mended without the model (case, punctuation) is mended and counted instead.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(read::<Asked>(ENTRY.name, settings)?))
}

static KNOWN: [Reason; 4] = [
    Reason::new(LOST, "lost a placeholder of the row that it was made from").with_advice(
        "Some texts lost a placeholder such as [EMAIL_1]: copy every placeholder of a text exactly as it is.",
    ),
    Reason::new(INVENTED, "has a placeholder that the rows it was made from do not have")
        .with_advice("Some texts had placeholders of their own: use only those that stand in the text."),
    Reason::new(TOO_MANY_WORDS, "has more words than the recipe allows")
        .with_advice("Some texts were too long: keep to the length that is asked for."),
    Reason::new(NOT_THIS_LABEL, "does not have the label, the model says"),
];

impl Check for Asked {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &KNOWN
    }

    fn learn<'a>(&'a self, _: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        each(|subject| {
            let fault = subject.candidate.fault.as_deref()?;
            KNOWN.iter().find(|reason| reason.name == fault).map(Finding::reject)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset, judge, reasons};
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn names_what_was_not_held_and_leaves_what_could_not_be_read_to_others() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&["one", "two", "three", "four", "five"]);
        let faults = [None, Some(LOST), Some(INVENTED), Some(TOO_MANY_WORDS), Some("cut")];
        all.iter_mut().zip(faults).for_each(|(candidate, fault)| candidate.fault = fault.map(str::to_owned));
        let check = make(&Settings::new()).expect("no settings");
        assert_eq!(reasons(&judge(&*check, &context, &all)), ["ok", LOST, INVENTED, TOO_MANY_WORDS, "ok"]);
    }
}
