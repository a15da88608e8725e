//! The browser starts here when somebody opens a lesson: the same app, with lessons.

fn main() {
    warstories_app::start(Some(warstories_app::learn::desk));
}
