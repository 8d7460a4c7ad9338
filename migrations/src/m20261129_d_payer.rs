//! Who pays a bill of rent: its tenant. Bills that are there get the tenant of their own days; nobody else's bills change.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(elided_lifetimes_in_paths, reason = "the trait leaves this lifetime out, and the macro wants the very signature")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(manager, DDL).await
    }
}

const DDL: &str = "
ALTER TABLE bill ADD COLUMN payer_id UUID;
UPDATE bill SET payer_id = (SELECT o.resident_id FROM occupancy o WHERE o.community_id = bill.community_id
    AND o.unit_id = bill.unit_id AND o.role = 'tenant' AND o.from_day < bill.period_to
    AND (o.to_day IS NULL OR o.to_day > bill.period_from) ORDER BY o.from_day DESC, o.id LIMIT 1)
WHERE source = 'run' AND (EXISTS (SELECT 1 FROM fee_item f
    WHERE f.community_id = bill.community_id AND f.id = bill.fee_item_id AND f.kind = 'rent')
    OR EXISTS (SELECT 1 FROM charge c JOIN charge_rent cr ON cr.community_id = c.community_id AND cr.charge_id = c.id
    WHERE c.community_id = bill.community_id AND c.unit_id = bill.unit_id AND c.tariff_id = bill.tariff_id
    AND c.from_day < bill.period_to AND (c.to_day IS NULL OR c.to_day > bill.period_from)));
";
