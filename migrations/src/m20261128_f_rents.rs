//! What contracts say of a charge, and the sales that tenants report.

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
CREATE TABLE charge_rent (
    community_id UUID NOT NULL,
    charge_id UUID NOT NULL,
    terms text NOT NULL,
    turnover FLAG NOT NULL,
    set_by UUID,
    set_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, charge_id),
    FOREIGN KEY (community_id, charge_id) REFERENCES charge (community_id, id)
);
CREATE TABLE unit_sales (
    community_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    month integer NOT NULL,
    sales_fen bigint NOT NULL,
    entered_by UUID,
    entered_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, unit_id, month),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id)
);
CREATE INDEX unit_sales_month ON unit_sales (community_id, month);
";
