//! The front door's stories as HTML, from the table of scenarios and the front matter of the lessons.
//!
//! The program has no copy: it leaves the door in the document and only hides it while a run is on show.

use std::fmt::Write;

use anyhow::{Result, ensure};
use warstories_lesson::Lesson;
use warstories_sim::SCENARIOS;
use warstories_sim::scenarios::Listed;

use crate::{docs, lessons, parts};

/// Where `index.html` leaves room for the stories.
const ROOM: &str = "<!-- stories -->";

/// `html` with the stories in their place.
pub(crate) fn open(html: &str, stories: &str) -> Result<String> {
    ensure!(
        html.matches(ROOM).count() == 1,
        "index.html must say {ROOM} once, where the stories are to stand."
    );
    Ok(html.replace(ROOM, stories))
}

/// Every story, as an item of a list. A link carries the addresses of the data that it needs, which begin
/// with `base`.
pub(crate) fn stories(lessons: &[(String, Lesson)], base: &str) -> String {
    let mut html = String::new();
    for entry in SCENARIOS {
        let own: Vec<_> = lessons.iter().filter(|(_, lesson)| lesson.scenario == entry.spec.id).collect();
        story(&mut html, entry, &own, base);
    }
    html
}

fn story(html: &mut String, listed: &Listed, own: &[&(String, Lesson)], base: &str) {
    let spec = listed.spec;
    let part = |name| format!("{base}{}", parts::file(parts::PAGE, name));
    let (room, part) = (part("lesson"), part(listed.story));
    let (id, title) = (escaped(spec.id), escaped(spec.title));
    let docs = format!("{base}{}", docs::file(spec.id));
    let _ = write!(html, "\n          <li class=\"card story\">\n            <h3>{title}</h3>");
    let _ = write!(html, "\n            <p>{}</p>\n            <ul class=\"facts\">", escaped(spec.summary));
    for (id, lesson) in own {
        let (steps, minutes) = (lesson.steps.len(), lesson.minutes);
        let _ = write!(html, "\n              <li>Lesson: {steps} steps, about {minutes} minutes</li>");
        // The program says here how far the learner is.
        let _ = write!(html, "\n              <li class=\"far\" id=\"far-{id}\"></li>");
    }
    let controls = spec.params.len() + spec.actions.len() + spec.texts.len();
    let charts = spec.charts.len();
    let _ = write!(
        html,
        "\n              <li>System: {controls} controls, {charts} charts</li>\n            </ul>"
    );
    let _ = write!(html, "\n            <div class=\"ways\">");
    for (id, lesson) in own {
        let (file, title) = (lessons::file(id), escaped(&lesson.title));
        let _ = write!(
            html,
            "\n              <a class=\"button primary\" href=\"#/learn/{id}\" data-lesson=\"{base}{file}\" data-room=\"{room}\" data-docs=\"{docs}\" data-part=\"{part}\" data-title=\"{title}\" aria-label=\"Learn: {title}\">Learn</a>"
        );
    }
    let _ = write!(
        html,
        "\n              <a class=\"button\" href=\"#/play/{id}\" data-docs=\"{docs}\" data-part=\"{part}\" aria-label=\"Play freely: {title}\">Play freely</a>\n            </div>\n          </li>"
    );
}

/// `text` as it stands in HTML, between tags or in quotation marks.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_story_says_what_it_is_and_leads_to_its_rooms() {
        let house = warstories_lesson::parse::glossary::house().unwrap_or_default();
        let lesson =
            warstories_lesson::parse::read(include_str!("../../lessons/why_queues_explode.md"), &house);
        let lessons = [("why_queues_explode".to_owned(), lesson.expect("a lesson"))];
        let html = stories(&lessons, "./");
        for entry in SCENARIOS {
            assert!(html.contains(&escaped(entry.spec.title)) && html.contains(&escaped(entry.spec.summary)));
            let id = entry.spec.id;
            assert!(html.contains(&format!("href=\"#/play/{id}\" data-docs=\"./docs/{id}.bin\"")));
        }
        assert!(html.contains(
            "href=\"#/learn/why_queues_explode\" data-lesson=\"./lessons/why_queues_explode.bin\" data-room=\"./parts/warstories-app-lesson.wasm\" data-docs=\"./docs/queueing_lab.bin\" data-part=\"./parts/warstories-app-queueing_lab.wasm\""
        ));
        assert!(
            html.contains("data-title=\"Why queues explode\"")
                && html.contains("id=\"far-why_queues_explode\"")
        );
        assert!(html.contains(&format!("about {} minutes", lessons[0].1.minutes)));
    }

    #[test]
    fn a_title_cannot_write_markup() {
        assert_eq!(escaped("<b title=\"x\">&"), "&lt;b title=&quot;x&quot;&gt;&amp;");
    }

    #[test]
    fn a_page_without_room_for_stories_is_refused() {
        assert!(open("<ol></ol>", "x").is_err());
        assert_eq!(open("<ol><!-- stories --></ol>", "x").ok().as_deref(), Some("<ol>x</ol>"));
    }
}
