//! The browser starts here.

fn main() {
    warstories_app::start(None);
}
