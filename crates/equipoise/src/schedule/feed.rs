//! Where the requests of a run come from: a list that is known, or a queue that others fill meanwhile.

use equipoise_core::provider::Request;
use std::future::{Future, pending};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::error::TryRecvError;

/// Requests, each with its number.
pub(super) trait Feed {
    /// Up to `n` of those that are there now, in order.
    fn take(&mut self, n: usize) -> Vec<(usize, Request)>;

    /// Whether no more will come.
    fn is_over(&self) -> bool;

    /// Whether somebody waits for the answer to each request, so that none may stand behind others unseen: one that is answered
    /// already has no need to wait for a free slot.
    fn is_awaited(&self) -> bool;

    /// Returns when [`Feed::take`] has something again, or when no more will come.
    fn changed(&mut self) -> impl Future<Output = ()>;

    /// The fewest that are still to come, as far as that is known.
    fn n_left(&self) -> usize;

    /// How many are left; nobody will take them.
    fn into_rest(self) -> u64;
}

/// A list that is drawn from as sending goes on.
pub(super) struct List<I> {
    requests: I,
    n_taken: usize,
    is_over: bool,
}

impl<I> List<I> {
    pub(super) fn new(requests: I) -> Self {
        List { requests, n_taken: 0, is_over: false }
    }
}

impl<I: Iterator<Item = Request>> Feed for List<I> {
    fn take(&mut self, n: usize) -> Vec<(usize, Request)> {
        let taken: Vec<_> = (self.n_taken..).zip(self.requests.by_ref().take(n)).collect();
        self.n_taken += taken.len();
        self.is_over = taken.len() < n;
        taken
    }

    fn is_over(&self) -> bool {
        self.is_over
    }

    fn is_awaited(&self) -> bool {
        false
    }

    /// Never: all of it is there from the beginning.
    fn changed(&mut self) -> impl Future<Output = ()> {
        pending()
    }

    fn n_left(&self) -> usize {
        self.requests.size_hint().0
    }

    fn into_rest(self) -> u64 {
        self.requests.count() as u64
    }
}

/// A queue of numbered requests that others fill while the engine sends.
pub struct Queue {
    incoming: UnboundedReceiver<(usize, Request)>,
    /// Taken out of the queue while waiting for it.
    next: Option<(usize, Request)>,
    n_taken: usize,
    is_over: bool,
}

impl Queue {
    /// The queue that `incoming` fills; it is over when every sender is gone.
    pub fn new(incoming: UnboundedReceiver<(usize, Request)>) -> Self {
        Queue { incoming, next: None, n_taken: 0, is_over: false }
    }

    /// How many requests the engine took out of it so far.
    pub fn n_taken(&self) -> usize {
        self.n_taken
    }
}

impl Feed for &mut Queue {
    fn take(&mut self, n: usize) -> Vec<(usize, Request)> {
        let mut taken: Vec<_> = self.next.take().into_iter().collect();
        while taken.len() < n {
            match self.incoming.try_recv() {
                Ok(request) => taken.push(request),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.is_over = true;
                    break;
                }
            }
        }
        self.n_taken += taken.len();
        taken
    }

    fn is_over(&self) -> bool {
        self.is_over && self.next.is_none()
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn changed(&mut self) {
        if self.next.is_none() {
            self.next = self.incoming.recv().await;
            self.is_over = self.next.is_none();
        }
    }

    fn n_left(&self) -> usize {
        self.incoming.len()
    }

    /// None: what is in the queue is for the next call.
    fn into_rest(self) -> u64 {
        0
    }
}
