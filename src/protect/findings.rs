//! Protection of findings: no class, p-value or score that would reveal a hidden count or label a small area.

use super::{Policy, released};
use crate::model::{
    Dispersion, Evidence, Frame, GlobalTest, RegionFinding, SurfaceFindings, TestStatus,
};

/// Protects every surface. A protected surface whose total is itself small is left out.
pub(super) fn protect(
    frame: &Frame,
    findings: Vec<SurfaceFindings>,
    policy: &Policy,
) -> Vec<SurfaceFindings> {
    findings
        .into_iter()
        .filter_map(|found| {
            let protected = released::is_protected(frame, found.surface.measure);
            let labels = policy.labels(found.surface.level);
            if protected && policy.hides(found.test.total) {
                return None;
            }
            Some(SurfaceFindings {
                surface: found.surface,
                test: test(found.test, protected, policy),
                // A group names its members, and its counts are sums of theirs.
                groups: if protected || !labels { Vec::new() } else { found.groups },
                regions: found
                    .regions
                    .into_iter()
                    .map(|finding| region(finding, protected, labels, policy))
                    .collect(),
            })
        })
        .collect()
}

/// The global answer. Where counts are protected, everything computed from them goes; `p` is then `None`, and
/// `selected` says nothing.
fn test(test: GlobalTest, protected: bool, policy: &Policy) -> GlobalTest {
    if !protected {
        return test;
    }
    GlobalTest {
        total: policy.round(test.total),
        dispersion: Dispersion { law: None, phi: None, p: None },
        moran_i: None,
        moran_z: None,
        p: None,
        q: None,
        selected: false,
        ..test
    }
}

fn region(finding: RegionFinding, protected: bool, labels: bool, policy: &Policy) -> RegionFinding {
    let bare = RegionFinding::bare(finding.region, finding.status, Evidence::Withheld);
    // Without a count there is nothing to reveal: why there is none is public.
    if matches!(finding.status, TestStatus::NoData(_) | TestStatus::ZeroPopulation) {
        return RegionFinding { evidence: Evidence::NoData, ..bare };
    }
    match (protected, labels) {
        (false, true) => finding,
        (false, false) => {
            RegionFinding { observed: finding.observed, expected: finding.expected, ..bare }
        }
        (true, _) if finding.observed.is_none_or(|count| policy.hides(count)) => {
            RegionFinding { status: TestStatus::Suppressed, ..bare }
        }
        (true, _) => RegionFinding {
            observed: finding.observed.map(|count| policy.round(count)),
            evidence: if labels { finding.evidence } else { Evidence::Withheld },
            ..bare
        },
    }
}
