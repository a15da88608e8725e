//! The code of a story's workers, and the table of what becomes of it.

use warstories_sim::scenarios;
use web_sys::Element;
use yew::prelude::*;

use super::{Msg, Play};
use crate::view::listing::{listing, matrix};

impl Play {
    /// The code that the story's workers run, where it can be broken.
    pub(super) fn code(&self, ctx: &Context<Self>, values: &[f64]) -> Html {
        let spec = self.session.replay().spec();
        let Some(code) = scenarios::listing(spec, values) else { return Html::default() };
        let open = self.teller.as_ref().map(|teller| teller.open_controls(spec));
        let is_open = open.is_none_or(|open| open.params.get(code.param).copied().unwrap_or(true));
        let ask = ctx.link().callback(|event: Event| {
            Msg::Matrix(
                event.target_dyn_into::<Element>().is_some_and(|details| details.has_attribute("open")),
            )
        });
        html! {
            <>
                { listing(&code, values, is_open, &self.act) }
                { matrix(self.matrix.as_ref().and_then(|(_, matrix)| matrix.as_ref()), ask) }
            </>
        }
    }

    /// Brings the outcome matrix, if it is open, up to what is chosen now.
    pub(super) fn fill_matrix(&mut self) {
        let values = self.session.values(self.player.moment());
        if let Some((of, matrix)) = &mut self.matrix
            && *of != values
        {
            *matrix = scenarios::matrix(self.session.replay().spec(), &values);
            *of = values;
        }
    }
}
