//! Which key, if any, may go to which host.

use super::Secret;
use crate::transport::{Endpoint, EndpointError};

/// Why no key can be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The variable is not set.
    #[error("the environment variable {variable} is not set")]
    Missing {
        /// Its name.
        variable: String,
    },
    /// What stands for the name of a variable is none, and may be the key itself, so it is not shown.
    #[error("the name of an environment variable was expected, and what was given looks like a key")]
    NoName,
    /// The variable holds nothing that a header can carry.
    #[error("the environment variable {variable} is empty or holds characters that no key has")]
    Unusable {
        /// Its name.
        variable: String,
    },
    /// The provider's key is for another host.
    #[error("the key in {variable} is for {own_host} and is not sent to {host}")]
    OtherHost {
        /// Its name.
        variable: &'static str,
        /// The host that it is for.
        own_host: String,
        /// The host that was asked for.
        host: String,
    },
    /// The address is not usable.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
}

/// Which key may go where.
///
/// A variable named by the user is sent where the user says. The provider's own variable is sent to the provider's own host and to
/// those that are allowed; a server on this machine in its place gets no key; any other host is refused.
#[derive(Debug, Clone)]
pub struct KeyRule {
    /// The provider's own address.
    pub own_url: Option<&'static str>,
    /// The environment variable of the provider's key.
    pub own_variable: Option<&'static str>,
    /// Ends of the names of other hosts of the provider.
    pub own_hosts: &'static [&'static str],
    /// The environment variable that the user named.
    pub variable: Option<String>,
    /// Hosts besides the provider's own that may be sent its key.
    pub allow_hosts: Vec<String>,
}

impl KeyRule {
    /// The key for `endpoint`, read through `env`; `None` where none is sent.
    ///
    /// # Errors
    /// [`KeyError`] where a key is needed and cannot be sent.
    pub fn read(&self, endpoint: &Endpoint, env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Secret>, KeyError> {
        let read = |variable: &str| {
            let missing = || match is_name(variable) {
                true => KeyError::Missing { variable: variable.to_owned() },
                false => KeyError::NoName,
            };
            let value = env(variable).ok_or_else(missing)?;
            Secret::new(&value).map(Some).ok_or_else(|| KeyError::Unusable { variable: variable.to_owned() })
        };
        if let Some(variable) = &self.variable {
            return read(variable);
        }
        let Some(variable) = self.own_variable else { return Ok(None) };
        let own = self.own_url.map(|url| Endpoint::parse(url, &[])).transpose()?;
        let ends_so = |end: &&str| endpoint.host() == *end || endpoint.host().ends_with(end);
        let is_own =
            own.as_ref().is_some_and(|own| own.host() == endpoint.host()) || self.own_hosts.iter().any(ends_so);
        if is_own || self.allow_hosts.iter().any(|h| h.eq_ignore_ascii_case(endpoint.host())) {
            read(variable)
        } else if endpoint.is_loopback() {
            Ok(None)
        } else {
            let own_host = own.map(|own| own.host().to_owned());
            let own_host = own_host.unwrap_or_else(|| self.own_hosts.join(", "));
            Err(KeyError::OtherHost { variable, own_host, host: endpoint.host().to_owned() })
        }
    }
}

/// Whether people would call a variable so: in letters of one case, digits and `_`. Keys mix cases, or hold other characters.
fn is_name(variable: &str) -> bool {
    let has = |of: fn(&u8) -> bool| variable.as_bytes().iter().any(of);
    let is_plain = variable.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_plain && !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)) && variable.len() <= 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::catalog::Settings;
    use equipoise_core::provider::{Provider, find_model};

    fn key(model: &str, url: &str, key_env: Option<&str>, allow: &[&str]) -> Result<Option<String>, KeyError> {
        let allow: Vec<String> = allow.iter().map(|h| (*h).to_owned()).collect();
        let provider = find_model(model).expect("known").0.build(&Settings::new()).expect("defaults build");
        let endpoint = Endpoint::parse(url, &allow)?;
        let env = |name: &str| match name {
            "OPENAI_API_KEY" => Some("sk-own".to_owned()),
            "ANTHROPIC_API_KEY" => Some("sk-ant".to_owned()),
            "GEMINI_API_KEY" => Some("AI-own".to_owned()),
            "MY_KEY" => Some("sk-mine".to_owned()),
            "BLANK" => Some(" ".to_owned()),
            _ => None,
        };
        let Provider::Http { base_url: own_url, key_env: own_variable, hosts: own_hosts, .. } = *provider else {
            return Ok(None);
        };
        let rule =
            KeyRule { own_url, own_variable, own_hosts, variable: key_env.map(str::to_owned), allow_hosts: allow };
        Ok(rule.read(&endpoint, &env)?.map(|s| s.expose().to_owned()))
    }

    #[test]
    fn sends_a_providers_key_to_its_own_host_alone() {
        assert_eq!(key("openai/m", "https://api.openai.com/v1", None, &[]), Ok(Some("sk-own".to_owned())));
        assert_eq!(key("openai/m", "https://API.OPENAI.COM./v1", None, &[]), Ok(Some("sk-own".to_owned())));
        assert_eq!(key("openai/m", "http://127.0.0.1:9/v1", None, &[]), Ok(None));
        for other in ["https://evil.example/v1", "https://api.openai.com.evil.example/v1", "https://api-openai.com/v1"]
        {
            assert!(matches!(key("openai/m", other, None, &[]), Err(KeyError::OtherHost { .. })), "{other}");
        }
    }

    #[test]
    fn every_paid_provider_has_a_key_and_a_host_of_its_own() {
        let hosts = [
            ("openai/m", "https://api.openai.com/v1", "sk-own"),
            ("anthropic/m", "https://api.anthropic.com/v1", "sk-ant"),
            ("gemini/m", "https://generativelanguage.googleapis.com/v1beta", "AI-own"),
        ];
        for (model, _, own) in hosts {
            for (owner, url, _) in hosts {
                match key(model, url, None, &[]) {
                    Ok(sent) => assert_eq!((model, sent), (owner, Some(own.to_owned()))),
                    Err(e) => assert!(owner != model && matches!(e, KeyError::OtherHost { .. }), "{model} {url} {e}"),
                }
            }
        }
    }

    #[test]
    fn the_user_decides_by_name() {
        assert_eq!(key("openai/m", "https://gate.example/v1", None, &["gate.example"]), Ok(Some("sk-own".to_owned())));
        assert_eq!(key("openai/m", "https://gate.example/v1", Some("MY_KEY"), &[]), Ok(Some("sk-mine".to_owned())));
        assert_eq!(key("openai-compatible/m", "https://gate.example/v1", None, &[]), Ok(None));
        assert_eq!(key("vllm/m", "http://localhost:8000/v1", Some("MY_KEY"), &[]), Ok(Some("sk-mine".to_owned())));
    }

    #[test]
    fn a_named_variable_must_hold_a_key() {
        for pasted in ["sk-abcdef0123456789", "AIzaSyA1b2C3d4", "gsk_1a2b3c"] {
            assert_eq!(key("openai/m", "https://gate.example/v1", Some(pasted), &[]), Err(KeyError::NoName));
        }
        let missing = KeyError::Missing { variable: "NOPE".to_owned() };
        assert_eq!(key("openai/m", "https://a.example/v1", Some("NOPE"), &[]), Err(missing));
        let unusable = KeyError::Unusable { variable: "BLANK".to_owned() };
        assert_eq!(key("openai/m", "https://a.example/v1", Some("BLANK"), &[]), Err(unusable));
    }
}
