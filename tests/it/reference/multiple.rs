//! Adjusted p-values against R's `p.adjust`.

use saet::statistics::multiple::{benjamini_hochberg, benjamini_yekutieli, bonferroni, holm};

use super::{assert_close, golden, list};

type Method = fn(&[f64]) -> Vec<f64>;
type Rule = fn(&[f64], f64) -> Vec<bool>;

#[test]
fn adjusted_p_values_agree_with_r() {
    let Some(spdep) = golden("spatial.spdep.json") else { return };
    let mut n_compared = 0;
    for (name, case) in spdep["continuous"].as_object().unwrap() {
        let adjusted = &case["p_adjust"];
        // R leaves islands out of the family, and so do we.
        let all = list(&adjusted["p"]);
        let tested: Vec<usize> = (0..all.len()).filter(|&at| all[at].is_finite()).collect();
        let p: Vec<f64> = tested.iter().map(|&at| all[at]).collect();
        let methods: [(&str, Method, Rule); 4] = [
            ("BH", benjamini_hochberg::q_values, benjamini_hochberg::rejected),
            ("BY", benjamini_yekutieli::q_values, benjamini_yekutieli::rejected),
            ("holm", holm::adjusted, holm::rejected),
            ("bonferroni", bonferroni::adjusted, bonferroni::rejected),
        ];
        for (key, method, rule) in methods {
            let theirs = list(&adjusted[key]);
            let rejected = rule(&p, 0.05);
            for (rank, ours) in method(&p).into_iter().enumerate() {
                let theirs = theirs[tested[rank]];
                assert_close(ours, theirs, 1e-10, &format!("{name} {key} {rank}"));
                assert_eq!(rejected[rank], theirs <= 0.05, "{name} {key} {rank}");
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 1_500, "only {n_compared} compared");
}
