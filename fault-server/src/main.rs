//! The fault server on its own: prints its address and answers until it is killed.

use fault_server::{Fault, Outage, OutageKind, Profile, RateProfile, Server, Told, WaitDialect};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

const HELP: &str = "\
fault-server [OPTION...]: stands in for model providers and misbehaves on purpose

  --port N           port on 127.0.0.1; 0 (default) takes a free one and prints it
  --latency-ms N     time until an answer
  --seed N           decides which requests meet which faults
  --hostile SHARE    all types of faults at this share of the requests together
  --faults A=S,B=S   faults of these types at these shares; `--faults list` shows the types
  --fault-wait-ms N  the wait that an injected 429 asks for
  --hang-ms N        how long a hanging connection stays open
  --drip-ms N        time between two bytes of a drip
  --rpm N, --tpm N   requests and tokens a minute
  --burst-s S        seconds of the rate that a full bucket holds
  --step S=FACTOR    from S seconds on the limits are FACTOR times as high; repeatable
  --told WHAT        headers: openai, anthropic, nothing, -1, 0, 10x, 0.1x
  --wait DIALECT     how a 429 says how long to wait; `--wait list` shows the dialects
  --outage S,S,KIND  an outage from second to length: a status, `refused` or `hole`; repeatable
  --batch-polls N    how often a batch is looked at before it has ended

GET /ledger tells what was billed and delivered.
";

fn main() -> ExitCode {
    let mut out = std::io::stdout();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let said = match profile(&arguments) {
        Ok(Some(profile)) => {
            let server = Server::start(profile);
            // Who started it may have closed the pipe.
            let _ = writeln!(out, "listening on {}", server.url()).and_then(|()| out.flush());
            server.wait();
            return ExitCode::SUCCESS;
        }
        Ok(None) => Ok(HELP.to_owned()),
        Err(Stop::List(names)) => Ok(names.join("\n") + "\n"),
        Err(Stop::Bad(what)) => Err(format!("error: {what}\nhint: fault-server --help\n")),
    };
    // As above.
    let _ = match &said {
        Ok(text) => out.write_all(text.as_bytes()),
        Err(text) => std::io::stderr().write_all(text.as_bytes()),
    };
    if said.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Why no server starts.
enum Stop {
    List(Vec<&'static str>),
    Bad(String),
}

fn profile(arguments: &[String]) -> Result<Option<Profile>, Stop> {
    let mut profile = Profile::default();
    let mut rate = RateProfile::default();
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        let value = arguments.next().ok_or_else(|| Stop::Bad(format!("`{name}` needs a value")))?.as_str();
        let bad = || Stop::Bad(format!("`{name} {value}` is not understood"));
        let number = || value.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0).ok_or_else(bad);
        let ms = || number().map(|ms| Duration::from_secs_f64(ms / 1e3));
        match name.as_str() {
            "--port" => profile.port = value.parse().map_err(|_| bad())?,
            "--latency-ms" => profile.latency = ms()?,
            "--seed" => profile.seed = value.parse().map_err(|_| bad())?,
            "--hostile" => profile.faults = Profile::hostile(number()?).faults,
            "--faults" if value == "list" => return Err(Stop::List(Fault::ALL.iter().map(|f| f.name()).collect())),
            "--faults" => {
                let one = |part: &str| {
                    let (name, share) = part.split_once('=')?;
                    Some((Fault::named(name)?, share.parse().ok()?))
                };
                profile.faults = value.split(',').map(one).collect::<Option<_>>().ok_or_else(bad)?;
            }
            "--fault-wait-ms" => profile.fault_wait = ms()?,
            "--hang-ms" => profile.hang = ms()?,
            "--drip-ms" => profile.drip = ms()?,
            "--rpm" => rate.requests_per_minute = number()?,
            "--tpm" => rate.tokens_per_minute = number()?,
            "--burst-s" => rate.burst_s = number()?,
            "--step" => rate.steps.push(step(value).ok_or_else(bad)?),
            "--told" => rate.told = told(value).ok_or_else(bad)?,
            "--wait" if value == "list" => {
                return Err(Stop::List(WaitDialect::ALL.iter().map(|d| d.name()).collect()));
            }
            "--wait" => rate.wait = WaitDialect::named(value).ok_or_else(bad)?,
            "--outage" => profile.outages.push(outage(value).ok_or_else(bad)?),
            "--batch-polls" => profile.batch.polls = value.parse().map_err(|_| bad())?,
            _ => return Err(Stop::Bad(format!("`{name}` is no option"))),
        }
    }
    if rate.requests_per_minute.is_finite() || rate.tokens_per_minute.is_finite() {
        profile.rate = Some(rate);
    }
    Ok(Some(profile))
}

fn step(value: &str) -> Option<(Duration, f64)> {
    let (at, factor) = value.split_once('=')?;
    Some((seconds(at)?, factor.parse().ok()?))
}

fn outage(value: &str) -> Option<Outage> {
    let mut parts = value.split(',');
    let (from, lasts) = (seconds(parts.next()?)?, seconds(parts.next()?)?);
    let kind = match parts.next()? {
        "refused" => OutageKind::Refused,
        "hole" => OutageKind::BlackHole,
        status => OutageKind::Status(status.parse().ok()?),
    };
    Some(Outage { from, lasts, kind })
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

fn told(value: &str) -> Option<Told> {
    Some(match value {
        "openai" => Told::OpenAi,
        "anthropic" => Told::Anthropic,
        "nothing" => Told::Nothing,
        "-1" => Told::MinusOne,
        "0" => Told::Zero,
        "10x" => Told::TenTimesTooMuch,
        "0.1x" => Told::TenTimesTooLittle,
        _ => return None,
    })
}
