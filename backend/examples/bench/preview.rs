//! The preview of a run, natively: what the worker does in the browser with the same text.

use std::path::Path;
use std::time::Instant;

use common::billing::inputs::RunInputs;
use common::billing::plan;

use crate::desk::Desk;
use crate::{Outcome, micros, percentile, run};

pub(crate) async fn plan(url: &str, file: &Path) -> Outcome<String> {
    let desk = Desk::open(url).await?;
    let ask = run::inputs(&desk, "2026-10".parse().map_err(|_| "a month")?).await?;
    let text = desk.asks(&ask).await?;
    std::fs::write(file, &text)?;
    let mut times = Vec::new();
    let (mut bills, mut digest) = (0, String::new());
    for _ in 0..15 {
        let start = Instant::now();
        let inputs = RunInputs::read(&text)?;
        let plan = plan::plan(&inputs, |_| {});
        times.push(micros(start));
        (bills, digest) = (plan.bills.len(), plan.digest().to_owned());
    }
    Ok(format!(r#"{{"bills":{bills},"bytes":{},"digest":"{digest}","micros":{}}}"#, text.len(), percentile(&mut times, 50)))
}
