//! Names of things, each its own type so that a region's code is never taken for a source's.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a name as it was declared.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as it was declared.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.to_owned())
            }
        }
    )+};
}

id! {
    /// A region's code in the declared vintage, such as `03159`.
    RegionId,
    /// An indicator, such as `crime.incidence`.
    IndicatorId,
    /// A measure inside an indicator, such as `rate`.
    MeasureId,
    /// An ideology, such as `right`.
    IdeologyId,
    /// A declared source, such as `arvig`.
    SourceId,
}
