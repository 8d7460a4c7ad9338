//! The worker: one line for each errand.

use frontend::billing::{errands as billing, trial};
use frontend::charging::errands as charging;
use frontend::estate::errands as estate;
use frontend::metering::errands as metering;
use frontend::worker::Errands;

fn main() {
    let mut errands = Errands::new();
    errands.serve(estate::read_workbook);
    errands.serve(estate::take_draft);
    errands.serve(metering::read_sheet);
    errands.serve(metering::check_sheet);
    errands.serve(metering::take_rows);
    errands.serve(metering::read_meters);
    errands.serve(charging::read_sales);
    errands.serve_downloaded(billing::plan_run);
    errands.serve(billing::planned_rows);
    errands.serve(billing::skipped_rows);
    errands.serve(billing::explain_planned);
    errands.serve(billing::read_past);
    errands.serve_downloaded(trial::open_trial);
    errands.serve_in_turns(trial::try_changes);
    errands.serve(trial::tried_rows);
    errands.serve(trial::explain_tried);
    errands.serve(trial::export_tried);
    errands.run();
}
