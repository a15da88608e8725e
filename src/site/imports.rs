//! Shorter downloads: the program and its script know each other's functions by names that wasm-bindgen ends with a hash,
//! some three hundred of them. Hashes do not compress, so numbers take their place here.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};

/// What all these names begin with.
const PREFIX: &[u8] = b"__wb";
/// Digits of the hash that ends them, behind an underscore.
const DIGITS: usize = 16;

/// Puts numbers in place of the names that the script `stem`.js and the program `stem`_bg.wasm in `folder` share. A
/// number takes up as many bytes as the name did, so nothing in the program moves.
///
/// # Errors
/// When one of the two cannot be read or written, or when the program has such a name that the script does not know.
pub(crate) fn number(folder: &Path, stem: &str) -> Result<()> {
    let [script, program] = [format!("{stem}.js"), format!("{stem}_bg.wasm")].map(|name| folder.join(name));
    let read = |path: &Path| fs::read(path).with_context(|| format!("{} cannot be read.", path.display()));
    let (said, called) = (read(&script)?, read(&program)?);
    let mut numbers = BTreeMap::new();
    for at in names(&said) {
        let next = numbers.len();
        numbers.entry(&said[at]).or_insert(next);
    }
    for (path, bytes) in [(&script, &said), (&program, &called)] {
        let mut renamed = bytes.clone();
        for at in names(bytes) {
            let name = &bytes[at.clone()];
            let number = numbers.get(name).with_context(|| {
                format!(
                    "{} has the name {}, which {} does not know.",
                    path.display(),
                    name.escape_ascii(),
                    script.display()
                )
            })?;
            let width = at.len() - PREFIX.len();
            renamed[at.start + PREFIX.len()..at.end].copy_from_slice(format!("{number:_>width$}").as_bytes());
        }
        fs::write(path, renamed).with_context(|| format!("{} cannot be written.", path.display()))?;
    }
    Ok(())
}

/// Where such names stand.
fn names(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let starts = (0..bytes.len()).filter(|start| bytes[*start..].starts_with(PREFIX));
    starts.filter_map(move |start| {
        let length = bytes[start..].iter().take_while(|byte| part(byte)).count();
        let name = &bytes[start..start + length];
        let (stem, hash) = name.split_at_checked(length.checked_sub(DIGITS)?)?;
        let hashed =
            stem.ends_with(b"_") && stem.len() > PREFIX.len() && hash.iter().all(u8::is_ascii_hexdigit);
        hashed.then_some(start..start + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "__wbg_now_30c8987f7c2ed4e2";
    const LOG: &str = "__wbg_log_14af1003b8dd5ead";

    fn numbered(script: &str, program: &[u8]) -> Result<(String, Vec<u8>)> {
        let folder = tempfile::tempdir()?;
        let [js, wasm] = ["app.js", "app_bg.wasm"].map(|name| folder.path().join(name));
        fs::write(&js, script)?;
        fs::write(&wasm, program)?;
        number(folder.path(), "app")?;
        Ok((fs::read_to_string(js)?, fs::read(wasm)?))
    }

    #[test]
    fn script_and_program_agree_on_numbers_and_keep_their_length() -> Result<()> {
        let script = format!("{{{LOG}: a, {NOW}: b, __wbindgen_malloc: c, now_30c8987f7c2ed4e2: d}}");
        let program = format!("\u{1a}{NOW}\0\u{1a}{LOG}\0__wbindgen_malloc\0{LOG}\0");
        let (said, called) = numbered(&script, program.as_bytes())?;
        let (zero, one) = ("__wb_____________________0", "__wb_____________________1");
        assert_eq!(said, script.replace(LOG, zero).replace(NOW, one));
        assert_eq!(called, program.replace(LOG, zero).replace(NOW, one).into_bytes());
        Ok(())
    }

    #[test]
    fn a_name_that_the_script_does_not_know_is_refused() {
        let refused = numbered(&format!("{{{LOG}: a}}"), NOW.as_bytes());
        assert!(refused.is_err_and(|error| error.to_string().contains(NOW)));
    }
}
