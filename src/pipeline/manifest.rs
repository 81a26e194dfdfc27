//! The manifest: what went in, what was decided, what came out. Nothing of it depends on the clock or the machine.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{assessment::Assessment, count::definition::Definition, storage};

use super::Computed;

/// `manifest.json`: inputs and outputs by sha256, catalogue, seed, policy, versions, rows.
pub(super) fn manifest(
    assessment: &Assessment,
    definitions: &[Definition],
    computed: &Computed,
    outputs: &BTreeMap<String, String>,
) -> Vec<u8> {
    let inputs: BTreeMap<&str, &str> = computed
        .files
        .iter()
        .chain(computed.frame.sources.iter().flat_map(|source| &source.files))
        .map(|(path, sha256)| (path.as_str(), sha256.as_str()))
        .collect();
    let catalogue: BTreeMap<&str, String> = definitions
        .iter()
        .map(|definition| {
            let sha256 = storage::sha256(definition.text.content.as_bytes());
            (definition.indicator.id.as_str(), sha256)
        })
        .collect();
    let sources: Vec<Value> = computed
        .frame
        .sources
        .iter()
        .map(|source| {
            json!({
                "id": source.id,
                "filtered": source.filtered,
                "read": source.read,
                "used": source.used,
                "rejected": source.rejected,
                "duplicates_found": source.duplicates_found,
                "duplicates": source.duplicates,
            })
        })
        .collect();
    let manifest = json!({
        "saet": env!("CARGO_PKG_VERSION"),
        "catalogue_version": crate::count::catalogue::VERSION,
        "assessment": {
            "title": assessment.title,
            "sha256": storage::sha256(assessment.text.content.as_bytes()),
            "geo_version": assessment.vintage,
            "periods": computed.frame.calendar,
            "seed": assessment.seed,
            "alpha": assessment.alpha,
        },
        "protection": {
            "hide_up_to": assessment.protection.hide_up_to,
            "round_to": assessment.protection.round_to,
            "labels_from": assessment.levels[assessment.protection.labels_from],
        },
        "inputs": inputs,
        "catalogue": catalogue,
        "sources": sources,
        "outputs": outputs,
    });
    let mut bytes =
        serde_json::to_vec_pretty(&manifest).expect("invariant: the manifest holds plain values");
    bytes.push(b'\n');
    bytes
}

/// `quarantine.csv`: which rows of which file were not counted, and why; never their content.
pub(super) fn quarantine(rows: &[(String, String, u64, &'static str)]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let written = table.write_record(["source", "file", "row", "reason"]).and_then(|()| {
        rows.iter().try_for_each(|(source, file, row, reason)| {
            table.write_record([source, file, &row.to_string(), *reason])
        })
    });
    written.expect("invariant: writing to memory");
    table.into_inner().expect("invariant: writing to memory")
}
