//! SPDX licence expressions, e.g. `(MIT OR Apache-2.0) AND Unicode-3.0`.

/// Whether the expression can be met with the licences that `allows` takes. `None` where it is no expression.
pub(super) fn holds(expression: &str, allows: impl Fn(&str) -> bool) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let holds = either(&tokens, &mut at, &allows)?;
    (at == tokens.len()).then_some(holds)
}

fn either(tokens: &[&str], at: &mut usize, allows: &impl Fn(&str) -> bool) -> Option<bool> {
    let mut holds = both(tokens, at, allows)?;
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= both(tokens, at, allows)?;
    }
    Some(holds)
}

fn both(tokens: &[&str], at: &mut usize, allows: &impl Fn(&str) -> bool) -> Option<bool> {
    let mut holds = term(tokens, at, allows)?;
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= term(tokens, at, allows)?;
    }
    Some(holds)
}

fn term(tokens: &[&str], at: &mut usize, allows: &impl Fn(&str) -> bool) -> Option<bool> {
    let token = *tokens.get(*at)?;
    *at += 1;
    match token {
        "(" => {
            let holds = either(tokens, at, allows)?;
            let closes = tokens.get(*at) == Some(&")");
            *at += 1;
            closes.then_some(holds)
        }
        ")" | "OR" | "AND" | "WITH" => None,
        id if tokens.get(*at) == Some(&"WITH") => {
            let exception = tokens.get(*at + 1)?;
            *at += 2;
            Some(allows(&format!("{id} WITH {exception}")))
        }
        id => Some(allows(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_or_and_with_and_brackets() {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
        let holds = |text: &str| holds(text, |id| allowed.contains(&id));
        for good in
            ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR MIT", "(MIT OR X) AND Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
        {
            assert_eq!(holds(good), Some(true), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND X", "X OR Y", "X AND MIT OR Y", "MIT WITH some-exception"] {
            assert_eq!(holds(bad), Some(false), "{bad}");
        }
        for broken in ["", "MIT OR", "(MIT", "MIT)", "MIT Apache-2.0", "WITH"] {
            assert_eq!(holds(broken), None, "{broken}");
        }
    }
}
