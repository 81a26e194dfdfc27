//! The canonical tables and their columns: the contract every source is mapped into.

/// Canonical tables this version reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// region, period, persons.
    Population,
    /// region, period, offence, ideology?, count.
    Crimes,
    /// id, date, region | lon + lat, kind, ideology, participants, violent.
    Events,
    /// region, period, ideology, role, members.
    Organisations,
    /// date, region, party, votes, valid, eligible.
    Elections,
    /// region, period, item, answer, respondent, weight, stratum, primary sampling unit.
    Survey,
    /// Old code, new code, year, weight: for plausibility checks across vintages.
    Crosswalk,
}

impl Table {
    /// Every table with the name used in files.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Population, "population"),
        (Self::Crimes, "crimes"),
        (Self::Events, "events"),
        (Self::Organisations, "organisations"),
        (Self::Elections, "elections"),
        (Self::Survey, "survey"),
        (Self::Crosswalk, "crosswalk"),
    ];

    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(table, _)| *table == self).map_or("", |(_, name)| name)
    }

    /// The canonical columns: name, whether required, what it holds.
    pub fn columns(self) -> &'static [(&'static str, bool, &'static str)] {
        match self {
            Self::Population => &[
                ("region", true, "region code"),
                ("period", true, "reference date, or a year (its 31 December)"),
                ("persons", true, "number of persons"),
                ("name", false, "region name, for messages"),
            ],
            Self::Crimes => &[
                ("region", true, "region code"),
                ("period", true, "period label such as `2016`"),
                ("offence", true, "offence group"),
                ("ideology", false, "ideology"),
                ("count", true, "offences"),
            ],
            Self::Events => &[
                ("date", true, "day of the event"),
                ("region", false, "region code; or `lon` and `lat`"),
                ("lon", false, "longitude in degrees"),
                ("lat", false, "latitude in degrees"),
                ("id", false, "identifier of the event"),
                ("kind", true, "kind of event, dotted: `attack.arson`"),
                ("ideology", true, "ideology"),
                ("participants_low", false, "low estimate of attendance"),
                ("participants_mid", false, "middle estimate of attendance"),
                ("participants_high", false, "high estimate of attendance"),
                ("violent", false, "yes, no or unknown"),
            ],
            Self::Organisations => &[
                ("region", true, "region code"),
                ("period", true, "period label"),
                ("ideology", true, "ideology"),
                ("role", true, "extremist or support"),
                ("members", true, "persons, net of double membership"),
                ("rounding", false, "rounding unit of the source"),
            ],
            Self::Elections => &[
                ("region", true, "region code"),
                ("date", true, "election day"),
                ("party", true, "party"),
                ("votes", true, "votes for the party"),
                ("valid", true, "valid votes"),
                ("eligible", true, "persons entitled to vote"),
            ],
            Self::Survey => &[
                ("region", true, "region code"),
                ("period", true, "period label"),
                ("item", true, "question"),
                ("answer", true, "answer"),
                ("ideology", false, "ideology the item refers to"),
                ("respondent", false, "number of the interview, so that its rows belong together"),
                ("survey_weight", false, "persons the respondent stands for"),
                ("stratum", false, "stratum the respondent was drawn in"),
                ("psu", false, "primary sampling unit, within its stratum"),
                ("stratum_psus", false, "primary sampling units in the stratum's population"),
            ],
            Self::Crosswalk => &[
                ("from", true, "old region code"),
                ("to", true, "new region code"),
                ("period", true, "year of the old code"),
                ("weight", true, "share of the old region that belongs to the new one"),
            ],
        }
    }
}
