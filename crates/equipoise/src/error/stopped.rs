//! Why work ended before it was done, although nothing is wrong with what was asked.

use super::{Action, Hint, Kind, Part, hint::resume};
use crate::pipeline::Halt;
use crate::schedule::EndReason;
use crate::transport::Unreached;
use equipoise_core::generator::Fault;
use equipoise_core::provider::FailureKind;
use equipoise_core::text::{counted, thousands};
use std::path::{Path, PathBuf};

/// Why work ended before it was done. What was answered is kept, and a run goes on where it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Stopped {
    /// The user asked to stop, and the work was left where it stood.
    #[error("interrupted")]
    Interrupted {
        /// The run folder, where there is one.
        dir: Option<PathBuf>,
    },
    /// Sending ended before every request had its outcome.
    #[error("{}", ended(.reason))]
    Ended {
        /// Why.
        reason: EndReason,
        /// The folder that holds the journal.
        dir: Box<Path>,
        /// What there is in the place of what was asked for.
        instead: Option<Box<Instead>>,
    },
    /// Sending ended before everything of a trial had come; what came is given all the same.
    #[error("{}; the trial is not complete", ended(.reason))]
    Trial {
        /// Why.
        reason: EndReason,
    },
    /// Sending ended before everything of a pilot had come; the figures rest on what came.
    #[error("{}; the pilot is not complete", ended(.reason))]
    Pilot {
        /// Why.
        reason: EndReason,
        /// The folder that holds the journal.
        dir: Box<Path>,
    },
    /// A broker cannot answer what the journal does not hold.
    #[error("{}", ended(.reason))]
    Broker {
        /// Why.
        reason: EndReason,
    },
    /// Sending ended before the label judge was asked about every text.
    #[error("{}; the label judge was not asked about every text", ended(.reason))]
    LabelJudge {
        /// Why.
        reason: EndReason,
        /// The folder that holds the journal.
        dir: Box<Path>,
    },
    /// The answers say that the prompt, or the model, is wrong, and not the rows.
    #[error("{} of {} texts came of the first {} requests ({}), so nothing more was sent: the prompt or the model is at fault, and not the rows", thousands(halt.n_texts as u64), thousands(halt.wanted as u64), halt.n_requests, lost(*fault))]
    PromptFails {
        /// How many.
        halt: Halt,
        /// What was wrong with most answers.
        fault: Fault,
        /// The run folder.
        dir: PathBuf,
    },
    /// No text came, since the requests failed or their answers held none.
    #[error("no text came of {}{}", counted(*n_requests, "request"), complaint.as_ref().map_or_else(|| of_most(most), |said| format!("; the provider said: {said}")))]
    NothingCame {
        /// Requests that were asked.
        n_requests: usize,
        /// What the provider said of the last one that failed.
        complaint: Option<String>,
        /// Why most of the texts did not come.
        most: Option<Most>,
        /// The run folder.
        dir: PathBuf,
    },
    /// Texts came, and the checks rejected them all.
    #[error("the checks kept none of {} of {}{}", counted(*n_texts, "text"), counted(*n_requests, "request"), of_most(most))]
    NothingKept {
        /// Texts that came.
        n_texts: usize,
        /// Requests that were asked.
        n_requests: usize,
        /// Why most of them were rejected.
        most: Option<Most>,
        /// The run folder.
        dir: PathBuf,
    },
}

/// The commonest reason for which texts are of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Most {
    /// The reason, in words.
    pub why: String,
    /// Texts that it holds for.
    pub n: usize,
}

fn of_most(most: &Option<Most>) -> String {
    most.as_ref()
        .map_or_else(String::new, |Most { why, n }| format!("; the commonest reason ({}): {why}", counted(*n, "text")))
}

/// Why texts did not come, in words.
pub(crate) fn lost(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "answers left texts out",
        Fault::Cut => "answers were cut at the token limit, which thoughts of the model use up too",
        Fault::Unreadable => "answers held no text that can be read",
        Fault::Refused => "the model or a filter declined",
        Fault::Rejected => "the provider rejected the requests",
        Fault::TooLong => "requests were too long for the model or the endpoint",
    }
}

/// What there is in the place of the address, or of the model, that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// An address near the one that was asked, at which models are listed.
    Address(String),
    /// The models that the address lists.
    Models {
        /// Some of their names.
        names: Vec<String>,
        /// The one whose name is most like the one that was asked for, behind its provider.
        nearest: String,
    },
}

/// Whether access is refused for the key: a 401, or words about it. A country, an organisation, a licence or a wall before the server may
/// refuse the right key.
fn is_of_the_key(message: &str) -> bool {
    let lower = message.to_lowercase();
    lower.starts_with("401")
        || ["key", "token", "credential", "authenticat"].iter().any(|word| lower.contains(word))
            && !lower.starts_with("407")
}

/// What to do about a server that is not reached; `{}` stands for going on with the run.
fn reach(why: Unreached) -> &'static str {
    match why {
        Unreached::Nobody => "start the server and go on with `{}`, or name its address with {base_url=URL}",
        Unreached::NoHost => {
            "look at the network and the name, and go on with `{}`, or name the address there with {base_url=URL}"
        }
        Unreached::NoTls => "go on with `{}`, and give the address there with http:// by {base_url=URL}",
        Unreached::NotHttp => "go on with `{}`, and give the address there with https:// by {base_url=URL}",
        Unreached::Late => "give a call longer: go on with `{}` and {deadline=SECONDS}",
        Unreached::Certificate => {
            "name a file with the certificate of its authority in the variable SSL_CERT_FILE, and go on with `{}`"
        }
    }
}

fn ended(reason: &EndReason) -> String {
    match reason {
        EndReason::Done => "done".to_owned(),
        EndReason::Interrupted => "interrupted".to_owned(),
        EndReason::Budget => {
            "the budget is used up: what is left does not cover the next request at its longest".to_owned()
        }
        EndReason::Unauthorised(f) => format!("the provider refuses the key or the access: {}", f.message),
        EndReason::OutOfCredit(f) => format!("the account is out of credit: {}", f.message),
        EndReason::UnknownModel(f) => format!("the provider knows no such model or address: {}", f.message),
        EndReason::Refused(f) if f.kind == FailureKind::Garbled => {
            format!("what answers at the address is no model: {}", f.message)
        }
        EndReason::Refused(f) => format!("the provider refuses every request: {}", f.message),
        EndReason::Unreached(why, f) => format!("{}: {}", why.words(), f.message),
        EndReason::LongWait(wait, said) => {
            let said = said.as_ref().map_or(String::new(), |f| format!(": {}", f.message));
            format!("the provider asks to wait {} s{said}", wait.as_secs())
        }
        EndReason::Outage(f) => format!("the provider was out of reach for too long: {}", f.message),
        EndReason::NoSpace { free, needed } => {
            format!("the disk has {} MB left and the answers need {}", free / 1_000_000, needed.div_ceil(1_000_000))
        }
    }
}

impl Stopped {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            Stopped::Interrupted { .. } => Kind::Interrupted,
            Stopped::PromptFails { .. }
            | Stopped::NothingKept { .. }
            | Stopped::NothingCame { complaint: None, .. } => Kind::Stopped,
            Stopped::NothingCame { .. } => Kind::Provider,
            Stopped::Ended { reason, .. }
            | Stopped::Trial { reason }
            | Stopped::Pilot { reason, .. }
            | Stopped::Broker { reason }
            | Stopped::LabelJudge { reason, .. } => match reason {
                EndReason::Done => Kind::Internal,
                EndReason::Interrupted => Kind::Interrupted,
                EndReason::NoSpace { .. } => Kind::Output,
                EndReason::Unauthorised(_)
                | EndReason::UnknownModel(_)
                | EndReason::Refused(_)
                | EndReason::Unreached(..) => Kind::Provider,
                EndReason::Budget | EndReason::OutOfCredit(_) | EndReason::LongWait(..) | EndReason::Outage(_) => {
                    Kind::Stopped
                }
            },
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        if let Some(hint) = self.interrupted() {
            return Some(hint);
        }
        Some(match self {
            Stopped::Interrupted { dir: Some(dir) } => {
                Hint::new("nothing answered is lost; go on with `{}`", [resume(dir)])
            }
            Stopped::Interrupted { dir: None } => "nothing was written; start again".into(),
            Stopped::Ended { instead: Some(instead), dir, .. } => match &**instead {
                Instead::Address(address) => {
                    let (dir, address) = (dir.to_path_buf(), address.clone());
                    let action = Action::ResumeAt { dir, address: address.clone() };
                    Hint::new("{} lists models; go on there with `{}`", [address.into(), action.into()])
                }
                Instead::Models { names, nearest } => {
                    let model = Part::Setting { name: "model".to_owned(), value: Some(nearest.clone()) };
                    Hint::new("the address has {}; start anew with `{}`", [names.join(", ").into(), model])
                }
            },
            Stopped::Ended { reason: EndReason::Unauthorised(f), dir, .. } if !is_of_the_key(&f.message) => {
                Hint::new("the key may be right: look at what the provider says, then go on with `{}`", [resume(dir)])
            }
            Stopped::Ended { reason: EndReason::Unauthorised(_), dir, .. } => Hint::new(
                "put the right key into the variable and go on with `{}`, or name another variable there with {key_env=VAR}",
                [resume(dir)],
            ),
            Stopped::Ended { reason: EndReason::Refused(f), dir, .. } if f.kind == FailureKind::Garbled => Hint::new(
                "look at the address, and whether something stands between; go on with `{}`, or name another address there with {base_url=URL}",
                [resume(dir)],
            ),
            Stopped::Ended { reason: EndReason::Refused(_), .. } => Hint::new(
                "send the requests in another form, by omit, body, headers or query under [provider.NAME] in a recipe; `{}` tells what they take",
                [Action::List("providers").into()],
            ),
            Stopped::Ended { reason: EndReason::UnknownModel(f), dir, .. } if f.is_of_server => Hint::new(
                "look at the name of the model, and at the gateway whether a channel of the key's group serves it; then go on with `{}`, or start anew with another {model=PROVIDER/NAME}",
                [resume(dir)],
            ),
            Stopped::Ended { reason: EndReason::Unreached(why, _), dir, .. } => Hint::new(reach(*why), [resume(dir)]),
            Stopped::Ended { reason: EndReason::Budget, dir, .. } => {
                Hint::new("nothing answered is lost; go on with `{}` and a higher {budget=USD}", [resume(dir)])
            }
            Stopped::PromptFails { .. } | Stopped::NothingCame { .. } | Stopped::NothingKept { .. } => {
                return self.useless();
            }
            Stopped::Ended { dir, .. } => {
                Hint::new("nothing answered is lost; once it is mended go on with `{}`", [resume(dir)])
            }
            Stopped::Broker { .. } => {
                "nothing answered is lost; once it is mended ask again, and what is answered comes out of the journal"
                    .into()
            }
            Stopped::Trial { .. } => "the answers that came are shown above; once it is mended, try again".into(),
            Stopped::Pilot { dir, .. } | Stopped::LabelJudge { dir, .. } => Hint::new(
                "nothing answered is lost; once it is mended, give the command again with {out=DIR}, where DIR is {}",
                [dir.display().to_string().into()],
            ),
        })
    }

    /// What to do where what came is of no use.
    fn useless(&self) -> Option<Hint> {
        Some(match self {
            Stopped::NothingCame { .. } => {
                Hint::new("try the prompt and the model on a few rows with `{}`", [Action::TryPrompts.into()])
            }
            Stopped::NothingKept { dir, .. } => Hint::new(
                "look at the texts in candidates.jsonl and at what rejected them in verdicts.jsonl, both in {}; try other prompts or another model on a few rows with `{}`",
                [dir.display().to_string().into(), Action::TryPrompts.into()],
            ),
            Stopped::PromptFails { dir, .. } => Hint::new(
                "look at the answers in {}; once the model or the endpoint is mended, `{}` asks again for what brought no text; try other prompts on a few rows with `{}`",
                [dir.display().to_string().into(), resume(dir), Action::TryPrompts.into()],
            ),
            _ => return None,
        })
    }

    /// What to do where somebody asked to stop: nothing is to be mended.
    fn interrupted(&self) -> Option<Hint> {
        Some(match self {
            Stopped::Ended { reason: EndReason::Interrupted, dir, .. } => {
                Hint::new("nothing answered is lost; go on with `{}`", [resume(dir)])
            }
            Stopped::Broker { reason: EndReason::Interrupted } => {
                "nothing answered is lost; start it again, and what is answered comes out of the journal".into()
            }
            Stopped::Trial { reason: EndReason::Interrupted } => {
                "the answers that came are shown above; try again".into()
            }
            Stopped::Pilot { reason: EndReason::Interrupted, dir, .. }
            | Stopped::LabelJudge { reason: EndReason::Interrupted, dir, .. } => Hint::new(
                "nothing answered is lost; give the command again with {out=DIR}, where DIR is {}",
                [dir.display().to_string().into()],
            ),
            _ => return None,
        })
    }
}
