//! Everything that it takes to have the same run again.

use super::section::Section;
use crate::report::number::count;
use crate::report::{InputRole, ReportData, template};
use minijinja::Error;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "reproduction",
    menu: "Reproduce",
    title: "How to have the same again",
    render: |data, _| render(data).map(Some),
};

/// What of the run stands in the recipe and the prompt, whole.
#[derive(Debug, Serialize)]
struct Reproduction<'a> {
    /// Name and value.
    facts: Vec<(&'static str, String)>,
    command: Option<&'a str>,
    recipe: &'a str,
    prompt: Option<&'a str>,
    /// What nobody measured, a sentence each.
    not_measured: Vec<&'static str>,
}

fn render(data: &ReportData<'_>) -> Result<String, Error> {
    let made = &data.provenance;
    let view = Reproduction {
        facts: facts(data),
        command: made.command.as_deref(),
        recipe: &made.recipe,
        prompt: made.prompt.as_deref(),
        not_measured: not_measured(data),
    };
    template::html(include_str!("reproduction.html.j2"), view)
}

fn facts(data: &ReportData<'_>) -> Vec<(&'static str, String)> {
    let made = &data.provenance;
    let mut facts = vec![("Equipoise", made.tool_version.clone())];
    facts.extend(made.date.clone().map(|date| ("Started on", date)));
    facts.push(("Seed", made.seed.to_string()));
    facts.extend(made.typed_model.clone().map(|model| ("Model as it was asked for", model)));
    if let Some(plan) = data.plan {
        if !made.served_models.is_empty() {
            facts.push(("Model as the server named it", made.served_models.join(", ")));
        }
        facts.push(("Generator", plan.generator.clone()));
        if !plan.prompt.is_empty() {
            facts.push(("Prompt, BLAKE3", plan.prompt.clone()));
            let temperature = made.temperature.map_or_else(|| "the provider's".to_owned(), |t| t.to_string());
            facts.push(("Temperature", temperature));
            facts.push((
                "Source rows a request, at most",
                if plan.chunk == 0 { "by tokens".to_owned() } else { count(plan.chunk) },
            ));
            facts.push(match plan.price {
                Some(price) => {
                    ("Price, USD per million tokens", format!("{} read, {} written", price.input_usd, price.output_usd))
                }
                None => ("Price", "not known".to_owned()),
            });
        }
    }
    facts.extend(made.inputs.iter().map(|input| {
        let role = match input.role {
            InputRole::Train => "Training file",
            InputRole::Test => "Test file",
            InputRole::Unlabelled => "Unlabelled file",
            InputRole::Synthetic => "Synthetic file",
        };
        (
            role,
            format!("{}{}", input.name, input.digest.as_ref().map_or_else(String::new, |d| format!(" (BLAKE3 {d})"))),
        )
    }));
    facts
}

/// What this run leaves open.
fn not_measured(data: &ReportData<'_>) -> Vec<&'static str> {
    let mut open = Vec::new();
    match data.evaluation {
        None => open.push("What the new rows do to a classifier: nothing was held out."),
        Some(evaluation) => {
            if crate::report::roles::learners(evaluation).len() == 1 {
                open.push("Whether another learner, such as a fine-tuned language model, gains as much: one learner was asked (--learner adds more).");
            }
            open.push("Whether texts of another time or place look like the judged rows.");
            if evaluation.synthetic.n_kept > 0 {
                if data.cost.is_some() {
                    open.push("Whether the same prompt gives texts as good when it is asked again: each request was answered once.");
                }
                if evaluation.analysis.review.is_none() {
                    // Rows from elsewhere stand in no run that could be reviewed.
                    open.push(match data.plan {
                        Some(_) => "Whether people find the new rows right: nobody has read them (`equipoise review`).",
                        None => "Whether people find the new rows right: nobody has read them.",
                    });
                }
            }
        }
    }
    open
}
