//! The end of a lesson: the post-mortem of the learner's own run.

use warstories_lesson::lesson::Debrief;
use yew::prelude::*;

use super::Rail;
use crate::rooms::lesson::postmortem::Section;

/// The post-mortem, to be read, printed and taken along.
pub fn debrief(props: &Rail, debrief: &Debrief) -> Html {
    let sections = crate::rooms::lesson::postmortem::sections(props.story, props.run, debrief);
    let print = |_: MouseEvent| {
        let _ = gloo::utils::window().print();
    };
    html! {
        <div class="debrief">
            { for sections.iter().map(section) }
            <div class="tried">
                <button type="button" class="button" onclick={print}>{ "Print" }</button>
                <button type="button" class="button" onclick={props.on_save.reform(|_| ())}>{ "Save as Markdown" }</button>
            </div>
        </div>
    }
}

fn section(section: &Section) -> Html {
    html! {
        <section>
            <h2>{ section.title }</h2>
            <ul>{ for section.lines.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
        </section>
    }
}
