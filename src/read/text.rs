//! Bytes to text: declared encodings are enforced, undeclared ones detected and named.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding it was in.
    pub encoding: &'static str,
    /// Whether it was guessed.
    pub detected: bool,
}

/// Why bytes could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// The declared label is not an encoding.
    UnknownLabel,
    /// The bytes are not in the encoding; the first bad line, from 1.
    Malformed {
        /// Encoding tried.
        encoding: &'static str,
        /// First line that does not decode.
        line: usize,
    },
}

/// Decodes bytes in the declared encoding, or in the one detected: a byte order mark, UTF-8, UTF-16 by its zero bytes,
/// else Windows-1252 (of which Latin-1 is the printable part).
pub(crate) fn decode(bytes: &[u8], label: Option<&str>) -> Result<Decoded, DecodeError> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let (encoding, detected) = match (label, marked) {
        (Some(label), _) => {
            let declared =
                Encoding::for_label(label.as_bytes()).ok_or(DecodeError::UnknownLabel)?;
            (declared, false)
        }
        (None, Some(marked)) => (marked, true),
        (None, None) => (guess(bytes), true),
    };
    let (text, used, malformed) = encoding.decode(bytes);
    if malformed {
        let line =
            text.split('\n').position(|line| line.contains('\u{FFFD}')).map_or(1, |at| at + 1);
        return Err(DecodeError::Malformed { encoding: used.name(), line });
    }
    Ok(Decoded { text: text.into_owned(), encoding: used.name(), detected })
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |parity: usize| {
        sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count() * 10
            > sample.len() * 3
    };
    if zeros(1) {
        UTF_16LE
    } else if zeros(0) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

#[test]
fn encodings_are_detected() {
    let utf16: Vec<u8> = "Köln;1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, encoding) in [
        ("Köln".as_bytes().to_vec(), "UTF-8"),
        (b"\xEF\xBB\xBFK\xC3\xB6ln".to_vec(), "UTF-8"),
        (b"K\xF6ln \x80".to_vec(), "windows-1252"),
        (utf16, "UTF-16LE"),
    ] {
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.encoding, encoding);
        assert!(decoded.text.starts_with("Köln"));
    }
}

#[test]
fn a_wrong_declaration_is_an_error_with_the_line() {
    assert_eq!(
        decode(b"a\nK\xF6ln", Some("utf-8")),
        Err(DecodeError::Malformed { encoding: "UTF-8", line: 2 })
    );
    assert_eq!(decode(b"a", Some("klingon")), Err(DecodeError::UnknownLabel));
}
