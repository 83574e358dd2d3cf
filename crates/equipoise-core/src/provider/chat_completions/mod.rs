//! The chat completions protocol of OpenAI and of everyone who copied it.

mod decode;
mod encode;

use super::{Answer, Failure, HttpCall, Request, Response, Wire};

/// The wire; providers that speak it differ in address and key alone, besides OpenAI itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChatCompletions {
    /// Whether the endpoint is OpenAI's own, whose newer models take other parameters than everyone's.
    pub(super) openai: bool,
}

impl Wire for ChatCompletions {
    fn id(&self) -> &'static str {
        "chat_completions/1"
    }

    fn encode(&self, request: &Request, base_url: &str) -> HttpCall {
        encode::encode(request, base_url, self.openai)
    }

    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure> {
        decode::decode(response)
    }
}
