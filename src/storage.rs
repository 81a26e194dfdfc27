//! The one door to the file system: whole files in, atomic folders out ([`OutputFolder`]).

#![allow(clippy::disallowed_methods, reason = "this is the door the ban points to")]

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

mod folder;

use crate::diagnostics::{Place, Problem, codes};
pub use folder::{MANIFEST, OutputFolder};

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
        .help("check the path; those an assessment names start at its folder or at `--data`, others where the command is run")
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
