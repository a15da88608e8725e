//! What is open above the page.

use warstories_sim::SimTime;
use warstories_sim::summary::summary;
use yew::prelude::*;

use super::{Dialog, Msg, Play};
use crate::browser::{address, input_events};
use crate::view::help::{Help, help};
use crate::view::share::{Share, share};

impl Play {
    pub(super) fn dialog(&self, ctx: &Context<Self>) -> Html {
        match self.dialog {
            None => Html::default(),
            Some(Dialog::Help) => {
                let on_single = ctx.link().callback(Msg::SingleKeys);
                help(&Help { single: input_events::single_keys(), on_single })
            }
            Some(Dialog::Share) => {
                let moment = self.player.moment();
                let link = self.session.replay().print_to_send((moment > SimTime::ZERO).then_some(moment));
                let title = self.session.replay().spec().title;
                let on_said = ctx.link().callback(Msg::Said);
                let summary = summary(self.player.run());
                share(&Share { address: address::whole(&link), title, summary, said: self.said, on_said })
            }
        }
    }
}
