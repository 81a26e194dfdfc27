//! The root of a function between two places where it has opposite signs: regula falsi, Illinois variant.
//!
//! # Source
//! Dowell M, Jarratt P (1971), BIT 11:168–174, doi:10.1007/BF01934364.

/// The place between `low` and `high`, pairs (place, value), where `f` falls or rises through 0; to 1e-10 in the place.
pub(crate) fn between(f: impl Fn(f64) -> f64, low: (f64, f64), high: (f64, f64)) -> f64 {
    let ((mut low, mut at_low), (mut high, mut at_high)) = (low, high);
    let sign = at_low.signum();
    // The side that moved last: an end kept twice has its value halved, so that neither end stays for ever.
    let (mut last, mut before) = (0, f64::INFINITY);
    loop {
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        let at_middle = f(middle);
        if (middle - before).abs() < 1e-10 || (high - low).abs() < 1e-10 {
            return middle;
        }
        before = middle;
        if at_middle * sign > 0.0 {
            (low, at_low) = (middle, at_middle);
            at_high *= if last == 1 { 0.5 } else { 1.0 };
            last = 1;
        } else {
            (high, at_high) = (middle, at_middle);
            at_low *= if last == -1 { 0.5 } else { 1.0 };
            last = -1;
        }
    }
}

#[test]
fn roots_of_rising_and_falling_functions_are_found() {
    let cube = |x: f64| x * x * x - 2.0;
    let root = between(cube, (0.0, cube(0.0)), (9.0, cube(9.0)));
    assert!((cube(root)).abs() < 1e-9, "{root}");
    // The places may come in either order.
    assert!((between(cube, (9.0, cube(9.0)), (0.0, cube(0.0))) - root).abs() < 1e-9);
    let falling = |x: f64| 1.0 / x - 4.0;
    assert!((between(falling, (1e-3, falling(1e-3)), (50.0, falling(50.0))) - 0.25).abs() < 1e-10);
}
