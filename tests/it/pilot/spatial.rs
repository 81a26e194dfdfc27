//! Weights and spatial statistics of the pilot, on the tree and outlines the pipeline built.

use saet::{
    locate,
    model::Quadrant,
    statistics::spatial::{local, moran},
};

use super::{number, pilot, reference::pooled};

#[test]
fn weights_and_spatial_statistics_equal_the_reference() {
    let Some(pilot) = pilot() else { return };
    let frame = &pilot.computed.frame;
    let report = &frame.weights[&2];
    assert_eq!((report.n_regions, report.n_links), (401, 2_092));
    assert_eq!((report.min_degree, report.max_degree, report.islands.len()), (1, 12, 0));
    let declared = &pilot.assessment.weights;
    let (found, _) = locate::neighbourhood(&frame.tree, &frame.boundaries, 2, declared, None)
        .expect("no islands");
    let weights = found.weights;
    let (counts, population) = pooled(pilot);
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let rates: Vec<f64> =
        counts.iter().zip(&population).map(|(n, persons)| *n as f64 / persons * 1e5).collect();
    let global = moran::global(&rates, &weights).expect("rates vary");
    assert!((global.i - 0.521_571_53).abs() < 0.5e-8, "{}", global.i);
    assert!((global.z_normal - 15.683_82).abs() < 0.5e-5, "{}", global.z_normal);
    let locals = local::statistics(&rates, &weights);
    let first = frame.tree.level(2).start;
    let reference = pilot.reference("ref_lisa_kreise.csv");
    assert_eq!(reference.len(), 401);
    for row in &reference {
        let found =
            locals[pilot.region("kreis", &row["AGS"]) - first].as_ref().expect("no islands");
        let quadrant = match found.quadrant {
            Quadrant::HighHigh => "1",
            Quadrant::LowHigh => "2",
            Quadrant::LowLow => "3",
            Quadrant::HighLow => "4",
        };
        // Eight printed decimals.
        assert!(
            (found.local_moran - number(row, "local_moran_I")).abs() < 0.6e-8,
            "{}",
            row["AGS"]
        );
        assert!((found.gi_star - number(row, "gi_star_z")).abs() < 0.6e-8, "{}", row["AGS"]);
        assert_eq!(quadrant, row["quadrant"], "{}", row["AGS"]);
    }
}

#[test]
fn every_kreis_has_one_finding_on_every_surface() {
    let Some(pilot) = pilot() else { return };
    let findings = &pilot.computed.draft.findings;
    assert!(findings.iter().filter(|found| found.surface.primary).count() == 2);
    for surface in findings {
        let regions: Vec<usize> = surface.regions.iter().map(|found| found.region).collect();
        let all: Vec<usize> = pilot.computed.frame.tree.level(2).collect();
        assert_eq!(regions, all);
        assert!(surface.test.n_draws >= surface.test.reach);
        for found in &surface.regions {
            for p in found.surroundings.iter().map(|found| found.p) {
                assert!(p > 0.0 && p <= 1.0);
            }
        }
    }
}
