//! Who pays a bill where that is not whoever owns its unit: the tenant of a contract, or of a unit that is let.

use std::collections::{BTreeMap, BTreeSet};

use common::charging::tariff::FeeItemKind;
use common::id::{BillId, BillingRunId, CommunityId, FeeItemId, UnitId};
use common::period::Period;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, Work};

/// The name of a bill's payer, of the bill `b`; nothing where its owner pays.
pub const PAYER: &str = "(SELECT r.name FROM resident r WHERE r.community_id = b.community_id AND r.id = b.payer_id) AS payer";

/// Names the tenant as the payer of the run's bills of contracts and of rent: who rented the unit in the bill's period, of
/// several the last. A unit without a tenant is its owner's.
pub(super) async fn name(work: &Work, community: CommunityId, run: BillingRunId) -> Answer<()> {
    Sql::new("UPDATE bill SET payer_id = (SELECT o.resident_id FROM occupancy o WHERE o.community_id = bill.community_id")
        .add(" AND o.unit_id = bill.unit_id AND o.role = 'tenant' AND o.from_day < bill.period_to")
        .add(" AND (o.to_day IS NULL OR o.to_day > bill.period_from) ORDER BY o.from_day DESC, o.id LIMIT 1)")
        .push(" WHERE community_id = ? AND source_id = ? AND (fee_item_id IN", [community.into(), run.into()])
        .push(
            " (SELECT id FROM fee_item WHERE community_id = ? AND kind = ?)",
            [community.into(), FeeItemKind::Rent.word().into()],
        )
        .add(" OR EXISTS (SELECT 1 FROM charge c JOIN charge_rent cr ON cr.community_id = c.community_id AND cr.charge_id = c.id")
        .add(" WHERE c.community_id = bill.community_id AND c.unit_id = bill.unit_id AND c.tariff_id = bill.tariff_id")
        .add(" AND c.from_day < bill.period_to AND (c.to_day IS NULL OR c.to_day > bill.period_from)))")
        .run(work.db())
        .await?;
    Ok(())
}

/// Bills of which fee items a tenant would owe that a run makes of some units for a period, as [`name`] names payers.
pub async fn tenants_owe<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    units: &BTreeSet<UnitId>,
    fee_items: &[FeeItemId],
    period: Period,
) -> Answer<BTreeMap<UnitId, Vec<FeeItemId>>> {
    #[derive(FromQueryResult)]
    struct Row {
        unit_id: UnitId,
        fee_item_id: FeeItemId,
    }
    let mut owe: BTreeMap<UnitId, Vec<FeeItemId>> = BTreeMap::new();
    let units: Vec<UnitId> = units.iter().copied().collect();
    let within = || [period.to.into(), period.from.into()];
    for some in units.chunks(2_000) {
        let rows: Vec<Row> = Sql::new("SELECT DISTINCT o.unit_id, f.id AS fee_item_id FROM occupancy o")
            .add(" JOIN fee_item f ON f.community_id = o.community_id WHERE o.community_id = ")
            .bind(community)
            .push(" AND o.role = 'tenant' AND o.from_day < ? AND (o.to_day IS NULL OR o.to_day > ?) AND o.unit_id IN ", within())
            .list(some.iter().copied())
            .add(" AND f.id IN ")
            .list(fee_items.iter().copied())
            .push(" AND (f.kind = ? OR EXISTS (SELECT 1 FROM charge c", [FeeItemKind::Rent.word().into()])
            .add(" JOIN charge_rent cr ON cr.community_id = c.community_id AND cr.charge_id = c.id")
            .add(" JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id")
            .add(" WHERE c.community_id = o.community_id AND c.unit_id = o.unit_id AND t.fee_item_id = f.id")
            .push(" AND c.from_day < ? AND (c.to_day IS NULL OR c.to_day > ?)))", within())
            .all(db)
            .await?;
        for row in rows {
            owe.entry(row.unit_id).or_default().push(row.fee_item_id);
        }
    }
    Ok(owe)
}

#[derive(FromQueryResult)]
struct Payer {
    payer: Option<String>,
}

/// Who pays all of these bills, where they name the same payer; nobody where they name none or several.
pub async fn payer_of<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    bills: impl IntoIterator<Item = BillId>,
) -> Answer<Option<String>> {
    let payers: Vec<Payer> = Sql::new("SELECT DISTINCT b.payer_id, ")
        .add(PAYER)
        .push(" FROM bill b WHERE b.community_id = ? AND b.id IN ", [community.into()])
        .list(bills)
        .all(db)
        .await?;
    Ok(match payers.as_slice() {
        [Payer { payer }] => payer.clone(),
        _ => None,
    })
}
