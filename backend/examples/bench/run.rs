//! A billing run, from the request to the last commit.

use std::path::Path;
use std::time::Instant;

use backend::jobs;
use common::billing::api::{Generate, GetRun, GetRunInputs, RunState, Seen};
use common::billing::inputs::RunInputs;
use common::billing::plan;
use common::charging::api::ListFeeItems;
use common::id::BillingRunId;
use common::period::Month;
use uuid::Uuid;

use crate::desk::{Desk, said};
use crate::{Outcome, micros, peak_kb};

/// What a run of a month is asked for.
pub(crate) async fn inputs(desk: &Desk, month: Month) -> Outcome<GetRunInputs> {
    let community = desk.community().await?;
    let fee_items = desk.does(&ListFeeItems { community }).await?.into_iter().map(|item| item.id).collect();
    Ok(GetRunInputs {
        community,
        first: month,
        months: 1,
        fee_items,
        buildings: Vec::new(),
        units: Vec::new(),
        issued_day: month.period().to,
        due_day: None,
        rule: None,
    })
}

pub(crate) async fn plan(url: &str, month: Month, file: &Path) -> Outcome<String> {
    let desk = Desk::open(url).await?;
    let ask = inputs(&desk, month).await?;
    let loaded = Instant::now();
    let inputs: RunInputs = desk.does(&ask).await?;
    let load = micros(loaded);
    let planned = Instant::now();
    let plan = plan::plan(&inputs, |_| {});
    let took = micros(planned);
    let generate = Generate {
        community: ask.community,
        run: BillingRunId(Uuid::now_v7()),
        first: ask.first,
        months: ask.months,
        fee_items: ask.fee_items,
        buildings: ask.buildings,
        units: ask.units,
        issued_day: ask.issued_day,
        due_day: None,
        rule: None,
        seen: Seen { digest: plan.digest().to_owned(), totals: Vec::new() },
    };
    std::fs::write(file, serde_json::to_vec(&generate)?)?;
    Ok(format!(r#"{{"bills":{},"inputs_micros":{load},"plan_micros":{took}}}"#, plan.bills.len()))
}

pub(crate) async fn run(url: &str, file: &Path) -> Outcome<String> {
    let desk = Desk::open(url).await?;
    let ask: Generate = serde_json::from_slice(&std::fs::read(file)?)?;
    let start = Instant::now();
    desk.does(&ask).await?;
    jobs::run_all(&desk.app).await.map_err(said)?;
    let took = micros(start);
    let view = desk.does(&GetRun { community: ask.community, run: ask.run }).await?;
    if view.state != RunState::Done {
        return Err(format!("the run is {view:?}").into());
    }
    Ok(format!(r#"{{"bills":{},"micros":{took},"peak_kb":{}}}"#, view.bills, peak_kb()))
}
