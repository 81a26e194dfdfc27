//! What an assessment names, as places in the catalogue.

use crate::{
    assessment::{Assessment, DeclaredComposite},
    model::{CompositeRule, Indicator, IndicatorId, MeasureId, MeasureKey},
};

/// The measures whose surfaces are primary.
pub(super) fn primary(assessment: &Assessment, indicators: &[Indicator]) -> Vec<MeasureKey> {
    let named = assessment.primary.iter();
    named.filter_map(|named| measure_key(indicators, &named.indicator, &named.measure)).collect()
}

/// Where a measure stands in the catalogue.
fn measure_key(
    indicators: &[Indicator],
    indicator: &IndicatorId,
    measure: &MeasureId,
) -> Option<MeasureKey> {
    let indicator = indicators.iter().position(|known| known.id == *indicator)?;
    let measure = indicators[indicator].measures.iter().position(|known| known.id == *measure)?;
    Some(MeasureKey { indicator, measure })
}

/// The composites asked for, with their measures' places in the catalogue.
pub(super) fn composite_rules(
    assessment: &Assessment,
    indicators: &[Indicator],
) -> Vec<CompositeRule> {
    let rule = |declared: &DeclaredComposite| CompositeRule {
        title: declared.title.clone(),
        level: declared.level,
        components: declared
            .components
            .iter()
            .filter_map(|(indicator, measure, weight)| {
                Some((measure_key(indicators, indicator, measure)?, *weight))
            })
            .collect(),
        normalisation: declared.normalisation,
        aggregation: declared.aggregation,
    };
    assessment.composites.iter().map(rule).collect()
}
