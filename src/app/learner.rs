//! The browser starts here when somebody opens a lesson.

use warstories_app::app::Rooms;
use warstories_app::{learn, pages};

fn main() {
    warstories_app::start(Rooms { play: Some(pages::play::show), desk: Some(learn::desk) });
}
