//! Trends against scipy, statsmodels, base R and MASS, and against full enumeration of orders.

use saet::statistics::{
    interval::Confidence,
    trend::{
        log_linear::{Fit, Series},
        mann_kendall, negative_binomial, poisson, seasonal_mann_kendall, theil_sen,
    },
};
use serde_json::Value;

use super::{CLOSE, assert_close, counts, floats, golden, list, shared, table};

/// Times, counts and exposure of a named series.
fn series(name: &str) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let inputs = shared().unwrap().join("oracle/inputs");
    let read = |file: &str| table(&inputs.join(file));
    match name {
        "discoveries" => {
            let columns = read("discoveries.csv");
            (floats(&columns["year"]), floats(&columns["y"]), vec![1.0; columns["y"].len()])
        }
        "nile" | "nile_rows_7_16" => {
            let columns = read("nile.csv");
            let rows = if name == "nile" { 0..columns["y"].len() } else { 6..16 };
            let part = |column: &str| floats(&columns[column][rows.clone()]);
            (part("year"), part("y"), vec![1.0; rows.len()])
        }
        "campy_annual" => {
            let columns = read("campy_annual.csv");
            (floats(&columns["year"]), floats(&columns["cases"]), floats(&columns["weeks"]))
        }
        _ => (Vec::new(), vec![3.0; 12], Vec::new()),
    }
}

#[test]
fn mann_kendall_agrees_with_the_formula_and_with_r() {
    let (Some(python), Some(r)) = (golden("trend.python.json"), golden("trend.R.json")) else {
        return;
    };
    let mut n_compared = 0;
    for name in ["discoveries", "nile", "nile_rows_7_16", "constant", "campy_annual"] {
        let theirs = &python[name]["mk"];
        let found = mann_kendall::test(&series(name).1).unwrap();
        #[allow(clippy::cast_precision_loss, reason = "a small whole number")]
        let s = found.s as f64;
        for (ours, key) in [
            (s, "S"),
            (found.variance, "varS"),
            (found.z, "z_continuity"),
            (found.p_normal, "p_two_sided"),
            (found.tau_a, "tau_a"),
        ] {
            assert_close(ours, theirs[key].as_f64().unwrap(), CLOSE, &format!("{name} {key}"));
        }
        match (found.tau_b, theirs["tau_b"].as_f64()) {
            (Some(ours), Some(theirs)) => assert_close(ours, theirs, CLOSE, name),
            (ours, theirs) => assert_eq!(ours, theirs, "{name}"),
        }
        if let Some(theirs) = r[name]["mk"].as_object() {
            assert_close(found.z, theirs["z"].as_f64().unwrap(), CLOSE, name);
            assert_close(found.p_normal, theirs["p"].as_f64().unwrap(), CLOSE, name);
            n_compared += 1;
        }
        n_compared += 1;
    }
    let found = mann_kendall::test(&series("nile_rows_7_16").1).unwrap();
    for theirs in
        [&python["nile_rows_7_16"]["kendall_exact_p"], &r["nile_rows_7_16"]["mk_exact"]["p"]]
    {
        assert_close(found.p, theirs.as_f64().unwrap(), CLOSE, "exact p");
        n_compared += 1;
    }
    assert_eq!(n_compared, 5 + 4 + 2);
}

#[test]
fn the_seasonal_test_agrees_with_the_formula() {
    let Some(python) = golden("trend.python.json") else {
        return;
    };
    let columns = table(&shared().unwrap().join("oracle/inputs/campy_de.csv"));
    let values: Vec<Option<f64>> = floats(&columns["case"][..520]).into_iter().map(Some).collect();
    let found = seasonal_mann_kendall::test(&values, 52).unwrap();
    let theirs = &python["campy_weekly_first_520_seasonal52"]["seasonal_mk"];
    assert_eq!(Some(found.s), theirs["S"].as_f64().map(|s| format!("{s}").parse().unwrap()));
    for (ours, key) in [(found.variance, "varS"), (found.z, "z"), (found.p, "p_two_sided")] {
        assert_close(ours, theirs[key].as_f64().unwrap(), CLOSE, key);
    }
}

#[test]
fn theil_sen_agrees_with_scipy() {
    let Some(python) = golden("trend.python.json") else {
        return;
    };
    let mut n_compared = 0;
    for name in ["discoveries", "nile", "nile_rows_7_16", "campy_annual"] {
        for (key, confidence) in [("sen", Confidence::P95), ("sen90", Confidence::P90)] {
            let Some(theirs) = python[name].get(key) else {
                continue;
            };
            let (times, values, _) = series(name);
            let found = theil_sen::slope(&times, &values, confidence).unwrap();
            for (ours, key) in [
                (found.slope, "slope"),
                (found.lower, "lower"),
                (found.upper, "upper"),
                (found.intercept, "intercept_median_y_minus_slope_median_x"),
            ] {
                assert_close(ours, theirs[key].as_f64().unwrap(), CLOSE, &format!("{name} {key}"));
            }
            assert_eq!(u64::try_from(found.n_pairs).ok(), theirs["n_pairs"].as_u64());
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 6);
}

/// The two series with counts, on the times the reference used.
fn counted(name: &str) -> (Series, usize) {
    let (times, values, exposure) = series(name);
    let origin = if name == "discoveries" { 1859.0 } else { 2002.0 };
    let times: Vec<f64> = times.iter().map(|time| time - origin).collect();
    let cells: Vec<String> = values.iter().map(f64::to_string).collect();
    (Series::new(&times, &counts(&cells), &exposure).unwrap(), values.len())
}

fn assert_fit(ours: &Fit, theirs: &Value, tolerance: f64, what: &str) {
    let (coefficients, errors) = (list(&theirs["coef"]), list(&theirs["se"]));
    assert_close(ours.intercept, coefficients[0], tolerance, &format!("{what} intercept"));
    assert_close(ours.slope, coefficients[1], tolerance, &format!("{what} slope"));
    assert_close(ours.standard_errors.0, errors[0], tolerance, &format!("{what} se 0"));
    assert_close(ours.standard_errors.1, errors[1], tolerance, &format!("{what} se 1"));
    // A p of 0.007 magnifies the error of z = 2.7 tenfold.
    assert_close(
        ours.p(),
        list(&theirs["p"])[1].max(f64::MIN_POSITIVE),
        20.0 * tolerance,
        &format!("{what} p"),
    );
}

#[test]
fn log_linear_trends_agree_with_statsmodels() {
    let Some(python) = golden("trend.python.json") else {
        return;
    };
    for name in ["discoveries", "campy_annual"] {
        let (series, n) = counted(name);
        let theirs = &python[name]["glm"];
        let number = |path: [&str; 2]| theirs[path[0]][path[1]].as_f64().unwrap();
        let found = poisson::fit(&series).unwrap();
        assert_fit(&found.poisson, &theirs["poisson"], CLOSE, name);
        assert_close(found.deviance, number(["poisson", "deviance"]), CLOSE, name);
        assert_close(found.log_likelihood, number(["poisson", "llf"]), CLOSE, name);
        #[allow(clippy::cast_precision_loss, reason = "a small whole number")]
        let df = (n - 2) as f64;
        assert_close(found.dispersion * df, number(["poisson", "pearson_chi2"]), CLOSE, name);
        assert_close(found.dispersion, number(["quasipoisson", "dispersion"]), CLOSE, name);
        let errors = list(&theirs["quasipoisson"]["se"]);
        assert_close(found.quasi.standard_errors.0, errors[0], CLOSE, name);
        assert_close(found.quasi.standard_errors.1, errors[1], CLOSE, name);
        let change = series.change(&found.poisson, Confidence::P95).unwrap();
        let limits = list(&theirs["poisson"]["ci95"][1]);
        assert_close(change.percent, number(["poisson", "annual_percent_change"]), CLOSE, name);
        assert_close(change.lower, 100.0 * limits[0].exp_m1(), CLOSE, name);
        assert_close(change.upper, 100.0 * limits[1].exp_m1(), CLOSE, name);

        let found = negative_binomial::fit(&series).unwrap();
        let full = &theirs["negbin_mle_full_hessian"];
        assert_fit(&found.joint.unwrap(), full, CLOSE, name);
        assert_close(found.theta.unwrap(), full["theta"].as_f64().unwrap(), CLOSE, name);
        assert_close(found.log_likelihood, full["llf"].as_f64().unwrap(), CLOSE, name);
        let fixed = &theirs["negbin_glm_fixed_alpha"];
        assert_fit(&found.fit, fixed, CLOSE, name);
        assert_close(found.deviance, fixed["deviance"].as_f64().unwrap(), CLOSE, name);
    }
}

#[test]
fn log_linear_trends_agree_with_r() {
    let Some(r) = golden("trend.R.json") else {
        return;
    };
    for name in ["discoveries", "campy_annual"] {
        let (series, _) = counted(name);
        let theirs = &r[name]["glm"];
        // R takes standard errors from the last step but one: 4e-8 off.
        let found = poisson::fit(&series).unwrap();
        assert_fit(&found.poisson, &theirs["poisson"], 1e-7, name);
        assert_close(found.poisson.slope, list(&theirs["poisson"]["coef"])[1], CLOSE, name);
        assert_close(found.deviance, theirs["poisson"]["deviance"].as_f64().unwrap(), CLOSE, name);
        let quasi = &theirs["quasipoisson"];
        assert_close(found.dispersion, quasi["dispersion"].as_f64().unwrap(), 1e-7, name);
        assert_close(found.quasi.standard_errors.1, list(&quasi["se"])[1], 1e-7, name);

        let found = negative_binomial::fit(&series).unwrap();
        let theirs = &theirs["glm_nb"];
        assert_fit(&found.fit, theirs, 1e-7, name);
        assert_close(found.theta.unwrap(), theirs["theta"].as_f64().unwrap(), 1e-7, name);
        let error = found.theta_standard_error.unwrap();
        // `theta.ml` computes it before its last step.
        assert_close(error, theirs["se_theta"].as_f64().unwrap(), 1e-6, name);
        assert_close(found.deviance, theirs["deviance"].as_f64().unwrap(), 1e-7, name);
        assert_close(found.log_likelihood, theirs["llf"].as_f64().unwrap(), CLOSE, name);
    }
}
