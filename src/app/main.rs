//! The browser starts here, when somebody leaves the front door or nobody is in a hurry.

fn main() {
    warstories_app::start();
}
