use super::*;
use std::collections::BTreeMap;
use std::path::Path;

fn kinds(text: &str) -> Vec<PrivateKind> {
    private_spans(text, &Names::default()).into_iter().map(|span| span.kind).collect()
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)).expect("a fixture")
}

#[test]
fn finds_each_kind() {
    use PrivateKind::{Card, Email, Iban, Ip, Key, Phone, Url};
    for (text, kind) in [
        ("write to anna.b+lists@example.co.uk please", Email),
        ("anna (at) example (dot) org", Email),
        ("请发到anna@example.cn谢谢", Email),
        ("my card 4111 1111 1111 1111 was stolen", Card),
        ("5500-0000-0000-0004", Card),
        ("4111 1111 1111 1111 12/27", Card),
        ("send it to DE89 3704 0044 0532 0130 00", Iban),
        ("iban gb82west12345698765432 from monday", Iban),
        ("use sk-proj-abcDEF1234567890xyz to log in", Key),
        ("use sk-XagAbuMFcWgsiHYjFefgfYwcbamumPHGKhTYLluY here", Key),
        ("AKIAIOSFODNN7EXAMPLE", Key),
        ("ghp_abcdefghijklmnopqrstuvwxyz012345", Key),
        ("password: hunter2!", Key),
        ("token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", Key),
        ("call (212) 555-0147 now", Phone),
        ("ring mig på 12 34 56 78", Phone),
        ("ring 12345678", Phone),
        ("+49 30 901820", Phone),
        ("it is 555-867-5309", Phone),
        ("06 12 34 56 78", Phone),
        ("from 192.168.10.255:8080", Ip),
        ("fe80::1ff:fe23:4567:890a", Ip),
        ("https://anna:pw@example.com/x", Url),
        ("see github.com/anna-b.", Url),
        ("notes are on www.example.edu/~lena", Url),
    ] {
        assert_eq!(kinds(text), [kind], "{text}");
    }
    let names = Names::of_list("# people\nAnna Berg\nRose\n");
    let named =
        |text: &str| private_spans(text, &names).into_iter().map(|s| text[s.range].to_owned()).collect::<Vec<_>>();
    assert_eq!(named("I met Anna Berg and a rose"), ["Anna Berg"]);
    assert_eq!(named("i met anna berg's rose"), ["anna berg", "rose"]);
    assert_eq!(named("ROSE is Roseanne"), ["ROSE"]);
}

#[test]
fn leaves_dates_amounts_and_names_alone() {
    for text in [
        "on 24.12.2023 at 18:30",
        "2023-12-24 18:30:05",
        "2017 2018 2019 2020 2021",
        "it cost 1 250 000 kroner",
        "12,345,678 people",
        "1.234.567,00",
        "@anna hi there",
        "RT @anna...hey @bob: lol",
        "5-4-3-2-1 go",
        "the years 1999-2004",
        "never forget '63. 1963  2000  2013",
        "version 1.2.3",
        "at 12:30:45",
        "a well-known-and-often-repeated-phrase-of-words",
        "http://example.com/a/very/long/path/to/some/page",
        "my password is gone",
        "scored 100000000 points",
        "order 20231224",
        "a song http://short.example/~7qx2b",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn what_stands_side_by_side_is_told_apart() {
    let text = "a@b.org +45 12 34 56 78 4111 1111 1111 1111, 10.0.0.1";
    let spans = private_spans(text, &Names::default());
    let found: Vec<(PrivateKind, &str)> = spans.iter().map(|s| (s.kind, &text[s.range.clone()])).collect();
    use PrivateKind::{Card, Email, Ip, Phone};
    assert_eq!(
        found,
        [(Email, "a@b.org"), (Phone, "+45 12 34 56 78"), (Card, "4111 1111 1111 1111"), (Ip, "10.0.0.1")]
    );
}

/// 2,000 planted spans, 50 of each kind in each of five languages: `fixtures/private.csv`.
#[test]
fn finds_planted_spans_of_every_kind_in_five_languages() {
    let names = Names::of_list(&fixture("private-names.txt"));
    let planted = fixture("private.csv");
    let mut reader = csv::Reader::from_reader(planted.as_bytes());
    let mut by_kind: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("a row");
        let (text, kind, planted) = (&record[0], &record[1], &record[2]);
        let spans = private_spans(text, &names);
        // Nothing of it may be left, but for a port, a mask of a network or a bracket.
        let mut left = text.to_owned();
        spans.iter().rev().for_each(|span| left.replace_range(span.range.clone(), ""));
        let core = planted.trim_matches(['[', ']']).split('/').next().unwrap_or(planted);
        let core = if kind == "ip" && core.contains('.') { core.split(':').next().unwrap_or(core) } else { core };
        let counts = by_kind.entry(kind.to_owned()).or_default();
        counts.0 += 1;
        if (kind != "url" && left.contains(core)) || left.contains(planted) || spans.is_empty() {
            counts.1.push(text.to_owned());
        }
    }
    let n: usize = by_kind.values().map(|(n, _)| n).sum();
    assert_eq!(n, 2_000);
    for (kind, (n, missed)) in &by_kind {
        let recall = 1.0 - missed.len() as f64 / *n as f64;
        assert!(recall >= 0.99, "{kind}: recall {recall:.3}, missed {missed:#?}");
    }
}

#[test]
fn spans_stand_in_order_within_any_text() {
    use proptest::prelude::*;
    proptest!(|(text in "\\PC{0,60}|[0-9@.:/a-f +()-]{0,60}")| {
        let spans = private_spans(&text, &Names::of_list("a\nb c"));
        prop_assert!(spans.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        prop_assert!(spans.iter().all(|s| s.range.start < s.range.end && text.get(s.range.clone()).is_some()));
    });
}

/// At most one row in a hundred of public collections, which hold hardly any such data: the figure that a user sees as a false alarm.
#[test]
fn flags_few_rows_of_public_collections() {
    let root = std::env::var_os("EQUIPOISE_SHARED").map_or_else(|| Path::new("../../../shared").to_owned(), Into::into);
    let data = Path::new(&root).join("data");
    let Ok(folders) = std::fs::read_dir(&data) else {
        return eprintln!("skipped: EQUIPOISE_SHARED names no folder with data");
    };
    for folder in folders {
        let file = folder.expect("an entry").path().join("full.csv");
        let Ok(mut reader) = csv::ReaderBuilder::new().flexible(true).from_path(&file) else { continue };
        let rows: Vec<String> =
            reader.records().map(|r| r.expect("a row").iter().collect::<Vec<_>>().join("\n")).collect();
        let flagged: Vec<&String> = rows.iter().filter(|row| !kinds(row).is_empty()).collect();
        let share = flagged.len() as f64 / rows.len().max(1) as f64;
        assert!(share <= 0.01, "{}: {share:.4}, {:#?}", file.display(), &flagged[..flagged.len().min(40)]);
    }
}
