//! How a posting counts towards each figure: the one place that knows.

/// Billed, less bills taken back.
pub(super) const RECEIVABLE: &str = "CASE WHEN p.debit = 'receivable' AND p.credit = 'income' THEN p.amount_fen \
     WHEN p.debit = 'income' AND p.credit = 'receivable' THEN -p.amount_fen ELSE 0 END";

/// Paid, less payments taken back.
pub(super) const RECEIVED: &str = "CASE WHEN p.credit = 'receivable' AND p.debit NOT IN ('income', 'waived') THEN p.amount_fen \
     WHEN p.debit = 'receivable' AND p.credit NOT IN ('income', 'waived') THEN -p.amount_fen ELSE 0 END";

/// Waived, less waivers taken back.
pub(super) const WAIVED: &str =
    "CASE WHEN p.debit = 'waived' THEN p.amount_fen WHEN p.credit = 'waived' THEN -p.amount_fen ELSE 0 END";

/// What stands on the receivable account; counted by itself, so that receivable − waived − received can be held against it.
pub(super) const OUTSTANDING: &str =
    "CASE WHEN p.debit = 'receivable' THEN p.amount_fen WHEN p.credit = 'receivable' THEN -p.amount_fen ELSE 0 END";

/// `SUM` of it, a `bigint` on both databases and 0 of nothing.
pub(super) fn sum(of: &str) -> String {
    format!("CAST(COALESCE(SUM({of}), 0) AS bigint)")
}
