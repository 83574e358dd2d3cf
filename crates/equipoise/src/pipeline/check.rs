//! `check`: synthetic rows from anywhere, checked as those of a run are.

use super::Cost;
use super::generate::check_context;
use super::label_judge::{self, JudgePlan, JudgeSpent};
use super::page::{self, Results};
use super::verdicts;
use crate::artefacts::Artefacts;
use crate::error::{PlanError, Stopped};
use crate::event::{Event, Phase};
use crate::journal::Journal;
use crate::material::Admitted;
use crate::output::NewFile;
use crate::rundir::RunDir;
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{CheckOutcome, Counts, Panel, Verdict, in_order};
use equipoise_core::data::LabelId;
use equipoise_core::format::{Compression, by_name};
use equipoise_core::generator::Candidate;
use equipoise_core::select::{Selecting, Selection};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// What the checks say of synthetic rows.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The rows.
    pub candidates: Vec<Candidate>,
    /// The warnings and rejections.
    pub verdicts: Vec<Verdict>,
    /// How often each check found what.
    pub counts: Counts,
    /// What would be used.
    pub selection: Selection,
    /// Warnings on kept rows by `check/reason`, with their number.
    pub warnings: Vec<(String, usize)>,
    /// Rejected rows: `check/reason` and text, the first of each kind first; at most five of a kind.
    pub examples: Vec<(String, String)>,
    /// What the label judge was asked and paid, where there is one.
    pub judge: Option<JudgeSpent>,
}

/// A check of synthetic rows that is ready to run: what a label judge would be asked is known, and nobody was asked yet.
pub struct Checking<'a> {
    setup: &'a Setup,
    material: &'a Material,
    synthetic: Admitted,
    judge: Option<JudgePlan>,
}

impl<'a> Checking<'a> {
    /// Plans the check; sends nothing.
    ///
    /// # Errors
    /// A label judge that could never be asked, or whose price is unknown although that was not said to be fine.
    pub fn new(setup: &'a Setup, material: &'a Material, synthetic: Admitted) -> Result<Self, Error> {
        let mut wanted: BTreeMap<LabelId, usize> = BTreeMap::new();
        let labels = material.dataset.labels();
        for label in synthetic.candidates.iter().filter_map(|candidate| labels.id(&candidate.label)) {
            *wanted.entry(label).or_default() += 1;
        }
        let judge = JudgePlan::new(setup, material, &wanted, 0)?;
        judge.iter().try_for_each(|plan| plan.check(setup))?;
        Ok(Checking { setup, material, synthetic, judge })
    }

    /// What a person consents to; `None` where nobody is asked.
    pub fn cost(&self) -> Option<Cost> {
        let plan = self.judge.as_ref()?;
        Some(Cost {
            host: plan.host().map(str::to_owned),
            price_from: self.setup.judge.as_ref()?.model().and_then(|model| model.price_from),
            budget_usd: self.setup.limits.budget.map(|cost| cost.usd()),
            n_texts: plan.sent(self.material.dataset.train()).len() + self.synthetic.candidates.len(),
            forecast: plan.forecast.forecast,
        })
    }

    /// Runs the checks; `candidates.jsonl`, `verdicts.jsonl`, `selection.json`, `report.html` and `checked.csv`, which has a line for each row
    /// of the files, go to `artefacts`. What a label judge says stays in `journal.db` in the folder `dir`, and is never asked again there.
    ///
    /// # Errors
    /// A file that cannot be taken; a label judge without a folder, or that was not asked to the end.
    pub fn run(self, artefacts: &mut dyn Artefacts, dir: Option<&Path>, work: &Work<'_>) -> Result<Checked, Error> {
        let Checking { setup, material, mut synthetic, judge } = self;
        let train = material.dataset.train();
        // Made and locked while the judge is asked: two commands would pay twice.
        let place = dir.filter(|_| judge.is_some()).map(RunDir::create).transpose()?;
        let mut judging = match (&judge, dir) {
            (Some(plan), Some(dir)) => {
                Some(label_judge::Judging::live(plan, train, (dir, None), &Journal::open(dir)?, work)?)
            }
            (Some(plan), None) => return Err(PlanError::JudgeNeedsFolder { by: plan.forecast.by.clone() }.into()),
            (None, _) => None,
        };
        let checked = Checked::new(setup, material, &mut synthetic, judging.as_mut(), work);
        let checked = checked.map_err(|error| again(error, dir))?;
        drop((judging, place));
        put(&checked, setup, &synthetic, artefacts)?;
        let made = Results {
            candidates: &checked.candidates,
            verdicts: &checked.verdicts,
            selection: Some(&checked.selection),
            checks: Some(&checked.counts),
            evaluation: None,
            files: &synthetic.files,
            run: None,
        };
        page::render(setup, material, &made, artefacts)?;
        Ok(checked)
    }
}

/// A check goes on when it is given once more, and not as a run does.
fn again(error: Error, dir: Option<&Path>) -> Error {
    match (error, dir) {
        (Error::Stopped(Stopped::Ended { reason, .. }), Some(dir)) => {
            Stopped::LabelJudge { reason, dir: dir.into() }.into()
        }
        (error, _) => error,
    }
}

/// Runs the checks on synthetic rows, without a label judge: [`Checking::run`].
///
/// # Errors
/// As [`Checking::new`] and [`Checking::run`].
pub fn check(
    setup: &Setup,
    material: &Material,
    synthetic: Admitted,
    artefacts: &mut dyn Artefacts,
    work: &Work<'_>,
) -> Result<Checked, Error> {
    Checking::new(setup, material, synthetic)?.run(artefacts, None, work)
}

/// Hands over what was found, besides the page; first what tells that the other files are of a check, which is thus given again where it was
/// broken off.
fn put(checked: &Checked, setup: &Setup, synthetic: &Admitted, artefacts: &mut dyn Artefacts) -> Result<(), Error> {
    let (_, format) = by_name("csv")?;
    let (format, compression) = (&*format, Compression::None);
    let told = NewFile { format, compression, like: None, columns: &CHECKED };
    artefacts.put("checked.csv", &mut |out| told.write(checked.rows(synthetic), out).map(drop))?;
    artefacts.jsonl("candidates.jsonl", &checked.candidates)?;
    let found = (&checked.candidates[..], &checked.verdicts[..], &checked.counts);
    verdicts::put(found, setup.output.all_verdicts, artefacts)?;
    artefacts.json("selection.json", &checked.selection)
}

/// Texts that are checked between two looks at whether to stop.
const AT_ONCE: usize = 8192;

/// Rejected texts of a kind that are kept to be shown.
const EXAMPLES: usize = 5;

/// The columns of `checked.csv`.
const CHECKED: [&str; 8] = ["file", "row", "id", "candidate", "label", "text", "state", "findings"];

impl Checked {
    /// What became of each row of the files, by its place there.
    fn rows<'c>(&'c self, synthetic: &'c Admitted) -> impl Iterator<Item = Vec<String>> + 'c {
        // All of these stand in the order of the candidates.
        let mut kept = self.selection.kept.iter().peekable();
        let mut surplus = self.selection.surplus.iter().peekable();
        let mut verdicts = self.verdicts.iter().peekable();
        self.candidates.iter().zip(&synthetic.origins).map(move |(candidate, origin)| {
            let is_next = |id: &&String| **id == candidate.id;
            let state = match (kept.next_if(is_next), surplus.next_if(is_next)) {
                (Some(_), _) => "kept",
                (None, Some(_)) => "surplus",
                (None, None) => "rejected",
            };
            let own = std::iter::from_fn(|| verdicts.next_if(|verdict| verdict.candidate == candidate.id));
            let findings: Vec<String> = own.map(why).collect();
            let place = [origin.file.to_string(), origin.row.to_string(), origin.id.clone().unwrap_or_default()];
            let own = [&candidate.id, &candidate.label, &candidate.text].map(String::clone);
            place.into_iter().chain(own).chain([state.to_owned(), findings.join(" ")]).collect()
        })
    }

    /// Checks the candidates, which are taken out of `synthetic`.
    pub(super) fn new(
        setup: &Setup,
        material: &Material,
        synthetic: &mut Admitted,
        judge: Option<&mut label_judge::Judging<'_>>,
        work: &Work<'_>,
    ) -> Result<Self, Error> {
        let mut candidates = std::mem::take(&mut synthetic.candidates);
        let context = check_context(setup, material);
        let panel = Panel::new(&setup.checks, &context);
        let mut judging = panel.begin();
        panel.mend(&mut candidates);
        let verdicts = work.phase(Phase::Check, || {
            work.compute(|| {
                let mut verdicts = Vec::new();
                for (at, part) in candidates.chunks(AT_ONCE).enumerate() {
                    work.checkpoint();
                    verdicts.extend(judging.judge(part));
                    let done = (at * AT_ONCE + part.len()) as u64;
                    let (total, what) = (candidates.len() as u64, "texts".to_owned());
                    work.tell(Event::Advanced { phase: Phase::Check, done, total, what });
                }
                verdicts
            })
        })?;
        let mut spent = None;
        if let Some(judge) = judge {
            judging.hear(&judge.judge(&open(&candidates, &verdicts))?);
            spent = Some(judge.spent());
        }
        let (verdicts, counts) = work.phase(Phase::Check, || {
            work.compute(|| {
                let (concluded, counts) = judging.conclude(&verdicts);
                // What it knows of each text is needed no more, and takes as much room as the texts.
                drop(judging);
                (in_order(&candidates, verdicts, concluded), counts)
            })
        })?;
        let mut selecting = Selecting::new(&synthetic.quotas);
        let mut warned: BTreeMap<String, usize> = BTreeMap::new();
        let mut examples: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut left = &verdicts[..];
        for candidate in &candidates {
            // Verdicts stand in the order of the candidates.
            let n = left.iter().take_while(|verdict| verdict.candidate == candidate.id).count();
            let (own, others) = left.split_at(n);
            left = others;
            selecting.add(candidate, own);
            for verdict in own {
                match verdict.outcome {
                    CheckOutcome::Pass => {}
                    CheckOutcome::Warn => *warned.entry(why(verdict)).or_default() += 1,
                    CheckOutcome::Reject => {
                        let of_kind = examples.entry(why(verdict)).or_default();
                        of_kind.extend((of_kind.len() < EXAMPLES).then(|| candidate.text.clone()));
                    }
                }
            }
        }
        let selection = selecting.finish();
        // Round robin over the kinds, so that the first few show each.
        let longest = examples.values().map(Vec::len).max().unwrap_or(0);
        let turns = (0..longest)
            .flat_map(|i| examples.iter().filter_map(move |(why, t)| Some((why.clone(), t.get(i)?.clone()))));
        let examples = turns.collect();
        let warnings = warned.into_iter().collect();
        Ok(Checked { candidates, verdicts, counts, selection, warnings, examples, judge: spent })
    }
}

/// What a verdict is for, as people are told.
fn why(verdict: &Verdict) -> String {
    format!("{}/{}", verdict.check, verdict.reason)
}

/// The candidates that no check rejects: nobody is asked about the others.
fn open<'c>(candidates: &'c [Candidate], verdicts: &[Verdict]) -> Vec<&'c Candidate> {
    let rejects = verdicts.iter().filter(|verdict| verdict.outcome == CheckOutcome::Reject);
    let rejected: HashSet<&str> = rejects.map(|verdict| verdict.candidate.as_str()).collect();
    candidates.iter().filter(|c| !rejected.contains(c.id.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefacts::Memory;
    use crate::input::Source;
    use crate::material::Sources;
    use crate::pipeline::testing::{RARE, begun, recipe, text};
    use equipoise_core::format::Table;

    #[test]
    fn each_row_of_a_file_has_its_line_with_what_became_of_it() {
        let (setup, material) = begun(recipe());
        let work = Work::default();
        let copy = material.dataset.train().rows().find(|r| r.text.contains("cancel")).expect("a row").text.to_owned();
        let made = Table::of_pairs([(copy.as_str(), RARE), ("I would rather not have the kettle after all", RARE)]);
        let columns = Sources::from(Table::of_pairs([("a", "b")])).columns;
        let admitted = material.admit(&[Source::table("made", made)], &columns, &work).expect("rows of known labels");
        let mut files = Memory::default();
        let checked = check(&setup, &material, admitted, &mut files, &work).expect("verdicts");
        assert_eq!(checked.candidates.len(), 2);
        let lines: Vec<&str> = text(&files, "checked.csv").lines().collect();
        assert_eq!(lines[0], "file,row,id,candidate,label,text,state,findings");
        assert!(lines[1].contains(",rejected,copy/"), "{}", lines[1]);
        assert!(checked.examples.iter().any(|(why, t)| why.starts_with("copy/") && *t == copy));
    }
}
