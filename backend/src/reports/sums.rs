//! How a posting counts towards each figure: the one place that knows.

use common::id::{CommunityId, FeeItemId};

use crate::sql::Sql;

/// Billed, less bills taken back: for income, and for money that is to be held.
pub(super) const RECEIVABLE: &str = "CASE WHEN p.debit = 'receivable' AND p.credit IN ('income', 'held_due') THEN p.amount_fen \
     WHEN p.debit IN ('income', 'held_due') AND p.credit = 'receivable' THEN -p.amount_fen ELSE 0 END";

/// Paid with money, less payments taken back.
pub(super) const RECEIVED: &str = "CASE WHEN p.credit = 'receivable' AND p.debit NOT IN ('income', 'held_due', 'waived', 'prepaid', 'deposit') \
     THEN p.amount_fen WHEN p.debit = 'receivable' AND p.credit NOT IN ('income', 'held_due', 'waived', 'prepaid', 'deposit') \
     THEN -p.amount_fen ELSE 0 END";

/// Paid with prepayments and deposits (抵扣), less what was taken back: that money came in before.
pub(super) const OFFSET: &str = "CASE WHEN p.credit = 'receivable' AND p.debit IN ('prepaid', 'deposit') THEN p.amount_fen \
     WHEN p.debit = 'receivable' AND p.credit IN ('prepaid', 'deposit') THEN -p.amount_fen ELSE 0 END";

/// Waived, less waivers taken back.
pub(super) const WAIVED: &str =
    "CASE WHEN p.debit = 'waived' THEN p.amount_fen WHEN p.credit = 'waived' THEN -p.amount_fen ELSE 0 END";

/// What stands on the receivable account; counted by itself, so that receivable − waived − received can be held against it.
pub(super) const OUTSTANDING: &str =
    "CASE WHEN p.debit = 'receivable' THEN p.amount_fen WHEN p.credit = 'receivable' THEN -p.amount_fen ELSE 0 END";

/// Late fee charged, less what was taken back.
pub(super) const LATE_FEE_CHARGED: &str = "CASE WHEN p.debit = 'late_fee_receivable' AND p.credit = 'late_fee_income' THEN p.amount_fen \
     WHEN p.debit = 'late_fee_income' AND p.credit = 'late_fee_receivable' THEN -p.amount_fen ELSE 0 END";

/// Late fee let go.
pub(super) const LATE_FEE_WAIVED: &str = "CASE WHEN p.debit = 'late_fee_waived' AND p.credit = 'late_fee_receivable' THEN p.amount_fen \
     WHEN p.debit = 'late_fee_receivable' AND p.credit = 'late_fee_waived' THEN -p.amount_fen ELSE 0 END";

/// Late fee paid with prepayments and deposits, less what was taken back.
pub(super) const LATE_FEE_OFFSET: &str = "CASE WHEN p.credit = 'late_fee_receivable' AND p.debit IN ('prepaid', 'deposit') THEN p.amount_fen \
     WHEN p.debit = 'late_fee_receivable' AND p.credit IN ('prepaid', 'deposit') THEN -p.amount_fen ELSE 0 END";

/// Late fee paid, with money or not, less payments taken back; beside [`RECEIVED`], so that receivable − received stays outstanding.
pub(super) const LATE_FEE_RECEIVED: &str = "CASE WHEN p.credit = 'late_fee_receivable' AND p.debit NOT IN ('late_fee_income', 'late_fee_waived') \
     THEN p.amount_fen WHEN p.debit = 'late_fee_receivable' AND p.credit NOT IN ('late_fee_income', 'late_fee_waived') THEN -p.amount_fen ELSE 0 END";

/// Leaves out what stands under fee items by which money is held, by the column that names the fee item: it is owed to owners, and pays
/// for others (抵扣) when it is earned.
pub(super) fn earned(sql: Sql, column: &str, community: CommunityId) -> Sql {
    held(sql.add(" AND ").add(column).add(" NOT IN "), community)
}

/// The fee items by which money is held.
fn held(sql: Sql, community: CommunityId) -> Sql {
    sql.add("(SELECT h.id FROM fee_item h WHERE h.kind IN ('prepayment', 'deposit') AND h.community_id = ")
        .bind(community)
        .add(")")
}

/// Which fee items a figure is about.
#[derive(Clone, Copy)]
pub(super) enum Items {
    /// All by which something is earned.
    Earned,
    /// All by which money is held.
    Held,
    /// The one that is named, held or earned.
    One(FeeItemId),
}

impl Items {
    /// What is held is left out unless it is named.
    pub(super) fn of(named: Option<FeeItemId>) -> Self {
        named.map_or(Self::Earned, Self::One)
    }

    /// Keeps to them, by the column that names the fee item.
    pub(super) fn within(self, sql: Sql, column: &str, community: CommunityId) -> Sql {
        match self {
            Self::Earned => earned(sql, column, community),
            Self::Held => held(sql.add(" AND ").add(column).add(" IN "), community),
            Self::One(item) => sql.add(" AND ").add(column).add(" = ").bind(item),
        }
    }
}

/// All money that came in, less payments taken back: for bills and for late fee.
pub(super) fn taken() -> String {
    format!("({RECEIVED}) + ({LATE_FEE_RECEIVED}) - ({LATE_FEE_OFFSET})")
}

/// What was paid of bills, with money or not.
pub(super) fn paid() -> String {
    format!("({RECEIVED}) + ({OFFSET})")
}

/// All that payments paid, with money or not.
pub(super) fn settled() -> String {
    format!("({RECEIVED}) + ({OFFSET}) + ({LATE_FEE_RECEIVED})")
}

/// `SUM` of it, a `bigint` on both databases and 0 of nothing.
pub(super) fn sum(of: &str) -> String {
    format!("CAST(COALESCE(SUM({of}), 0) AS bigint)")
}
