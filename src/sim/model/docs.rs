//! The help texts of a scenario. A page fetches those of the scenario on show as data, and its program carries none: without
//! the feature `docs` the tables are the same, and their texts are empty.

#[cfg(feature = "docs")]
use crate::parameter::{Domain, ParamSpec};
#[cfg(feature = "docs")]
use crate::spec::ScenarioSpec;
use crate::spec::{Preset, Report};

/// `text`, where tables have texts.
pub const fn text(text: &'static str) -> &'static str {
    if cfg!(feature = "docs") { text } else { "" }
}

/// `list`, where tables have texts: for what is nothing but texts.
pub const fn list<T>(list: &'static [T]) -> &'static [T] {
    if cfg!(feature = "docs") { list } else { &[] }
}

/// `preset`, with its texts where tables have texts. Without them it still says what is set, and whether it is a public
/// incident.
pub const fn preset(preset: Preset) -> Preset {
    let report = match preset.report {
        Some(Report { source, url, at_s, figures }) => {
            Some(Report { source: text(source), url: text(url), at_s, figures: list(figures) })
        }
        None => None,
    };
    Preset { doc: text(preset.doc), look_for: text(preset.look_for), report, ..preset }
}

/// Declares settings worth trying, each a [`Preset`].
#[macro_export]
macro_rules! presets {
    ($($preset:expr),+ $(,)?) => { &[$($crate::docs::preset($preset)),+] };
}

/// The help texts of a scenario, each list in the order of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScenarioDocs {
    /// What the model leaves out, one sentence each.
    pub leaves_out: Vec<String>,
    /// Of the parameters.
    pub params: Vec<ParamDocs>,
    /// What each action does and what it costs.
    pub actions: Vec<String>,
    /// What each metric means.
    pub metrics: Vec<String>,
    /// Of the presets.
    pub presets: Vec<PresetDocs>,
}

/// The texts of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ParamDocs {
    /// What it means.
    pub doc: String,
    /// What each of the values means that a choice offers.
    pub choices: Vec<String>,
}

/// The texts of a preset.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PresetDocs {
    /// What is set, and what that means.
    pub doc: String,
    /// What to look for in the run.
    pub look_for: String,
    /// Of the public incident that the setting is, if it is one.
    pub report: Option<ReportDocs>,
}

/// The texts of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReportDocs {
    /// Who reported it.
    pub source: String,
    /// Where it can be read.
    pub url: String,
    /// The figures, side by side.
    pub figures: Vec<FigureDocs>,
}

/// The texts of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FigureDocs {
    /// What it is of.
    pub what: String,
    /// The figure reported.
    pub reported: String,
    /// What our run says.
    pub ours: String,
}

#[cfg(feature = "docs")]
impl ScenarioDocs {
    /// Every text.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        let Self { leaves_out, params, actions, metrics, presets } = self;
        let plain = [leaves_out, actions, metrics].into_iter().flatten();
        let params = params.iter().flat_map(|param| std::iter::once(&param.doc).chain(&param.choices));
        let presets = presets.iter().flat_map(|preset| [&preset.doc, &preset.look_for]);
        let reports = self.presets.iter().filter_map(|preset| preset.report.as_ref());
        let reports = reports.flat_map(|ReportDocs { source, url, figures }| {
            let figures = figures.iter().flat_map(|figure| [&figure.what, &figure.reported, &figure.ours]);
            [source, url].into_iter().chain(figures)
        });
        plain.chain(params).chain(presets).chain(reports)
    }

    /// The texts in the tables of `spec`.
    pub fn of(spec: &ScenarioSpec) -> Self {
        Self {
            leaves_out: spec.leaves_out.iter().map(|&sentence| sentence.into()).collect(),
            params: spec.params.iter().map(ParamDocs::of).collect(),
            actions: spec.actions.iter().map(|action| action.doc.into()).collect(),
            metrics: spec.metrics.iter().map(|metric| metric.doc.into()).collect(),
            presets: spec.presets.iter().map(PresetDocs::of).collect(),
        }
    }
}

#[cfg(feature = "docs")]
impl ParamDocs {
    fn of(spec: &ParamSpec) -> Self {
        let choices = if let Domain::Choice(choices) = spec.domain { choices } else { &[] };
        Self { doc: spec.doc.into(), choices: choices.iter().map(|choice| choice.doc.into()).collect() }
    }
}

#[cfg(feature = "docs")]
impl PresetDocs {
    fn of(preset: &Preset) -> Self {
        let report = preset.report.map(|Report { source, url, figures, .. }| ReportDocs {
            source: source.into(),
            url: url.into(),
            figures: figures
                .iter()
                .map(|figure| FigureDocs {
                    what: figure.what.into(),
                    reported: figure.reported.into(),
                    ours: figure.ours.into(),
                })
                .collect(),
        });
        Self { doc: preset.doc.into(), look_for: preset.look_for.into(), report }
    }
}
