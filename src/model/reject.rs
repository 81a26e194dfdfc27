//! Why a row of a source could not be counted.

/// A reason for quarantine; its number is the group key of the counting pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reject {
    /// More non-empty cells than the header names.
    TooManyCells,
    /// A required cell is empty.
    EmptyCell,
    /// Not a day of the calendar.
    BadDate,
    /// Not a number, or not a whole one where things are counted.
    BadNumber,
    /// A count below zero.
    NegativeCount,
    /// A value the recode does not list.
    UnknownValue,
    /// A region code or name outside the declared vintage.
    UnknownRegion,
    /// Coordinates outside every region.
    OutsideRegions,
    /// A day outside the declared periods.
    OutsidePeriods,
}

impl Reject {
    /// Every reason; a reason's number is its position.
    pub const ALL: [Self; 9] = [
        Self::TooManyCells,
        Self::EmptyCell,
        Self::BadDate,
        Self::BadNumber,
        Self::NegativeCount,
        Self::UnknownValue,
        Self::UnknownRegion,
        Self::OutsideRegions,
        Self::OutsidePeriods,
    ];

    /// The number that stands for it in a frame.
    pub fn code(self) -> u32 {
        self as u32
    }

    /// The reason in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooManyCells => "more cells than the header",
            Self::EmptyCell => "empty cell",
            Self::BadDate => "not a date",
            Self::BadNumber => "not a number",
            Self::NegativeCount => "negative count",
            Self::UnknownValue => "value not declared",
            Self::UnknownRegion => "unknown region",
            Self::OutsideRegions => "coordinates outside every region",
            Self::OutsidePeriods => "outside the declared periods",
        }
    }
}

#[test]
fn a_reason_is_found_again_by_its_number() {
    for (position, reason) in Reject::ALL.iter().enumerate() {
        assert_eq!(reason.code() as usize, position);
    }
}
