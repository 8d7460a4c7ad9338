//! What follows a unit that stands elsewhere now, or is called differently: the copies that others keep for the sake of their
//! indexes. The estate can't call them, since they stand above it.

use common::id::{BuildingId, CommunityId, UnitId};

use crate::{Answer, Work};

/// Which units moved.
#[derive(Clone, Copy, Debug)]
pub enum Moved {
    Unit(UnitId),
    /// All units of a building.
    Building(BuildingId),
}

/// Brings up to date what is kept about these units elsewhere.
pub async fn follow(work: &Work, community: CommunityId, moved: Moved) -> Answer<()> {
    crate::metering::follow(work, community, moved).await
}
