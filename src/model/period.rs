//! Periods: spans of whole days, and the calendar an assessment declares.

/// A calendar day.
pub type Date = chrono::NaiveDate;

use chrono::Datelike;

/// A closed span of days, `start` and `end` both inside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// What people call it: `2016`, `2016-Q3`, `2014–2017`.
    pub label: String,
}

impl Period {
    /// Number of days, both ends included.
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    /// Whether the day lies inside.
    pub fn contains(&self, day: Date) -> bool {
        self.start <= day && day <= self.end
    }

    /// Whether the two periods share no day.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.end < other.start || other.end < self.start
    }
}

/// The length of a base period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// A calendar year.
    Year,
    /// Half a calendar year.
    HalfYear,
    /// A third of a calendar year.
    FourMonths,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
}

impl Every {
    /// How many make a year.
    pub fn per_year(self) -> usize {
        12 / self.months() as usize
    }

    /// Length in months.
    pub fn months(self) -> u32 {
        match self {
            Self::Year => 12,
            Self::HalfYear => 6,
            Self::FourMonths => 4,
            Self::Quarter => 3,
            Self::Month => 1,
        }
    }

    fn label(self, year: i32, part: u32) -> String {
        match self {
            Self::Year => format!("{year}"),
            Self::HalfYear => format!("{year}-H{part}"),
            Self::FourMonths => format!("{year}-T{part}"),
            Self::Quarter => format!("{year}-Q{part}"),
            Self::Month => format!("{year}-{part:02}"),
        }
    }
}

/// A period made of several consecutive base periods.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Window {
    /// The whole span.
    pub period: Period,
    /// Index of its first base period.
    pub first: usize,
    /// Index of its last base period.
    pub last: usize,
}

/// The periods of an assessment: base periods that tile it, then the declared windows.
///
/// Invariant: a period index counts the base periods first, in time order, then the windows, shorter first.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Calendar {
    /// Length of a base period.
    pub every: Every,
    /// Base periods in time order, without gaps.
    pub base: Vec<Period>,
    /// Pooled windows, never partial.
    pub windows: Vec<Window>,
}

impl Calendar {
    /// Builds the calendar of the years `from..=to`; `window_lengths` are in base periods, and a length of 1 is the
    /// base period itself.
    pub fn new(every: Every, from: i32, to: i32, window_lengths: &[usize]) -> Self {
        let mut base = Vec::new();
        for year in from..=to {
            let n_parts = 12 / every.months();
            for part in 1..=n_parts {
                let start = first_of(year, (part - 1) * every.months() + 1);
                let end = if part == n_parts {
                    first_of(year + 1, 1)
                } else {
                    first_of(year, part * every.months() + 1)
                }
                .pred_opt()
                .expect("invariant: a declared year has a day before it");
                base.push(Period { start, end, label: every.label(year, part) });
            }
        }
        let mut lengths: Vec<usize> = window_lengths.iter().copied().filter(|&n| n > 1).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let mut windows = Vec::new();
        for length in lengths {
            for first in 0..(base.len() + 1).saturating_sub(length) {
                let last = first + length - 1;
                let period = Period {
                    start: base[first].start,
                    end: base[last].end,
                    label: format!("{}–{}", base[first].label, base[last].label),
                };
                windows.push(Window { period, first, last });
            }
        }
        Self { every, base, windows }
    }

    /// Number of base periods and windows together.
    pub fn n_periods(&self) -> usize {
        self.base.len() + self.windows.len()
    }

    /// The period at an index.
    pub fn period(&self, period_idx: usize) -> &Period {
        self.base
            .get(period_idx)
            .unwrap_or_else(|| &self.windows[period_idx - self.base.len()].period)
    }

    /// The base periods (indices, inclusive) a period is made of.
    pub fn parts(&self, period_idx: usize) -> std::ops::RangeInclusive<usize> {
        match period_idx.checked_sub(self.base.len()) {
            None => period_idx..=period_idx,
            Some(window) => self.windows[window].first..=self.windows[window].last,
        }
    }

    /// Whether the index names a pooled window.
    pub fn is_window(&self, period_idx: usize) -> bool {
        period_idx >= self.base.len()
    }

    /// The base period a day falls in.
    pub fn base_of(&self, day: Date) -> Option<usize> {
        let idx = self.base.partition_point(|period| period.end < day);
        (idx < self.base.len() && self.base[idx].contains(day)).then_some(idx)
    }

    /// The whole assessed span, for titles: `2014–2018`.
    pub fn label(&self) -> String {
        match (self.base.first(), self.base.last()) {
            (Some(first), Some(last)) if first != last => {
                format!("{}–{}", first.start.year(), last.end.year())
            }
            (Some(first), _) => first.label.clone(),
            _ => String::new(),
        }
    }
}

fn first_of(year: i32, month: u32) -> Date {
    Date::from_ymd_opt(year, month, 1).expect("invariant: declared years are within the calendar")
}

#[test]
fn windows_slide_and_are_never_partial() {
    let calendar = Calendar::new(Every::Year, 2014, 2018, &[1, 4]);
    let labels: Vec<&str> =
        (0..calendar.n_periods()).map(|idx| calendar.period(idx).label.as_str()).collect();
    assert_eq!(labels, ["2014", "2015", "2016", "2017", "2018", "2014–2017", "2015–2018"]);
    assert_eq!(calendar.parts(5), 0..=3);
}

#[test]
fn four_months_tile_a_leap_year() {
    let calendar = Calendar::new(Every::FourMonths, 2016, 2016, &[]);
    let days: Vec<i64> = calendar.base.iter().map(Period::days).collect();
    assert_eq!(days, [121, 123, 122]);
    assert_eq!(calendar.base_of(Date::from_ymd_opt(2016, 5, 1).unwrap()), Some(1));
    assert_eq!(calendar.base_of(Date::from_ymd_opt(2017, 1, 1).unwrap()), None);
}
