//! Bundles that mean harm: folders and archives with the exact refusal of each.

use std::{fs, io::Write as _, path::Path};

use kpi::plugins::bundle::{self, RefusalCode as Code, Refused};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{FILES, MANIFEST, folder, zipped};
use crate::support::raw_zip::{Entry, archive};

fn only(faults: Vec<Refused>) -> (Code, String) {
    assert_eq!(faults.len(), 1, "{faults:?}");
    (faults[0].code, faults[0].message.clone())
}

#[test]
fn folders_that_are_not_what_they_seem_are_refused() {
    let read = |path: &Path| only(bundle::read_folder(path).expect_err("it came through")).0;
    let temp = folder(&[]);
    let sample = temp.path().join("sample");
    assert_eq!(read(&temp.path().join("nothing")), Code::Unreadable);
    assert_eq!(read(&sample.join("plugin.toml")), Code::Unreadable);
    assert_eq!(read(&sample.join("rules")), Code::NoManifest);
    #[cfg(unix)]
    {
        let outside = temp.path().join("outside.rhai");
        fs::write(&outside, "secret").unwrap();
        std::os::unix::fs::symlink(&outside, sample.join("link.rhai")).unwrap();
        assert_eq!(read(&sample), Code::Symlink);
        fs::remove_file(sample.join("link.rhai")).unwrap();
        std::os::unix::fs::symlink(temp.path(), sample.join("up")).unwrap();
        assert_eq!(read(&sample), Code::Symlink);
        fs::remove_file(sample.join("up")).unwrap();
        fs::write(sample.join("rules/a\\b"), "").unwrap();
        assert_eq!(read(&sample), Code::BadPath);
        fs::remove_file(sample.join("rules/a\\b")).unwrap();
        fs::write(sample.join("README.md"), "").unwrap();
        fs::write(sample.join("readme.md"), "").unwrap();
        assert_eq!(read(&sample), Code::DoubledPath);
        fs::remove_file(sample.join("readme.md")).unwrap();
    }
    fs::write(sample.join("large.txt"), vec![b'x'; 1024 * 1024 + 1]).unwrap();
    assert_eq!(read(&sample), Code::FileTooLarge);
    fs::remove_file(sample.join("large.txt")).unwrap();
    (0..9).for_each(|n| fs::write(sample.join(format!("{n}.txt")), vec![b'x'; 1000 * 1000]).unwrap());
    assert_eq!(read(&sample), Code::BundleTooLarge);
    (0..9).for_each(|n| fs::remove_file(sample.join(format!("{n}.txt"))).unwrap());
    (0..200).for_each(|n| fs::write(sample.join(format!("{n}.txt")), "x").unwrap());
    assert_eq!(read(&sample), Code::TooManyFiles);
}

#[test]
fn archives_with_evil_names_are_refused() {
    let manifest = || Entry::new("plugin.toml", MANIFEST);
    for (name, code, part) in [
        ("../evil.rhai", Code::BadPath, "`..`"),
        ("rules/../../evil.rhai", Code::BadPath, "`..`"),
        ("./plugin.rhai", Code::BadPath, "`.`"),
        ("/etc/evil", Code::BadPath, "absolute"),
        ("//server/evil", Code::BadPath, "absolute"),
        ("C:/evil", Code::BadPath, "colon"),
        ("c:evil", Code::BadPath, "colon"),
        ("rules\\evil.rhai", Code::BadPath, "backslash"),
        ("..\\evil.rhai", Code::BadPath, "backslash"),
        ("evil\0.rhai", Code::BadPath, "NUL"),
        ("evil\n.rhai", Code::BadPath, "letters"),
        ("rules//evil.rhai", Code::BadPath, "empty part"),
        ("", Code::BadPath, "empty part"),
        ("con.rhai", Code::BadPath, "device"),
        ("rules/LPT1.txt", Code::BadPath, "device"),
        (".hidden", Code::BadPath, "dot"),
        ("name.", Code::BadPath, "dot"),
        ("a b.rhai", Code::BadPath, "letters"),
        ("\u{202e}ihar.rhai", Code::BadPath, "letters"),
        ("a/b/c/d/e/f/g.txt", Code::BadPath, "too many folders"),
        ("Plugin.TOML", Code::DoubledPath, "letter case"),
        ("plugin.toml", Code::DoubledPath, "the same name"),
        ("plugin.toml/x", Code::DoubledPath, "a file and of a folder"),
    ] {
        let bytes = archive(&[manifest(), Entry::new(name, "x")]);
        let (is, message) = only(bundle::read_zip(&bytes).expect_err(name));
        assert_eq!(is, code, "{name:?}: {message}");
        assert!(message.contains(part), "{name:?}: {message}");
        assert!(!message.contains(['\0', '\n']), "{message:?}");
    }
    let long = "x".repeat(201);
    let bytes = archive(&[manifest(), Entry::new(&long, "x")]);
    assert_eq!(only(bundle::read_zip(&bytes).unwrap_err()).0, Code::BadPath);
    let bytes = archive(&[manifest(), Entry { name: b"\xff.rhai".to_vec(), ..Entry::new("", "x") }]);
    assert_eq!(only(bundle::read_zip(&bytes).unwrap_err()).0, Code::BadPath);
}

#[test]
fn archives_that_lie_or_explode_are_refused() {
    let code = |bytes: &[u8]| only(bundle::read_zip(bytes).expect_err("it came through")).0;
    let entries = || FILES.iter().map(|(path, text)| Entry::new(path, text)).collect::<Vec<_>>();
    let good = archive(&entries());
    assert!(bundle::read_zip(&good).is_ok());

    assert_eq!(code(b""), Code::NotAnArchive);
    assert_eq!(code(b"PK\x03\x04 and no more"), Code::NotAnArchive);
    for cut in [1, 10, 22, good.len() / 2, good.len() - 1] {
        assert_eq!(code(&good[..good.len() - cut]), Code::NotAnArchive, "{cut} bytes cut off");
    }
    let mut link = entries();
    link.push(Entry { mode: 0o120_777, ..Entry::new("link.rhai", "/etc/passwd") });
    assert_eq!(code(&archive(&link)), Code::Symlink);
    let mut device = entries();
    device.push(Entry { mode: 0o060_666, ..Entry::new("disk", "") });
    assert_eq!(code(&archive(&device)), Code::BadPath);
    let mut sealed = entries();
    sealed.push(Entry { flags: 1, ..Entry::new("sealed.rhai", "xxxxxxxxxxxxxxxx") });
    assert_eq!(code(&archive(&sealed)), Code::Encrypted);
    let mut wrong = entries();
    wrong.push(Entry { crc: Some(1), ..Entry::new("wrong.rhai", "x") });
    assert_eq!(code(&archive(&wrong)), Code::Damaged);
    let mut two_faced = entries();
    two_faced.push(Entry { local_name: Some(b"other.rhai".to_vec()), ..Entry::new("seems.rhai", "x") });
    assert_eq!(code(&archive(&two_faced)), Code::Damaged);
    let many: Vec<Entry> = (0..201).map(|n| Entry::new(&format!("{n}.txt"), "")).collect();
    assert_eq!(code(&archive(&many)), Code::TooManyFiles);
    let many: Vec<Entry> = (0..500).map(|n| Entry::new(&format!("{n}.txt"), "")).collect();
    assert_eq!(code(&archive(&many)), Code::TooManyFiles);

    let mut bomb = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..8 {
        bomb.start_file(format!("{n}.txt"), SimpleFileOptions::default()).unwrap();
        bomb.write_all(&vec![0; 1000 * 1000]).unwrap();
    }
    assert_eq!(code(&bomb.finish().unwrap().into_inner()), Code::TooDense);
    let mut huge = entries();
    huge[0].content = vec![b'#'; 1024 * 1024 + 1];
    assert_eq!(code(&archive(&huge)), Code::FileTooLarge);
    assert_eq!(code(&vec![0; 4 * 1024 * 1024 + 1]), Code::BundleTooLarge);
}

#[test]
fn an_archive_of_one_folder_has_to_be_called_as_its_id() {
    let faults = bundle::read_zip(&zipped(|path| format!("other/{path}"))).unwrap_err();
    assert_eq!(only(faults).0, Code::WrongId);
    let two = archive(&[Entry::new("a/plugin.toml", MANIFEST), Entry::new("b/x", "")]);
    assert_eq!(only(bundle::read_zip(&two).unwrap_err()).0, Code::NoManifest);
}
