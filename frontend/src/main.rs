//! Mounts the application.

fn main() {
    frontend::app::start();
}
