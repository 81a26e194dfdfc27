//! What may leave: the one type `render` accepts, with the one way to make it.

use std::sync::Arc;

use super::{
    Edition, Policy, alarms, audit, changes, composites, concentrations, findings, primary,
    surveys, trends,
};
use crate::{
    diagnostics::Problems,
    model::{
        Capacity, Change, Composite, Concentration, Draft, Estimate, Frame, Indicator, Measure,
        MeasureKey, MeasurePanel, Protection, SourceReport, SurfaceFindings, SurveyShare, Trend,
        Watch,
    },
};

/// A draft after protection. Its fields are private and [`release`] is its only constructor.
#[derive(Debug, Clone)]
pub struct Released {
    policy: Policy,
    frame: Arc<Frame>,
    draft: Draft,
    watermark: bool,
}

/// Applies a policy to a draft and audits the result.
///
/// # Errors
/// [`codes::DISCLOSURE`](crate::diagnostics::codes::DISCLOSURE), one problem per measure or surface whose figures would
/// still reveal a protected count.
pub fn release(frame: Arc<Frame>, draft: Draft, policy: &Policy) -> Result<Released, Problems> {
    let released = match policy.edition {
        Edition::Restricted => Released { policy: *policy, frame, draft, watermark: false },
        Edition::Public => Released {
            policy: *policy,
            draft: protected(&frame, draft, policy),
            frame: Arc::new(without_row_counts(&frame)),
            watermark: true,
        },
    };
    audit::check(&released)?;
    Ok(released)
}

/// Everything as the public may see it.
fn protected(frame: &Frame, draft: Draft, policy: &Policy) -> Draft {
    Draft {
        estimates: Arc::new(primary::estimates(frame, &draft.estimates, policy)),
        surveys: surveys::protect(frame, draft.surveys, policy),
        composites: composites::protect(frame, draft.composites),
        findings: findings::protect(frame, draft.findings, policy),
        changes: changes::protect(frame, draft.changes, policy),
        trends: trends::protect(frame, draft.trends),
        concentrations: concentrations::protect(frame, draft.concentrations),
        watches: alarms::protect(frame, draft.watches, policy),
        // Shares of rows and counts tell both.
        capacity: draft
            .capacity
            .into_iter()
            .map(|row| Capacity { share_not_located: None, share_unassigned: None, ..row })
            .collect(),
    }
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
        &self.draft.estimates
    }

    /// The panel of one measure; `None` when the catalogue position has none.
    pub fn panel(&self, key: MeasureKey) -> Option<&MeasurePanel<Estimate>> {
        self.draft.estimates.iter().find(|panel| panel.key == key)
    }

    /// What every region's own respondents say.
    pub fn surveys(&self) -> &[SurveyShare] {
        &self.draft.surveys
    }

    /// Composites the assessment asks for.
    pub fn composites(&self) -> &[Composite] {
        &self.draft.composites
    }

    /// Findings, primary surfaces first.
    pub fn findings(&self) -> &[SurfaceFindings] {
        &self.draft.findings
    }

    /// Changes between disjoint periods.
    pub fn changes(&self) -> &[Change] {
        &self.draft.changes
    }

    /// Trends over all base periods.
    pub fn trends(&self) -> &[Trend] {
        &self.draft.trends
    }

    /// How concentrated events are, by measure, ideology, period and level.
    pub fn concentrations(&self) -> &[Concentration] {
        &self.draft.concentrations
    }

    /// The last period of every series that may be watched.
    pub fn watches(&self) -> &[Watch] {
        &self.draft.watches
    }

    /// Capacity, region-major.
    pub fn capacity(&self) -> &[Capacity] {
        &self.draft.capacity
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
