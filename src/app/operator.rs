//! The browser starts here when somebody opens a run.

use warstories_app::app::Rooms;
use warstories_app::pages;

fn main() {
    warstories_app::start(Rooms { play: Some(pages::play::show), desk: None });
}
