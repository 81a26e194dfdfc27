//! One shape for every list of methods, formats and reports: a file each, a line each.

/// Declares one module per name and collects every module's `ENTRY` into `ALL`.
///
/// To add an entry, write its file with a `pub(super) static ENTRY` and add its name to the list. The names are both the
/// module and the order shown to users.
macro_rules! catalogue {
    ($(#[$doc:meta])* $entry:ty; $($name:ident),+ $(,)?) => {
        $(pub(crate) mod $name;)+
        $(#[$doc])*
        pub(crate) static ALL: &[&$entry] = &[$(&$name::ENTRY),+];
    };
}
pub(crate) use catalogue;
