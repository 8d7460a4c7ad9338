//! Who speaks of a custom field by its name. The estate can't ask them, since they stand above it.

use common::id::{CommunityId, TariffId};

use crate::{Answer, Work, billing, charging};

/// The tariffs in whose formulas the field's name stands: those in force, and those that retired while days are still to be
/// billed by them.
pub async fn who_names(work: &Work, community: CommunityId, field: &str) -> Answer<Vec<String>> {
    let naming = charging::tariffs_naming(work.db(), community, field).await?;
    let retired: Vec<TariffId> = naming.iter().filter(|one| !one.active).map(|one| one.tariff).collect();
    let open = billing::still_to_bill(work.db(), community, &retired).await?;
    Ok(naming.into_iter().filter(|one| one.active || open.contains(&one.tariff)).map(|one| one.name).collect())
}
