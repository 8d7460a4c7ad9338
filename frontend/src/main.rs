//! Mounts the application: one line for each capability whose pages come as a chunk of their own.

use frontend::chunks;

chunks! {
    home at "/";
    estate at "/estate";
    residents at "/residents";
    charging at "/charging";
    metering at "/metering";
    waivers at "/waivers";
    approvals at "/approvals";
    billing at "/billing";
    cashier at "/cashier";
    reports at "/reports";
    organisation at "/organisation", "/account";
}

fn main() {
    frontend::app::start(CHUNKS);
}
