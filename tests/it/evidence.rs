//! Evidence end to end: a synthetic country with planted places, ten years long, from files to classes.

use std::path::Path;

use saet::{
    assessment,
    count::catalogue,
    model::{Evidence, SurfaceFindings},
    pipeline::{self, Computed, Progress},
    protect::{Edition, Policy, release},
};

use crate::runs::run;

fn country(folder: &Path) -> Computed {
    let out = folder.to_str().expect("a UTF-8 path");
    let size = ["--regions", "400", "--years", "10", "--events", "60000"];
    let made = run(&[&["demo", "--out", out, "--no-run"], &size[..]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let assessment = assessment::load(folder, None).expect("the demo's file is sound");
    let definitions = catalogue::load(Some(&folder.join("indicators"))).expect("and its catalogue");
    pipeline::compute(&assessment, &definitions, &Progress::new(false, 0)).expect("the demo runs")
}

#[test]
fn planted_places_are_found_as_groups_over_time_and_under_every_check() {
    let folder = tempfile::tempdir().unwrap();
    let computed = country(folder.path());
    let primary: Vec<&SurfaceFindings> =
        computed.draft.findings.iter().filter(|found| found.surface.primary).collect();
    assert_eq!(primary.len(), 2);
    let planted = computed.frame.planted.iter().find(|planted| planted.kind == "group");
    let planted = planted.expect("the demo plants a group");
    for found in &primary {
        let group = found.groups.first().expect("the planted group is found as one");
        let members = planted.regions.iter().filter(|region| group.regions.contains(region));
        assert!(2 * members.count() > planted.regions.len(), "{group:?} against {planted:?}");
        assert!(group.p <= 0.05 && group.relative_risk.is_some_and(|risk| risk > 1.1));
        assert!(found.groups.is_sorted_by(|a, b| a.llr >= b.llr));
    }
    let regions = || primary.iter().flat_map(|found| &found.regions);
    let hot = regions()
        .filter(|region| region.persistence.is_some_and(|class| class.ends_with("hot spot")));
    assert!(hot.count() > 0, "ten years are enough for emerging classes");
    let mut n_robust = 0;
    for region in regions() {
        let examined = matches!(region.evidence, Evidence::Probable | Evidence::Established);
        assert_eq!(region.robustness.is_some(), examined, "{region:?}");
        if let Some(robustness) = &region.robustness {
            n_robust += 1;
            assert_eq!(robustness.is_complete(), region.evidence == Evidence::Established);
            assert_eq!(robustness.checks.len(), 8, "the whole vector, whatever it says");
        }
        let rank = region.rank.expect("every region has a rank");
        assert!(rank.1 <= rank.0 && rank.0 <= rank.2 && rank.1 >= 1.0);
    }
    assert!(n_robust > 2, "only {n_robust} regions were examined");

    let policy =
        Policy { edition: Edition::Public, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    let public = release(computed.frame.clone(), computed.draft.clone(), &policy).unwrap();
    for found in public.findings() {
        assert!(found.groups.is_empty(), "a group names its members");
        assert!(found.regions.iter().all(|region| {
            region.robustness.is_none() && region.rank.is_none() && region.persistence.is_none()
        }));
    }
    let trended = |trends: &[saet::model::Trend]| {
        trends.iter().filter(|trend| trend.yearly_change.is_some()).count()
    };
    assert!(trended(&computed.draft.trends) > 100, "ten years are enough for trends");
    assert_eq!(trended(public.trends()), 0, "a slope is made of exact counts");
}
