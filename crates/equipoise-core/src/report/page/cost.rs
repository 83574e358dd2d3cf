//! What the run asked and paid.

use super::section::Section;
use crate::plan::{Forecast, Plan};
use crate::report::number::{ABSENT, count, usd};
use crate::report::{JudgeCost, ReportData, template};
use crate::text::counted;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "cost",
    menu: "Cost",
    title: "Cost",
    render: |data, _| {
        let table = CostTable::of(data);
        template::html(include_str!("cost.html.j2"), View { is_asked: table.is_some(), table }).map(Some)
    },
};

#[derive(Debug, Serialize)]
struct View {
    is_asked: bool,
    #[serde(flatten)]
    table: Option<CostTable>,
}

/// Forecast against what happened, line by line.
#[derive(Debug, Serialize)]
struct CostTable {
    lines: Vec<CostItem>,
    has_forecast: bool,
    /// What a reader has to know; may be empty.
    note: String,
}

#[derive(Debug, Serialize)]
struct CostItem {
    what: &'static str,
    forecast: String,
    worst: String,
    actual: String,
}

const UNPRICED: &str = "– (price unknown)";

impl CostTable {
    /// `None` where nothing was asked.
    fn of(data: &ReportData<'_>) -> Option<Self> {
        let cost = data.cost?;
        let total = data.plan.map(Plan::all);
        let money = |usd_value: Option<f64>| usd_value.map_or_else(|| UNPRICED.to_owned(), usd);
        let n_wanted = data.plan.map_or(0, |p| p.labels.iter().map(|l| l.quota.wanted).sum());
        let planned = |of: fn(&crate::plan::Forecast) -> String| total.as_ref().map_or_else(|| ABSENT.to_owned(), of);
        let mut lines = vec![
            CostItem {
                what: "Requests",
                forecast: planned(|t| count(t.n_requests)),
                worst: planned(|t| count(t.n_requests_worst)),
                actual: count(cost.n_requests),
            },
            CostItem {
                what: "Tokens read",
                forecast: planned(|t| count(t.input_tokens)),
                worst: planned(|t| count(t.input_tokens_worst)),
                actual: count(cost.input_tokens),
            },
            CostItem {
                what: "Tokens written",
                forecast: planned(|t| count(t.output_tokens)),
                worst: planned(|t| count(t.output_tokens_worst)),
                actual: count(cost.output_tokens),
            },
            CostItem {
                what: "Cost",
                forecast: total.map_or_else(|| ABSENT.to_owned(), |t| money(t.usd)),
                worst: total.map_or_else(|| ABSENT.to_owned(), |t| money(t.usd_worst)),
                actual: money(cost.usd),
            },
            CostItem {
                what: "Cost of a kept row",
                forecast: total.map_or_else(|| ABSENT.to_owned(), |t| each(t.usd, n_wanted)),
                worst: total.map_or_else(|| ABSENT.to_owned(), |t| each(t.usd_worst, n_wanted)),
                actual: each(cost.usd, data.n_kept()),
            },
        ];
        lines.extend(cost.judge.iter().flat_map(|judge| of_judge(judge, data.plan)));
        let note = match cost.n_unknown {
            0 => String::new(),
            n => {
                let most = cost.usd_unknown.map_or_else(String::new, |usd| format!(", {} at most,", money(Some(usd))));
                let requests = counted(n, "request");
                format!("The fate of {requests} is unknown; the worst case{most} is counted. spent.json lists them.")
            }
        };
        Some(CostTable { lines, has_forecast: total.is_some(), note })
    }
}

/// What of the lines above went to the judge of labels.
fn of_judge(judge: &JudgeCost, plan: Option<&Plan>) -> [CostItem; 2] {
    let money = |usd_value: Option<f64>| usd_value.map_or_else(|| UNPRICED.to_owned(), usd);
    let forecast = plan.and_then(|plan| plan.judge.as_ref()).map(|judge| judge.forecast);
    let planned = |of: &dyn Fn(&Forecast) -> String| forecast.as_ref().map_or_else(|| ABSENT.to_owned(), of);
    [
        CostItem {
            what: "Requests, those to the label judge alone",
            forecast: planned(&|f| count(f.n_requests)),
            worst: planned(&|f| count(f.n_requests_worst)),
            actual: count(judge.n_requests),
        },
        CostItem {
            what: "Cost of the label judge alone",
            forecast: planned(&|f| money(f.usd)),
            worst: planned(&|f| money(f.usd_worst)),
            actual: money(judge.usd),
        },
    ]
}

/// Money for each of `n` rows.
fn each(money: Option<f64>, n: usize) -> String {
    match (money, n) {
        (_, 0) => "– (no row)".to_owned(),
        (None, _) => UNPRICED.to_owned(),
        (Some(money), n) => usd(money / n as f64),
    }
}
