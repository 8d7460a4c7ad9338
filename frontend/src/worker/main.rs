//! The worker: one line for each errand.

use frontend::worker::Errands;

fn main() {
    let errands = Errands::new();
    errands.run();
}
