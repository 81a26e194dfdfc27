//! What may be shown, in table, summary and page alike; what cannot be said has a status and a reason.

use std::fmt::Write as _;

use super::{DRAWN, Estimates, SHARE, estimated, made, rows, written};

/// Everything that could betray a share that is not shown.
const FIGURES: [&str; 6] = ["estimate", "se", "lower95", "upper95", "deff", "n_eff"];

#[test]
fn the_page_says_what_was_found_and_what_was_not_checked() {
    let found = made(&[&DRAWN[..], &["--by", "region"]].concat());
    let headline = found.summary["headline"].as_str().unwrap();
    // R: 0.49495 (0.43516 to 0.55486).
    assert_eq!(
        headline,
        "Share with trust = “2” or “3”: an estimated 49.5 % (95 % interval 43.5 to 55.5 %)"
    );
    assert!(found.page.contains(&format!("<title>{headline}</title>")));
    assert!(found.page.contains("540 respondents in 20 sampling units of 10 strata"));
    assert!(found.page.contains("What was not checked") && !found.page.contains("http://"));
    assert_eq!(found.page.matches("<svg viewBox=\"0 0 440").count(), 6, "a picture a quantity");
    assert!(found.page.contains("20 labels of `psu`") || found.page.contains("2 labels of `psu`"));
    assert_eq!(found.table.lines().count(), 1 + 6 * 4);
}

/// Three regions: one answers rarely, one is small, one is as wanted.
fn uneven() -> Estimates {
    let mut text = String::from("w,u,region,vote,n\n");
    for at in 0..900 {
        let (region, vote) = match at {
            0..20 => ("small", if at % 2 == 0 { "A" } else { "B" }),
            20..300 => ("rare", if at % 100 == 0 { "A" } else { "B" }),
            _ => ("large", if at % 3 == 0 { "A" } else { "B" }),
        };
        writeln!(text, "2,{},{region},{vote},{}", at / 10, at % 7).unwrap();
    }
    text += "2,90,empty,,\n2,90,,A,3\n";
    let (_place, path) = written("rows.csv", &text);
    let asked =
        ["--share", "vote=A", "--mean", "n", "--by", "region", "--weight", "w", "--psu", "u"];
    estimated(&path, &asked)
}

#[test]
fn shares_that_may_not_be_shown_are_nowhere() {
    let found = uneven();
    for (domain, reason) in
        [("small", "fewer than 30 respondents"), ("rare", "fewer than 10 respondents said so")]
    {
        assert_eq!(found.cell("share(vote=A)", domain, "status"), "suppressed");
        assert_eq!(found.cell("share(vote=A)", domain, "presentation"), "suppress");
        assert!(found.cell("share(vote=A)", domain, "reason").contains(reason));
        for column in FIGURES {
            assert_eq!(found.cell("share(vote=A)", domain, column), "", "{column} of {domain}");
        }
    }
    // 10 of 20 and 3 of 280.
    for figure in ["50.0 %", "1.1 %", "0.0107"] {
        assert!(!found.page.contains(figure), "{figure} is on the page");
    }
    assert!(found.page.contains("too unsure to be shown") && found.page.contains("2 shares are"));
    let summary = &found.summary["estimates"];
    for row in summary.as_array().unwrap().iter().filter(|row| row["status"] == "suppressed") {
        assert!(FIGURES.iter().all(|figure| row[figure].is_null()), "{row}");
    }
    assert!(found.number("share(vote=A)", "large", "estimate") > 0.3);
    assert_eq!(found.cell("share(vote=A)", "large", "presentation"), "show");
}

#[test]
fn nobody_asked_and_nowhere_to_count_have_a_status_and_a_reason() {
    let found = uneven();
    for quantity in ["share(vote=A)", "mean(n)"] {
        assert_eq!(found.cell(quantity, "empty", "status"), "undefined");
        assert_eq!(found.cell(quantity, "empty", "reason"), "nobody here has an answer");
        assert_eq!(found.cell(quantity, "empty", "estimate"), "");
        assert_eq!(
            (found.cell(quantity, "empty", "n"), found.cell(quantity, "empty", "n_used")),
            ("1", "0")
        );
    }
    assert_eq!(found.cell("mean(n)", "all", "n"), "902", "everybody, whatever the region");
    assert!(found.summary["notes"].to_string().contains("1 respondents have no `region`"));
    // A part within a single unit cannot be compared with anything.
    let text = rows().replace(",North,", ",South,").replacen(",South,", ",North,", 3);
    let (_place, path) = written("rows.csv", &text);
    let asked = [&["--mean", "income", "--by", "region"][..], &DRAWN].concat();
    let found = estimated(&path, &asked);
    assert_eq!(found.cell("mean(income)", "North", "status"), "no_standard_error");
    assert_eq!(found.cell("mean(income)", "North", "se"), "");
    assert!(found.number("mean(income)", "North", "estimate") > 0.0);
}

#[test]
fn an_undescribed_sample_says_so() {
    let (_place, path) = written("rows.csv", &rows());
    let found = estimated(&path, &["--share", "trust=2,3", "--missing", "9", "--mean", "stratum"]);
    let said = found.summary["not_checked"].to_string();
    assert!(said.contains("weights: none are named") && said.contains("how the sample was drawn"));
    assert_eq!(found.cell(SHARE, "all", "df"), "508");
    assert!(found.page.contains("taken as drawn one by one"));
}

#[test]
fn what_was_done_with_population_sizes_is_said_as_it_is() {
    let sized = [&DRAWN[..], &["--fpc", "fpc1"]].concat();
    for (more, words) in [
        (&[][..], "reduced by the part that was drawn"),
        (&["--replicates", "jkn"], "further stages are left out"),
        (&["--replicates", "bootstrap:50"], "Population sizes are not used"),
    ] {
        let found = made(&[&sized[..], more].concat());
        assert!(found.summary["methods"].to_string().contains(words), "{more:?}");
    }
    // Weights that were scaled to the sample give no totals of a population.
    let (_place, path) = written("rows.csv", "w,n\n1.5,1\n0.5,2\n1,3\n");
    let found = estimated(&path, &["--total", "n", "--weight", "w"]);
    assert!(found.summary["notes"].to_string().contains("totals are those of the sample"));
}
