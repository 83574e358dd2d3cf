//! The key of a request: what is paid for once is found again by it, and by nothing that could stand for something else.

use super::{HttpCall, Prompt, Request, Sampling};
use crate::data::LabelId;
use crate::generator::{Job, RequestKey, SourceText};

/// The key of `request` as `call` sends it through the wire called `wire` (see [`super::Wire::id`]).
///
/// BLAKE3-256 over length-prefixed parts: wire and version, address, headers, the exact bytes of the body, and every field of the
/// request. The patterns name every field, so that a new one does not compile until it is placed here. Authentication is not in it.
pub fn request_key(wire: &str, call: &HttpCall, request: &Request) -> RequestKey {
    let HttpCall { url, headers, auth: _, body } = call;
    let mut parts = Parts::new("eq/req/v1");
    parts.bytes(wire.as_bytes());
    parts.bytes(url.as_bytes());
    parts.number(headers.len() as u64);
    for (name, value) in headers {
        parts.bytes(name.as_bytes());
        parts.bytes(value.as_bytes());
    }
    parts.bytes(body);
    parts.request(request);
    parts.key()
}

/// The key of a request to the provider called `provider` that answers inside the process; `taken` is what
/// [`super::offline_answer`] is told besides.
pub fn local_key(provider: &str, request: &Request, taken: &[String]) -> RequestKey {
    let mut parts = Parts::new("eq/local/v1");
    parts.bytes(provider.as_bytes());
    parts.number(taken.len() as u64);
    for text in taken {
        parts.bytes(text.as_bytes());
    }
    parts.request(request);
    parts.key()
}

/// Hashes values so that no two sequences of them look alike.
struct Parts(blake3::Hasher);

impl Parts {
    fn new(domain: &str) -> Self {
        let mut parts = Parts(blake3::Hasher::new());
        parts.bytes(domain.as_bytes());
        parts
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.update(bytes);
    }

    fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    fn optional(&mut self, number: Option<u64>) {
        self.number(u64::from(number.is_some()));
        self.number(number.unwrap_or(0));
    }

    fn request(&mut self, request: &Request) {
        let Request { job, prompt, model, sampling, schema } = request;
        let Job { label: LabelId(label), sources, wanted, ordinal, attributes } = job;
        self.number(u64::from(*label));
        self.number(sources.len() as u64);
        for SourceText { key, row, text } in sources {
            self.bytes(key.as_bytes());
            self.number(row.0);
            self.bytes(text.as_bytes());
        }
        self.number(*wanted as u64);
        self.number(u64::from(*ordinal));
        let Prompt { system, user, version } = prompt;
        self.bytes(system.as_bytes());
        self.bytes(user.as_bytes());
        self.bytes(version.as_bytes());
        self.bytes(model.as_bytes());
        let Sampling { temperature, max_tokens, seed } = sampling;
        self.optional(temperature.map(f64::to_bits));
        self.number(u64::from(*max_tokens));
        self.number(*seed);
        self.number(u64::from(schema.is_some()));
        self.bytes(schema.as_ref().map(ToString::to_string).unwrap_or_default().as_bytes());
        // Nothing where there are none, so that the keys of older journals remain.
        for attributes in attributes {
            self.number(attributes.len() as u64);
            for (name, value) in attributes {
                self.bytes(name.as_bytes());
                self.bytes(value.as_bytes());
            }
        }
    }

    fn key(&self) -> RequestKey {
        RequestKey(self.0.finalize().to_hex().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::TextAttributes;
    use crate::provider::tests::request;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn call() -> HttpCall {
        HttpCall {
            url: "https://a.example/v1/chat/completions".to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            auth: None,
            body: b"{}".to_vec(),
        }
    }

    #[test]
    fn changes_with_every_field_that_decides_the_answer() {
        let edits: [&dyn Fn(&mut Request); 16] = [
            &|_| (),
            &|r| r.job.label = LabelId(9),
            &|r| r.job.sources[0].key = "b1".to_owned(),
            &|r| r.job.sources[0].text.push('!'),
            &|r| r.job.sources.clear(),
            &|r| r.job.wanted += 1,
            &|r| r.job.ordinal += 1,
            &|r| r.prompt.system.push('.'),
            &|r| r.prompt.user.push('.'),
            &|r| r.prompt.version.push('0'),
            &|r| r.model.push('x'),
            &|r| r.sampling.temperature = None,
            &|r| r.sampling.max_tokens += 1,
            &|r| r.schema = None,
            &|r| r.job.attributes = vec![TextAttributes::from([("topic".to_owned(), "x".to_owned())])],
            &|r| r.job.attributes = vec![TextAttributes::new(); 2],
        ];
        let mut keys = BTreeSet::new();
        for edit in edits {
            let mut changed = request();
            edit(&mut changed);
            assert!(keys.insert(request_key("w/1", &call(), &changed)));
            assert!(keys.insert(local_key("offline", &changed, &[])));
        }
        let mut seeded = request();
        seeded.sampling.seed += 1;
        assert!(keys.insert(request_key("w/1", &call(), &seeded)));
        let calls: [&dyn Fn(&mut HttpCall); 3] =
            [&|c| c.url.push('2'), &|c| c.headers[0].1.push('x'), &|c| c.body.push(b' ')];
        for edit in calls {
            let mut changed = call();
            edit(&mut changed);
            assert!(keys.insert(request_key("w/1", &changed, &request())));
        }
        assert!(keys.insert(request_key("w/2", &call(), &request())));
    }

    #[test]
    fn the_way_of_authentication_is_not_in_the_key() {
        let with_auth = HttpCall { auth: Some(("authorization".to_owned(), "Bearer ".to_owned())), ..call() };
        assert_eq!(request_key("w/1", &call(), &request()), request_key("w/1", &with_auth, &request()));
    }

    proptest! {
        #[test]
        fn moving_text_between_fields_changes_the_key(a in ".{0,8}", b in ".{0,8}", cut in 0_usize..8) {
            let whole = format!("{a}{b}");
            let cut = whole.char_indices().map(|(i, _)| i).nth(cut).unwrap_or(whole.len());
            let mut one = request();
            (one.prompt.system, one.prompt.user) = (a.clone(), b.clone());
            let mut two = request();
            (two.prompt.system, two.prompt.user) = (whole[..cut].to_owned(), whole[cut..].to_owned());
            let same = one == two;
            prop_assert_eq!(request_key("w", &call(), &one) == request_key("w", &call(), &two), same);
        }
    }
}
