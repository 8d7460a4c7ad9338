//! The worker that reads workbooks: one line for each errand.

use frontend::billing::errands as billing;
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
    errands.serve(billing::read_past);
    errands.run();
}
