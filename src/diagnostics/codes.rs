//! The list of everything that can go wrong: stable codes, shown by `saet explain`.

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable name, `stage::what`.
    pub id: &'static str,
    /// Exit code of a run that meets it (2 configuration, 3 input, 4 disclosure, 5 internal; 0 for a warning).
    pub exit: u8,
    /// What it means and what to do, for `saet explain`.
    pub explanation: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal, $exit:literal, $explanation:literal;)+) => {
        $(#[doc = $explanation]
        pub static $name: Code = Code { id: $id, exit: $exit, explanation: $explanation };)+
        /// Every code, in stage order.
        pub static ALL: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    SYNTAX = "assessment::syntax", 2, "A TOML file could not be parsed.";
    UNKNOWN_KEY = "assessment::unknown_key", 2, "A key is not known at this place; unknown keys are errors, so that a typing slip never silently changes a run.";
    MISSING_KEY = "assessment::missing_key", 2, "A required key is missing.";
    BAD_VALUE = "assessment::bad_value", 2, "A value has the wrong type or is outside what is allowed.";
    UNKNOWN_NAME = "assessment::unknown_name", 2, "A name refers to something that is not declared (a level, a source, an ideology, an indicator, a measure, a table, a column).";
    DUPLICATE_NAME = "assessment::duplicate_name", 2, "The same name is declared twice.";
    PREDICATE = "assessment::predicate", 2, "A `filter` or `where` is outside the small SQL subset: =, <>, <, >, <=, >=, IN, LIKE 'prefix%', AND, OR, NOT, IS NULL.";
    IDENTITY_COLUMN = "assessment::identity_column", 2, "A column that identifies persons (names, birth dates, addresses) was mapped. The tool takes no identity data.";
    EXAMPLE = "indicators::example", 2, "An indicator's example does not come out as it says.";
    NO_FILE = "read::no_file", 3, "A declared file does not exist or cannot be opened.";
    EMPTY_FILE = "read::empty_file", 3, "A file holds no rows.";
    ENCODING = "read::encoding", 3, "A file is not in its declared encoding, or the encoding could not be told; declare `encoding`.";
    MISSING_COLUMN = "read::missing_column", 3, "A declared column is not in the file.";
    FORMAT = "read::format", 3, "A file is not in the format its name or declaration says.";
    BAD_CELL = "read::bad_cell", 3, "A cell holds something that cannot be used: text where a number is needed, a negative or fractional count, a code that another row has too.";
    BAD_ROWS = "read::bad_rows", 3, "More rows were rejected than the source allows (`max_rejected`, default 0: none).";
    NOTHING_USED = "read::nothing_used", 3, "Not a single row of a source could be used.";
    GEOMETRY = "locate::geometry", 3, "A boundary file holds an outline that cannot be used (not a polygon, overlapping its neighbour, no code).";
    UNKNOWN_REGION = "locate::unknown_region", 3, "A row names a region that is not in the declared vintage.";
    UNKNOWN_PARENT = "locate::unknown_parent", 3, "A region's parent does not exist.";
    ISLANDS = "locate::islands", 2, "More than one in twenty regions has no neighbour and no policy for islands is named (`islands = \"exclude\"`).";
    LINKS = "locate::links", 3, "A neighbour file (GAL, GWT) does not fit the regions.";
    PLAUSIBILITY = "locate::plausibility", 3, "A declared plausibility check found values that are wrong by more than its tolerance; mend the source or say `on_failure = \"continue\"`.";
    NO_POPULATION = "count::no_population", 3, "A region has no population for a period whose rates are asked for.";
    SURVEY_DESIGN = "estimate::survey_design", 3, "The way a survey was drawn does not fit together: impossible weights or population sizes, a stratum with a single primary sampling unit and no policy for it (`lonely_psu`), replicates that it cannot have, or known totals that contradict each other.";
    OPTION = "analyse::option", 2, "An option of `saet analyse` has a value that cannot be used, or needs another one beside it.";
    DRAWS = "find::draws", 2, "The allowed number of draws cannot support Benjamini–Hochberg at this number of regions: R + 1 must be at least 2n/α.";
    DISCLOSURE = "protect::disclosure", 4, "The audit could derive a protected figure from what would be published.";
    OUTPUT = "render::output", 3, "The output folder cannot be written.";
    INTERNAL = "internal", 5, "A bug in the program. Please report it with the command and this message.";
    ROW_REJECTED = "read::row_rejected", 0, "Rows were put into quarantine, with their reason.";
    CONFLICT = "read::conflict", 0, "A declared check of one column against another found rows that disagree.";
    COVERAGE = "count::coverage", 0, "Sources cover less than the assessment asks for, or the sum of a level's children differs from its own published figure.";
    NO_ASSESSMENT = "assessment::no_assessment", 2, "The folder holds no `assessment.toml`.";
    EXISTS = "assessment::exists", 2, "A folder that should be new already holds an assessment.";
    PUBLIC_WATERMARK = "protect::watermark", 0, "The public edition is watermarked: secondary suppression does not exist yet.";
}

#[test]
fn codes_are_unique_and_explained() {
    let mut ids: Vec<&str> = ALL.iter().map(|code| code.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), ALL.len());
    assert!(ALL.iter().all(|code| code.explanation.ends_with('.')));
}
