//! Re-adds every figure from the postings and names any difference.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::sums::{LATE_FEE_CHARGED, LATE_FEE_RECEIVED, LATE_FEE_WAIVED, OUTSTANDING, RECEIVABLE, WAIVED, paid, settled, sum};
use crate::Answer;
use crate::sql::Sql;

/// A figure that is not the sum of what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Difference {
    /// Which rule is broken.
    pub check_name: String,
    /// The document: a bill's number, a receipt's number, a month.
    pub subject: String,
    pub stored: i64,
    pub added: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} says {}, the entries say {}", self.check_name, self.subject, self.stored, self.added)
    }
}

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Report {
    /// Each check and how many differences it found.
    pub checks: Vec<(&'static str, usize)>,
    /// The differences, at most [`NAMED_MOST`] of each check.
    pub differences: Vec<Difference>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// The most differences that one check names.
pub const NAMED_MOST: u64 = 100;

/// Documents whose numbers have a gap, or go beyond their counter: prefix, series of so many letters, a dash, the number.
fn numbers(kind: &str, prefix: &str, table: &str, column: &str, series: usize) -> String {
    format!(
        "SELECT c.series AS subject, c.next - 1 AS stored, COALESCE(n.there, 0) AS added FROM counter c LEFT JOIN \
         (SELECT d.community_id, SUBSTR(d.{column}, 3, {series}) AS series, COUNT(*) AS there, \
         MAX(CAST(SUBSTR(d.{column}, {from}) AS bigint)) AS last FROM {table} d WHERE SUBSTR(d.{column}, 1, 2) = {prefix} \
         GROUP BY d.community_id, SUBSTR(d.{column}, 3, {series})) n ON n.community_id = c.community_id AND n.series = c.series \
         WHERE c.kind = '{kind}' AND (c.next - 1 <> COALESCE(n.there, 0) OR c.next - 1 <> COALESCE(n.last, 0))",
        from = series + 4
    )
}

/// Every check: its name and the query whose rows are differences.
fn checks() -> Vec<(&'static str, String)> {
    let bill = |name: &'static str, column: &str, of: &str| {
        (
            name,
            format!(
                "SELECT b.number AS subject, b.{column} AS stored, {added} AS added FROM bill b \
                 LEFT JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id \
                 GROUP BY b.community_id, b.id, b.number, b.{column} HAVING b.{column} <> {added}",
                added = sum(of)
            ),
        )
    };
    let line = |name: &'static str, column: &str, of: &str| {
        (
            name,
            format!(
                "SELECT y.receipt_number AS subject, l.{column} AS stored, {added} AS added \
                 FROM payment y JOIN payment_line l ON l.community_id = y.community_id AND l.payment_id = y.id \
                 LEFT JOIN posting p ON p.community_id = l.community_id AND p.payment_id = l.payment_id AND p.bill_id = l.bill_id \
                 AND p.reverses_id IS NULL \
                 GROUP BY y.community_id, y.id, y.receipt_number, l.bill_id, l.{column} HAVING l.{column} <> {added}",
                added = sum(of)
            ),
        )
    };
    let held = |name: &'static str, column: &str, of: &str| {
        (
            name,
            format!(
                "SELECT b.number AS subject, h.{column} AS stored, {added} AS added FROM held h \
                 JOIN bill b ON b.community_id = h.community_id AND b.id = h.bill_id \
                 LEFT JOIN posting p ON p.community_id = h.community_id AND p.held_id = h.bill_id \
                 GROUP BY h.community_id, h.bill_id, b.number, h.{column} HAVING h.{column} <> {added}",
                added = sum(of)
            ),
        )
    };
    vec![
        // A void bill keeps its amount on paper; its entries have taken it back.
        (
            "bill amount",
            format!(
                "SELECT b.number AS subject, CASE WHEN b.state = 'void' THEN 0 ELSE b.amount_fen END AS stored, {added} AS added FROM bill b \
                 LEFT JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id \
                 GROUP BY b.community_id, b.id, b.number, b.state, b.amount_fen \
                 HAVING CASE WHEN b.state = 'void' THEN 0 ELSE b.amount_fen END <> {added}",
                added = sum(RECEIVABLE)
            ),
        ),
        bill("bill paid", "paid_fen", &paid()),
        bill("late fee charged", "late_charged_fen", LATE_FEE_CHARGED),
        bill("late fee paid", "late_paid_fen", LATE_FEE_RECEIVED),
        bill("late fee waived", "late_waived_fen", LATE_FEE_WAIVED),
        (
            "late fee waivers",
            "SELECT b.number AS subject, b.late_waived_fen AS stored, CAST(COALESCE(SUM(w.amount_fen), 0) AS bigint) AS added FROM bill b \
             LEFT JOIN late_fee_waiver w ON w.community_id = b.community_id AND w.bill_id = b.id AND b.state <> 'void' \
             GROUP BY b.community_id, b.id, b.number, b.late_waived_fen HAVING b.late_waived_fen <> CAST(COALESCE(SUM(w.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "bill waived",
            format!(
                "SELECT b.number AS subject, CASE WHEN b.state = 'void' THEN 0 ELSE b.waived_fen END AS stored, {added} AS added FROM bill b \
                 LEFT JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id \
                 GROUP BY b.community_id, b.id, b.number, b.state, b.waived_fen \
                 HAVING CASE WHEN b.state = 'void' THEN 0 ELSE b.waived_fen END <> {added}",
                added = sum(WAIVED)
            ),
        ),
        // Each waiver stands beside its posting, and is given for as long as no opposite points at that.
        (
            "waiver posted",
            "SELECT COALESCE(b.number, '') AS subject, w.amount_fen AS stored, COALESCE(p.amount_fen, 0) AS added FROM waiver w \
             LEFT JOIN bill b ON b.community_id = w.community_id AND b.id = w.bill_id \
             LEFT JOIN posting p ON p.community_id = w.community_id AND p.id = w.posting_id AND p.bill_id = w.bill_id AND p.debit = 'waived' \
             WHERE p.id IS NULL OR p.amount_fen <> w.amount_fen OR w.unit_id <> p.unit_id OR w.month <> p.month OR w.fee_item_id <> p.fee_item_id \
             OR CASE WHEN w.state = 'given' THEN 0 ELSE 1 END <> (SELECT COUNT(*) FROM posting o \
             WHERE o.community_id = p.community_id AND o.bill_id = p.bill_id AND o.reverses_id = p.id)"
                .to_owned(),
        ),
        (
            "posting of a waiver",
            "SELECT COALESCE(b.number, '') AS subject, p.amount_fen AS stored, COUNT(w.id) AS added FROM posting p \
             LEFT JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id \
             LEFT JOIN waiver w ON w.community_id = p.community_id AND w.bill_id = p.bill_id AND w.posting_id = p.id \
             WHERE p.debit = 'waived' GROUP BY p.community_id, p.id, b.number, p.amount_fen HAVING COUNT(w.id) <> 1"
                .to_owned(),
        ),
        (
            "bill open",
            format!(
                "SELECT b.number AS subject, CASE WHEN b.state = 'void' THEN 0 ELSE b.open_fen END AS stored, {added} AS added FROM bill b \
                 LEFT JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id \
                 GROUP BY b.community_id, b.id, b.number, b.state, b.open_fen \
                 HAVING CASE WHEN b.state = 'void' THEN 0 ELSE b.open_fen END <> {added}",
                added = sum(OUTSTANDING)
            ),
        ),
        (
            "bill state",
            "SELECT b.number AS subject, b.open_fen AS stored, b.amount_fen - b.paid_fen - b.waived_fen AS added FROM bill b \
             WHERE b.state <> 'void' AND (b.open_fen <> b.amount_fen - b.paid_fen - b.waived_fen OR b.state <> CASE WHEN b.open_fen = 0 THEN 'settled' \
             WHEN b.paid_fen = 0 THEN 'open' ELSE 'part' END)"
                .to_owned(),
        ),
        (
            "bill lines",
            "SELECT b.number AS subject, b.amount_fen AS stored, CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint) AS added FROM bill b \
             LEFT JOIN bill_line l ON l.community_id = b.community_id AND l.bill_id = b.id \
             GROUP BY b.community_id, b.id, b.number, b.amount_fen HAVING b.amount_fen <> CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        // Every day of a unit and fee item is owed once; the later of two bills in the order of their beginnings is held
        // against all before it.
        (
            "bill periods",
            "SELECT o.number AS subject, o.month AS stored, o.month AS added FROM (SELECT b.number, b.month, b.period_from, \
             MAX(b.period_to) OVER (PARTITION BY b.community_id, b.unit_id, b.fee_item_id ORDER BY b.period_from, b.period_to, b.id \
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS billed_to FROM bill b \
             WHERE b.state <> 'void' AND b.source <> 'raised') o WHERE o.billed_to > o.period_from"
                .to_owned(),
        ),
        (
            "payment methods",
            "SELECT y.receipt_number AS subject, y.total_fen AS stored, CAST(COALESCE(SUM(m.amount_fen), 0) AS bigint) AS added FROM payment y \
             LEFT JOIN payment_method_line m ON m.community_id = y.community_id AND m.payment_id = y.id \
             GROUP BY y.community_id, y.id, y.receipt_number, y.total_fen HAVING y.total_fen <> CAST(COALESCE(SUM(m.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "payment lines",
            "SELECT y.receipt_number AS subject, y.total_fen AS stored, CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint) AS added FROM payment y \
             LEFT JOIN payment_line l ON l.community_id = y.community_id AND l.payment_id = y.id \
             GROUP BY y.community_id, y.id, y.receipt_number, y.total_fen HAVING y.total_fen <> CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "payment postings",
            format!(
                "SELECT y.receipt_number AS subject, CASE WHEN y.state = 'void' THEN 0 ELSE y.total_fen END AS stored, {added} AS added FROM payment y \
                 LEFT JOIN posting p ON p.community_id = y.community_id AND p.payment_id = y.id \
                 GROUP BY y.community_id, y.id, y.receipt_number, y.state, y.total_fen \
                 HAVING CASE WHEN y.state = 'void' THEN 0 ELSE y.total_fen END <> {added}",
                added = sum(&settled())
            ),
        ),
        (
            "payment method postings",
            "SELECT y.receipt_number AS subject, m.amount_fen AS stored, CAST(COALESCE(SUM(p.amount_fen), 0) AS bigint) AS added \
             FROM payment y JOIN payment_method_line m ON m.community_id = y.community_id AND m.payment_id = y.id \
             LEFT JOIN posting p ON p.community_id = m.community_id AND p.payment_id = m.payment_id AND p.debit = m.method \
             AND p.credit <> 'held_due' \
             GROUP BY y.community_id, y.id, y.receipt_number, m.method, m.amount_fen \
             HAVING m.amount_fen <> CAST(COALESCE(SUM(p.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "payment line postings",
            "SELECT y.receipt_number AS subject, l.amount_fen AS stored, CAST(COALESCE(SUM(p.amount_fen), 0) AS bigint) AS added \
             FROM payment y JOIN payment_line l ON l.community_id = y.community_id AND l.payment_id = y.id \
             LEFT JOIN posting p ON p.community_id = l.community_id AND p.payment_id = l.payment_id AND p.bill_id = l.bill_id AND p.reverses_id IS NULL \
             AND p.credit <> 'late_fee_income' AND p.debit <> 'held_due' \
             GROUP BY y.community_id, y.id, y.receipt_number, l.bill_id, l.amount_fen \
             HAVING l.amount_fen <> CAST(COALESCE(SUM(p.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        line("payment line late fee", "late_fee_fen", LATE_FEE_RECEIVED),
        line("payment line late fee charged", "late_charged_fen", LATE_FEE_CHARGED),
        (
            "posting of a bill",
            "SELECT b.number AS subject, b.month AS stored, p.month AS added FROM posting p \
             LEFT JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id \
             WHERE b.id IS NULL OR p.unit_id <> b.unit_id OR p.fee_item_id <> b.fee_item_id OR p.month <> b.month \
             OR COALESCE(p.building_id, p.unit_id) <> COALESCE(b.building_id, b.unit_id)"
                .to_owned(),
        ),
        (
            "posting taken back",
            "SELECT COALESCE(b.number, '') AS subject, COALESCE(o.amount_fen, 0) AS stored, p.amount_fen AS added FROM posting p \
             LEFT JOIN posting o ON o.community_id = p.community_id AND o.id = p.reverses_id \
             LEFT JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id \
             WHERE p.reverses_id IS NOT NULL AND (o.id IS NULL OR o.amount_fen <> p.amount_fen OR o.debit <> p.credit OR o.credit <> p.debit \
             OR o.bill_id <> p.bill_id)"
                .to_owned(),
        ),
        // Received money names its payment, and nothing else does but the late fee that it was charged with; what goes back names its refund.
        (
            "posting of a payment",
            "SELECT COALESCE(y.receipt_number, '') AS subject, COALESCE(y.total_fen, 0) AS stored, p.amount_fen AS added FROM posting p \
             LEFT JOIN payment y ON y.community_id = p.community_id AND y.id = p.payment_id \
             WHERE CASE WHEN p.refund_id IS NOT NULL THEN p.payment_id IS NOT NULL OR p.held_id IS NULL \
             WHEN p.debit IN ('receivable', 'income', 'held_due', 'waived') AND p.credit IN ('receivable', 'income', 'held_due', 'waived') \
             THEN p.payment_id IS NOT NULL \
             WHEN p.debit IN ('late_fee_receivable', 'late_fee_income', 'late_fee_waived') \
             AND p.credit IN ('late_fee_receivable', 'late_fee_income', 'late_fee_waived') \
             THEN p.payment_id IS NOT NULL AND y.id IS NULL ELSE y.id IS NULL END"
                .to_owned(),
        ),
        // Billed once, and taken back once where it is void.
        (
            "bill posted once",
            "SELECT b.number AS subject, CASE WHEN b.state = 'void' THEN 2 ELSE 1 END AS stored, COUNT(p.id) AS added FROM bill b \
             LEFT JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id \
             AND p.debit IN ('receivable', 'income', 'held_due') AND p.credit IN ('receivable', 'income', 'held_due') \
             GROUP BY b.community_id, b.id, b.number, b.state HAVING COUNT(p.id) <> CASE WHEN b.state = 'void' THEN 2 ELSE 1 END"
                .to_owned(),
        ),
        ("bill numbers", numbers("bill", "'ZD'", "bill", "number", 6)),
        ("receipt numbers", numbers("receipt", "'SJ'", "payment", "receipt_number", 8)),
        ("held bill numbers", numbers("held_bill", "'DG'", "bill", "number", 6)),
        ("offset numbers", numbers("offset", "'DK'", "payment", "receipt_number", 8)),
        ("refund numbers", numbers("refund", "'TK'", "refund", "number", 8)),
        ("imported receipt numbers", numbers("imported_receipt", "'DR'", "payment", "receipt_number", 8)),
        (
            "run bills",
            "SELECT CAST(r.period_from AS text) AS subject, r.bills AS stored, COUNT(b.id) AS added FROM billing_run r \
             LEFT JOIN bill b ON b.community_id = r.community_id AND b.source_id = r.id AND b.source = 'run' \
             GROUP BY r.community_id, r.id, r.period_from, r.bills, r.total_fen \
             HAVING r.bills <> COUNT(b.id) OR r.total_fen <> COALESCE(SUM(b.amount_fen), 0)"
                .to_owned(),
        ),
        (
            "run waived",
            "SELECT CAST(r.period_from AS text) AS subject, r.waived_fen AS stored, CAST(COALESCE(SUM(w.amount_fen), 0) AS bigint) AS added \
             FROM billing_run r LEFT JOIN bill b ON b.community_id = r.community_id AND b.source_id = r.id AND b.source = 'run' \
             LEFT JOIN waiver w ON w.community_id = b.community_id AND w.bill_id = b.id AND w.scheme_id IS NOT NULL \
             GROUP BY r.community_id, r.id, r.period_from, r.waived_fen \
             HAVING r.waived_fen <> CAST(COALESCE(SUM(w.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        held("held taken", "taken_fen", "CASE WHEN p.debit = 'held_due' THEN p.amount_fen WHEN p.credit = 'held_due' THEN -p.amount_fen ELSE 0 END"),
        held(
            "held offset",
            "offset_fen",
            "CASE WHEN p.refund_id IS NOT NULL OR 'held_due' IN (p.debit, p.credit) THEN 0 WHEN p.debit = h.kind THEN p.amount_fen ELSE -p.amount_fen END",
        ),
        held("held refunded", "refunded_fen", "CASE WHEN p.refund_id IS NOT NULL THEN p.amount_fen ELSE 0 END"),
        // What is paid of a bill of held money is held, and nothing else is.
        (
            "held paid",
            "SELECT b.number AS subject, COALESCE(h.taken_fen, 0) AS stored, b.paid_fen AS added FROM bill b \
             JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id \
             LEFT JOIN held h ON h.community_id = b.community_id AND h.bill_id = b.id \
             WHERE CASE WHEN f.kind IN ('prepayment', 'deposit') THEN COALESCE(h.taken_fen, 0) <> b.paid_fen ELSE h.bill_id IS NOT NULL END"
                .to_owned(),
        ),
        (
            "held of a bill",
            "SELECT b.number AS subject, h.taken_fen AS stored, b.paid_fen AS added FROM held h \
             JOIN bill b ON b.community_id = h.community_id AND b.id = h.bill_id \
             WHERE h.unit_id <> b.unit_id OR h.fee_item_id <> b.fee_item_id"
                .to_owned(),
        ),
        // Each entry on the accounts of held money says whose it is.
        (
            "held named",
            "SELECT COALESCE(b.number, '') AS subject, p.amount_fen AS stored, COALESCE(h.taken_fen, 0) AS added FROM posting p \
             LEFT JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id \
             LEFT JOIN held h ON h.community_id = p.community_id AND h.bill_id = p.held_id \
             WHERE CASE WHEN p.debit IN ('prepaid', 'deposit') OR p.credit IN ('prepaid', 'deposit') \
             THEN h.bill_id IS NULL OR h.kind NOT IN (p.debit, p.credit) ELSE p.held_id IS NOT NULL END"
                .to_owned(),
        ),
        // They are counted without a gap, in the order in which they moved it.
        (
            "held counted",
            "SELECT b.number AS subject, CAST(COALESCE(MAX(p.held_nth), 0) AS bigint) AS stored, COUNT(p.id) AS added FROM held h \
             JOIN bill b ON b.community_id = h.community_id AND b.id = h.bill_id \
             LEFT JOIN posting p ON p.community_id = h.community_id AND p.held_id = h.bill_id \
             GROUP BY h.community_id, h.bill_id, b.number HAVING COALESCE(MAX(p.held_nth), 0) <> COUNT(p.id)"
                .to_owned(),
        ),
        // What prepayments paid by themselves names the run after which they did, and nothing else names one.
        (
            "set-off of a run",
            "SELECT y.receipt_number AS subject, y.total_fen AS stored, COALESCE(r.bills, 0) AS added FROM payment y \
             LEFT JOIN billing_run r ON r.community_id = y.community_id AND r.id = y.run_id \
             WHERE CASE WHEN y.source = 'offset' THEN r.id IS NULL ELSE y.run_id IS NOT NULL END"
                .to_owned(),
        ),
        (
            "refund lines",
            "SELECT r.number AS subject, r.total_fen AS stored, CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint) AS added FROM refund r \
             LEFT JOIN refund_line l ON l.community_id = r.community_id AND l.refund_id = r.id \
             GROUP BY r.community_id, r.id, r.number, r.total_fen HAVING r.total_fen <> CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "refund postings",
            "SELECT r.number AS subject, l.amount_fen AS stored, CAST(COALESCE(SUM(p.amount_fen), 0) AS bigint) AS added FROM refund r \
             JOIN refund_line l ON l.community_id = r.community_id AND l.refund_id = r.id \
             LEFT JOIN posting p ON p.community_id = l.community_id AND p.held_id = l.bill_id AND p.refund_id = l.refund_id AND p.credit = r.method \
             GROUP BY r.community_id, r.id, r.number, l.bill_id, l.amount_fen \
             HAVING l.amount_fen <> CAST(COALESCE(SUM(p.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "approval refunded",
            "SELECT s.number AS subject, CASE WHEN r.state = 'agreed' THEN r.amount_fen ELSE 0 END AS stored, COALESCE(y.total_fen, 0) AS added \
             FROM approval r JOIN approval_bill s ON s.community_id = r.community_id AND s.approval_id = r.id \
             LEFT JOIN refund y ON y.community_id = r.community_id AND y.id = r.id \
             WHERE r.kind = 'refund' AND CASE WHEN r.state = 'agreed' THEN r.amount_fen ELSE 0 END <> COALESCE(y.total_fen, 0)"
                .to_owned(),
        ),
        // What was agreed to was done, and nothing before.
        (
            "approval done",
            "SELECT s.number AS subject, CASE WHEN r.state = 'agreed' THEN r.amount_fen ELSE 0 END AS stored, \
             COALESCE(w.amount_fen, l.amount_fen, 0) AS added FROM approval r \
             JOIN approval_bill s ON s.community_id = r.community_id AND s.approval_id = r.id \
             LEFT JOIN waiver w ON w.community_id = r.community_id AND w.id = r.id \
             LEFT JOIN late_fee_waiver l ON l.community_id = r.community_id AND l.id = r.id \
             WHERE r.kind IN ('waive', 'waive_late_fee') AND \
             CASE WHEN r.state = 'agreed' THEN r.amount_fen ELSE 0 END <> COALESCE(w.amount_fen, l.amount_fen, 0)"
                .to_owned(),
        ),
        (
            "approval voided",
            "SELECT s.number AS subject, 1 AS stored, CASE WHEN b.state = 'void' THEN 1 ELSE 0 END AS added FROM approval r \
             JOIN approval_bill s ON s.community_id = r.community_id AND s.approval_id = r.id \
             JOIN bill b ON b.community_id = s.community_id AND b.id = s.bill_id \
             WHERE r.kind = 'void' AND r.state = 'agreed' AND b.state <> 'void'"
                .to_owned(),
        ),
        (
            "approval waits",
            "SELECT s.number AS subject, CASE WHEN r.state = 'waiting' THEN 1 ELSE 0 END AS stored, \
             CASE WHEN s.waits THEN 1 ELSE 0 END AS added FROM approval r \
             JOIN approval_bill s ON s.community_id = r.community_id AND s.approval_id = r.id \
             WHERE CASE WHEN r.state = 'waiting' THEN 1 ELSE 0 END <> CASE WHEN s.waits THEN 1 ELSE 0 END"
                .to_owned(),
        ),
        (
            "reading billed",
            "SELECT m.code AS subject, r.month AS stored, COALESCE(b.month, 0) AS added FROM reading r \
             JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
             LEFT JOIN bill b ON b.community_id = r.community_id AND b.id = r.bill_id \
             WHERE r.bill_id IS NOT NULL AND (b.id IS NULL OR b.state = 'void' OR b.unit_id <> m.unit_id)"
                .to_owned(),
        ),
        (
            "reading charged",
            "SELECT m.code AS subject, r.month AS stored, COALESCE(b.month, 0) AS added FROM reading_charged c \
             JOIN reading r ON r.community_id = c.community_id AND r.id = c.reading_id \
             JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
             LEFT JOIN bill b ON b.community_id = c.community_id AND b.id = c.bill_id \
             WHERE b.id IS NULL OR b.state = 'void' OR b.unit_id <> m.unit_id OR b.fee_item_id <> c.fee_item_id OR r.bill_id IS NULL"
                .to_owned(),
        ),
        (
            "share billed",
            "SELECT a.name AS subject, s.amount_fen AS stored, COALESCE(b.amount_fen, 0) AS added FROM apportionment_share s \
             JOIN apportionment a ON a.community_id = s.community_id AND a.id = s.apportionment_id \
             LEFT JOIN bill b ON b.community_id = s.community_id AND b.id = s.bill_id \
             WHERE s.bill_id IS NOT NULL AND (b.id IS NULL OR b.state = 'void' OR b.unit_id <> s.unit_id OR a.state = 'cancelled')"
                .to_owned(),
        ),
        // Each reading goes on where the one before stopped; without a mark its usage is the difference times the multiplier,
        // to four decimals.
        (
            "reading chain",
            "SELECT m.code AS subject, COALESCE(r.previous, 0) AS stored, COALESCE(o.value, 0) AS added FROM reading r \
             JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
             LEFT JOIN reading o ON o.community_id = r.community_id AND o.meter_id = r.meter_id AND o.day = (SELECT MAX(x.day) \
             FROM reading x WHERE x.community_id = r.community_id AND x.meter_id = r.meter_id AND x.day < r.day) \
             WHERE COALESCE(r.previous, -1) <> COALESCE(o.value, -1)"
                .to_owned(),
        ),
        (
            "reading usage",
            "SELECT m.code AS subject, COALESCE(r.usage, 0) AS stored, COALESCE(r.value - r.previous, 0) AS added FROM reading r \
             JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
             WHERE CASE WHEN r.previous IS NULL THEN r.usage IS NOT NULL WHEN r.mark <> '' THEN r.usage IS NULL OR (r.usage < 0 AND r.mark <> 'replaced') \
             ELSE r.usage IS NULL OR ABS(CAST(r.usage AS numeric) * 10000 \
             - (CAST(r.value AS numeric) - r.previous) * r.multiplier) > 5000 END"
                .to_owned(),
        ),
        (
            "apportionment amount",
            "SELECT a.name AS subject, a.pool_fen AS stored, CAST(COALESCE(SUM(s.amount_fen), 0) AS bigint) AS added FROM apportionment a \
             LEFT JOIN apportionment_share s ON s.community_id = a.community_id AND s.apportionment_id = a.id \
             GROUP BY a.community_id, a.id, a.name, a.pool_fen HAVING a.pool_fen <> CAST(COALESCE(SUM(s.amount_fen), 0) AS bigint)"
                .to_owned(),
        ),
        (
            "apportionment quantity",
            "SELECT a.name AS subject, a.pool_quantity AS stored, CAST(COALESCE(SUM(s.quantity), 0) AS bigint) AS added FROM apportionment a \
             LEFT JOIN apportionment_share s ON s.community_id = a.community_id AND s.apportionment_id = a.id \
             GROUP BY a.community_id, a.id, a.name, a.pool_quantity HAVING a.pool_quantity <> CAST(COALESCE(SUM(s.quantity), 0) AS bigint)"
                .to_owned(),
        ),
        // What came in for the bills of a month, by the entries and by the receipts.
        (
            "ledger against receipts",
            format!(
                "SELECT CAST(s.month AS text) AS subject, s.received_fen AS stored, COALESCE(x.paid_fen, 0) AS added FROM \
                 (SELECT p.community_id, p.month, {} AS received_fen FROM posting p GROUP BY p.community_id, p.month) s LEFT JOIN \
                 (SELECT b.community_id, b.month, CAST(SUM(l.amount_fen - l.late_fee_fen) AS bigint) AS paid_fen FROM payment_line l \
                 JOIN payment y ON y.community_id = l.community_id AND y.id = l.payment_id AND y.state <> 'void' \
                 JOIN bill b ON b.community_id = l.community_id AND b.id = l.bill_id GROUP BY b.community_id, b.month) x \
                 ON x.community_id = s.community_id AND x.month = s.month WHERE s.received_fen <> COALESCE(x.paid_fen, 0)",
                sum(&paid())
            ),
        ),
        (
            "ledger against bills",
            format!(
                "SELECT CAST(x.month AS text) AS subject, x.open_fen AS stored, COALESCE(s.open_fen, 0) AS added FROM \
                 (SELECT b.community_id, b.month, CAST(SUM(CASE WHEN b.state = 'void' THEN 0 ELSE b.open_fen END) AS bigint) AS open_fen \
                 FROM bill b GROUP BY b.community_id, b.month) x LEFT JOIN \
                 (SELECT p.community_id, p.month, {} AS open_fen FROM posting p GROUP BY p.community_id, p.month) s \
                 ON s.community_id = x.community_id AND s.month = x.month WHERE x.open_fen <> COALESCE(s.open_fen, 0)",
                sum(OUTSTANDING)
            ),
        ),
    ]
}

/// Runs every check over all communities.
pub async fn verify<C: ConnectionTrait>(db: &C) -> Answer<Report> {
    let mut report = Report::default();
    for (name, query) in checks() {
        let found = Sql::new(&format!("SELECT CAST('{name}' AS text) AS check_name, COALESCE(d.subject, '') AS subject, ")).push(
            &format!("CAST(d.stored AS bigint) AS stored, CAST(d.added AS bigint) AS added FROM ({query}) d ORDER BY 2"),
            [],
        );
        let found = found.page(NAMED_MOST, 0).all::<Difference, _>(db).await?;
        report.checks.push((name, found.len()));
        report.differences.extend(found);
    }
    Ok(report)
}
