//! A table that the learner fills in: the rows that are asked for, upright, since the rail is narrow.

use warstories_lesson::lesson::{Fill, FillCell};
use warstories_sim::{Playable, scenarios};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Rail;
use super::questions::verdict;
use crate::rooms::lesson::story::Story;
use crate::rooms::lesson::view::prose;
use crate::run::lesson_host::LessonAction;
use crate::view::exhibit::table::{link, table};
use crate::view::icon::{self, icon};

/// The rows that are asked for, and what the runs say to those that were checked.
pub fn fill(props: &Rail, fill: &Fill) -> Html {
    let Rail { story, run, act, .. } = *props;
    let line = fill.line;
    let is_filled = story.is_filled(fill);
    let is_ready = fill.rows.iter().any(|row| story.is_ready(fill, row.row));
    let columns = fill.table.columns.iter().enumerate();
    let columns = columns.filter(|(column, _)| fill.asked().any(|cell| cell.column == *column));
    let (right, all) = story.foreseen(fill);
    html! {
        <fieldset class={classes!("ask", "fill", (!is_filled).then_some("waits"))}>
            <legend>{ prose::line(&fill.question, run) }</legend>
            <table>
                <caption class="unseen">{ fill.of() }</caption>
                <thead><tr><td>{ &fill.table.axis }</td>{ for fill.rows.iter().map(|row| html! { <th scope="col">{ fill.head(row.row) }</th> }) }</tr></thead>
                <tbody>{ for columns.map(|(column, head)| html! {
                    <tr>
                        <th scope="row">{ head }</th>
                        { for fill.rows.iter().map(|row| html! {
                            <td>{ fill.cell(row.row, column).map_or_else(|| html! { "–" }, |found| cell(props, fill, row.row, found)) }</td>
                        }) }
                    </tr>
                }) }</tbody>
            </table>
            { for fill.rows.iter().filter(|row| story.is_checked(fill, row.row)).map(|row| {
                let missed: Vec<_> = fill.cells(row.row).filter(|cell| story.said(fill, cell.place) != Some(cell.right)).collect();
                verdict(missed.is_empty(), html! {
                    <>
                        <b>{ fill.head(row.row) }{ ". " }</b>
                        { for missed.iter().map(|cell| format!("{} {}: {}. ", fill.table.axis, fill.table.columns[cell.column], cell.finding.words)) }
                        { prose::line(&row.because, run) }
                    </>
                })
            }) }
            if is_filled {
                <p>{ format!("You foresaw {right} of {all} cells. The whole table stands below the diagram.") }</p>
            } else {
                <button type="button" class="button primary" disabled={!is_ready} onclick={act.reform(move |_| LessonAction::CheckRows(line))}>{ "Check against the runs" }</button>
            }
        </fieldset>
    }
}

/// What the learner chooses for a cell; once that was checked, what the run says, as a link to it.
fn cell(props: &Rail, fill: &Fill, row: usize, cell: FillCell) -> Html {
    let Rail { story, act, .. } = *props;
    let (line, place) = (fill.line, cell.place);
    if let Some(said) = story.said(fill, place) {
        let is_right = said == cell.right;
        return html! {
            <span class={if is_right { "met" } else { "missed" }}>
                if is_right {
                    { icon(icon::DONE) }<span class="unseen">{ "right: " }</span>
                } else {
                    <s><span class="unseen">{ "you said " }</span>{ fill.choices.get(said) }</s>{ " " }
                }
                { link(cell.finding, fill.of(), true) }
            </span>
        };
    }
    let chosen = story.cells.get(&(line, place)).map(|(choice, _)| *choice);
    let choose = act.reform(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        let choice = select.map_or(0, |select| select.selected_index() - 1);
        LessonAction::Fill(line, place, usize::try_from(choice).unwrap_or(usize::MAX))
    });
    let label = format!("{}, {} {}", fill.head(row), fill.table.axis, fill.table.columns[cell.column]);
    html! {
        <select aria-label={label} onchange={choose}>
            <option value="" disabled=true selected={chosen.is_none()}>{ "?" }</option>
            { for fill.choices.iter().enumerate().map(|(choice, text)| html! { <option selected={chosen == Some(choice)}>{ text }</option> }) }
        </select>
    }
}

/// The whole table of the step, once it was filled in.
pub fn whole(story: &Story, run: &dyn Playable) -> Option<Html> {
    let fill = story.whole()?;
    let announced = scenarios::exhibits(run.spec(), run.replay().start());
    let title = announced.iter().find(|exhibit| exhibit.id == fill.exhibit)?.title;
    Some(html! {
        <section class="card exhibit" aria-labelledby="whole">
            <h2 id="whole">{ title }</h2>
            { table(title, &fill.table, true) }
        </section>
    })
}
