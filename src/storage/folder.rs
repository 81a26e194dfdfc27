//! Atomic folders out: everything in them is there, or the previous one is, and nothing but results is ever replaced.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{Hashed, cannot_write, hex};
use crate::diagnostics::{Place, Problem, codes};

/// The file of an assessment's folder that lists all others under `outputs`.
pub const MANIFEST: &str = "manifest.json";

/// Files that file managers leave behind.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Files that are named in a problem at most.
const NAMED: usize = 5;

/// A folder under construction: it appears under its name only when everything in it is written.
///
/// Dropped without [`OutputFolder::publish`], nothing remains and the previous output stays as it was.
#[derive(Debug)]
pub struct OutputFolder {
    target: PathBuf,
    draft: tempfile::TempDir,
}

impl OutputFolder {
    /// Starts a folder beside its target, so that the final rename stays on one file system. A link is followed.
    ///
    /// # Errors
    /// [`codes::OUTPUT`] when the target is a file, or the parent folder cannot be written.
    pub fn begin(target: &Path) -> Result<Self, Problem> {
        let real = if target.exists() {
            target.canonicalize().map_err(|error| cannot_write(target, &error))?
        } else {
            target.to_owned()
        };
        if real.is_file() {
            return Err(Problem::new(&codes::OUTPUT, "is a file; results need a folder")
                .at(Place::File(target.display().to_string()))
                .help("choose another name with `--out`; the file was left as it is"));
        }
        let target = real.as_path();
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent)
            .and_then(|()| tempfile::Builder::new().prefix(".saet-").tempdir_in(parent))
            .map(|draft| Self { target: target.to_owned(), draft })
            .map_err(|error| cannot_write(target, &error))
    }

    /// Writes one file at a path relative to the folder and gives its sha256.
    ///
    /// # Errors
    /// [`codes::OUTPUT`].
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<String, Problem> {
        self.write_with(relative, |file| file.write_all(bytes))
    }

    /// Writes one file piece by piece at a path relative to the folder and gives its sha256.
    ///
    /// # Errors
    /// [`codes::OUTPUT`].
    pub fn write_with(
        &self,
        relative: &str,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<String, Problem> {
        let path = self.draft.path().join(relative);
        let folder = path.parent().expect("invariant: a file inside the folder has a parent");
        fs::create_dir_all(folder)
            .and_then(|()| {
                let mut hashed = Hashed { file: fs::File::create(&path)?, hasher: Sha256::new() };
                fill(&mut hashed)?;
                Ok(hex(&hashed.hasher.finalize()))
            })
            .map_err(|error| cannot_write(&self.target.join(relative), &error))
    }

    /// Puts the folder in place of the previous one. The previous one is moved aside first and comes back when the move
    /// fails. It may hold nothing but results: files that this folder has as well, or that its [`MANIFEST`] lists.
    ///
    /// # Errors
    /// [`codes::OUTPUT`]; the previous output is then still there.
    pub fn publish(self) -> Result<(), Problem> {
        self.refuse_strangers()?;
        let target = self.target;
        let draft = self.draft.keep();
        let aside = draft.with_extension("previous");
        let had_previous = target.exists();
        let moved = (if had_previous { fs::rename(&target, &aside) } else { Ok(()) })
            .and_then(|()| readable_by_others(&draft))
            .and_then(|()| fs::rename(&draft, &target));
        if let Err(error) = moved {
            if had_previous && !target.exists() {
                fs::rename(&aside, &target).map_err(|error| cannot_write(&target, &error))?;
            }
            fs::remove_dir_all(&draft).map_err(|error| cannot_write(&draft, &error))?;
            return Err(cannot_write(&target, &error));
        }
        if had_previous {
            fs::remove_dir_all(&aside).map_err(|error| cannot_write(&aside, &error))?;
        }
        Ok(())
    }
}

impl OutputFolder {
    /// Files in the way that no run wrote.
    fn refuse_strangers(&self) -> Result<(), Problem> {
        let found =
            files_below(&self.target).map_err(|error| cannot_write(&self.target, &error))?;
        let listed = listed(&self.target);
        let is_stranger = |file: &&PathBuf| {
            let is_litter =
                file.file_name().is_some_and(|name| LITTER.iter().any(|own| name == *own));
            !is_litter && !self.draft.path().join(file).exists() && !listed.contains(*file)
        };
        let strangers: Vec<String> =
            found.iter().filter(is_stranger).map(|file| format!("`{}`", file.display())).collect();
        if strangers.is_empty() {
            return Ok(());
        }
        let more = strangers.len().saturating_sub(NAMED);
        let shown = strangers[..strangers.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Err(Problem::new(&codes::OUTPUT, format!("holds files that no run of this kind wrote: {shown}{more}"))
            .at(Place::File(self.target.display().to_string()))
            .help("results replace their whole folder: choose another with `--out`, or move these files away; nothing was changed"))
    }
}

/// All files below a folder, relative to it; none when it does not exist.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop().filter(|_| folder.exists()) {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else if let Ok(relative) = entry.path().strip_prefix(folder) {
                found.push(relative.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What the manifest of a folder lists, with itself; nothing where there is none.
fn listed(folder: &Path) -> BTreeSet<PathBuf> {
    let manifest = fs::read(folder.join(MANIFEST)).ok();
    let manifest: Option<serde_json::Value> =
        manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let outputs = manifest.as_ref().and_then(|manifest| manifest["outputs"].as_object());
    let Some(outputs) = outputs else { return BTreeSet::new() };
    outputs.keys().map(PathBuf::from).chain([PathBuf::from(MANIFEST)]).collect()
}

/// Temporary folders are private to their owner; a published one is to be read from a shared drive.
#[cfg(unix)]
fn readable_by_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable_by_others(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[test]
fn an_unpublished_folder_leaves_the_previous_output_intact() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("out");
    let manifest = br#"{"outputs": {"a/b.txt": "hash"}}"#;
    let first = OutputFolder::begin(&target).unwrap();
    first.write("a/b.txt", b"one").unwrap();
    first.write(MANIFEST, manifest).unwrap();
    first.publish().unwrap();
    let second = OutputFolder::begin(&target).unwrap();
    second.write("a/b.txt", b"two").unwrap();
    drop(second);
    assert_eq!(fs::read(target.join("a/b.txt")).unwrap(), b"one");
    // What the manifest lists may go.
    let third = OutputFolder::begin(&target).unwrap();
    third.write("c.txt", b"three").unwrap();
    fs::write(target.join(LITTER[0]), b"").unwrap();
    third.publish().unwrap();
    assert!(!target.join("a").exists() && target.join("c.txt").exists());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn files_that_are_no_results_are_never_replaced() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("out");
    fs::create_dir_all(target.join("mine")).unwrap();
    fs::write(target.join("mine/thesis.txt"), b"years").unwrap();
    let draft = OutputFolder::begin(&target).unwrap();
    draft.write("index.html", b"page").unwrap();
    let refused = draft.publish().unwrap_err();
    assert!(refused.message.contains("`mine/thesis.txt`"), "{refused:?}");
    assert_eq!(fs::read(target.join("mine/thesis.txt")).unwrap(), b"years");
    assert_eq!(files_below(place.path()).unwrap(), [PathBuf::from("out/mine/thesis.txt")]);
    // A file is no folder, and stays.
    let file = target.join("mine/thesis.txt");
    assert!(OutputFolder::begin(&file).unwrap_err().message.contains("is a file"));
    assert_eq!(fs::read(&file).unwrap(), b"years");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let place = tempfile::tempdir().unwrap();
    let (real, link) = (place.path().join("real"), place.path().join("link"));
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let draft = OutputFolder::begin(&link).unwrap();
    draft.write("index.html", b"page").unwrap();
    draft.publish().unwrap();
    assert!(link.is_symlink() && real.join("index.html").exists());
}
