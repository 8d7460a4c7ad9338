//! The worker that calculates whole communities: one line for each errand.

use frontend::billing::{errands as billing, trial};
use frontend::charging::errands as charging;
use frontend::worker::Errands;

fn main() {
    let mut errands = Errands::new();
    errands.serve_downloaded(billing::plan_run);
    errands.serve(billing::planned_rows);
    errands.serve(billing::set_off_planned);
    errands.serve(billing::skipped_rows);
    errands.serve(billing::explain_planned);
    errands.serve_downloaded(trial::open_trial);
    errands.serve_in_turns(trial::try_changes);
    errands.serve(trial::tried_rows);
    errands.serve(trial::explain_tried);
    errands.serve_in_turns(trial::close_trial);
    errands.serve_downloaded(charging::open_homes);
    errands.serve(charging::try_price);
    errands.run();
}
