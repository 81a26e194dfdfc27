//! What may leave: the one type `render` accepts, with the one way to make it.

use std::sync::Arc;

use super::{Edition, Policy, alarms, audit, changes, concentrations, findings, primary, trends};
use crate::{
    diagnostics::Problems,
    model::{
        Capacity, Change, Concentration, Draft, Estimate, Frame, Indicator, Measure, MeasureKey,
        MeasurePanel, Protection, SourceReport, SurfaceFindings, Trend, Watch,
    },
};

/// A draft after protection. Its fields are private and [`release`] is its only constructor.
#[derive(Debug, Clone)]
pub struct Released {
    policy: Policy,
    frame: Arc<Frame>,
    estimates: Arc<Vec<MeasurePanel<Estimate>>>,
    findings: Vec<SurfaceFindings>,
    changes: Vec<Change>,
    trends: Vec<Trend>,
    concentrations: Vec<Concentration>,
    watches: Vec<Watch>,
    capacity: Vec<Capacity>,
    watermark: bool,
}

/// Applies a policy to a draft and audits the result.
///
/// # Errors
/// [`codes::DISCLOSURE`](crate::diagnostics::codes::DISCLOSURE), one problem per measure or surface whose figures would
/// still reveal a protected count.
pub fn release(frame: Arc<Frame>, draft: Draft, policy: &Policy) -> Result<Released, Problems> {
    let Draft { estimates, findings, changes, trends, concentrations, watches, capacity } = draft;
    let released = match policy.edition {
        Edition::Restricted => Released {
            policy: *policy,
            frame,
            estimates,
            findings,
            changes,
            trends,
            concentrations,
            watches,
            capacity,
            watermark: false,
        },
        Edition::Public => Released {
            policy: *policy,
            estimates: Arc::new(primary::estimates(&frame, &estimates, policy)),
            findings: findings::protect(&frame, findings, policy),
            changes: changes::protect(&frame, changes, policy),
            trends: trends::protect(&frame, trends),
            concentrations: concentrations::protect(&frame, concentrations),
            watches: alarms::protect(&frame, watches, policy),
            frame: Arc::new(without_row_counts(&frame)),
            // Shares of rows and counts tell both.
            capacity: capacity
                .into_iter()
                .map(|row| Capacity { share_not_located: None, share_unassigned: None, ..row })
                .collect(),
            watermark: true,
        },
    };
    audit::check(&released)?;
    Ok(released)
}

/// The frame without row counts of sources, disagreeing rows and warnings: they count the same records as the hidden
/// cells do, and the total of a source minus the shown cells is what is hidden.
fn without_row_counts(frame: &Frame) -> Frame {
    let mut frame = frame.clone();
    for source in &mut frame.sources {
        *source = SourceReport {
            files: Vec::new(),
            filtered: 0,
            read: 0,
            used: 0,
            rejected: std::collections::BTreeMap::new(),
            duplicates_found: 0,
            duplicates: 0,
            n_multi_kind: 0,
            n_merged: 0,
            checks: Vec::new(),
            ..source.clone()
        };
    }
    frame.warnings.clear();
    frame
}

impl Released {
    /// Whom it is for.
    pub fn edition(&self) -> Edition {
        self.policy.edition
    }

    /// What was applied.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What every number refers to. Outside the restricted edition its sources carry no row counts and it has no
    /// warnings; see [`Released::reconciliation`].
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Estimates, one panel per measure of the catalogue, in catalogue order.
    pub fn estimates(&self) -> &[MeasurePanel<Estimate>] {
        &self.estimates
    }

    /// The panel of one measure; `None` when the catalogue position has none.
    pub fn panel(&self, key: MeasureKey) -> Option<&MeasurePanel<Estimate>> {
        self.estimates.iter().find(|panel| panel.key == key)
    }

    /// Findings, primary surfaces first.
    pub fn findings(&self) -> &[SurfaceFindings] {
        &self.findings
    }

    /// Changes between disjoint periods.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Trends over all base periods.
    pub fn trends(&self) -> &[Trend] {
        &self.trends
    }

    /// How concentrated events are, by measure, ideology, period and level.
    pub fn concentrations(&self) -> &[Concentration] {
        &self.concentrations
    }

    /// The last period of every series that may be watched.
    pub fn watches(&self) -> &[Watch] {
        &self.watches
    }

    /// Capacity, region-major.
    pub fn capacity(&self) -> &[Capacity] {
        &self.capacity
    }

    /// How each source's rows were accounted for; `None` where row counts are withheld.
    pub fn reconciliation(&self) -> Option<&[SourceReport]> {
        (self.policy.edition == Edition::Restricted).then_some(self.frame.sources.as_slice())
    }

    /// Whether everything must say "not for publication", because secondary suppression does not exist yet.
    pub fn watermark(&self) -> bool {
        self.watermark
    }

    /// An indicator and one of its measures.
    pub fn measure(&self, key: MeasureKey) -> (&Indicator, &Measure) {
        measure_of(&self.frame, key)
    }
}

/// An indicator and one of its measures.
pub(super) fn measure_of(frame: &Frame, key: MeasureKey) -> (&Indicator, &Measure) {
    let indicator = &frame.indicators[key.indicator];
    (indicator, &indicator.measures[key.measure])
}

/// Whether a measure's counts need protection.
pub(super) fn is_protected(frame: &Frame, key: MeasureKey) -> bool {
    measure_of(frame, key).1.protection == Protection::Protected
}
