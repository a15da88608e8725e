//! The browser starts here, when somebody leaves the front door.

fn main() {
    warstories_app::start();
}
