//! A text in sentences, and the places where talk stands: its ends and its brackets.

/// The text in sentences: they end behind a mark or a colon, at a line's end, and before a bracket.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut starts = vec![0];
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let ends = c == '\n' || (c.is_whitespace() && matches!(before, '.' | '!' | '?' | '…' | ':'));
        if ends || (before.is_whitespace() && matches!(c, '(' | '[' | '*')) {
            starts.push(at);
        }
        before = c;
    }
    starts.push(text.len());
    let parts: Vec<&str> = starts.windows(2).map(|pair| text[pair[0]..pair[1]].trim()).collect();
    parts.into_iter().filter(|part| !part.is_empty())
}

/// The sentences, with what stands in brackets apart from what follows.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for sentence in sentences(text) {
        match bracket_end(sentence) {
            Some(end) => pieces.extend([&sentence[..end], sentence[end..].trim()]),
            None => pieces.push(sentence),
        }
    }
    let mut joined: Vec<&str> = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        match joined.last_mut() {
            Some(head) if head.ends_with(':') && piece.split_whitespace().count() <= VALUE => {
                *head = between(text, head, piece);
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Words behind a colon, at most, that belong to what stands before it: `Word count: 17`.
const VALUE: usize = 3;

/// The part of `text` from one of its parts to a later one.
pub(super) fn between<'t>(text: &'t str, first: &str, last: &str) -> &'t str {
    let start = first.as_ptr() as usize - text.as_ptr() as usize;
    let end = last.as_ptr() as usize - text.as_ptr() as usize + last.len();
    &text[start..end]
}

/// Where the brackets end that a sentence begins with, if more follows.
fn bracket_end(sentence: &str) -> Option<usize> {
    let close = match sentence.chars().next()? {
        '(' => ')',
        '[' => ']',
        '*' => '*',
        _ => return None,
    };
    let end = sentence[1..].find(close)? + 2;
    sentence[end..].starts_with(char::is_whitespace).then_some(end)
}

/// Whether the piece stands in brackets or stars.
pub(super) fn is_bracketed(piece: &str) -> bool {
    piece.starts_with(['(', '[', '*']) && piece.trim_end_matches(['.', '!', ' ']).ends_with([')', ']', '*'])
}

/// Words of a piece that says something of the text around it, at most: longer ones are texts themselves.
const LONGEST: usize = 16;

/// The first and the last piece, and those in brackets, as far as they are short.
pub(super) fn places(text: &str) -> Vec<&str> {
    let pieces = pieces(text);
    let last = pieces.len().saturating_sub(1);
    let is_place = |(at, piece): &(usize, &str)| {
        (*at == 0 || *at == last || is_bracketed(piece))
            && piece.split_whitespace().take(LONGEST + 1).count() <= LONGEST
    };
    pieces.into_iter().enumerate().filter(is_place).map(|(_, piece)| piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_pieces_of_their_own_and_ends_are_places() {
        assert_eq!(
            pieces("(note one) We lost. Again! [two] and so on *three*"),
            ["(note one)", "We lost.", "Again!", "[two]", "and so on", "*three*"]
        );
        assert_eq!(places("We lost. Nobody came (so sad) to see it. Bye."), ["We lost.", "(so sad)", "Bye."]);
        assert_eq!(pieces("We lost. Length: 8 words"), ["We lost.", "Length: 8 words"]);
        assert_eq!(places(&"word ".repeat(20)), [""; 0]);
    }
}
