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
    let (line, axis) = (fill.line, &fill.table.axis);
    let (asked, said) = (fill.asked(), story.said(fill));
    let at = |row: usize, column: usize| asked.iter().find(|cell| (cell.row, cell.column) == (row, column));
    let rows = 0..fill.rows.len();
    let verdict_on = |row: usize| {
        let checked = asked.iter().zip(said).filter(|(cell, _)| cell.row == row);
        let missed = checked.clone().filter(|(cell, said)| cell.right != **said);
        let missed: Vec<String> = missed
            .map(|(cell, _)| {
                let (column, words) = (fill.column(cell.column), &cell.finding.words);
                // A count says what it counts.
                if words.contains(column) {
                    format!("{words}. ")
                } else {
                    format!("{axis} {column}: {words}. ")
                }
            })
            .collect();
        let because = fill.rows.get(row).filter(|_| checked.count() > 0)?;
        let is_right = missed.is_empty();
        Some(verdict(
            is_right,
            html! { <><b>{ fill.head(row) }{ ". " }</b>{ for missed }{ prose::line(&because.because, run) }</> },
        ))
    };
    let is_filled = story.is_filled(fill);
    html! {
        <fieldset key={line} class={classes!("ask", "fill", (!is_filled).then_some("waits"))}>
            <legend>{ prose::line(&fill.question, run) }</legend>
            <table>
                <caption class="unseen">{ fill.of() }</caption>
                <thead><tr><td>{ axis }</td>{ for rows.clone().map(|row| html! { <th scope="col">{ fill.head(row) }</th> }) }</tr></thead>
                <tbody>{ for fill.table.columns.iter().enumerate().filter(|(column, _)| rows.clone().any(|row| at(row, *column).is_some())).map(|(column, head)| html! {
                    <tr>
                        <th scope="row">{ head }</th>
                        { for rows.clone().map(|row| html! { <td>{ at(row, column).map_or_else(|| html! { "–" }, |found| cell(props, fill, *found)) }</td> }) }
                    </tr>
                }) }</tbody>
            </table>
            { for rows.clone().filter_map(verdict_on) }
            if is_filled {
                <p>{ format!("You foresaw {} of {} cells. The whole table stands below the diagram.", story.foreseen(fill), asked.len()) }</p>
            } else {
                <button type="button" class="button primary" disabled={story.ready(fill).is_none()} onclick={act.reform(move |_| LessonAction::CheckRows(line))}>{ "Check against the runs" }</button>
            }
        </fieldset>
    }
}

/// What the learner chooses for a cell; once that was checked, what the run says, as a link to it.
fn cell(props: &Rail, fill: &Fill, cell: FillCell) -> Html {
    let Rail { story, act, .. } = *props;
    let (line, nth) = (fill.line, cell.nth);
    if let Some(said) = story.said(fill).get(nth) {
        let mark = if *said == cell.right {
            html! { <>{ icon(icon::DONE) }<span class="unseen">{ "right: " }</span></> }
        } else {
            html! { <><s><span class="unseen">{ "you said " }</span>{ fill.choice(*said) }</s>{ " " }</> }
        };
        return html! { <>{ mark }{ link(cell.finding, fill.of(), true) }</> };
    }
    let chosen = story.drafts.get(&(line, nth)).copied();
    let choose = act.reform(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        let choice = select.map_or(0, |select| select.selected_index() - 1);
        LessonAction::Fill(line, nth, usize::try_from(choice).unwrap_or(usize::MAX))
    });
    let label = format!("{}, {} {}", fill.head(cell.row), fill.table.axis, fill.column(cell.column));
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
        <div class="card exhibit whole">
            <h2>{ title }</h2>
            { table(title, &fill.table, true) }
        </div>
    })
}
