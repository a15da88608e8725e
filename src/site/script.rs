//! A script that starts a module can be loaded by a page, as a module of its own, and by a worker, which loads none: it sets what it
//! provides as a property of the global scope, under the name of the module.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// What wasm-bindgen begins its scripts for workers with, all alike, so that two of them cannot be loaded into one scope.
const DECLARED: &str = "let wasm_bindgen = ";

/// Gives what `name`.js in `folder` provides the name `name`.
///
/// # Errors
/// When it cannot be read or written, or is no such script.
pub(crate) fn call_it_by_name(folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(format!("{name}.js"));
    let script = fs::read_to_string(&path).with_context(|| format!("{} cannot be read.", path.display()))?;
    ensure!(
        script.matches(DECLARED).count() == 1,
        "{} does not say \"{DECLARED}\" once: is it a script for workers?",
        path.display()
    );
    fs::write(&path, script.replace(DECLARED, &format!("self.{name} = ")))
        .with_context(|| format!("{} cannot be written.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_for_workers_is_called_by_its_name() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("yaml.js");
        fs::write(&path, "let wasm_bindgen = (function(exports) {})({});\n")?;
        call_it_by_name(folder.path(), "yaml")?;
        assert_eq!(fs::read_to_string(&path)?, "self.yaml = (function(exports) {})({});\n");
        assert!(call_it_by_name(folder.path(), "yaml").is_err());
        Ok(())
    }
}
