//! Odd answers, written by hand after what models and servers are known to send.

use super::super::NoteKind::{self, *};
use super::*;
use proptest::prelude::*;

const SOURCES: [(&str, &str); 3] = [
    ("a1", "the parcel never came to my house"),
    ("a2", "what a lovely day at the beach"),
    ("a3", "my phone broke again"),
];

/// What an answer must read as: (source, text, fault) and the kinds of the notes.
type Items<'a> = &'a [(Option<usize>, &'a str, Option<&'a str>)];

struct Case<'a> {
    name: &'a str,
    answer: &'a str,
    items: Items<'a>,
    notes: &'a [NoteKind],
}

fn expect(form: Form, complete: bool) -> Expect<'static> {
    Expect { sources: &SOURCES, wanted: 3, form, complete, one_line: true }
}

fn check_with(expect: &Expect<'_>, cases: &[Case<'_>]) {
    for case in cases {
        let parsed = parse(case.answer, expect);
        let items: Vec<_> = parsed.items.iter().map(|i| (i.source, i.text.as_str(), i.fault.as_deref())).collect();
        assert_eq!(items, case.items, "{}: items; notes {:?}", case.name, parsed.notes);
        let mut kinds: Vec<NoteKind> = parsed.notes.iter().map(|n| n.kind).collect();
        kinds.dedup();
        assert_eq!(kinds, case.notes, "{}: notes {:?}", case.name, parsed.notes);
    }
}

const ONE: (Option<usize>, &str, Option<&str>) = (Some(0), "one", None);
const TWO: (Option<usize>, &str, Option<&str>) = (Some(1), "two", None);
const THREE: (Option<usize>, &str, Option<&str>) = (Some(2), "three", None);
const ALL: Items<'static> = &[ONE, TWO, THREE];

fn case<'a>(name: &'a str, answer: &'a str, items: Items<'a>, notes: &'a [NoteKind]) -> Case<'a> {
    Case { name, answer, items, notes }
}

#[test]
fn reads_whole_json_in_every_dress() {
    check_with(
        &expect(Form::Json, true),
        &[
            case(
                "as asked",
                r#"{"texts":[{"id":"a1","text":"one"},{"id":"a2","text":"two"},{"id":"a3","text":"three"}]}"#,
                ALL,
                &[],
            ),
            case(
                "bare list",
                r#"[{"id":"a1","text":"one"},{"id":"a2","text":"two"},{"id":"a3","text":"three"}]"#,
                ALL,
                &[],
            ),
            case(
                "other field names",
                r#"{"rewrites":[{"id":"a1","rewrite":"one"},{"key":"a2","new_text":"two"},{"ref":"a3","output":"three"}]}"#,
                ALL,
                &[],
            ),
            case(
                "any order",
                r#"[{"id":"a3","text":"three"},{"id":"a1","text":"one"},{"id":"a2","text":"two"}]"#,
                &[THREE, ONE, TWO],
                &[],
            ),
            case("written as a string once more", r#""{\"texts\":[\"one\",\"two\",\"three\"]}""#, ALL, &[]),
            case("map by id", r#"{"a1":"one","a2":"two","a3":"three"}"#, ALL, &[]),
            case("nested map", r#"{"texts":{"a1":"one","a2":{"text":"two"},"a3":"three"}}"#, ALL, &[]),
            case("strings", r#"{"texts":["one","two","three"]}"#, ALL, &[]),
            case("strings by number", r#"{"1":"one","2":"two","3":"three"}"#, ALL, &[]),
            case(
                "numeric ids",
                r#"[{"id":1,"text":"one"},{"id":3,"text":"three"},{"id":2,"text":"two"}]"#,
                &[ONE, THREE, TWO],
                &[],
            ),
            case(
                "one object a line",
                "{\"id\":\"a1\",\"text\":\"one\"}\n{\"id\":\"a2\",\"text\":\"two\"}\n{\"id\":\"a3\",\"text\":\"three\"}",
                ALL,
                &[],
            ),
            case("fenced", "```json\n{\"texts\":[\"one\",\"two\",\"three\"]}\n```", ALL, &[CodeFence]),
            case(
                "in talk",
                "Sure! Here you go:\n{\"texts\":[\"one\",\"two\",\"three\"]}\nLet me know if you need more.",
                ALL,
                &[Preamble],
            ),
            case(
                "talk and fence",
                "Here is the JSON:\n```\n[\"one\",\"two\",\"three\"]\n```\nHope this helps!",
                ALL,
                &[CodeFence, Preamble],
            ),
            case("thoughts first", "<think>I need {3} texts\n</think>\n[\"one\",\"two\",\"three\"]", ALL, &[Preamble]),
            case("byte order mark", "\u{feff}[\"one\",\"two\",\"three\"]", ALL, &[]),
            case("quoted texts", r#"["\"one\"","“two”"," three "]"#, ALL, &[]),
            case("line break inside", r#"["one","two","thr\nee"]"#, &[ONE, TWO, (Some(2), "thr ee", None)], &[]),
            case(
                "half a surrogate",
                r#"["one","two","thr\ud83dee"]"#,
                &[ONE, TWO, (Some(2), "thr\u{fffd}ee", None)],
                &[Malformed],
            ),
            case("whole surrogate pair", r#"["one","two","\ud83d\ude00"]"#, &[ONE, TWO, (Some(2), "😀", None)], &[]),
            case("a remark beside", r#"{"texts":["one","two","three"],"note":"all done"}"#, ALL, &[Preamble]),
            case("upper-case id", r#"{"A1":"one","a2":"two","a3":"three"}"#, ALL, &[]),
        ],
    );
}

#[test]
fn notes_wrong_counts_and_ids() {
    check_with(
        &expect(Form::Json, true),
        &[
            case("one missing", r#"[{"id":"a1","text":"one"},{"id":"a3","text":"three"}]"#, &[ONE, THREE], &[TooFew]),
            case(
                "unknown id",
                r#"[{"id":"a1","text":"one"},{"id":"a2","text":"two"},{"id":"a3","text":"three"},{"id":"4","text":"four"}]"#,
                ALL,
                &[UnknownId],
            ),
            case(
                "repeated id",
                r#"[{"id":"a1","text":"one"},{"id":"a1","text":"uno"},{"id":"a2","text":"two"},{"id":"a3","text":"three"}]"#,
                ALL,
                &[RepeatedId],
            ),
            case(
                "repeated id hides a missing one",
                r#"[{"id":"a1","text":"one"},{"id":"a1","text":"uno"},{"id":"a3","text":"three"}]"#,
                &[ONE, THREE],
                &[RepeatedId, TooFew],
            ),
            case(
                "ids of nothing",
                r#"[{"id":"x","text":"one"},{"id":"y","text":"two"},{"id":"z","text":"three"}]"#,
                ALL,
                &[],
            ),
            case(
                "too few strings",
                r#"["one","two"]"#,
                &[(None, "one", None), (None, "two", None)],
                &[PairingLost, TooFew],
            ),
            case(
                "too many strings",
                r#"["one","two","three","four"]"#,
                &[(None, "one", None), (None, "two", None), (None, "three", None)],
                &[PairingLost, TooMany],
            ),
            case(
                "some without id",
                r#"[{"id":"a1","text":"one"},{"text":"two"}]"#,
                &[ONE, (None, "two", None)],
                &[PairingLost, TooFew],
            ),
            case(
                "numbers among the texts",
                r#"["one",2,"three",null]"#,
                &[(None, "one", None), (None, "three", None)],
                &[Malformed, PairingLost, TooFew],
            ),
            case("empty list", r#"{"texts":[]}"#, &[], &[TooFew]),
            case("empty text", r#"["one","","three"]"#, &[ONE, (Some(1), "", None), THREE], &[]),
            case("nothing", "", &[], &[TooFew]),
            case("blank", " \n\n ", &[], &[TooFew]),
            case(
                "refusal in JSON",
                r#"{"error":"I'm sorry, but I can't help with that request."}"#,
                &[],
                &[Refused, TooFew],
            ),
        ],
    );
}

#[test]
fn salvages_broken_json_item_by_item() {
    check_with(
        &expect(Form::Json, true),
        &[
            case(
                "first three quotes lost behind a greeting",
                "Sure! Here you go:\n```json\n{texts:[{id\":\"a1\",\"text\":\"one\"},{\"id\":\"a2\",\"text\":\"two\"},{\"id\":\"a3\",\"text\":\"three\"}]}",
                ALL,
                &[CodeFence, Preamble, Malformed],
            ),
            case(
                "first three quotes of a list lost",
                "```json\n{texts:[one\",\"two\",\"three\"]}",
                ALL,
                &[CodeFence, Malformed],
            ),
            case(
                "trailing comma",
                r#"{"texts":[{"id":"a1","text":"one"},{"id":"a2","text":"two"},{"id":"a3","text":"three"},]}"#,
                ALL,
                &[Malformed],
            ),
            case(
                "single quotes",
                "{'texts': [{'id': 'a1', 'text': 'one'}, {'id': 'a2', 'text': \"two\"}, {'id': 'a3', 'text': 'three'}]}",
                ALL,
                &[Malformed],
            ),
            case(
                "bare names",
                "{texts: [{id: a1, text: \"one\"}, {id: a2, text: \"two\"}, {id: a3, text: \"three\"}]}",
                ALL,
                &[Malformed],
            ),
            case(
                "unescaped quotes inside",
                r#"[{"id":"a1","text":"he said "no" to me"},{"id":"a2","text":"two"},{"id":"a3","text":"three"}]"#,
                &[(Some(0), "he said \"no\" to me", None), TWO, THREE],
                &[Malformed],
            ),
            case(
                "raw line break inside",
                "[{\"id\":\"a1\",\"text\":\"o\nne\"},{\"id\":\"a2\",\"text\":\"two\"},{\"id\":\"a3\",\"text\":\"three\"}]",
                &[(Some(0), "o ne", None), TWO, THREE],
                &[Malformed],
            ),
            case(
                "lost comma between objects",
                r#"[{"id":"a1","text":"one"} {"id":"a2","text":"two"} {"id":"a3","text":"three"}]"#,
                ALL,
                &[Malformed],
            ),
            case(
                "lost last bracket",
                r#"{"texts":[{"id":"a1","text":"one"},{"id":"a2","text":"two"},{"id":"a3","text":"three"}]"#,
                ALL,
                &[Malformed],
            ),
            case("broken map", r#"{"a1": "one", "a2": "two" "a3": "three"}"#, ALL, &[Malformed]),
        ],
    );
}

#[test]
fn keeps_the_whole_items_of_a_cut_answer() {
    check_with(
        &expect(Form::Json, false),
        &[
            case(
                "inside a text",
                r#"{"texts":[{"id":"a1","text":"one"},{"id":"a2","text":"tw"#,
                &[ONE, (Some(1), "tw", Some("cut"))],
                &[Cut, TooFew],
            ),
            case(
                "behind a text",
                r#"{"texts":[{"id":"a1","text":"one"},{"id":"a2","text":"two""#,
                &[ONE, TWO],
                &[Cut, TooFew],
            ),
            case("inside an id", r#"{"texts":[{"id":"a1","text":"one"},{"id":"a"#, &[ONE], &[Cut, TooFew]),
            case(
                "list of strings",
                r#"{"texts":["one","two","thr"#,
                &[(None, "one", None), (None, "two", None), (None, "thr", Some("cut"))],
                &[Cut, PairingLost],
            ),
            case("numbered list", "1. one\n2. two\n3. thr", &[ONE, TWO, (Some(2), "thr", Some("cut"))], &[Cut]),
            case("whole all the same", r#"{"a1":"one","a2":"two","a3":"three"}"#, ALL, &[Cut]),
        ],
    );
    let semicolons = parse("one; two; thr", &expect(Form::Semicolon, false));
    assert_eq!(semicolons.items[2].fault.as_deref(), Some("cut"));
}

#[test]
fn reads_lists_of_every_kind() {
    let merged =
        "the parcel they promised never came to my house and what a lovely day at the beach it was with my phone broke";
    check_with(
        &expect(Form::List, true),
        &[
            case("numbered", "1. one\n2. two\n3. three", ALL, &[]),
            case("numbered, other marks", "1) one\n2) two\n(3) three", ALL, &[]),
            case("numbered in bold", "**1.** one\n**2.** two\n**3.** three", ALL, &[]),
            case("numbers whose dots were lost", "1 one\n2 two\n3. three", ALL, &[]),
            case("numbers out of order", "3. three\n1. one\n2. two", &[THREE, ONE, TWO], &[]),
            case("a number missing", "1. one\n3. three", &[ONE, THREE], &[TooFew]),
            case("a number too many", "1. one\n2. two\n3. three\n4. four", ALL, &[UnknownId]),
            case("ids as marks", "a1: one\na2: two\na3: three", ALL, &[]),
            case("numbers and ids", "1. **a1**: one\n2. **a2** two\n3. (a3) three", ALL, &[]),
            case("ids before a dash", "a1 - one\n**a2** – two\na3\tthree", ALL, &[]),
            case("ids in brackets", "[a1]: one\n[a3]: three\n[a2]: two", &[ONE, THREE, TWO], &[]),
            case("bullets", "- one\n- two\n- three", ALL, &[]),
            case("stars", "* one\n* two\n* three", ALL, &[]),
            case("bullets with ids", "- a2: two\n- a1: one\n- **a3**: three", &[TWO, ONE, THREE], &[]),
            case("plain lines", "one\ntwo\nthree", ALL, &[]),
            case("blank lines between", "one\n\ntwo\n\nthree\n", ALL, &[]),
            case(
                "greeting and offer",
                "Certainly! Here are the rewritten texts:\n\n1. one\n2. two\n3. three\n\nLet me know if you want more!",
                ALL,
                &[Preamble],
            ),
            case(
                "text over two lines",
                "1. one\nand a half\n2. two\n3. three",
                &[(Some(0), "one and a half", None), TWO, THREE],
                &[],
            ),
            case("quoted lines", "\"one\"\n\"two\"\n\"three\"", ALL, &[]),
            case(
                "texts that begin like talk",
                "sure i would\ngreat day today\nhere i am",
                &[(Some(0), "sure i would", None), (Some(1), "great day today", None), (Some(2), "here i am", None)],
                &[],
            ),
            case(
                "brackets within a text",
                "1. one [\"sic\"]\n2. two {x}\n3. three",
                &[(Some(0), "one [\"sic\"]", None), (Some(1), "two {x}", None), THREE],
                &[],
            ),
            case(
                "starts with a quantity",
                "3.5 stars for it\n2 more days\nfine",
                &[(Some(0), "3.5 stars for it", None), (Some(1), "2 more days", None), (Some(2), "fine", None)],
                &[],
            ),
            case("semicolons all the same", "one; two; three", ALL, &[]),
            case(
                "two in one",
                &format!("{merged}\nthree"),
                &[(None, merged, Some("merged")), (None, "three", None)],
                &[PairingLost, Merged, TooFew],
            ),
            case("declines", "I'm sorry, but I can't help with that request.", &[], &[Refused]),
            case(
                "a line that is sorry",
                "1. i'm sorry but i can't assist you today\n2. two\n3. three",
                &[(Some(0), "i'm sorry but i can't assist you today", None), TWO, THREE],
                &[],
            ),
            case(
                "shifted against the sources",
                "the parcel never came\nto my house\nwhat a lovely day at the beach",
                &[
                    (None, "the parcel never came", None),
                    (None, "to my house", None),
                    (None, "what a lovely day at the beach", None),
                ],
                &[PairingLost],
            ),
        ],
    );
}

#[test]
fn reads_semicolon_answers() {
    check_with(
        &expect(Form::Semicolon, true),
        &[
            case("as asked", "one; two; three", ALL, &[]),
            case("over lines", "one;\ntwo;\nthree;", ALL, &[]),
            case("with a greeting", "Sure! Here you go:\none; two; three", ALL, &[Preamble]),
            case(
                "one lost",
                "one; two three",
                &[(None, "one", None), (None, "two three", None)],
                &[PairingLost, TooFew],
            ),
            case(
                "one too many",
                "one; two; three; four",
                &[(None, "one", None), (None, "two", None), (None, "three", None)],
                &[PairingLost, TooMany],
            ),
            case("a numbered list instead", "1. one\n2. two\n3. three", ALL, &[]),
            case("lines instead", "one\ntwo\nthree", ALL, &[]),
            case("JSON instead", r#"["one","two","three"]"#, ALL, &[]),
            case(
                "texts that cannot help it",
                "i can't help feeling this request; two; three",
                &[(Some(0), "i can't help feeling this request", None), TWO, THREE],
                &[],
            ),
        ],
    );
}

#[test]
fn free_texts_keep_what_nobody_asked_for() {
    let free = Expect { sources: &[], wanted: 2, form: Form::Json, complete: true, one_line: true };
    check_with(
        &free,
        &[
            case(
                "more",
                r#"{"texts":["one","two","three"]}"#,
                &[(None, "one", None), (None, "two", None), (None, "three", None)],
                &[TooMany],
            ),
            case("fewer", r#"{"texts":["one"]}"#, &[(None, "one", None)], &[TooFew]),
            case("lines that are too few", "1. one", &[], &[Unread, TooFew]),
            case("lines that are as many", "1. one\n2. two", &[(None, "one", None), (None, "two", None)], &[]),
        ],
    );
    let single = Expect { wanted: 1, one_line: false, ..free };
    check_with(&single, &[case("a letter", "Dear all,\n\nI left.", &[(None, "Dear all,\nI left.", None)], &[])]);
}

#[test]
fn where_json_was_asked_for_talk_and_the_wrong_number_of_lines_are_no_texts() {
    let one = Expect { sources: &SOURCES[..1], wanted: 1, form: Form::Json, complete: true, one_line: true };
    for talk in [
        "The text is in JSON format. I will add the JSON to the file",
        "You write training data for a text classifier. You get real texts that people gave one label.",
        "Mock response from gpt-4o: everything is working as expected",
        "litellm.ContentPolicyViolationError",
        "Here is one thing.\nAnd another.",
    ] {
        assert_eq!(parse(talk, &one).items, [], "{talk}");
    }
    assert_eq!(parse("the parcel was lost", &one).items.len(), 1);
    assert_eq!(parse("Sure! Here is the rewrite:\nthe parcel was lost", &one).items.len(), 1);
    check_with(
        &expect(Form::Json, true),
        &[
            case("under the ids given", "a1: one\na3: three", &[ONE, THREE], &[TooFew]),
            case("a table", "| id | text |\n|---|---|\n| a1 | one |\n| a2 | two |\n| a3 | three |", ALL, &[Preamble]),
            case("a line too few", "one\ntwo", &[], &[Unread, TooFew]),
            case("numbers within the strings", r#"["1. one","2. two","3. three"]"#, ALL, &[]),
        ],
    );
}

#[test]
fn the_last_json_is_the_answer_and_what_stands_before_it_a_draft() {
    let draft = r#"{"texts":[{"id":"a1","text":"x"},{"id":"a2","text":"y"},{"id":"a3","text":"z"}]}"#;
    let answer = r#"{"texts":[{"id":"a1","text":"one"},{"id":"a2","text":"two"},{"id":"a3","text":"three"}]}"#;
    check_with(
        &expect(Form::Json, true),
        &[
            case("a draft without a mark", &format!("Let me draft: {draft}\nNow polish:\n{answer}"), ALL, &[Preamble]),
            case("a thought", &format!("Draft: {draft}\n</think>\n{answer}"), ALL, &[Preamble]),
            case("strings", "Draft:\n[\"x\",\"y\",\"z\"]\nFinal:\n[\"one\",\"two\",\"three\"]", ALL, &[Preamble]),
            case("a second turn", &format!("{answer}<|im_end|>\n<|im_start|>user\n{draft}"), ALL, &[Preamble]),
        ],
    );
}

#[test]
fn an_endless_answer_is_cut_to_size() {
    let endless = "word ".repeat(1_000_000);
    let parsed = parse(&endless, &expect(Form::Json, true));
    assert!(parsed.notes.iter().any(|n| n.kind == Malformed));
    assert!(parsed.items.iter().all(|i| i.text.len() <= 4 << 20));
}

#[test]
fn hostile_answers_are_read_in_one_pass() {
    for piece in [
        ",text:",
        "\"text\":\"x",
        "{\"id\":\"1\",\"text\":\"x\"},",
        "[",
        "{\"a\":",
        "[{},",
        "'",
        "\" ",
        "\\ud800",
        "1. ",
        "a;",
        "\"a1\": \"",
    ] {
        for start in ["", "{\"texts\":["] {
            let answer = format!("{start}{}", piece.repeat(100_000 / piece.len()));
            parse(&answer, &expect(Form::Json, true));
        }
    }
}

/// Pieces of real answers, so that random text meets every reader.
fn noise() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{\"texts\":[".to_owned()),
        Just("{\"id\":\"a1\",\"text\":\"".to_owned()),
        Just("\"},".to_owned()),
        Just("```".to_owned()),
        Just("\n".to_owned()),
        Just("1. ".to_owned()),
        Just("- ".to_owned()),
        Just(";".to_owned()),
        Just("\\".to_owned()),
        Just("\\ud800".to_owned()),
        Just("]}".to_owned()),
        Just("Sure! Here you go:".to_owned()),
        Just("<think>".to_owned()),
        Just("[".to_owned()),
        Just("\"a2\": ".to_owned()),
        Just("a3: ".to_owned()),
        "\\PC{0,12}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn any_answer_is_read_without_panic_and_never_two_items_for_one_source(
        answer in noise(), complete: bool, semicolon: bool, one_line: bool,
    ) {
        let form = if semicolon { Form::Semicolon } else { Form::Json };
        let parsed = parse(&answer, &Expect { one_line, ..expect(form, complete) });
        let mut sources: Vec<usize> = parsed.items.iter().filter_map(|i| i.source).collect();
        let n = sources.len();
        sources.sort_unstable();
        sources.dedup();
        prop_assert_eq!(n, sources.len());
        prop_assert!(parsed.items.len() <= 3);
        prop_assert_eq!(parse(&answer, &Expect { one_line, ..expect(form, complete) }), parsed);
    }

    #[test]
    fn a_rendered_answer_reads_back(texts in proptest::collection::vec("[a-zåéж][a-zåéж0-9 ,!?'\"\\\\\n\t😀-]{0,40}[a-zж]", 1..8)) {
        let ids: Vec<String> = (1..=texts.len()).map(|i| format!("a{i}")).collect();
        let sources: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "")).collect();
        let expect = Expect { sources: &sources, wanted: texts.len(), form: Form::Json, complete: true, one_line: false };
        let objects: Vec<_> = ids.iter().zip(&texts).map(|(id, t)| serde_json::json!({"id": id, "text": t})).collect();
        for answer in [
            serde_json::json!({"texts": objects}).to_string(),
            format!("Sure! Here you go:\n```json\n{}\n```", serde_json::to_string_pretty(&objects).expect("JSON")),
            objects.iter().map(|o| format!("{o}\n")).collect(),
        ] {
            let parsed = parse(&answer, &expect);
            let read: Vec<(Option<usize>, &str)> = parsed.items.iter().map(|i| (i.source, i.text.as_str())).collect();
            let sent: Vec<(Option<usize>, &str)> = texts.iter().enumerate().map(|(i, t)| (Some(i), t.as_str())).collect();
            prop_assert_eq!(read, sent, "{}", answer);
        }
    }

    #[test]
    fn a_rendered_list_reads_back(texts in proptest::collection::vec("[a-z]{3,9}( [a-z]{3,9}){1,6}", 2..9), form in 0usize..4) {
        let ids: Vec<String> = (1..=texts.len()).map(|i| format!("a{i}")).collect();
        let sources: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "")).collect();
        let expect = Expect { sources: &sources, wanted: texts.len(), form: Form::List, complete: true, one_line: true };
        prop_assume!(!texts.iter().any(|t| talk::is_talk(t)));
        let answer = match form {
            0 => texts.iter().enumerate().map(|(i, t)| format!("{}. {t}\n", i + 1)).collect::<String>(),
            1 => texts.iter().map(|t| format!("- {t}\n")).collect(),
            2 => texts.join("; "),
            _ => texts.join("\n"),
        };
        let parsed = parse(&answer, &expect);
        let read: Vec<&str> = parsed.items.iter().map(|i| i.text.as_str()).collect();
        prop_assert_eq!(read, texts.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert!(parsed.items.iter().enumerate().all(|(at, i)| i.source == Some(at)));
        prop_assert!(parsed.notes.is_empty(), "{:?}", parsed.notes);
    }

    #[test]
    fn every_line_of_a_list_stands_in_an_item_or_a_note(lines in proptest::collection::vec("(|[0-9]{1,2}[.)] |- |a[1-4]: |Sure: )[a-zA-Z;,.:!]{0,4}[a-zA-Z ]{0,24}", 0..12), semicolon: bool) {
        let form = if semicolon { Form::Semicolon } else { Form::List };
        let answer = lines.join("\n");
        let parsed = parse(&answer, &expect(form, true));
        let held: String = parsed.items.iter().map(|i| i.text.as_str()).chain(parsed.notes.iter().map(|n| n.detail.as_str())).collect::<Vec<_>>().join("\n");
        for word in answer.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() > 3) {
            prop_assert!(held.contains(word), "{word:?} of {answer:?} in {parsed:?}");
        }
    }
}
