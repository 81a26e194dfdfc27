//! What a waiting person sees: one bar with the step under way, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The progress bar of a run.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar of `n_steps` on standard error, or nothing.
    pub fn new(shown: bool, n_steps: usize) -> Self {
        let bar = if shown { ProgressBar::new(n_steps as u64) } else { ProgressBar::hidden() };
        if shown {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Names the step under way and counts it.
    pub fn step(&self, name: &str) {
        self.0.inc(1);
        self.0.set_message(name.to_owned());
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
