//! Laws of breaks in recording.

use saet::statistics::{
    numerics::{
        float::{exp, ln},
        poisson::dispersed,
        random::Key,
    },
    surveillance::breaks::{Recording, Verdict, assess},
};

/// The Bulgarian police series of the methods page; its fourth year was not recorded.
const POLICE: [Option<u64>; 12] = [
    Some(20),
    Some(20),
    Some(29),
    None,
    Some(651),
    Some(617),
    Some(704),
    Some(28),
    Some(22),
    Some(46),
    Some(22),
    Some(727),
];

fn look(series: &[Option<u64>], declared: &[usize]) -> Recording {
    assess(series, declared, Key::named(1, "recording"))
}

fn positions(found: &Recording) -> Vec<usize> {
    found.undeclared.iter().map(|found| found.at).collect()
}

/// How many of some series with these means and negative binomial scatter give a warning.
fn n_warned(name: &str, n_series: u32, means: &[f64], size: f64) -> usize {
    let key = Key::named(2, name);
    (0..n_series)
        .filter(|&series| {
            let mut stream = key.stream(series, 0);
            let count = |mean: &f64| Some(dispersed(*mean, 1.0 + mean / size, &mut stream));
            let counts: Vec<Option<u64>> = means.iter().map(count).collect();
            look(&counts, &[]).verdict == Verdict::Warning
        })
        .count()
}

#[test]
fn the_police_series_warns_undeclared_and_has_no_trend_when_declared() {
    let found = look(&POLICE, &[]);
    assert_eq!((found.verdict, positions(&found)), (Verdict::Warning, vec![4, 7]));
    assert_eq!(found.set_aside, [11]);
    let [up, down] = found.undeclared[..] else { panic!("{found:?}") };
    assert!((up.before - 23.0).abs() < 1e-12 && (up.after - 1_972.0 / 3.0).abs() < 1e-12);
    assert!((down.after - 29.5).abs() < 1e-12);
    let declared = look(&POLICE, &[4, 7, 11]);
    assert_eq!((declared.verdict, positions(&declared)), (Verdict::Declared, vec![]));
    assert_eq!(declared.parts, [0..4, 4..7, 7..11, 11..12]);
}

#[test]
fn rises_outbreaks_and_steady_series_do_not_warn() {
    let quiet = |series: &[u64]| {
        let series: Vec<Option<u64>> = series.iter().copied().map(Some).collect();
        let found = look(&series, &[]);
        assert_eq!(found.verdict, Verdict::Continuous, "{series:?}: {found:?}");
        found.set_aside
    };
    assert_eq!(quiet(&[11, 18, 33, 41, 48, 62, 69, 82, 88, 103, 108, 121]), [0; 0]);
    assert_eq!(quiet(&[10, 13, 15, 21, 28, 35, 50, 63, 82, 110, 140, 187]), [0; 0]);
    assert_eq!(quiet(&[180, 150, 118, 97, 74, 60, 49, 43, 30, 26, 19, 17]), [0; 0]);
    assert_eq!(quiet(&[22, 18, 25, 19, 21, 320, 24, 17, 20, 23, 26, 18]), [5]);
    assert_eq!(quiet(&[22, 18, 25, 19, 21, 24, 17, 20, 23, 26, 18, 320]), [11]);
    assert_eq!(quiet(&[0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 3]), [0; 0]);
    assert_eq!(quiet(&[5_000; 12]), [0; 0]);
}

#[test]
fn false_warnings_are_rare_and_true_steps_are_seen() {
    let times = || (0..12_u32).map(f64::from);
    let steady = vec![30.0; 12];
    let rise: Vec<f64> = times().map(|t| 30.0 * exp(ln(10.0) * t / 12.0)).collect();
    let outbreak: Vec<f64> =
        times().map(|t| if t > 5.5 && t < 6.5 { 300.0 } else { 30.0 }).collect();
    let step: Vec<f64> = times().map(|t| if t > 5.5 { 300.0 } else { 30.0 }).collect();
    // About 1 of 60 expected, by the documentation.
    for (name, means) in [("steady", &steady), ("rise", &rise), ("outbreak", &outbreak)] {
        let n = n_warned(name, 60, means, 10.0);
        assert!(n <= 5, "{name}: {n} of 60 warn");
    }
    let n = n_warned("step", 20, &step, 50.0);
    assert!(n >= 16, "{n} of 20 steps seen");
}

#[test]
fn position_in_time_gaps_and_direction_do_not_matter() {
    let mut later = vec![None; 5];
    later.extend(POLICE);
    let found = look(&later, &[]);
    assert_eq!((positions(&found), found.set_aside), (vec![9, 12], vec![16]));
    let mut backwards = POLICE;
    backwards.reverse();
    // Levels start where they ended before: at 1 (28 … backwards), 5 and, after the gap, 9.
    assert_eq!(positions(&look(&backwards, &[])), [5, 9]);
    let ten_times: Vec<Option<u64>> =
        POLICE.iter().map(|count| count.map(|count| 10 * count)).collect();
    assert_eq!(positions(&look(&ten_times, &[])), [4, 7]);
    // What is declared is never found again.
    for declared in [4, 7] {
        assert!(!positions(&look(&POLICE, &[declared])).contains(&declared));
    }
    let by_one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(by_one.install(|| look(&POLICE, &[])), look(&POLICE, &[]));
}
