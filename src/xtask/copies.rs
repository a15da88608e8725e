//! What the web server sends: each file read and compressed once, and kept until the file changes.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::Bytes;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Brotli's levels reach 11, which takes seconds for the page's program and saves a tenth.
const BROTLI_LEVEL: i32 = 6;

/// How content is coded for its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
    Plain,
}

impl Coding {
    /// The best that a browser accepts, by what it says in `Accept-Encoding`.
    pub(crate) fn accepted(said: &str) -> Self {
        let accepts = |name: &str| {
            said.split(',').any(|each| {
                let (coding, weight) = each.split_once(';').unwrap_or((each, ""));
                let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
                coding.trim().eq_ignore_ascii_case(name) && weight.is_ok_and(|weight| weight > 0.0)
            })
        };
        match (accepts("br"), accepts("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Plain,
        }
    }

    /// As `Content-Encoding` spells it.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    fn apply(self, content: &[u8]) -> io::Result<Vec<u8>> {
        let mut coded = Vec::new();
        match self {
            Self::Brotli => {
                let params = BrotliEncoderParams { quality: BROTLI_LEVEL, ..BrotliEncoderParams::default() };
                brotli::BrotliCompress(&mut &*content, &mut coded, &params)?;
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut coded, Compression::default());
                encoder.write_all(content)?;
                encoder.finish()?;
            }
            Self::Plain => coded.extend_from_slice(content),
        }
        Ok(coded)
    }
}

/// A file as it is sent.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) content: Bytes,
    /// Plain after all where coding would not have made it smaller.
    pub(crate) coding: Coding,
    /// Differs whenever the content does: the validator (`ETag`).
    pub(crate) tag: String,
    modified: SystemTime,
    bytes: u64,
}

/// All that has been sent so far.
#[derive(Default)]
pub(crate) struct Copies(Mutex<HashMap<(PathBuf, Coding), Kept>>);

impl Copies {
    /// The file at `path`, coded so.
    pub(crate) fn get(&self, path: &Path, coding: Coding) -> io::Result<Kept> {
        let facts = fs::metadata(path)?;
        let (modified, bytes) = (facts.modified()?, facts.len());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (path.to_owned(), coding);
        if let Some(copy) = kept.get(&key).filter(|copy| copy.modified == modified && copy.bytes == bytes) {
            return Ok(copy.clone());
        }
        let plain = fs::read(path)?;
        let mut hasher = DefaultHasher::new();
        plain.hash(&mut hasher);
        let coded = coding.apply(&plain)?;
        let (coding, content) =
            if coded.len() < plain.len() { (coding, coded) } else { (Coding::Plain, plain) };
        let tag = format!("\"{:016x}{}\"", hasher.finish(), coding.name().unwrap_or_default());
        let copy = Kept { content: content.into(), coding, tag, modified, bytes };
        kept.insert(key, copy.clone());
        Ok(copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_coding_that_is_accepted_is_taken() {
        for (said, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=0.5", Coding::Gzip),
            ("br;q=0, gzip", Coding::Gzip),
            ("broth", Coding::Plain),
            ("", Coding::Plain),
        ] {
            assert_eq!(Coding::accepted(said), coding, "{said}");
        }
    }

    #[test]
    fn a_file_is_coded_once_until_it_changes() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a");
        fs::write(&path, "a".repeat(1000))?;
        let copies = Copies::default();
        let first = copies.get(&path, Coding::Gzip)?;
        assert!(first.content.len() < 100 && first.coding == Coding::Gzip);
        assert_eq!(copies.get(&path, Coding::Gzip)?.content.as_ptr(), first.content.as_ptr());
        assert_ne!(copies.get(&path, Coding::Plain)?.tag, first.tag);
        fs::write(&path, "b".repeat(1001))?;
        assert_ne!(copies.get(&path, Coding::Gzip)?.tag, first.tag);
        Ok(())
    }
}
