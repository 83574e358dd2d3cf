use super::*;
use crate::data::{Dataset, LabelId, Rows};
use crate::generator::{Job, ReadItem, SourceText, Sources};
use crate::rng::Seed;
use crate::text::{Names, PrivateKind, private_spans};

const ROWS: [(&str, &str); 4] = [
    ("write to anna@example.com or call +45 12 34 56 78", "a"),
    ("anna@example.com again, and [EMAIL_2] word for word", "a"),
    ("bo@example.com", "b"),
    ("nothing here", "b"),
];

fn dataset() -> Dataset {
    let mut rows = Rows::default();
    ROWS.iter().for_each(|(text, label)| rows.push(text, label).expect("few labels"));
    Dataset::new(rows).expect("two labels")
}

fn mask(dataset: &Dataset, unmask: Unmask) -> Mask {
    Mask::new(dataset.train(), Names::default(), unmask, Seed::new(7))
}

fn item(dataset: &Dataset, row: usize, text: &str) -> ReadItem {
    ReadItem {
        text: text.to_owned(),
        sources: Sources::One(dataset.train().get(row).id),
        fault: None,
        came: None,
        asked: None,
    }
}

#[test]
fn a_value_has_one_placeholder_in_the_whole_run_and_none_that_a_row_holds() {
    let dataset = dataset();
    let mask = mask(&dataset, Unmask::Restore);
    assert_eq!(mask.hide(ROWS[0].0), "write to [EMAIL_1] or call [PHONE_1]");
    assert_eq!(mask.hide(ROWS[1].0), "[EMAIL_1] again, and [EMAIL_2] word for word");
    assert_eq!(mask.hide(ROWS[2].0), "[EMAIL_3]");
    assert_eq!(mask.hide("eve@example.com"), "[EMAIL_0]", "no row has it");
    let counts = mask.count(ROWS.map(|row| row.0));
    assert_eq!(counts.words(), "3 of 4 rows (3 e-mail addresses, 1 phone number)");
}

#[test]
fn a_job_is_sent_without_what_is_private() {
    let dataset = dataset();
    let mask = mask(&dataset, Unmask::Restore);
    let source =
        |at: usize| SourceText { key: format!("a{at}"), row: dataset.train().get(at).id, text: ROWS[at].0.into() };
    let job =
        Job { label: LabelId(0), sources: vec![source(0), source(3)], wanted: 2, ordinal: 0, attributes: Vec::new() };
    let sent = mask.hide_job(&job);
    assert_eq!(sent.sources[0].text, "write to [EMAIL_1] or call [PHONE_1]");
    assert_eq!(sent.sources[1].text, "nothing here");
    assert!(mask.is_in(&job) && !mask.is_in(&Job { sources: vec![source(3)], ..job }));
}

#[test]
fn values_come_back_however_the_model_wrote_their_placeholders() {
    let dataset = dataset();
    let mask = mask(&dataset, Unmask::Restore);
    for text in ["Ring [PHONE_1], mail [EMAIL_1]", "Ring [phone 1], mail email_1", r"Ring [PHONE\_1], mail [ Email_1 ]"]
    {
        let shown = mask.show(item(&dataset, 0, text));
        assert_eq!(shown.text, "Ring +45 12 34 56 78, mail anna@example.com");
        assert_eq!(shown.fault, None);
    }
}

#[test]
fn a_placeholder_that_was_lost_or_invented_is_a_fault() {
    let dataset = dataset();
    let mask = mask(&dataset, Unmask::Restore);
    let fault = |row, text| mask.show(item(&dataset, row, text)).fault;
    assert_eq!(fault(0, "only [EMAIL_1]").as_deref(), Some(LOST));
    assert_eq!(fault(3, "mail [EMAIL_1]").as_deref(), Some(INVENTED), "of another row");
    assert_eq!(fault(3, "mail [EMAIL_9]").as_deref(), Some(INVENTED));
    assert_eq!(fault(1, "[EMAIL_1], [EMAIL_2]"), None, "the row holds it literally");
    let among = Sources::Among([0, 2].map(|at| dataset.train().get(at).id).to_vec());
    let of_several = |text: &str| {
        mask.show(ReadItem { text: text.into(), sources: among.clone(), fault: None, came: None, asked: None })
    };
    assert_eq!(of_several("mail [EMAIL_3]").text, "mail bo@example.com");
    assert_eq!(of_several("nothing").fault, None, "nobody knows whose it was");
    assert_eq!(of_several("[IP_1]").fault.as_deref(), Some(INVENTED));
}

#[test]
fn a_made_up_value_has_the_form_of_the_real_one_and_is_the_same_each_time() {
    let dataset = dataset();
    let [one, two] = [mask(&dataset, Unmask::Keep), mask(&dataset, Unmask::Keep)];
    let show = |mask: &Mask| mask.show(item(&dataset, 0, "Ring [PHONE_1], mail [EMAIL_1]"));
    let shown = show(&one);
    assert_eq!(shown, show(&two));
    assert!(one.made_up().iter().any(|made_up| shown.text.contains(made_up.as_str())));
    assert_eq!(mask(&dataset, Unmask::Restore).made_up(), [""; 0]);
    assert!(!shown.text.contains("12 34 56 78") && !shown.text.contains("anna"), "{}", shown.text);
    let kinds: Vec<PrivateKind> = private_spans(&shown.text, &Names::default()).into_iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [PrivateKind::Phone, PrivateKind::Email], "{}", shown.text);
}
