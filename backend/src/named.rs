//! Who speaks of a custom field by its name. The estate can't ask them, since they stand above it.

use common::id::CommunityId;

use crate::{Answer, Work};

/// The tariffs in whose formulas the field's name stands.
pub async fn who_names(work: &Work, community: CommunityId, field: &str) -> Answer<Vec<String>> {
    crate::charging::tariffs_naming(work.db(), community, field).await
}
