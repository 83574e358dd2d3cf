//! `equipoise broker`.

mod routes;

use crate::args::{Global, Model, RecipeFile};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::broker::{Broker, Counts, MAX_TOKENS};
use equipoise::config::{Layer, Layers, ModelRecipe, Recipe};
use equipoise::core::text::{counted, thousands};
use equipoise::pipeline::Spent;
use equipoise::{Error, Setup, Work};
use routes::Door;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use toml::Table;

/// How long an outage may last before clients hear of it, in seconds: they wait meanwhile, and most give up after some minutes.
const MAX_OUTAGE_S: u64 = 60;
/// How long clients have to read their last answers.
const LINGER: Duration = Duration::from_secs(5);

/// Ask a model for many clients, over OpenAI's API on this machine: one budget, one rate, and no request paid twice
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Clients name http://127.0.0.1:8787/v1 as their base URL; docs/broker.md shows curl, Spark, Daft and Ray. An answer is in the journal of the
folder before a client gets it, and an equal request gets it from there, also after a restart. Ctrl-C waits for what is in flight.

Examples:
  equipoise broker --model openai/gpt-4.1-mini --budget 20 --out runs/broker
  equipoise broker --model vllm/Qwen3-8B --base-url http://127.0.0.1:8000/v1 --port 9000
  equipoise broker --model openai/gpt-4.1-mini --budget 20 --listen 0.0.0.0 --token-env BROKER_TOKEN")]
pub(crate) struct BrokerArgs {
    /// PROVIDER/NAME: openai/…, anthropic/…, gemini/…, ollama/…, vllm/…, llama-cpp/…, openai-compatible/…
    #[arg(long, value_name = "PROVIDER/NAME", help_heading = "Model")]
    model: Option<String>,
    /// Address of the model's endpoint, as the provider's own clients take it (OpenAI's ends in /v1)
    #[arg(long, value_name = "URL", help_heading = "Model")]
    base_url: Option<String>,
    /// Environment variable that holds the provider's key; clients need none
    #[arg(long, value_name = "VAR", help_heading = "Model")]
    key_env: Option<String>,
    /// A host besides the provider's own that may be sent the provider's key; repeatable
    #[arg(long, value_name = "HOST", help_heading = "Model")]
    allow_host: Vec<String>,
    /// How much the model reasons: none, minimal, low, medium or high [default: the least that is known of it]
    #[arg(long, value_name = "EFFORT", help_heading = "Model")]
    reasoning: Option<String>,
    /// How long one call may take: 90s, 10m [default: 10m, and more for more tokens]
    #[arg(long, value_name = "TIME", help_heading = "Model")]
    deadline: Option<String>,
    /// Requests in flight, at most [default: 32; 4 for ollama, vllm and llama-cpp on this machine]
    #[arg(long, value_name = "N", help_heading = "Model")]
    max_concurrency: Option<usize>,
    /// USD that the folder may spend, at most, restarts included; then requests that cost are refused with 402
    #[arg(long, value_name = "USD", help_heading = "Model")]
    budget: Option<f64>,
    /// USD per million tokens read and written [default: the list price of common models; nothing for local servers]
    #[arg(long, value_name = "IN,OUT", help_heading = "Model")]
    price: Option<String>,
    /// Go on although the price is not known
    #[arg(long, help_heading = "Model")]
    unpriced: bool,
    /// How long an outage may last before clients that wait are refused with 503: 90s, 30m, 2h [default: 60s]
    #[arg(long, value_name = "TIME", help_heading = "Model")]
    max_outage: Option<String>,
    /// Tokens that an answer may have whose request names no limit
    #[arg(long, value_name = "N", default_value_t = MAX_TOKENS, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Model")]
    max_tokens: u32,
    #[command(flatten)]
    file: RecipeFile,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8787, help_heading = "Clients")]
    port: u16,
    /// Address to listen on; one that other machines reach needs --token-env
    #[arg(long, value_name = "IP", default_value = "127.0.0.1", help_heading = "Clients")]
    listen: IpAddr,
    /// Environment variable that holds the token which clients must send as their API key
    #[arg(long, value_name = "VAR", help_heading = "Clients")]
    token_env: Option<String>,
    /// Folder of the journal; a broker that was there before is gone on with
    #[arg(long, value_name = "DIR", default_value = "runs/broker", help_heading = "Output")]
    out: PathBuf,
}

impl BrokerArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let token = self.token()?;
        let setup = Setup::new(self.recipe(global)?)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        // Nothing is opened where nobody could be served.
        let listener = runtime.block_on(tokio::net::TcpListener::bind(SocketAddr::from((self.listen, self.port))));
        let listener = listener.map_err(|e| {
            let message = format!("cannot listen on {} at port {}: {e}", self.listen, self.port);
            Failure::usage(message, "name another port with --port, or let --port 0 take a free one")
        })?;
        let sink = ui.clone();
        let work = Work::watched(move |e| sink.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let broker = Broker::open(&setup, &self.out, &work)?;
        let address = listener.local_addr()?;
        self.say_opened(&broker, &setup, address, ui)?;
        let door = Door { broker: broker.clone(), address, token, max_tokens: self.max_tokens };
        runtime.block_on(serve(door, listener))?;
        let spent = broker.close()?;
        ui.clear();
        ui.say(&ended(&broker.counts(), &spent, &broker.shown_model()))?;
        if let Some(unknown) = spent.told_unknown() {
            ui.note(&unknown);
        }
        Ok(())
    }

    fn recipe(&self, global: &Global) -> Result<Recipe, Failure> {
        let mut flags = Table::new();
        global.write(&mut flags);
        self.model().write(&mut flags).map_err(|m| Failure::usage(m, "see `equipoise broker --help`"))?;
        let layers = match &self.file.recipe {
            Some(path) => Layers::default().recipe(path),
            None => Ok(Layers::default()),
        };
        let layers = layers.map_err(Error::from)?.environment(|name| std::env::var(name).ok());
        let layers = layers.with(Layer::Flag, flags);
        let mut recipe = layers.resolve().map_err(Error::from)?;
        // Without a model there is nothing to wait for, and the broker says that it needs one.
        let asks = recipe.model.name != ModelRecipe::default().name;
        if asks && layers.origin("model.max_outage_s") == Layer::Default {
            recipe.model.max_outage_s = MAX_OUTAGE_S;
        }
        Ok(recipe)
    }

    /// The options as other commands have them.
    fn model(&self) -> Model {
        Model {
            model: self.model.iter().cloned().collect(),
            base_url: self.base_url.clone(),
            key_env: self.key_env.clone(),
            allow_host: self.allow_host.clone(),
            reasoning: self.reasoning.clone(),
            deadline: self.deadline.clone(),
            max_concurrency: self.max_concurrency,
            budget: self.budget,
            price: self.price.clone(),
            unpriced: self.unpriced,
            max_outage: self.max_outage.clone(),
            ..Model::default()
        }
    }

    /// What clients must send. Whoever reaches the broker spends the owner's money, so that only this machine goes without.
    fn token(&self) -> Result<Option<String>, Failure> {
        let Some(variable) = &self.token_env else {
            return match self.listen.is_loopback() {
                true => Ok(None),
                false => Err(Failure::usage(
                    format!("other machines reach {}, and whoever reaches the broker spends your money", self.listen),
                    "put a token into an environment variable and name it with --token-env VAR, or omit --listen",
                )),
            };
        };
        let token = std::env::var(variable).ok().filter(|token| !token.trim().is_empty());
        Ok(Some(token.ok_or_else(|| {
            let message = format!("the environment variable {variable} is empty or not set");
            Failure::usage(message, format!("set it first: export {variable}=\"$(openssl rand -hex 32)\""))
        })?))
    }

    fn say_opened(&self, broker: &Broker, setup: &Setup, address: SocketAddr, ui: &Ui) -> Result<(), Failure> {
        let url = format!("http://{address}/v1");
        let (model, dir) = (broker.shown_model(), self.out.display());
        ui.say(&format!("{model} answers at {url}; answers are kept in {dir}; Ctrl-C ends the broker"))?;
        ui.result(&serde_json::json!({ "url": url, "model": broker.model(), "dir": self.out.to_string_lossy() }))?;
        let earlier = broker.spent()?;
        if earlier.n_answered > 0 {
            ui.note(&format!("{} of before are in the journal{}", answers(&earlier), paid(&earlier)));
        }
        if setup.recipe().model.budget_usd.is_none() && earlier.usd.is_some() && !broker.is_free() {
            ui.note("no --budget: clients may spend as much as they ask for");
        }
        Ok(())
    }
}

/// Serves until the broker is over.
async fn serve(door: Door, listener: tokio::net::TcpListener) -> Result<(), Failure> {
    let (ending, over) = (door.broker.clone(), door.broker.clone());
    let routes = routes::routes(Arc::new(door));
    let served = axum::serve(listener, routes).with_graceful_shutdown(async move { ending.over().await });
    let late = async {
        over.over().await;
        tokio::time::sleep(LINGER).await;
    };
    tokio::select! {
        served = served.into_future() => Ok(served?),
        () = late => Ok(()),
    }
}

/// What was asked, answered and paid.
fn ended(counts: &Counts, spent: &Spent, model: &str) -> String {
    let n = thousands;
    let mut parts = vec![format!("{} answered by {model}", n(counts.n_answered))];
    for (count, what) in [
        (counts.n_joined, "with the answer to an equal one in flight"),
        (counts.n_known, "out of the journal"),
        (counts.n_refused, "refused"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", n(count)));
        }
    }
    let asked = counted(counts.n_asked as usize, "request");
    format!("{asked} of clients: {}. The folder holds {}{}.", parts.join(", "), answers(spent), paid(spent))
}

fn answers(spent: &Spent) -> String {
    counted(spent.n_answered, "answer")
}

fn paid(spent: &Spent) -> String {
    let tokens = format!(", {} + {} tokens", spent.input_tokens, spent.output_tokens);
    spent.usd.map_or_else(|| tokens.clone(), |usd| format!("{tokens}, {usd:.4} USD"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};
    use equipoise::config::OPTIONS;

    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        broker: BrokerArgs,
    }

    /// What belongs to serving, and is no setting of a recipe.
    const OWN: [&str; 7] = ["help", "recipe", "port", "listen", "token_env", "max_tokens", "out"];

    #[test]
    fn what_is_no_option_of_a_recipe_belongs_to_serving() {
        for argument in Alone::command().get_arguments() {
            let name = argument.get_id().as_str();
            assert!(OWN.contains(&name) || OPTIONS.iter().any(|option| option.name == name), "{name}");
        }
    }

    #[test]
    fn another_address_needs_a_token() {
        let told = |arguments: &[&str]| {
            let args = Alone::parse_from([&["equipoise"], arguments].concat()).broker;
            args.token().map_err(|failure| failure.told().0)
        };
        assert_eq!(told(&[]), Ok(None));
        assert_eq!(told(&["--listen", "::1"]), Ok(None));
        assert!(told(&["--listen", "0.0.0.0"]).expect_err("refused").contains("spends your money"));
        let unset = told(&["--listen", "0.0.0.0", "--token-env", "NO_SUCH_VARIABLE"]);
        assert!(unset.expect_err("refused").contains("NO_SUCH_VARIABLE is empty or not set"));
    }

    #[test]
    fn the_end_says_what_was_asked_answered_and_paid() {
        let counts =
            Counts { n_asked: 1_205, n_answered: 1_000, n_joined: 3, n_known: 200, n_refused: 2, n_waiting: 0 };
        let spent =
            Spent { n_answered: 1_000, input_tokens: 90, output_tokens: 80, usd: Some(0.25), ..Spent::default() };
        assert_eq!(
            ended(&counts, &spent, "openai/m"),
            "1,205 requests of clients: 1,000 answered by openai/m, 3 with the answer to an equal one in flight, 200 out of the \
             journal, 2 refused. The folder holds 1,000 answers, 90 + 80 tokens, 0.2500 USD."
        );
    }
}
