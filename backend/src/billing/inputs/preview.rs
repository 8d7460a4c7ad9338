//! What a run is computed from, for the browser: to preview it, and to try prices, rules and schemes on.

use common::billing::api::{GetRunInputs, GetTrialInputs, LastRead, ListLastRead};
use common::billing::inputs::RunInputs;
use common::permission::Permission;
use sea_orm::{ConnectionTrait, StreamTrait};

use super::scope::{building_of, in_scope, seen_by};
use super::{Asked, load, read};
use crate::{Answer, App, Who, metering};

/// The inputs, for a preview in the browser.
pub(in crate::billing) async fn get_run_inputs(app: App, who: Who, mut ask: GetRunInputs) -> Answer<RunInputs> {
    (ask.buildings, ask.units) = seen_by(app.db(), &who, ask.community, (ask.buildings, ask.units)).await?;
    Ok(for_preview(&who, load(app.db(), &ask).await?))
}

/// What goes to a browser: who is in which group only to those who may see waivers, since the sums need no names.
fn for_preview(who: &Who, mut inputs: RunInputs) -> RunInputs {
    if !who.may(Permission::WaiversRead) {
        inputs.waivers.nameless();
    }
    inputs
}

/// The inputs for a trial in the browser: as if nothing had been billed of these months, and with all that a tried rule may ask.
pub(in crate::billing) async fn get_trial_inputs(app: App, who: Who, ask: GetTrialInputs) -> Answer<RunInputs> {
    trial(app.db(), &who, ask).await
}

/// When the meters were last read that tried prices go by.
pub(in crate::billing) async fn list_last_read(app: App, who: Who, ask: ListLastRead) -> Answer<Vec<LastRead>> {
    let buildings = who.scope.buildings(ask.community);
    let read = metering::last_read(app.db(), ask.community, &buildings, &ask.utilities.into_iter().collect()).await?;
    Ok(read.into_iter().map(|(utility, month)| LastRead { utility, month }).collect())
}

/// What the caller may try on. Who is in which group and what schemes take off is for those who may see waivers; for others the
/// bills are in full.
pub(in crate::billing) async fn trial<C: ConnectionTrait + StreamTrait>(
    db: &C,
    who: &Who,
    ask: GetTrialInputs,
) -> Answer<RunInputs> {
    let GetTrialInputs { community, first, months, fee_items, building, unit } = ask;
    let near = match (building, unit) {
        (None, Some(unit)) => building_of(db, community, unit).await?,
        (building, _) => building,
    };
    let buildings = in_scope(who, community, near.into_iter().collect())?;
    let asked = if who.may(Permission::WaiversRead) { Asked::Trial } else { Asked::TrialInFull };
    let (issued_day, units) = (first.first_day(), Vec::new());
    let ask = GetRunInputs { community, first, months, fee_items, buildings, units, issued_day, due_day: None, rule: None };
    Ok(for_preview(who, read(db, &ask, asked).await?))
}
