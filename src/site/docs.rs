//! The help texts of the scenarios as data, one file each: a run fetches those of its own scenario.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use warstories_sim::SCENARIOS;
use warstories_sim::docs::ScenarioDocs;

/// Where the help texts of a scenario lie among the published files.
pub(crate) fn file(id: &str) -> String {
    format!("docs/{id}.bin")
}

/// Writes those of every scenario below `folder`.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("docs"))?;
    for entry in SCENARIOS {
        let path = folder.join(file(entry.spec.id));
        fs::write(&path, postcard::to_allocvec(&ScenarioDocs::of(entry.spec))?)
            .with_context(|| format!("{} cannot be written.", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_texts_of_every_scenario_are_whole_and_read_as_they_were_written() -> Result<()> {
        let folder = tempfile::tempdir()?;
        write(folder.path())?;
        for entry in SCENARIOS {
            let spec = entry.spec;
            let docs: ScenarioDocs = postcard::from_bytes(&fs::read(folder.path().join(file(spec.id)))?)?;
            assert_eq!(docs, ScenarioDocs::of(spec), "{}", spec.id);
            let ScenarioDocs { leaves_out, params, actions, metrics, presets } = &docs;
            let counts = [
                (leaves_out.len(), spec.leaves_out.len()),
                (params.len(), spec.params.len()),
                (actions.len(), spec.actions.len()),
                (metrics.len(), spec.metrics.len()),
                (presets.len(), spec.presets.len()),
            ];
            assert!(counts.iter().all(|(written, declared)| written == declared), "{}: {counts:?}", spec.id);
            assert!(!leaves_out.is_empty() && !presets.is_empty(), "{}", spec.id);
            for (param, docs) in spec.params.iter().zip(params) {
                let choices = if let warstories_sim::Domain::Choice(choices) = param.domain {
                    choices.len()
                } else {
                    0
                };
                assert_eq!(docs.choices.len(), choices, "{}: {}", spec.id, param.id);
            }
            for (preset, docs) in spec.presets.iter().zip(presets) {
                let figures = preset.report.map(|report| report.figures.len());
                assert_eq!(
                    docs.report.as_ref().map(|report| report.figures.len()),
                    figures,
                    "{}",
                    preset.label
                );
            }
            assert!(docs.all().all(|text| !text.trim().is_empty()), "{}", spec.id);
        }
        Ok(())
    }
}
