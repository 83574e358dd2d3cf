//! An error with its causes, as every surface shows it.

use std::error::Error;

/// The error and what caused it, in one line; a cause that its effect quotes already is left out.
pub fn chain(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        let text = e.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        cause = e.source();
    }
    message
}
