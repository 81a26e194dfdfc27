//! What a synthetic country was made with, so that what was found can be held against it.

/// A planted area of a synthetic country.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Planted {
    /// What kind: `group`, `town`, `lower`, `emerging`.
    pub kind: String,
    /// Ideology slots it concerns.
    pub ideologies: Vec<usize>,
    /// First and last year.
    pub years: (i32, i32),
    /// Planted rate over the rate elsewhere.
    pub relative_risk: f64,
    /// Indices of its regions.
    pub regions: Vec<usize>,
}
