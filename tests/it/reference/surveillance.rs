//! A regression against R's `glm`, reporting delay against printed results.

use saet::statistics::{
    interval::Confidence,
    numerics::random::Key,
    surveillance::{mack, nowcast, quasi_poisson, reporting_triangle::Triangle},
};

use super::{CLOSE, assert_close, floats, golden, list, shared, table};

#[test]
fn a_quasi_poisson_trend_agrees_with_r() {
    let Some(r) = golden("trend.R.json") else { return };
    let inputs = shared().unwrap().join("oracle/inputs");
    let y = floats(&table(&inputs.join("discoveries.csv"))["y"]);
    let design: Vec<Vec<f64>> =
        (1_u32..).take(y.len()).map(|year| vec![1.0, f64::from(year)]).collect();
    let fit = quasi_poisson::fit(&y, &design, &vec![1.0; y.len()]).unwrap();
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
