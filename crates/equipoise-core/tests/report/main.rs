//! The report and the card over whole runs: what stands in them, and what can never get into them.

mod contradictions;
mod random;
mod sample;

use equipoise_core as core;
use equipoise_core::catalog::{Settings, find};
use equipoise_core::parse::NoteKind;
use equipoise_core::report::{CATALOG, Fate, ReportData};
use sample::{Label, Sample};
use std::collections::BTreeSet;

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><style>*{display:none}</style>",
    "'--></title><svg onload=alert(1)>",
    "{{7*7}}{% raw %}",
    "\u{202e}desrever\u{2066}",
    "\u{1b}[31mred\u{0}\u{7f}",
    "| a | b |\n---\n# heading [x](javascript:alert(1)) ![y](http://z) `code`",
];

fn render(renderer: &str, data: &ReportData<'_>) -> String {
    let entry = find(CATALOG, "renderer", renderer).expect("it is in the catalog");
    entry.build(&Settings::new()).expect("defaults build").render(data).expect("templates fit their data")
}

/// The emotions run with every string that a user, a model or a file decides replaced.
fn hostile(text: &str) -> Sample {
    let other = format!("{text} too");
    let mut sample = Sample::new(text, &[(text, 900, 0, 100), (&other, 40, 60, 30)]);
    sample.dropped = vec![(text.to_owned(), 1)];
    sample.provenance.tool_version = text.to_owned();
    sample.provenance.served_models = vec![text.to_owned()];
    let provenance = &mut sample.provenance;
    (provenance.command, provenance.prompt) = (Some(text.to_owned()), Some(text.to_owned()));
    (provenance.recipe, provenance.typed_model) = (text.to_owned(), Some(text.to_owned()));
    sample.provenance.inputs.iter_mut().for_each(|i| (i.name, i.digest) = (text.to_owned(), Some(text.to_owned())));
    sample.provenance.outputs.iter_mut().for_each(|o| (o.name, o.file) = (text.to_owned(), text.to_owned()));
    let plan = sample.plan.as_mut().expect("the sample has a plan");
    (plan.model, plan.generator, plan.prompt) = (text.to_owned(), text.to_owned(), text.to_owned());
    for example in &mut sample.examples {
        (example.text, example.sources) = (text.to_owned(), vec![text.to_owned(); 5]);
        for finding in &mut example.findings {
            (finding.check, finding.evidence) = (text.to_owned(), vec![text.to_owned(); 7]);
        }
    }
    let table = sample.rows.as_mut().expect("the sample has rows");
    table.labels.iter_mut().for_each(|label| *label = text.to_owned());
    table.findings.iter_mut().for_each(|(_, check, reason)| (*check, *reason) = (text.to_owned(), text.to_owned()));
    table.rows.iter_mut().for_each(|row| (row.text, row.made_from) = (text.to_owned(), vec![text.to_owned(); 2]));
    let selection = sample.selection.as_mut().expect("the sample has a selection");
    selection.labels.iter_mut().for_each(|l| l.rejected_by.push((text.to_owned(), 1)));
    let evaluation = sample.evaluation.as_mut().expect("the sample is evaluated");
    evaluation.held_out.name = text.to_owned();
    evaluation.notes = vec![text.to_owned()];
    evaluation.verdict.reason = text.to_owned();
    evaluation.verdict.arm = text.to_owned();
    for arm in &mut evaluation.arms {
        arm.learner = text.to_owned();
        if arm.name == "synthetic" {
            arm.name = text.to_owned();
        }
    }
    for contrast in &mut evaluation.contrasts {
        contrast.learner = text.to_owned();
        if contrast.arm == "synthetic" {
            contrast.arm = text.to_owned();
        }
    }
    sample
}

/// Names of the elements of a page in order, `/name` where one ends. Panics where a tag is not closed or an attribute is not quoted.
fn tags(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let tag = &rest[..end.expect("every tag ends")];
        assert!(!tag.contains('<'), "a tag inside a tag: {tag}");
        let attributes = tag.split('"').step_by(2).collect::<String>();
        assert!(!attributes.contains('\''), "an attribute with single quotes: {tag}");
        let name: String = tag.chars().take_while(|c| !c.is_whitespace()).collect();
        if !tag.ends_with('/') {
            found.push(name);
        }
        rest = &rest[tag.len()..];
    }
    found
}

/// Panics unless every element of a page ends where it should.
fn assert_balanced(page: &str) {
    let mut open: Vec<String> = Vec::new();
    for tag in tags(page) {
        match tag.strip_prefix('/') {
            Some(name) => {
                assert_eq!(open.pop().as_deref(), Some(name), "an element ends that is not the last open one")
            }
            None if matches!(tag.as_str(), "!doctype" | "meta" | "br" | "input") => {}
            None => open.push(tag),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn hostile_strings_stand_in_the_page_only_escaped() {
    let expected: BTreeSet<String> = tags(&render("html", &Sample::emotions().data())).into_iter().collect();
    for text in HOSTILE {
        let page = render("html", &hostile(text).data());
        assert_balanced(&page);
        let found: BTreeSet<String> = tags(&page).into_iter().collect();
        assert!(found.is_subset(&expected), "{text:?} made an element: {:?}", found.difference(&expected));
        assert_eq!(page.matches("<style>").count(), 1);
        let raw = ['\u{202e}', '\u{2066}', '\u{1b}', '\u{0}', '\u{7f}'];
        assert!(!page.contains(raw), "{text:?} left a control character");
        assert!(!page.contains("href=\"j") && !page.contains("href=\"h"), "links stay inside the page");
    }
    assert!(render("html", &hostile("{{7*7}}").data()).contains("{{7*7}}"), "a template in a value is text");
}

#[test]
fn the_page_runs_and_loads_nothing() {
    let page = render("html", &Sample::emotions().data());
    let policy = "content=\"default-src 'none'; script-src 'sha256-";
    assert!(page.contains(policy) && page.contains("='; style-src 'unsafe-inline'; img-src data:;"));
    assert_eq!(page.matches("<script").count(), 2, "the rows, and the one script that the policy names");
    let (page, script) = page.rsplit_once("<script>").expect("the script is the last of the page");
    assert!(
        !["fetch", "XMLHttp", "innerHTML", "eval(", "import(", "document.write"]
            .iter()
            .any(|call| script.contains(call))
    );
    let page = page.replace("<script type=\"application/json\" id=\"x-data\">", "").replace("</script>", "");
    assert!(!page.contains("url(") && !page.contains("@import"));
    for tag in page.split('<').skip(1).filter_map(|t| t.split('>').next()) {
        let name = tag.split_whitespace().next().unwrap_or_default();
        assert!(!["script", "link", "img", "iframe", "object", "form"].contains(&name), "<{tag}>");
        // What stands between quotes is a value, and names of attributes stand outside.
        let names: String = tag.split('"').step_by(2).collect();
        for attribute in [" on", " src=", " style=", " action="] {
            assert!(!names.contains(attribute) || name == "meta" || tag.starts_with('/'), "<{tag}>");
        }
        assert!(!tag.contains("href=") || tag.contains("href=\"#"), "<{tag}> leaves the page");
    }
}

#[test]
fn every_size_and_kind_of_run_makes_a_balanced_page() {
    let names: Vec<String> = (0..60).map(|i| format!("label {i}")).collect();
    let sixty: Vec<Label<'_>> = names.iter().map(|n| (n.as_str(), 30, 10, 8)).collect();
    let mut unevaluated = Sample::emotions();
    unevaluated.evaluation = None;
    let mut bare = Sample::emotions().without_synthetic_rows();
    bare.evaluation = None;
    let mut armless = Sample::emotions();
    armless.evaluation.as_mut().expect("evaluated").arms.clear();
    let samples = [
        Sample::new("two", &[("ham", 480, 0, 90), ("spam", 70, 60, 14)]),
        Sample::new("forty", &sixty[..40]),
        Sample::new("sixty", &sixty),
        Sample::emotions().without_synthetic_rows(),
        Sample::emotions().with_second_learner("naive_bayes"),
        unevaluated,
        bare,
        armless,
    ];
    for sample in &samples {
        let page = render("html", &sample.data());
        assert_balanced(&page);
        for label in &sample.profile.labels {
            assert!(page.contains(&format!("title=\"{0}\">{0}</bdi>", label.label)), "{} is missing", label.label);
        }
        assert!(!page.contains("NaN") && !page.contains(">inf"));
        assert!(render("card", &sample.data()).starts_with("---\n"));
    }
}

/// So much of a page is what a browser can take in at once: bytes, and elements.
fn size(page: &str) -> (usize, usize) {
    (page.len(), tags(page).iter().filter(|tag| !tag.starts_with('/')).count())
}

#[test]
fn a_page_of_sixty_labels_and_every_way_of_training_stays_small() {
    let names: Vec<String> = (0..60).map(|i| format!("a label whose name is not short, {i}")).collect();
    let labels: Vec<Label<'_>> =
        names.iter().enumerate().map(|(i, n)| (n.as_str(), 900 / (i + 1) + 9, 40, 12)).collect();
    let mut sample = Sample::new("sixty", &labels);
    let evaluation = sample.evaluation.as_mut().expect("evaluated");
    // As many ways as a real run has, and with them as many differences.
    let others = core::arm::CATALOG.iter().map(|arm| arm.item.name);
    let others: Vec<&str> = others.filter(|name| evaluation.arms.iter().all(|arm| arm.name != *name)).collect();
    for name in others {
        let mut arm = evaluation.arms[6].clone();
        arm.name = name.to_owned();
        evaluation.arms.push(arm);
        let of_synthetic = evaluation.contrasts.iter().filter(|contrast| contrast.arm == "synthetic").cloned();
        let same: Vec<_> =
            of_synthetic.map(|contrast| core::eval::Contrast { arm: name.to_owned(), ..contrast }).collect();
        evaluation.contrasts.extend(same);
    }
    let (bytes, elements) = size(&render("html", &sample.data()));
    println!("60 labels: {bytes} bytes, {elements} elements");
    assert!(bytes < 1_500_000 && elements < 20_000, "{bytes} bytes, {elements} elements");
}

#[test]
fn a_page_of_five_thousand_candidates_stays_small() {
    let mut sample = Sample::emotions();
    let table = sample.rows.as_mut().expect("the sample has rows");
    let text = "i was standing in the kitchen when they all came in with a cake that nobody had told me about";
    let pattern: Vec<core::report::TableRow> = table.rows.clone();
    table.rows = (0..5_000)
        .map(|i| core::report::TableRow { text: format!("{text}, number {i}"), ..pattern[i % pattern.len()].clone() })
        .collect();
    let (bytes, elements) = size(&render("html", &sample.data()));
    println!("5,000 candidates: {bytes} bytes, {elements} elements");
    assert!(bytes < 3_000_000 && elements < 20_000, "{bytes} bytes, {elements} elements");
}

#[test]
fn every_figure_has_its_interval_or_the_reason_why_there_is_none() {
    let mut sample = Sample::new("few", &[("a", 300, 0, 50), ("b", 20, 20, 0)]);
    sample.evaluation.as_mut().expect("evaluated").contrasts.retain(|c| c.metric != "f1:a");
    let page = render("html", &sample.data());
    let figures: Vec<&str> = page.split("<span class=\"figure").skip(1).collect();
    assert!(figures.len() > 20);
    for figure in figures {
        let end = figure.find("</span></span>").expect("a figure ends");
        let figure = &figure[..end];
        assert!(figure.contains("class=\"interval\">[") || figure.contains("class=\"why\">"), "{figure}");
        assert_eq!(figure.contains("class=\"why\""), figure.contains("class=\"value\">–"), "{figure}");
    }
    assert!(page.contains("no held-out row") && page.contains("not compared"));
}

#[test]
fn a_difference_says_in_words_which_way_it_goes() {
    let page = render("html", &Sample::emotions().data());
    assert!(page.contains("figure better") && page.contains("▲ better"));
    assert!(page.contains("figure unclear") && page.contains("◇ unclear"));
}

#[test]
fn every_arm_has_its_line_in_the_drawings_with_words_for_those_who_do_not_see_it() {
    let sample = Sample::emotions();
    let page = render("html", &sample.data());
    let overall =
        page.split("<svg role=\"img\"").find(|s| s.contains("overall-0-title")).expect("the chart of all arms");
    let overall = &overall[..overall.find("</svg>").expect("it ends")];
    for arm in &sample.evaluation.as_ref().expect("evaluated").arms {
        assert!(overall.contains(&format!("{}: 0.", arm.name)), "{} is missing in the description", arm.name);
    }
    assert_eq!(overall.matches("class=\"dot\"").count(), 8);
    assert!(overall.contains("<circle") && overall.contains("rotate(45)"), "shapes tell the ways apart without colour");
}

#[test]
fn kept_and_rejected_texts_stand_with_their_sources_and_reasons() {
    let sample = Sample::emotions();
    let page = render("html", &sample.data());
    for example in &sample.examples {
        assert!(page.contains(&example.text));
        assert!(example.fate == Fate::Kept || page.contains("rejected by <code>"));
    }
    assert!(page.contains("near_duplicate: near row") && page.contains("2 of 63"));
    assert!(page.contains("i feel so surprised by all of this"), "the source of a rewrite");
}

#[test]
fn a_run_without_an_evaluation_says_that_nothing_was_measured() {
    let mut sample = Sample::emotions();
    sample.evaluation = None;
    for renderer in ["html", "card", "markdown"] {
        assert!(render(renderer, &sample.data()).contains("Not measured"), "{renderer}");
    }
}

#[test]
fn a_verdict_that_does_not_decide_is_not_shown_as_a_no() {
    let mut sample = Sample::emotions();
    let verdict = &mut sample.evaluation.as_mut().expect("evaluated").verdict;
    verdict.use_synthetic = Some(false);
    verdict.level = Some(equipoise_core::eval::Level::TooLittleData);
    verdict.reason = "Cannot tell: only 7 held-out rows of `surprise`.".to_owned();
    let page = render("html", &sample.data());
    assert!(page.contains("<title>Too little data:") && page.contains("first unknown"));
    assert!(page.contains("7 held-out rows of <code>surprise</code>."), "names stand out in prose");
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    for renderer in ["html", "card"] {
        assert_eq!(render(renderer, &Sample::emotions().data()), render(renderer, &Sample::emotions().data()));
    }
}

#[test]
fn notes_of_the_parser_are_counted_by_kind() {
    let sample = Sample::emotions();
    let data = sample.data();
    assert_eq!(data.parse_notes[&NoteKind::TooFew], 9);
    let page = render("html", &data);
    assert!(page.contains("<dt><bdi>fewer texts than asked for</bdi></dt><dd><bdi>9</bdi></dd>"));
}

#[test]
fn a_card_survives_hostile_names() {
    for text in HOSTILE {
        let card = render("card", &hostile(text).data());
        let (front, body) = card[4..].split_once("\n---\n").expect("the front matter ends");
        for line in front.lines() {
            let known = line.starts_with('#') || line.starts_with("- ") || line.starts_with("  ") || line.contains(':');
            assert!(known && !line.contains(['\u{1b}', '\u{202e}']), "{line}");
        }
        assert_eq!(front.lines().filter(|l| l.starts_with("license:")).count(), 1);
        let markup = body.replace("\\]", "").replace("\\`", "");
        for raw in ["<", "`", "](", "http://"] {
            assert!(!markup.contains(raw), "{raw} stands in the card of {text:?}:\n{markup}");
        }
        assert_eq!(body.lines().filter(|l| l.starts_with("# ")).count(), 1, "one heading of the first level");
    }
}

#[test]
fn card_tables_have_as_many_cells_in_every_row_as_in_their_head() {
    let samples = [Sample::emotions(), hostile("a | b \\"), hostile("\\|")];
    for (sample, file) in samples.iter().flat_map(|sample| ["card", "markdown"].map(|file| (sample, file))) {
        let card = render(file, &sample.data());
        let mut head = None;
        for line in card.lines() {
            let cells = line.starts_with('|').then(|| unescaped_pipes(line));
            head = cells.map(|cells| *head.get_or_insert(cells));
            assert_eq!(cells, head, "{line}");
        }
    }
}

fn unescaped_pipes(line: &str) -> usize {
    let mut escaped = false;
    let bare = line.chars().filter(|c| {
        let counts = *c == '|' && !escaped;
        escaped = *c == '\\' && !escaped;
        counts
    });
    bare.count()
}

#[test]
fn a_card_holds_no_row_text() {
    let sample = Sample::emotions();
    let card = render("card", &sample.data());
    for example in &sample.examples {
        assert!(!card.contains(&example.text));
    }
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_has_a_contrast_of_at_least_4_5_in_both_schemes() {
    let page = render("html", &Sample::emotions().data());
    let schemes: Vec<&str> = page.split(":root {").skip(1).take(2).collect();
    for (scheme, name) in schemes.iter().zip(["light", "dark"]) {
        let colour = |variable: &str| {
            let hex = scheme.split(&format!("--{variable}: #")).nth(1).expect("the scheme sets every colour");
            let channel = |i: usize| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).expect("six digits")) / 255.0;
            [channel(0), channel(2), channel(4)]
        };
        let page = colour("page");
        for (text, behind) in [
            ("text", page),
            ("quiet", page),
            ("quiet", colour("surface")),
            ("text", colour("surface")),
            ("text", colour("accent-soft")),
            ("accent", page),
            ("bad", page),
            ("on-accent", colour("accent")),
        ] {
            let found = contrast(colour(text), behind);
            assert!(found >= 4.5, "{name}: {text} has a contrast of {found:.2}");
        }
        // The strongest cell of a confusion matrix: 46 % of the shade over the page.
        let shade = colour("shade");
        let mixed = [0, 1, 2].map(|i| 0.46 * shade[i] + 0.54 * page[i]);
        assert!(contrast(colour("text"), mixed) >= 4.5, "{name}: a count on the strongest shade");
        // Drawings need 3.
        for mark in ["real", "free", "accent"] {
            assert!(contrast(colour(mark), page) >= 3.0, "{name}: {mark} has {:.2}", contrast(colour(mark), page));
        }
    }
}

#[test]
fn a_review_stands_beside_the_verdict_that_was_before_it() {
    let mut sample = Sample::emotions();
    let evaluation = sample.evaluation.as_mut().expect("evaluated");
    let mut before = evaluation.clone();
    before.verdict.level = Some(core::eval::Level::Promising);
    before.verdict.headline = "Use the new rows, and confirm it on more real rows.".to_owned();
    let decided = core::review::Applied { accepted: 40, rejected: 9, ..Default::default() };
    evaluation.analysis.review = Some(core::eval::ReviewEffect::new(decided, before));
    let page = render("html", &sample.data());
    assert!(page.contains("40 accepted, 9 rejected, 0 relabelled, 0 edited; reviewers disagree about 0 texts"));
    let section = page.split("<section id=\"review\">").nth(1).expect("a section of the review");
    let section = &section[..section.find("</section>").expect("it ends")];
    assert!(section.contains("Promising, not proven.") && section.contains("Yes."), "{section}");
    assert!(!render("html", &Sample::emotions().data()).contains("<section id=\"review\">"));
}
