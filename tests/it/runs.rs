//! Whole runs through the binary: the same bytes at any thread count, exit codes, nothing left behind.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use saet::statistics::interval::{Confidence, CountLimits};

use crate::pilot::table;

/// The program under test.
pub(crate) fn saet(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saet"));
    command.args(arguments).env("NO_COLOR", "1");
    command
}

/// Runs it to its end.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> Output {
    saet(arguments).output().expect("the program starts")
}

/// A small synthetic country, written and not run.
pub(crate) fn country(folder: &Path) {
    let out = folder.to_str().expect("a UTF-8 path");
    let made = run(&[
        "demo",
        "--out",
        out,
        "--regions",
        "60",
        "--years",
        "4",
        "--events",
        "4000",
        "--no-run",
    ]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Every file below a folder, by relative path.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("the folder is there") {
            let path = entry.expect("and readable").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").display().to_string();
                found.insert(name, fs::read(&path).expect("and its files"));
            }
        }
    }
    found
}

#[test]
fn a_run_gives_the_same_bytes_at_one_and_two_threads() {
    let place = tempfile::tempdir().unwrap();
    country(place.path());
    let folder = place.path().to_str().unwrap();
    let at = |threads: &str| {
        let out = place.path().join(format!("out{threads}"));
        let done = saet(&["run", folder, "--out", out.to_str().unwrap()])
            .env("RAYON_NUM_THREADS", threads)
            .env("POLARS_MAX_THREADS", threads)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        files(&out)
    };
    let (one, two) = (at("1"), at("2"));
    assert!(one.len() > 100, "an assessment has many files");
    for needed in [
        "manifest.json",
        "restricted/index.html",
        "public/index.html",
        "restricted/tables/estimates.csv",
    ] {
        assert!(one.contains_key(needed), "{needed}");
    }
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == two[name], "{name} differs between thread counts");
    }
}

#[test]
fn limits_of_counts_are_those_an_assessment_names() {
    let folder = tempfile::tempdir().unwrap();
    country(folder.path());
    let file = folder.path().join("assessment.toml");
    let named =
        fs::read_to_string(&file).unwrap().replace("seed = 1\n", "seed = 1\nlimits = \"phe\"\n");
    fs::write(&file, named).unwrap();
    let out = folder.path().join("out");
    let done = run(&["run", folder.path().to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for edition in ["restricted", "public"] {
        let mut n_rows = BTreeMap::new();
        for row in table(&out.join(edition).join("tables/estimates.csv")) {
            let method = row["method"].as_str();
            if row["measure"] != "count" || !["garwood", "byar"].contains(&method) {
                continue;
            }
            let Ok(count) = row["numerator"].parse::<u64>() else { continue };
            assert_eq!(method == "byar", count >= 10, "{edition}: {row:?}");
            let (lower, upper) = CountLimits::Phe.of(count, Confidence::P95);
            for (column, limit) in [("lower95", lower), ("upper95", upper)] {
                let printed: f64 = row[column].parse().unwrap();
                // Eight digits are printed.
                assert!((printed - limit).abs() <= 1e-7 * limit, "{edition} {column}: {row:?}");
            }
            *n_rows.entry(method.to_owned()).or_insert(0) += 1;
        }
        assert_eq!(n_rows.len(), 2, "{edition}: both formulas are used: {n_rows:?}");
    }
}

#[test]
fn the_manifest_names_every_output_with_its_hash() {
    let place = tempfile::tempdir().unwrap();
    country(place.path());
    let out = place.path().join("out");
    let done = run(&["run", place.path().to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let written = files(&out);
    let manifest: serde_json::Value = serde_json::from_slice(&written["manifest.json"]).unwrap();
    let outputs = manifest["outputs"].as_object().unwrap();
    assert_eq!(outputs.len() + 1, written.len(), "all but the manifest itself");
    for (name, hash) in outputs {
        assert_eq!(hash.as_str().unwrap(), saet::storage::sha256(&written[name]), "{name}");
    }
    for source in manifest["sources"].as_array().unwrap() {
        let number = |key: &str| source[key].as_u64().unwrap();
        let rejected: u64 =
            source["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(number("read"), number("used") + rejected + number("duplicates"), "{source}");
    }
}

#[test]
fn exit_codes_tell_configuration_from_input() {
    let place = tempfile::tempdir().unwrap();
    let empty = place.path().to_str().unwrap();
    assert_eq!(run(&["run", empty]).status.code(), Some(2), "no assessment");
    assert_eq!(run(&["nonsense"]).status.code(), Some(2), "usage");
    country(place.path());
    fs::remove_file(place.path().join("data/population.csv")).unwrap();
    assert_eq!(run(&["run", empty]).status.code(), Some(3), "a missing file");
    assert_eq!(run(&["check", empty]).status.code(), Some(1), "findings of check");
    assert_eq!(run(&["indicators", "list"]).status.code(), Some(0));
}

/// Sheets of A4 that a browser prints a page on.
#[track_caller]
fn sheets(browser: &OsStr, page: &Path, work: &Path) -> usize {
    let pdf = work.join("page.pdf");
    let printed = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", work.join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let pdf = fs::read(pdf).expect("a page was printed");
    pdf.windows(12).filter(|bytes| bytes.starts_with(b"/Type /Page") && bytes[11] != b's').count()
}

#[test]
fn pages_fit_a_phone_and_a_screen() {
    // `tests/run` installs a browser and says where it is.
    let Some(browser) = std::env::var_os("CHROMIUM") else {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "CHROMIUM is not set");
        eprintln!("not run: CHROMIUM is not set; `tests/run` sets it");
        return;
    };
    let place = tempfile::tempdir().unwrap();
    country(place.path());
    let out = place.path().join("out");
    let done = run(&["run", place.path().to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/overflow.sh");
    for edition in ["restricted", "public"] {
        let measured = Command::new("bash")
            .arg(&script)
            .arg(out.join(edition))
            .env("CHROMIUM", &browser)
            .output()
            .expect("bash starts");
        assert!(
            measured.status.success(),
            "{edition}: {}{}",
            String::from_utf8_lossy(&measured.stdout),
            String::from_utf8_lossy(&measured.stderr)
        );
        assert!(String::from_utf8_lossy(&measured.stdout).contains("390"), "widths were measured");
    }
    // The longest page of a district: what a municipality is given to read, on two sides of a sheet.
    let districts = files(&out.join("restricted/regions")).into_iter();
    let longest = districts.filter(|(name, _)| name.len() == "01001.html".len());
    let (name, _) = longest.max_by_key(|(_, page)| page.len()).expect("there are districts");
    let page = out.join("restricted/regions").join(&name);
    assert!((1..=2).contains(&sheets(&browser, &page, place.path())), "{name}");
}
