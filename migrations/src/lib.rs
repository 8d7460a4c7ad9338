//! The database schema of Anju, versioned, for SQLite and PostgreSQL.
//!
//! One file per capability and date; no app crate is imported, so that an old migration never changes its meaning.

mod m20261123_a_organisation;
mod m20261123_b_estate;
mod m20261123_c_residents;
mod m20261123_d_charging;
mod m20261123_e_metering;
mod m20261123_f_billing;
mod m20261123_g_cashier;
mod m20261127_a_indexes;
mod m20261128_a_registers;
mod m20261128_b_waivers;
mod m20261128_c_late_fees;
mod m20261128_d_schedule;
mod m20261128_e_fields;
mod m20261128_f_rents;
mod m20261128_g_estimates;
mod m20261129_a_approvals;
mod m20261129_b_bill_portions;
mod m20261129_b_owing;
mod m20261129_c_rounds;
mod m20261129_d_payer;
mod m20261130_a_charged_once;
mod m20261130_a_run_units;
mod m20261130_b_late_fee_steps;
mod m20261130_b_usage_of;
mod m20261130_c_approvals;
mod m20261130_c_names;
mod m20261130_c_rounds;
mod m20261130_d_settled;
mod m20261130_e_held;
mod m20261130_f_offset;
mod m20261130_g_moved;
mod sql;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// All migrations, in the order in which they are applied.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_a_organisation::Migration),
            Box::new(m20261123_b_estate::Migration),
            Box::new(m20261123_c_residents::Migration),
            Box::new(m20261123_d_charging::Migration),
            Box::new(m20261123_e_metering::Migration),
            Box::new(m20261123_f_billing::Migration),
            Box::new(m20261123_g_cashier::Migration),
            Box::new(m20261127_a_indexes::Migration),
            Box::new(m20261128_a_registers::Migration),
            Box::new(m20261128_b_waivers::Migration),
            Box::new(m20261128_c_late_fees::Migration),
            Box::new(m20261128_d_schedule::Migration),
            Box::new(m20261128_e_fields::Migration),
            Box::new(m20261128_f_rents::Migration),
            Box::new(m20261128_g_estimates::Migration),
            Box::new(m20261129_a_approvals::Migration),
            Box::new(m20261129_b_bill_portions::Migration),
            Box::new(m20261129_b_owing::Migration),
            Box::new(m20261129_c_rounds::Migration),
            Box::new(m20261129_d_payer::Migration),
            Box::new(m20261130_a_charged_once::Migration),
            Box::new(m20261130_a_run_units::Migration),
            Box::new(m20261130_b_late_fee_steps::Migration),
            Box::new(m20261130_b_usage_of::Migration),
            Box::new(m20261130_c_approvals::Migration),
            Box::new(m20261130_c_rounds::Migration),
            Box::new(m20261130_c_names::Migration),
            Box::new(m20261130_d_settled::Migration),
            Box::new(m20261130_e_held::Migration),
            Box::new(m20261130_f_offset::Migration),
            Box::new(m20261130_g_moved::Migration),
        ]
    }
}

/// Whether the schema has this table by now: for what is asked before it is brought up to date.
pub async fn has_table<'db>(connection: impl IntoSchemaManagerConnection<'db>, name: &str) -> Result<bool, DbErr> {
    SchemaManager::new(connection).has_table(name).await
}
