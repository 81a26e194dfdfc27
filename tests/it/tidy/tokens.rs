//! Rust code as words and signs, as far as the checks of the tree need it.

/// Words and single signs of Rust code, without comments and without what is inside quotation marks.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let letter = letters[at];
        let next = rest.get(1).copied();
        at += match (letter, next) {
            ('/', Some('/')) => rest.iter().position(|at| *at == '\n').unwrap_or(rest.len()),
            ('/', Some('*')) => block_comment(rest),
            ('"', _) => string(rest),
            ('r', Some('"' | '#')) if raw_string(rest).is_some() => raw_string(rest).unwrap_or(1),
            // The letter after the backslash may itself be a quotation mark.
            ('\'', Some('\\')) => 4 + rest.iter().skip(3).position(|at| *at == '\'').unwrap_or(0),
            ('\'', Some(_)) if rest.get(2) == Some(&'\'') => 3,
            _ if letter.is_alphanumeric() || letter == '_' => {
                let is_part = |at: &char| at.is_alphanumeric() || *at == '_';
                let length = rest.iter().position(|at| !is_part(at)).unwrap_or(rest.len());
                tokens.push(rest[..length].iter().collect());
                length
            }
            _ => {
                if !letter.is_whitespace() {
                    tokens.push(letter.to_string());
                }
                1
            }
        };
    }
    tokens
}

fn block_comment(rest: &[char]) -> usize {
    let end = rest.windows(2).skip(2).position(|pair| pair == ['*', '/']);
    end.map_or(rest.len(), |end| end + 4)
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn raw_string(rest: &[char]) -> Option<usize> {
    let n_marks = rest[1..].iter().take_while(|at| **at == '#').count();
    (rest.get(1 + n_marks) == Some(&'"')).then_some(())?;
    let start = 2 + n_marks;
    let is_end = |at: &usize| {
        rest[*at] == '"'
            && rest[at + 1..].iter().take(n_marks).filter(|at| **at == '#').count() == n_marks
    };
    Some((start..rest.len()).find(is_end).map_or(rest.len(), |end| end + 1 + n_marks))
}

#[test]
fn comments_and_quotations_are_no_code() {
    let code = "a::b /* c */ \"d \\\" e\" // f\n r#\"g\"# '{' '\\n' &'static h";
    assert_eq!(tokens(code).join(" "), "a : : b & ' static h");
}
