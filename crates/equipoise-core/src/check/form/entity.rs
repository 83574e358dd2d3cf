//! Entities of HTML that stand for a character.

use crate::text::compact;
use regex::Regex;
use std::sync::LazyLock;

/// Names of Latin-1, of typographic marks and of arrows (HTML 4); those of `&`, `<`, `>` and quotation marks are a pattern of their own.
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    let letters = r"[AEIOUaeiou](?:grave|acute|circ|uml)|[ANOano]tilde|[Yy]acute|yuml|Yuml|[Aa]ring|AElig|aelig|OElig|oelig|[Cc]cedil|[Oo]slash|szlig|ETH|eth|THORN|thorn|[Ss]caron";
    let marks = r"nbsp|ensp|emsp|thinsp|hellip|[mn]dash|[lr]squo|sbquo|[lr]dquo|bdquo|[lr]aquo|[lr]saquo|bull|middot|deg|cent|pound|yen|euro|curren|sect|para|copy|reg|trade|laquo|raquo|iexcl|iquest|ordf|ordm|plusmn|times|divide|frac(?:12|14|34)|sup[123]|micro|not|macr|acute|cedil|brvbar|shy|dagger|permil|[lrud]arr|harr|hearts|infin|ne|[lg]e|tilde|circ";
    Regex::new(&compact(&format!("&(?:{letters}|{marks}|#[0-9]{{2,6}}|#[xX][0-9a-fA-F]{{2,5}});")))
        .expect("a fixed pattern")
});

/// The first entity, other than that of the space of no width, which forums put between paragraphs.
pub(super) fn entity(text: &str) -> Option<&str> {
    let is_zero_width = |part: &str| part.eq_ignore_ascii_case("&#x200b;") || part == "&#8203;";
    ENTITY.find_iter(text).map(|m| m.as_str()).find(|part| !is_zero_width(part))
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn only_what_stands_for_a_character_is_an_entity() {
        for (text, found) in [
            ("a caf&eacute; nearby", Some("&eacute;")),
            ("5 &euro; each", Some("&euro;")),
            ("so funny &#128514;", Some("&#128514;")),
            ("it&#x2019;s", Some("&#x2019;")),
            ("&#x200B; &#8230;", Some("&#8230;")),
            ("one\n&#x200B;\ntwo", None),
            ("bed &breakfast; salt & pepper; R&B;", None),
        ] {
            assert_eq!(entity(text), found, "{text}");
        }
    }
}
