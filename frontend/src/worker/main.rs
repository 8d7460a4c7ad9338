//! The worker: one line for each errand.

use frontend::metering::errands as metering;
use frontend::worker::Errands;

fn main() {
    let mut errands = Errands::new();
    errands.serve(metering::read_sheet);
    errands.serve(metering::check_sheet);
    errands.serve(metering::take_rows);
    errands.serve(metering::read_meters);
    errands.run();
}
