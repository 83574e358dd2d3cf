use super::*;
use crate::data::{Dataset, Rows};
use crate::profile::Profile;

fn rules(texts: &[String], rules: TextRules) -> LabelRules {
    let mut rows = Rows::default();
    texts.iter().for_each(|text| rows.push(text, "a").expect("few labels"));
    rows.push("Other!", "b").expect("few labels");
    let dataset = Dataset::new(rows).expect("two labels");
    let profile = Profile::new(dataset.train(), None);
    let own = profile.labels.iter().find(|label| label.label == "a").expect("the label");
    rules.of(dataset.train(), own)
}

fn rows(n: usize, text: &str) -> Vec<String> {
    (0..n).map(|i| format!("{text} {i}")).collect()
}

#[test]
fn uniform_rows_make_the_rule_where_the_recipe_is_silent_and_the_recipe_wins() {
    let plain = rules(&rows(40, "i didnt feel like it"), TextRules::default());
    assert!(plain.lower_case && plain.no_punctuation && plain.max_words.is_none());
    let mut mixed = rows(40, "i didnt");
    mixed.extend(["It did!".to_owned(), "So, no.".to_owned()]);
    assert_eq!(rules(&mixed, TextRules::default()), LabelRules::default());
    assert_eq!(rules(&rows(5, "i didnt"), TextRules::default()), LabelRules::default(), "too few to tell");
    let any = TextRules { case: Some(LetterCase::Any), punctuation: Some(Punctuation::Any), max_words: Some(9) };
    assert_eq!(rules(&rows(40, "plain"), any), LabelRules { max_words: Some(9), ..LabelRules::default() });
    let held =
        TextRules { case: Some(LetterCase::Lower), punctuation: Some(Punctuation::None), ..TextRules::default() };
    let held = rules(&mixed, held);
    assert!(held.lower_case && held.no_punctuation);
}

#[test]
fn texts_are_made_to_fit_and_what_belongs_to_a_word_or_number_remains() {
    let held = LabelRules { lower_case: true, no_punctuation: true, max_words: None };
    for (text, fits) in [
        ("I Didn't, really!", "i didn't really"),
        ("yes,no; well-known (so) \u{201c}far\u{201d}\u{2026}", "yes no well-known so far"),
        ("at 10:30, for 3.5 EUR.", "at 10:30 for 3.5 eur"),
        ("#Happy @Anna :)", "#happy @anna"),
        ("Mail Anna.B@Example.com, now!", "mail Anna.B@Example.com now"),
        ("See http://t.co/AbC. OK?", "see http://t.co/abc. ok"),
        ("Zwei\nZeilen.", "zwei\nzeilen"),
        ("ÇA VA ?", "ça va"),
    ] {
        let held = held.hold(text);
        assert_eq!(held.text, fits);
        assert!(held.is_lowered || held.is_unmarked);
        assert!(!held.is_too_long);
    }
    let nothing = LabelRules::default().hold("As it IS.");
    assert_eq!((nothing.text.as_str(), nothing.is_lowered, nothing.is_unmarked), ("As it IS.", false, false));
}

#[test]
fn a_text_with_more_words_than_may_be_is_too_long() {
    let rules = LabelRules { max_words: Some(3), ..LabelRules::default() };
    assert!(!rules.hold("one two three").is_too_long && rules.hold("one two three four").is_too_long);
}

#[test]
fn what_is_held_twice_is_held_once() {
    use proptest::prelude::*;
    let rules = LabelRules { lower_case: true, no_punctuation: true, max_words: None };
    proptest!(|(text in "[a-zA-Z0-9 .,:;!?()'-]{0,40}")| {
        let once = rules.hold(&text).text;
        prop_assert_eq!(&rules.hold(&once).text, &once);
    });
}
