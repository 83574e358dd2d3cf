//! Rows that want to be more than text.

use crate::common::equipoise;
use fault_server::{Reply, Server};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What texts, labels and file names hold that want to be more than text.
pub(crate) const PAYLOADS: [&str; 22] = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "\"><script>window.ran=1</script>",
    "'><img src=x onerror=window.ran=1>",
    "</script><script>window.ran=1</script>",
    "</style><script>window.ran=1</script>",
    "</title><script>window.ran=1</script>",
    "</textarea><script>window.ran=1</script>",
    "<!--<script>window.ran=1</script>-->",
    "<iframe srcdoc=\"<script>parent.ran=1</script>\">",
    "<a href=\"javascript:window.ran=1\">x</a>",
    "javascript:window.ran=1",
    "<body onload=window.ran=1>",
    "<details open ontoggle=window.ran=1>",
    "<input autofocus onfocus=window.ran=1>",
    "<math><mtext></mtext><script>window.ran=1</script></math>",
    "<template><script>window.ran=1</script></template>",
    "{{constructor.constructor('window.ran=1')()}}",
    "${window.ran=1}",
    "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
];

/// A finished run over rows whose texts, labels, file and model are payloads, as are the texts that the model writes.
pub(crate) fn hostile_run(folder: &Path) -> PathBuf {
    // On a thread of its own, since the server has a runtime of its own and the tests run inside another.
    std::thread::scope(|scope| scope.spawn(|| run_among_payloads(folder)).join().unwrap())
}

fn run_among_payloads(folder: &Path) -> PathBuf {
    let mut rows = csv::Writer::from_path(folder.join("<img src=x onerror=window.ran=1>.csv")).unwrap();
    rows.write_record(["text", "label"]).unwrap();
    for i in 0..120 {
        let payload = PAYLOADS[i % PAYLOADS.len()];
        rows.write_record([&format!("note {i}: {payload} and the rest of it"), "<script>window.ran=1</script>"])
            .unwrap();
    }
    for i in 0..40 {
        let payload = PAYLOADS[i % PAYLOADS.len()];
        rows.write_record([&format!("letter {i} says {payload} to us"), "\"><img src=x onerror=window.ran=1>"])
            .unwrap();
    }
    rows.flush().unwrap();
    let server = Server::scripted(|asked| answer(asked.n));
    let model = "openai-compatible/<img src=x onerror=window.ran=1>";
    let input = "<img src=x onerror=window.ran=1>.csv";
    let run = ["run", input, "--model", model, "--base-url", server.url(), "--out", "run", "--quiet", "--yes"];
    let rest =
        ["--unpriced", "--label-to", "\"><img src=x onerror=window.ran=1>=96", "--chunk", "4", "--prompt", "new"];
    equipoise(folder, &[&run[..], &rest].concat()).ends_with(0);
    folder.join("run")
}

/// An answer of payloads, by a model that gives itself one for a name.
fn answer(n: usize) -> Reply {
    let text = |at: usize| format!("message {at}-{n} brings {} along", PAYLOADS[(n * 4 + at) % PAYLOADS.len()]);
    let texts = json!({ "texts": (0..4).map(text).collect::<Vec<_>>() }).to_string();
    let body = json!({
        "id": "x", "object": "chat.completion", "model": "</script><script>window.ran=1</script>",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": texts }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20 }
    });
    Reply::Whole { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
}
