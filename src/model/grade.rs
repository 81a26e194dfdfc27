//! Source grades: Admiralty reliability A–F and credibility 1–6, judged independently.

/// A source grade such as `B2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Grade {
    /// Reliability of the source, `A` (completely reliable) to `F` (cannot be judged).
    pub reliability: char,
    /// Credibility of the information, 1 (confirmed) to 6 (cannot be judged).
    pub credibility: u8,
}

impl std::str::FromStr for Grade {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            [reliability @ b'A'..=b'F', credibility @ b'1'..=b'6'] => {
                Ok(Self { reliability: char::from(*reliability), credibility: credibility - b'0' })
            }
            _ => Err(format!(
                "`{text}` is not a grade: write a letter A–F and a digit 1–6, like `B2`"
            )),
        }
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.reliability, self.credibility)
    }
}
