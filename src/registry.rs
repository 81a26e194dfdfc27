//! One shape for every list of methods, formats and reports: a file each, a line each.

/// Declares one module per name and collects every module's `ENTRY` into `ALL`.
///
/// To add an entry, write its file with a `pub(super) static ENTRY` and add its name to the list. The names are both the
/// module and the order shown to users.
///
/// The second form is for entries whose file is their own description: `Group of Entry in "folder"`, then each group's
/// title with the files it holds, by path below the folder. An entry is that path and the file's text.
macro_rules! catalogue {
    ($(#[$doc:meta])* $entry:ty; $($name:ident),+ $(,)?) => {
        $(pub(crate) mod $name;)+
        $(#[$doc])*
        pub(crate) static ALL: &[&$entry] = &[$(&$name::ENTRY),+];
    };
    (
        $(#[$doc:meta])* $group:ident of $entry:ident in $folder:literal;
        $($title:literal: $($id:literal),+ $(,)?;)+
    ) => {
        $(#[$doc])*
        pub(crate) static ALL: &[$group] = &[$($group {
            title: $title,
            entries: &[$($entry {
                id: $id,
                text: include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $id, ".rs"
                )),
            }),+],
        }),+];
    };
}
pub(crate) use catalogue;
