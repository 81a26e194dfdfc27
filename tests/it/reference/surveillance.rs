//! Alarms against R's `surveillance` package, a regression against R's `glm`, reporting delay against printed results.

use chrono::{Datelike, Days, NaiveDate};
use saet::statistics::{
    interval::Confidence,
    numerics::random::Key,
    surveillance::{
        farrington::{Scatter, Settings, Threshold, Unwatched, Watched, same_periods, watch},
        mack, nowcast,
        quasi_poisson::{self, Stop},
        reporting_triangle::Triangle,
    },
};
use serde_json::Value;

use super::{CLOSE, assert_close, counts, floats, golden, list, shared, table};

/// A series and, for each position, the same period of earlier years.
struct Series {
    counts: Vec<Option<u64>>,
    dates: Option<Vec<NaiveDate>>,
}

impl Series {
    /// By date: the day of the same name nearest to the same date of earlier years; else 52 periods back.
    fn same_periods(&self, at: usize, n_years: u64) -> Vec<usize> {
        let years = usize::try_from(n_years).unwrap();
        let Some(dates) = &self.dates else { return same_periods(at, 52, years) };
        (1..=i32::try_from(n_years).unwrap())
            .map(|year| {
                let today = dates[at];
                let then = today.year() - year;
                let back = NaiveDate::from_ymd_opt(then, today.month(), today.day());
                // 29 February a year back is 1 March.
                let back = back.unwrap_or_else(|| NaiveDate::from_ymd_opt(then, 3, 1).unwrap());
                let near = (0..7).map(|day| back - Days::new(3) + Days::new(day));
                let same = near.clone().find(|day| day.weekday() == today.weekday()).unwrap();
                dates.iter().position(|date| *date == same).unwrap()
            })
            .collect()
    }
}

fn series(name: &str) -> Series {
    let inputs = shared().unwrap().join("oracle/inputs");
    let (file, column) = match name {
        "agona" => ("salmonella_agona.csv", "observed"),
        "newport" => ("salm_newport.csv", "observed"),
        _ => ("campy_de.csv", "case"),
    };
    let cells = table(&inputs.join(file));
    let dates = match name {
        "agona" => None,
        "newport" => Some(
            counts(&cells["epoch"])
                .into_iter()
                .map(|day| NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Days::new(day))
                .collect(),
        ),
        _ => Some(cells["date"].iter().map(|date| date.parse().unwrap()).collect()),
    };
    Series { counts: counts(&cells[column]).into_iter().map(Some).collect(), dates }
}

fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// R's options in our words.
fn settings(control: &Value) -> Settings {
    Settings {
        periods_per_year: 52.0,
        half_window: whole(&control["w"]),
        n_seasons: whole(&control["noPeriods"]),
        n_left_out: whole(&control["pastWeeksNotIncluded"]),
        reweight_above: control["weightsThreshold"].as_f64(),
        trend_below: control["pThresholdTrend"].as_f64(),
        threshold: match control["thresholdMethod"].as_str().unwrap() {
            "delta" => Threshold::TwoThirds,
            "nbPlugin" => Threshold::NegativeBinomial,
            _ => Threshold::NegativeBinomialOfUpperMean,
        },
        alpha: control["alpha"].as_f64().unwrap(),
        scatter: Scatter::Surveillance,
        stop: Stop::AsR,
        least_per_month: 0.0,
        least_recent: (5, 4),
    }
}

#[test]
fn alarms_of_the_improved_method_agree_with_r() {
    let Some(r) = golden("farrington.R.json") else { return };
    let (mut n_compared, mut n_alarms, mut n_silent) = (0, 0, 0);
    for (name, theirs) in r["flexible"].as_object().unwrap() {
        let data = series(name.split('.').next().unwrap());
        let control = &theirs["control"];
        let settings = settings(control);
        let number = |field: &str, at: usize| theirs[field][at].as_f64();
        for at in 0..theirs["t"].as_array().unwrap().len() {
            let position = whole(&theirs["t"][at]) - 1;
            let what = format!("{name} at {}", position + 1);
            let same = data.same_periods(position, control["b"].as_u64().unwrap());
            let alarm = theirs["alarm"][at] == 1;
            let found = watch(&data.counts, position, &same, &settings);
            let Some(upper) = number("upperbound", at) else {
                assert!(matches!(found, Err(Unwatched::TooFewRecent { .. })) && !alarm, "{what}");
                n_silent += 1;
                continue;
            };
            let ours = found.unwrap();
            assert_eq!(ours.alarm, alarm, "{what}");
            assert_close(ours.upper, upper, CLOSE, &what);
            assert_close(ours.expected, number("expected", at).unwrap(), CLOSE, &what);
            assert_close(ours.dispersion, number("phi", at).unwrap(), CLOSE, &what);
            assert_eq!(ours.slope.is_some(), theirs["trend"][at] == 1, "{what}");
            if let Some(slope) = ours.slope {
                assert_close(slope, number("trend_coef", at).unwrap(), CLOSE, &what);
            }
            assert_close(ours.p, number("pvalue", at).unwrap(), CLOSE, &what);
            // With the negative binomial limits R measures the exceedance from ln expected: its slip, not a target.
            if settings.threshold == Threshold::TwoThirds {
                let score = number("score", at).unwrap();
                assert!((ours.exceedance.unwrap() - score).abs() < CLOSE, "{what}");
            }
            n_compared += 1;
            n_alarms += u32::from(alarm);
        }
    }
    assert_eq!((n_compared, n_silent), (5 * (31 + 41 + 52), 5 * 9));
    assert!(n_alarms > 40, "only {n_alarms} alarms");
}

#[test]
fn alarms_of_the_classic_method_agree_with_r() {
    let Some(r) = golden("farrington.R.json") else { return };
    let data = series("agona");
    let mut n_compared = 0;
    for (name, trend_below) in [("agona_trend_TRUE", Some(0.05)), ("agona_trend_FALSE", None)] {
        let theirs = &r["classic"][name];
        let settings = Settings {
            trend_below,
            least_per_month: 0.0,
            stop: Stop::AsR,
            ..Settings::classic(52)
        };
        for (at, period) in theirs["t"].as_array().unwrap().iter().enumerate() {
            let position = whole(period) - 1;
            let what = format!("{name} at {period}");
            let same = data.same_periods(position, 4);
            let ours: Watched = watch(&data.counts, position, &same, &settings).unwrap();
            assert_eq!(ours.alarm, theirs["alarm"][at] == 1, "{what}");
            assert_close(ours.upper, list(&theirs["upperbound"])[at], CLOSE, &what);
            // What R calls expected here is the probability of less than was observed.
            assert_close(1.0 - ours.p, list(&theirs["expected"])[at], CLOSE, &what);
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 62);
}

#[test]
fn a_quasi_poisson_trend_agrees_with_r() {
    let Some(r) = golden("trend.R.json") else { return };
    let inputs = shared().unwrap().join("oracle/inputs");
    let y = floats(&table(&inputs.join("discoveries.csv"))["y"]);
    let design: Vec<Vec<f64>> =
        (1_u32..).take(y.len()).map(|year| vec![1.0, f64::from(year)]).collect();
    let fit = quasi_poisson::fit(&y, &design, &vec![1.0; y.len()], Stop::AsR).unwrap();
    let theirs = &r["discoveries"]["glm"];
    for at in 0..2 {
        let coefficient = list(&theirs["poisson"]["coef"])[at];
        assert_close(fit.coefficients[at], coefficient, CLOSE, "coefficient");
        let error = (fit.dispersion * fit.covariance[at][at]).sqrt();
        // R's standard errors come from the last step but one.
        let theirs = list(&theirs["quasipoisson"]["se"])[at];
        assert_close(error, theirs, 1e-7, "standard error");
    }
    let dispersion = theirs["quasipoisson"]["dispersion"].as_f64().unwrap();
    assert_close(fit.dispersion, dispersion, 1e-7, "dispersion");
}

/// Claims by year and delay after Taylor and Ashe (1983), J Econom 23:37–61, the example of Mack (1993) and of England
/// and Verrall (1999).
const TAYLOR_ASHE: [&[u64]; 10] = [
    &[357_848, 766_940, 610_542, 482_940, 527_326, 574_398, 146_342, 139_950, 227_229, 67_948],
    &[352_118, 884_021, 933_894, 1_183_289, 445_745, 320_996, 527_804, 266_172, 425_046],
    &[290_507, 1_001_799, 926_219, 1_016_654, 750_816, 146_923, 495_992, 280_405],
    &[310_608, 1_108_250, 776_189, 1_562_400, 272_482, 352_053, 206_286],
    &[443_160, 693_190, 991_983, 769_488, 504_851, 470_639],
    &[396_132, 937_085, 847_498, 805_037, 705_960],
    &[440_832, 847_631, 1_131_398, 1_063_269],
    &[359_480, 1_061_648, 1_443_370],
    &[376_686, 986_608],
    &[344_014],
];

fn taylor_ashe() -> Triangle {
    Triangle::new(TAYLOR_ASHE.iter().map(|row| row.to_vec()).collect()).unwrap()
}

#[test]
fn reserves_and_errors_are_those_mack_printed() {
    let found = mack::errors(&taylor_ashe()).unwrap();
    // Printed in thousands by year, in full for the total.
    let printed = [
        (0, 0),
        (95, 76),
        (470, 122),
        (710, 134),
        (985, 261),
        (1_419, 411),
        (2_178, 558),
        (3_920, 875),
        (4_279, 971),
        (4_626, 1_363),
    ];
    for (year, (reserve, error)) in printed.into_iter().enumerate() {
        assert!((found.still_to_come[year] / 1e3 - f64::from(reserve)).abs() < 0.5, "year {year}");
        assert!((found.error[year] / 1e3 - f64::from(error)).abs() < 0.5, "year {year}");
    }
    assert!((found.total - 18_680_856.0).abs() < 0.5, "{}", found.total);
    assert!((found.total_error - 2_447_095.0).abs() < 0.5, "{}", found.total_error);
    let factors = taylor_ashe().factors();
    let printed = [3.491, 1.747, 1.457, 1.174, 1.104, 1.086, 1.054, 1.077, 1.018];
    for (factor, printed) in factors.into_iter().zip(printed) {
        assert!((factor.unwrap() - printed).abs() < 5e-4, "{printed}");
    }
}

#[test]
fn scatter_and_prediction_error_are_those_england_and_verrall_printed() {
    let triangle = taylor_ashe();
    // Scale parameter 52 601; prediction error of the total 16 % of 18 680 856.
    assert!((triangle.dispersion().unwrap() - 52_601.0).abs() < 1.0);
    let (expected, lower, upper) =
        nowcast::total(&triangle, 1_999, Key::new(1, 1), Confidence::P95).unwrap();
    let reserve = mack::errors(&triangle).unwrap().total;
    let paid: u64 = triangle.reported().iter().sum();
    assert_eq!(expected.round(), (reserve + f64::from(u32::try_from(paid).unwrap())).round());
    let error = (upper - lower) / (2.0 * Confidence::P95.z()) / reserve;
    assert!((0.14..0.18).contains(&error), "{error}");
}
