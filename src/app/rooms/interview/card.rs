//! One question: asked, answered, graded, rated.

use warstories_lesson::Deck;
use warstories_lesson::deck::{Card, Level, Row};
use warstories_lesson::practice::{self, Grade, Rating, Review, Score, Share};
use warstories_sim::{Playable, format};
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::html::Scope;
use yew::prelude::*;

use super::answer::{Act, LEAST_WORDS, grades, is_graded, words};
use super::timer::Timer;
use super::{Interview, Msg, deal};
use crate::browser::address;
use crate::rooms::lesson::view::prose;
use crate::run::progress::CardProgress;

/// Where the answer is written.
pub const ANSWER: &str = "answer";
/// What has the focus when something new has come.
pub const HEADING: &str = "card-title";
/// Probes that follow an answer at most.
const PROBES: usize = 3;

/// The id of a row of the grades.
pub fn row_id(row: usize) -> String {
    format!("row-{row}")
}

impl Interview {
    /// The question on show.
    pub fn question(&self, decks: &[Deck], card: &Card, ctx: &Context<Self>) -> Html {
        let Some(proof) = &self.proof else {
            return html! { <p class="waiting" role="status">{ "Loading the question…" }</p> };
        };
        let (kept, run) = (self.progress(card), proof.run.as_ref());
        let deck = decks.iter().find(|deck| deck.cards.iter().any(|each| each.id == card.id));
        html! {
            <div class={classes!("asked", kept.is_given.then_some("given"))}>
                <section class="card" aria-labelledby={HEADING}>
                    <p class="kick"><a href={address::INTERVIEW}>{ "All questions" }</a>{ " · " }{ deck.map(|deck| deck.title.clone()) }</p>
                    <h1 id={HEADING} tabindex="-1">{ &card.title }</h1>
                    <p class="asks">{ prose::line(&card.asks, run) }</p>
                    if kept.is_given { { given(&kept) } } else { { field(&kept, ctx.link()) } }
                </section>
                // What a good answer says is not in the document before there is an answer.
                if kept.is_given {
                    <section class="card" aria-labelledby="good-title">
                        <h2 id="good-title">{ "What a good answer says" }</h2>
                        if is_graded(&kept) {
                            <p class="note">{ "Grade each row, and choose the sentence of yours that says it: without one, a row earns nothing." }</p>
                        }
                        <ol class="rows">{ for card.rows.iter().enumerate().map(|(nth, row)| self.row(nth, row, &kept, run, ctx)) }</ol>
                        { probes(card, &kept, run) }
                        <h2>{ "A good answer" }</h2>
                        <p>{ prose::line(&card.answer, run) }</p>
                        <h2>{ "The run that bears it out" }</h2>
                        if proof.is_there {
                            <p>{ prose::line(&card.evidence.shows, run) }</p>
                        } else {
                            <p class="waiting" role="status">{ "Playing the run…" }</p>
                        }
                        <p><a class="button" href={address::play(&card.evidence.play)}>{ "Show me in the simulator" }</a></p>
                    </section>
                    <section class="card">{ self.rating(card, &kept, ctx) }</section>
                }
            </div>
        }
    }

    /// One thing that a good answer says, and what the learner's has earned by it.
    fn row(
        &self,
        nth: usize,
        row: &Row,
        kept: &CardProgress,
        run: &dyn Playable,
        ctx: &Context<Self>,
    ) -> Html {
        let (grade, quote) = kept.rows.get(nth).cloned().unwrap_or_default();
        let counts = practice::granted(grade, &quote, &kept.answer);
        let level = format::sentence(row.level.name());
        let says = prose::line(&row.says, run);
        if !is_graded(kept) {
            return html! {
                <li>
                    <p><b class="level">{ level }</b>{ says }</p>
                    <p class="note">{ counts.name() }{ if counts == Grade::Absent { String::new() } else { format!(": “{quote}”") } }</p>
                </li>
            };
        }
        let (id, says_id) = (row_id(nth), format!("says-{nth}"));
        let grade_button = |(each, name): &(Grade, &'static str)| {
            let each = *each;
            html! { <button type="button" class="button" aria-pressed={(each == grade).to_string()} onclick={ctx.link().callback(move |_| Msg::Act(Act::Grade(nth, each)))}>{ *name }</button> }
        };
        let own = practice::sentences(&kept.answer);
        let chosen = ctx.link().callback(move |event: Event| {
            let field = event.target_dyn_into::<HtmlSelectElement>();
            Msg::Act(Act::Quote(nth, field.map_or_else(String::new, |field| field.value()).into()))
        });
        let option = |sentence: &&str| {
            html! { <option value={(*sentence).to_owned()} selected={*sentence == quote}>{ *sentence }</option> }
        };
        html! {
            <li class={(self.row == Some(nth)).then_some("on")}>
                <div id={id} tabindex="-1" role="group" aria-labelledby={says_id.clone()}>
                    <p id={says_id}><b class="level">{ level }</b>{ says }</p>
                    <div class="ways">{ for Grade::ALL.iter().map(grade_button) }</div>
                    if grade != Grade::Absent {
                        <label>
                            { "Your words: " }
                            <select onchange={chosen}>
                                <option value="" selected={quote.is_empty()}>{ "choose the sentence that says it" }</option>
                                { for own.iter().map(option) }
                            </select>
                        </label>
                        if counts == Grade::Absent { <p class="note">{ "Without a sentence of yours this row earns nothing." }</p> }
                    }
                </div>
            </li>
        }
    }

    /// What the answer has earned, and how well it was known.
    fn rating(&self, card: &Card, kept: &CardProgress, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let score = Score::of(card, &grades(kept));
        if let (Some(_), Some(review)) = (kept.rated, kept.review) {
            return html! {
                <div class="rated">
                    { earned(&score) }
                    <p role="status">{ format!("Rated. This question comes again {}.", deal::in_days(review.due - self.today)) }</p>
                    <div class="ways">
                        <button type="button" class="button primary" onclick={link.callback(|_| Msg::Next)}>{ "Next question" }</button>
                        <button type="button" class="button" onclick={link.callback(|_| Msg::Act(Act::Again))}>{ "Answer it again" }</button>
                    </div>
                </div>
            };
        }
        let proposed = score.rating();
        let rate = |(rating, name): &(Rating, &'static str)| {
            let rating = *rating;
            let due = Review::after(kept.review, rating, self.today).due - self.today;
            html! {
                <button type="button" class={classes!("button", (rating == proposed).then_some("primary"))} onclick={link.callback(move |_| Msg::Act(Act::Rate(rating)))}>
                    <span>{ *name }</span><small>{ deal::in_days(due) }</small>
                </button>
            }
        };
        html! {
            <div class="rated">
                { earned(&score) }
                <h2>{ "How well did you know it?" }</h2>
                <div class="ways ratings">{ for Rating::ALL.iter().map(rate) }</div>
                <p class="note">{ "Keys: J and K go from row to row, 0 to 2 grade the row, Escape leaves it; then 1 to 4 rate the answer." }</p>
            </div>
        }
    }
}

/// Where the answer is written.
fn field(kept: &CardProgress, link: &Scope<Interview>) -> Html {
    let write = link.callback(|event: InputEvent| {
        let written = event.target_dyn_into::<HtmlTextAreaElement>();
        Msg::Act(Act::Write(written.map_or_else(String::new, |written| written.value()).into()))
    });
    let give = link.callback(|_| Msg::Act(Act::Give));
    let enter = link.batch_callback(|event: KeyboardEvent| {
        let is_given = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        is_given.then_some(Msg::Act(Act::Give))
    });
    let said = words(&kept.answer);
    let is_enough = said >= LEAST_WORDS;
    let counted = format::counted(said as u64, "words");
    let hint = if kept.answer.chars().count() >= CardProgress::MOST {
        format!(
            "An answer has at most {} characters; what comes after them is left out.",
            format::count(CardProgress::MOST as u64)
        )
    } else if is_enough {
        counted + ". Ctrl + Enter gives the answer."
    } else {
        format!("{counted}; an answer has at least {LEAST_WORDS}.")
    };
    html! {
        <>
            <label for={ANSWER}>{ "Your answer" }</label>
            <textarea id={ANSWER} rows="8" maxlength={CardProgress::MOST.to_string()} value={kept.answer.clone()} oninput={write} onkeydown={enter} aria-describedby="answer-note" />
            <p id="answer-note" class="note">{ hint }</p>
            <div class="ways">
                <button type="button" class="button primary" disabled={!is_enough} onclick={give}>{ "Give this answer" }</button>
                if kept.answer.trim().is_empty() {
                    <button type="button" class="button" onclick={link.callback(|_| Msg::Act(Act::Pass))}>{ "I don't know" }</button>
                }
            </div>
            <Timer />
        </>
    }
}

/// The answer as it was given.
fn given(kept: &CardProgress) -> Html {
    if kept.answer.is_empty() {
        return html! { <p class="note">{ "You did not know." }</p> };
    }
    html! {
        <>
            <blockquote class="own" aria-label="Your answer">{ &kept.answer }</blockquote>
            if !kept.earlier.is_empty() {
                <details>
                    <summary>{ "What you said the time before" }</summary>
                    <blockquote class="own">{ &kept.earlier }</blockquote>
                </details>
            }
        </>
    }
}

/// What the answer has earned, in all and by level.
fn earned(score: &Score) -> Html {
    let share = |share: Share| format!("{} of {}", share.points, share.most);
    let levels = Level::ALL.iter().zip(score.levels).filter(|(_, of)| of.most > 0);
    let levels: Vec<String> = levels.map(|((_, name), of)| format!("{name} {}", share(of))).collect();
    let of_level = score.level().map_or_else(
        || String::from("It is not yet what is expected of everybody."),
        |reached| format!("It is the answer of an engineer at {} level.", reached.name()),
    );
    html! {
        <p class="score"><b>{ format!("{} points, {:.0}\u{a0}%.", share(score.all), score.all.percent()) }</b>{ format!(" {of_level} By level: {}.", levels.join(", ")) }</p>
    }
}

/// What an interviewer asks next: of the rows that have earned nothing, the first.
fn probes(card: &Card, kept: &CardProgress, run: &dyn Playable) -> Html {
    let missed = card.rows.iter().zip(grades(kept)).filter(|(_, grade)| *grade == Grade::Absent);
    let probes: Vec<_> = missed.filter_map(|(row, _)| row.probe.as_ref()).take(PROBES).collect();
    if probes.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h2>{ "What you would be asked next" }</h2>
            <ul class="probes">{ for probes.iter().map(|probe| html! { <li>{ prose::line(probe, run) }</li> }) }</ul>
        </>
    }
}
