//! The retry budget: how many of the last sends were blind retries.

use std::collections::VecDeque;

/// The last thousand sends, and how many of them were blind retries.
#[derive(Debug, Default)]
pub(super) struct Sends(VecDeque<bool>, usize);

impl Sends {
    /// Counts a send; `retry` where the request was sent before and failed without a word on when to come back.
    pub(super) fn note(&mut self, retry: bool) {
        self.0.push_back(retry);
        self.1 += usize::from(retry);
        if self.0.len() > 1000 {
            self.1 -= usize::from(self.0.pop_front() == Some(true));
        }
    }

    /// More than a tenth and ten: the server has trouble that more requests make worse, so retries wait longer.
    pub(super) fn too_many_retries(&self) -> bool {
        self.1 > self.0.len() / 10 + 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_ten_and_a_tenth_of_the_last_thousand() {
        let mut sends = Sends::default();
        for _ in 0..11 {
            sends.note(true);
        }
        assert!(!sends.too_many_retries(), "eleven of eleven");
        sends.note(true);
        assert!(sends.too_many_retries());
        for _ in 0..1000 {
            sends.note(false);
        }
        assert!(!sends.too_many_retries());
        for _ in 0..111 {
            sends.note(true);
        }
        assert!(sends.too_many_retries());
    }
}
