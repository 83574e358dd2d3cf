//! A running server.

use crate::ledger::{Books, Ledger};
use crate::serve::{self, Shared};
use crate::{Asked, Profile, Reply, Script};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, MutexGuard};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

/// A server on 127.0.0.1 on a thread of its own; it ends when it is dropped.
pub struct Server {
    url: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Starts a server; it takes requests when this returns.
    ///
    /// # Panics
    /// Where the port is taken or the system gives no thread: no test can go on then.
    pub fn start(profile: Profile) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let listener = runtime.block_on(async { listen(profile.port) });
        let port = listener.local_addr().expect("a bound socket").port();
        let shared = Arc::new(Shared::new(profile, port));
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("fault-server".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve::accept(listener, served) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        let thread = Some(thread.expect("a thread"));
        Server { url: format!("http://127.0.0.1:{port}/v1"), shared, stop: Some(stop), thread }
    }

    /// A server whose every reply `script` decides, and which keeps every request.
    pub fn scripted(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Server::start(Profile { script: Some(Script::new(script)), keep: true, ..Profile::default() })
    }

    /// Base URL as OpenAI's and Anthropic's clients take it; it ends in `/v1`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Base URL as Gemini's clients take it; it ends in `/v1beta`.
    pub fn gemini_url(&self) -> String {
        format!("{}beta", self.url)
    }

    /// Counts so far.
    pub fn ledger(&self) -> Ledger {
        self.books().sums.clone()
    }

    /// How often each request was delivered, most often first; without those that never were.
    pub fn deliveries(&self) -> Vec<u32> {
        self.books().deliveries()
    }

    /// How often each tag (see [`Asked::id`]) was billed; empty unless [`Profile::keep`] is set.
    pub fn billed(&self) -> BTreeMap<String, usize> {
        self.books().tags.clone()
    }

    /// Requests for an answer that arrived, repeated ones included.
    pub fn n_asked(&self) -> usize {
        self.books().sums.n_asked as usize
    }

    /// Calls of a batch API that came; what they did is done, but for one that is [`crate::Held`] before.
    pub fn batch_calls(&self) -> usize {
        self.shared.batches.lock().expect("nothing panics under it").n_calls
    }

    /// Every request for an answer, in order of arrival; empty unless [`Profile::keep`] is set.
    pub fn requests(&self) -> Vec<Asked> {
        self.shared.kept().clone()
    }

    /// Waits until the server is stopped from outside; for the binary.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _stop = self.stop.take();
            // It does not panic; were it to, the process ends all the same.
            let _ = thread.join();
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.shared.books()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // As above.
            let _ = thread.join();
        }
    }
}

/// Listens on `port`, also right after the port was in use.
pub(crate) fn listen(port: u16) -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("an option of every system");
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).expect("a free port");
    socket.listen(4096).expect("a bound socket")
}
