//! A run has made bills: whoever has to do with new bills is told, once they are there.

use common::id::{BillingRunId, CommunityId};
use serde::{Deserialize, Serialize};

use crate::{Answer, Work, charging};

/// The kind of the job that is put down when a run has made bills.
pub const RUN_DONE: &str = "billing.run_done";

/// Which run it was.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunDone {
    pub community: CommunityId,
    pub run: BillingRunId,
    /// How often it was given up before.
    #[serde(default)]
    pub tries: u32,
}

impl RunDone {
    /// What names the job of a run: one of them waits or runs.
    pub fn key(run: BillingRunId) -> String {
        format!("{RUN_DONE}:{run}")
    }
}

/// Puts the job down in the transaction of the run, where a prepayment may have to pay its bills.
pub(super) async fn tell(work: &Work, community: CommunityId, run: BillingRunId) -> Answer<()> {
    if charging::offsets_at_generation(work.db(), community).await? {
        work.enqueue(Some(community), RUN_DONE, &RunDone { community, run, tries: 0 }, Some(RunDone::key(run))).await?;
    }
    Ok(())
}
