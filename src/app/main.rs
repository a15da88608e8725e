//! The browser starts here at the front door.

use warstories_app::app::Rooms;

fn main() {
    warstories_app::start(Rooms { play: None, desk: None });
}
