//! No answer of another prompt, model or endpoint is taken for one that is asked for.

use crate::set_up::*;
use equipoise_core::data::{LabelId, RowId};
use equipoise_core::generator::SourceText;
use equipoise_core::provider::Request;
use fault_server::{Profile, Server};
use tempfile::tempdir;

fn asks() -> Vec<Request> {
    let text = "so glad".to_owned();
    let mut asks = requests(8);
    for ask in &mut asks {
        let row = RowId::new(&text, "joy", 0);
        ask.job.sources = vec![SourceText { key: "a1".to_owned(), row, text: text.clone() }];
    }
    asks
}

#[test]
fn every_change_of_what_is_asked_asks_anew_and_nothing_else_does() {
    let server = Server::start(Profile::default());
    let other = Server::start(Profile::default());
    let dir = tempdir().expect("a folder");
    let mut sent = |url: &str, change: &dyn Fn(&mut Request)| {
        let mut changed = asks();
        changed.iter_mut().for_each(change);
        let before = server.n_asked() + other.n_asked();
        let end = run(&mut engine(dir.path(), url, limits()), &changed);
        assert_eq!(end.progress.n_answered + end.progress.n_reused, 8);
        server.n_asked() + other.n_asked() - before
    };
    let changes: [(&str, &dyn Fn(&mut Request)); 10] = [
        ("first", &|_| ()),
        ("prompt", &|r| r.prompt.user.insert(0, 'A')),
        ("system text", &|r| r.prompt.system.push('!')),
        ("template", &|r| r.prompt.version.push('2')),
        ("model", &|r| r.model.push('2')),
        ("temperature", &|r| r.sampling.temperature = Some(0.5)),
        ("tokens", &|r| r.sampling.max_tokens += 1),
        ("seed", &|r| r.sampling.seed += 1),
        ("row", &|r| {
            r.job.sources[0].text.push('!');
            r.job.sources[0].row = RowId::new("so glad!", "joy", 0);
        }),
        ("label", &|r| r.job.label = LabelId(1)),
    ];
    for (what, change) in changes {
        assert_eq!(sent(server.url(), change), 8, "{what}");
        assert_eq!(sent(server.url(), change), 0, "{what} again");
    }
    assert_eq!(sent(other.url(), &|_| ()), 8, "base URL");
    assert_eq!(sent(server.url(), &|_| ()), 0, "the first answers are still there");
}
