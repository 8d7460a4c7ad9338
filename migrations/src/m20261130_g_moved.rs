//! What was left is told by the order in which money moved, and that is the order of locks: clocks are read before they are had.

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

// Entries of a holding are counted from 1. Of those that are there, ids tell the order best: each was made when its locks were had.
// What payments left of bills is computed once more as receipts did until now.
const DDL: &str = "
ALTER TABLE posting ADD COLUMN held_nth integer;
UPDATE posting SET held_nth = n.nth FROM (SELECT community_id, id,
    ROW_NUMBER() OVER (PARTITION BY community_id, held_id ORDER BY id) AS nth FROM posting WHERE held_id IS NOT NULL) AS n
    WHERE posting.community_id = n.community_id AND posting.id = n.id;
DROP INDEX posting_held;
CREATE UNIQUE INDEX posting_moved ON posting (community_id, held_id, held_nth) WHERE held_id IS NOT NULL;
ALTER TABLE payment_line ADD COLUMN left_fen bigint NOT NULL DEFAULT 0;
UPDATE payment_line SET left_fen = (SELECT b.amount_fen
    - (SELECT COALESCE(SUM(CASE WHEN w.debit = 'waived' THEN w.amount_fen ELSE -w.amount_fen END), 0) FROM posting w
        WHERE w.community_id = b.community_id AND w.bill_id = b.id AND 'waived' IN (w.debit, w.credit) AND w.at <= y.at)
    - (SELECT SUM(x.amount_fen - x.late_fee_fen) FROM payment_line x
        JOIN payment q ON q.community_id = x.community_id AND q.id = x.payment_id
        WHERE x.community_id = b.community_id AND x.bill_id = b.id AND (q.id = y.id OR ((q.voided_at IS NULL OR q.voided_at > y.at)
        AND (q.at < y.at OR (q.at = y.at
            AND (LENGTH(q.receipt_number), q.receipt_number) < (LENGTH(y.receipt_number), y.receipt_number))))))
    FROM payment y, bill b WHERE y.community_id = payment_line.community_id AND y.id = payment_line.payment_id
    AND b.community_id = payment_line.community_id AND b.id = payment_line.bill_id);
CREATE INDEX posting_reversed ON posting (community_id, day, payment_id) WHERE reverses_id IS NOT NULL;
";
