//! Which item belongs to which source: by id where there are ids, by position only where nothing speaks against it.

use super::item::{Expect, Found, Item};
use super::{Note, NoteKind, clean};
use crate::text::{comparison_key, words};
use std::collections::BTreeSet;

pub(super) fn pair(found: Vec<Found>, expect: &Expect<'_>, notes: &mut Vec<Note>) -> Vec<Item> {
    let numbered = found.iter().all(|f| f.id.as_deref().is_none_or(|id| id.parse::<usize>().is_ok()));
    let of = |f: &Found| f.id.as_deref().and_then(|id| position(id, numbered, expect));
    let sources: Vec<Option<usize>> = found.iter().map(of).collect();
    let items = if expect.sources.is_empty() {
        found.into_iter().map(|f| item(None, f)).collect()
    } else if sources.iter().any(Option::is_some) {
        by_id(found, &sources, expect, notes)
    } else {
        by_position(found, expect, notes)
    };
    let n = items.len();
    if n < expect.wanted {
        notes.push(Note::new(NoteKind::TooFew, format!("{n} of {}", expect.wanted)));
    } else if n > expect.wanted {
        notes.push(Note::new(NoteKind::TooMany, format!("{n} for {}", expect.wanted)));
    }
    items
}

fn item(source: Option<usize>, found: Found) -> Item {
    Item { source, text: found.text, fault: found.fault.map(str::to_owned) }
}

/// The source that an id means: one of the ids given, or the number of the source where the model numbered the list itself.
fn position(id: &str, numbered: bool, expect: &Expect<'_>) -> Option<usize> {
    let given = expect.sources.iter().position(|(own, _)| own.eq_ignore_ascii_case(id.trim()));
    given.or_else(|| {
        let number = id.parse::<usize>().ok().filter(|_| numbered)?;
        (1..=expect.sources.len()).contains(&number).then(|| number - 1)
    })
}

fn by_id(found: Vec<Found>, sources: &[Option<usize>], expect: &Expect<'_>, notes: &mut Vec<Note>) -> Vec<Item> {
    let mut taken = vec![false; expect.sources.len()];
    let mut items = Vec::with_capacity(found.len());
    let mut n_lost = 0;
    for (source, f) in sources.iter().copied().zip(found) {
        match (source, &f.id) {
            (Some(at), Some(id)) if taken[at] => {
                notes.push(Note::new(NoteKind::RepeatedId, clean::excerpt(&format!("{id}: {}", f.text))));
            }
            (Some(at), _) => {
                taken[at] = true;
                items.push(item(Some(at), f));
            }
            (None, Some(id)) => {
                notes.push(Note::new(NoteKind::UnknownId, clean::excerpt(&format!("{id}: {}", f.text))))
            }
            (None, None) => {
                n_lost += 1;
                items.push(item(None, f));
            }
        }
    }
    if n_lost > 0 {
        notes.push(Note::new(NoteKind::PairingLost, format!("{n_lost} without an id")));
    }
    // Items without an id beyond what was asked for are the ones that nobody asked for.
    while items.len() > expect.wanted {
        match items.iter().rposition(|i| i.source.is_none()) {
            Some(at) => notes.push(Note::new(NoteKind::TooMany, clean::excerpt(&items.remove(at).text))),
            None => break,
        }
    }
    items
}

fn by_position(found: Vec<Found>, expect: &Expect<'_>, notes: &mut Vec<Note>) -> Vec<Item> {
    let whole = found.len() == expect.sources.len() && found.iter().all(|f| f.fault.is_none());
    if whole && !is_shifted(&found, expect) {
        return found.into_iter().enumerate().map(|(at, f)| item(Some(at), f)).collect();
    }
    if found.is_empty() {
        return Vec::new();
    }
    notes.push(Note::new(NoteKind::PairingLost, format!("{} texts for {} sources", found.len(), expect.sources.len())));
    let longest = expect.sources.iter().map(|(_, text)| text.chars().count()).max().unwrap_or(0);
    let short = found.len() < expect.wanted;
    let mut items: Vec<Item> = found.into_iter().map(|f| item(None, f)).collect();
    for i in items.iter_mut().filter(|i| short && i.fault.is_none()) {
        // Where texts are missing and one is far longer than every source, the missing ones stand in it.
        if 2 * i.text.chars().count() > 3 * longest + 20 {
            i.fault = Some("merged".to_owned());
            notes.push(Note::new(NoteKind::Merged, clean::excerpt(&i.text)));
        }
    }
    for extra in items.drain(expect.wanted.min(items.len())..) {
        notes.push(Note::new(NoteKind::TooMany, clean::excerpt(&extra.text)));
    }
    items
}

/// Whether some text is clearly made from another source than the one at its position: then one was merged and one split before.
fn is_shifted(found: &[Found], expect: &Expect<'_>) -> bool {
    let bag = |text: &str| -> BTreeSet<String> { words(&comparison_key(text)).map(str::to_owned).collect() };
    let sources: Vec<BTreeSet<String>> = expect.sources.iter().map(|(_, text)| bag(text)).collect();
    found.iter().enumerate().any(|(at, f)| {
        let own = bag(&f.text);
        let likeness = |source: &BTreeSet<String>| {
            let both = own.intersection(source).count();
            both as f64 / (own.len() + source.len() - both).max(1) as f64
        };
        let here = likeness(&sources[at]);
        sources.iter().any(|s| likeness(s) > (here + 0.25).max(0.5))
    })
}
