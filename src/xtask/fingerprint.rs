//! Whether anything has changed, told by contents: file times lie after a checkout, a copy or a restored backup.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

/// One number for the names and contents of these files and folders. What is missing counts as missing.
pub(crate) fn of(root: &Path, inputs: &[&str]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        input.hash(&mut hasher);
        let start = root.join(input);
        if !start.exists() {
            continue;
        }
        for entry in WalkDir::new(&start).sort_by_file_name() {
            let entry = entry?;
            if entry.file_type().is_file() {
                let content = fs::read(entry.path());
                let content =
                    content.with_context(|| format!("{} cannot be read.", entry.path().display()))?;
                entry.path().strip_prefix(root)?.hash(&mut hasher);
                content.hash(&mut hasher);
            }
        }
    }
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_added_renamed_or_removed_file_shows() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        fs::create_dir(root.join("src"))?;
        let mut seen = vec![of(root, &["src", "Trunk.toml"])?];
        fs::write(root.join("src/a"), "1")?;
        seen.push(of(root, &["src", "Trunk.toml"])?);
        fs::write(root.join("src/a"), "2")?;
        seen.push(of(root, &["src", "Trunk.toml"])?);
        fs::rename(root.join("src/a"), root.join("src/b"))?;
        seen.push(of(root, &["src", "Trunk.toml"])?);
        fs::write(root.join("Trunk.toml"), "")?;
        seen.push(of(root, &["src", "Trunk.toml"])?);
        assert_eq!(seen.last().copied(), Some(of(root, &["src", "Trunk.toml"])?));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 5);
        Ok(())
    }
}
