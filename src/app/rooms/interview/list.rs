//! All questions, by subject, and what is due.

use warstories_lesson::Deck;
use warstories_sim::suggest::shortened;
use yew::prelude::*;

use super::deal::{self, standing};
use super::{Interview, Msg};
use crate::browser::address;

/// What is told to whoever comes by an address that leads to no question.
pub fn unknown(id: &str) -> Html {
    let id = shortened(id);
    html! { <p class="notice" role="alert">{ format!("There is no question \"{id}\" here. These are the ones that there are.") }</p> }
}

impl Interview {
    /// All questions, and the way to the next.
    pub fn list(&self, decks: &[Deck], ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let due = deal::due(decks, &self.kept, self.today).len();
        let all = deal::cards(decks).count();
        let answered = deal::cards(decks)
            .filter(|card| self.kept.get(card.id.as_str()).is_some_and(|kept| kept.review.is_some()))
            .count();
        let is_left = deal::next(decks, &self.kept, self.today, None).is_some();
        let told = match due {
            _ if answered == 0 => String::from("You have answered none of them yet."),
            0 if !is_left => String::from(
                "Nothing is due today, and none is new. Come back tomorrow, or choose one below.",
            ),
            0 => format!("You have answered {answered} of {all}. None is due today."),
            1 => format!("You have answered {answered} of {all}. One is due today."),
            due => format!("You have answered {answered} of {all}. {due} are due today."),
        };
        html! {
            <>
                <header class="hero">
                    <h1>{ "Interview practice" }</h1>
                    <p>{ "Answer in your own words first. Then grade yourself by what a good answer says, and see the run that bears it out. What you rate comes again after 1, 3, 7 and 14 days." }</p>
                </header>
                <section aria-labelledby="deal-title">
                    <h2 id="deal-title">{ format!("{all} questions") }</h2>
                    <p>{ told }{ " Only this browser keeps your answers; \"Your progress\" on the front door exports and deletes them." }</p>
                    <div class="ways">
                        <button type="button" class="button primary" disabled={!is_left} onclick={link.callback(|_| Msg::Next)}>{ if due > 0 { "Ask me what is due" } else { "Ask me a question" } }</button>
                        <button type="button" class="button" onclick={link.callback(|_| Msg::SaveAnswers)}>{ "Save my answers (Markdown)" }</button>
                        <button type="button" class="button" onclick={link.callback(|_| Msg::SaveCards)}>{ "Save the questions (Anki)" }</button>
                    </div>
                </section>
                <div class="decks">{ for decks.iter().map(|deck| self.deck(deck)) }</div>
            </>
        }
    }

    fn deck(&self, deck: &Deck) -> Html {
        let cards = deck.cards.iter().map(|card| {
            let words = standing(self.kept.get(card.id.as_str()), self.today).words();
            html! { <li><a href={address::interview(&card.id)}>{ &card.title }</a><small>{ words }</small></li> }
        });
        html! {
            <section class="card deck">
                <h2>{ &deck.title }</h2>
                <p>{ &deck.summary }</p>
                <ul>{ for cards }</ul>
            </section>
        }
    }
}
