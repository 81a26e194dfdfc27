//! The one door to the file system: whole files in, atomic folders out.

#![allow(clippy::disallowed_methods, reason = "this is the door the ban points to")]

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::diagnostics::{Place, Problem, codes};

/// Reads a whole file.
///
/// # Errors
/// [`codes::NO_FILE`] with the path.
pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    fs::read(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &io::Error) -> Problem {
    Problem::new(&codes::NO_FILE, format!("cannot be read: {error}"))
        .at(Place::File(path.display().to_string()))
        .help("check the path; relative paths start at the assessment's folder or at `--data`")
}

/// Whether a file is there.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// The files of a folder with an extension, sorted by name; empty when there is no such folder.
pub fn files_with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

/// Lower-case hexadecimal sha256 of bytes.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal sha256 of a file that may be larger than memory.
///
/// # Errors
/// [`codes::NO_FILE`] with the path.
pub fn sha256_of_file(path: &Path) -> Result<String, Problem> {
    let mut hasher = Sha256::new();
    fs::File::open(path)
        .and_then(|mut file| io::copy(&mut file, &mut HashWriter(&mut hasher)))
        .map_err(|error| cannot_read(path, &error))?;
    Ok(hex(&hasher.finalize()))
}

/// A file that is hashed as it is written.
struct Hashed {
    file: fs::File,
    hasher: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

struct HashWriter<'h>(&'h mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("invariant: writing to a string");
        hex
    })
}

/// Writes one file whole or not at all, creating its folder.
///
/// # Errors
/// [`codes::OUTPUT`] with the path.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(bytes)?;
            file.persist(path)?;
            Ok(())
        })
        .map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &dyn std::error::Error) -> Problem {
    Problem::new(&codes::OUTPUT, format!("cannot be written: {error}"))
        .at(Place::File(path.display().to_string()))
        .help("check the folder's permissions and free space, or choose another with `--out`")
}

/// A folder under construction: it appears under its name only when everything in it is written.
///
/// Dropped without [`OutputFolder::publish`], nothing remains and the previous output stays as it was.
#[derive(Debug)]
pub struct OutputFolder {
    target: PathBuf,
    draft: tempfile::TempDir,
}

impl OutputFolder {
    /// Starts a folder beside its target, so that the final rename stays on one file system.
    ///
    /// # Errors
    /// [`codes::OUTPUT`] when the parent folder cannot be written.
    pub fn begin(target: &Path) -> Result<Self, Problem> {
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
    /// fails.
    ///
    /// # Errors
    /// [`codes::OUTPUT`]; the previous output is then still there.
    pub fn publish(self) -> Result<(), Problem> {
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
    let first = OutputFolder::begin(&target).unwrap();
    first.write("a/b.txt", b"one").unwrap();
    first.publish().unwrap();
    let second = OutputFolder::begin(&target).unwrap();
    second.write("a/b.txt", b"two").unwrap();
    drop(second);
    assert_eq!(fs::read(target.join("a/b.txt")).unwrap(), b"one");
    let third = OutputFolder::begin(&target).unwrap();
    third.write("c.txt", b"three").unwrap();
    third.publish().unwrap();
    assert!(!target.join("a").exists() && target.join("c.txt").exists());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}
