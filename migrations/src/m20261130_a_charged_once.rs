//! What is charged once, by the bill on which it stands. Bills that are there bear the tariff of what they charged once: each charge
//! by it gets the first live bill that reaches past its first day.

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
CREATE TABLE charged_once (
    community_id UUID NOT NULL,
    charge_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    PRIMARY KEY (community_id, charge_id, bill_id),
    FOREIGN KEY (community_id, charge_id) REFERENCES charge (community_id, id),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id)
) ROWLESS;
CREATE INDEX charged_once_bill ON charged_once (community_id, bill_id);
INSERT INTO charged_once (community_id, charge_id, bill_id)
SELECT c.community_id, c.id, b.id FROM tariff t
JOIN charge c ON c.community_id = t.community_id AND c.tariff_id = t.id
JOIN bill b ON b.community_id = c.community_id AND b.unit_id = c.unit_id AND b.tariff_id = t.id
WHERE t.rules LIKE '%\"cycle\":\"once\"%' AND b.state <> 'void' AND b.source = 'run' AND b.period_to > c.from_day
AND NOT EXISTS (SELECT 1 FROM bill e WHERE e.community_id = b.community_id AND e.unit_id = b.unit_id AND e.tariff_id = b.tariff_id
    AND e.state <> 'void' AND e.source = 'run' AND e.period_to > c.from_day
    AND (e.period_to < b.period_to OR (e.period_to = b.period_to AND e.id < b.id)));
";
