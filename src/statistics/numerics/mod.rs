//! Arithmetic under the statistics: distributions, random numbers, permutation. The same bits on every machine.

pub mod beta;
pub mod binomial;
pub mod cholesky;
mod distinct;
mod exponential;
pub mod float;
pub mod gamma;
pub mod multinomial;
pub mod negative_binomial;
mod normal;
pub mod permutation;
pub mod poisson;
pub mod pvalue;
pub mod random;
pub(crate) mod root;
pub mod sparse_cholesky;
pub mod student;
