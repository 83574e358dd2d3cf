//! The finding in a sentence.

use super::measure::{FEWEST, Leaning, Undone};
use crate::text::{counted, escape_control};

/// Words that a sentence names.
const NAMED: usize = 5;

/// What was found of the label called `name`, and what to do about it.
pub(super) fn sentence(name: &str, finding: Leaning, words: &[String], new: &Undone) -> String {
    let name = escape_control(name);
    let share = |e: &Option<crate::stats::Estimate>| e.as_ref().map_or(0.0, |e| 100.0 * e.value);
    let (undone, control) = (share(&new.give_aways), share(&new.random_words));
    let named: Vec<String> = words.iter().take(NAMED).map(|w| format!("`{}`", escape_control(w))).collect();
    let n = new.n;
    match finding {
        Leaning::Leans => format!(
            "{undone:.0} % of the {n} new false alarms of `{name}` hang on words such as {}, which its synthetic rows use far more than its \
             real ones; of as many random words {control:.0} % do. Have rows of the other labels written by the same \
             prompt, or use fewer synthetic rows.",
            named.join(", ")
        ),
        Leaning::NotShown => format!(
            "The new false alarms of `{name}` do not hang on the generator's words, as far as {n} of them show: deleting the words undoes \
             {undone:.0} %, deleting as many random words {control:.0} %."
        ),
        Leaning::TooFew if n == 0 => format!("The synthetic rows bring no new false alarms of `{name}`."),
        Leaning::TooFew => format!(
            "The synthetic rows bring {} of `{name}`: too few to say what they hang on, for that takes {FEWEST}.",
            counted(n, "new false alarm")
        ),
    }
}
