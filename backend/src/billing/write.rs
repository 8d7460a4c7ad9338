//! The rows of bills, their lines and their first postings, in bulk; used by runs, one-off bills and imports alike.

use common::billing::api::{BillSource, BillState};
use common::charging::trace::Trace;
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, PostingId, TariffId, UnitId};
use common::money::Money;
use common::period::{Day, Month, Period};
use sea_orm::Value;
use uuid::Uuid;

use crate::{Answer, Work, bulk, numbering};

/// A bill about to be written.
pub(super) struct Draft {
    pub id: BillId,
    pub number: String,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    pub tariff: Option<TariffId>,
    pub period: Period,
    pub issued_day: Day,
    pub due_day: Day,
    pub amount: Money,
    /// Paid before it came here; nothing for new bills.
    pub paid: Money,
    pub note: String,
    pub lines: Vec<(Money, Trace)>,
}

const BILL: [&str; 21] = [
    "community_id",
    "id",
    "number",
    "unit_id",
    "building_id",
    "fee_item_id",
    "tariff_id",
    "period_from",
    "period_to",
    "month",
    "last_month",
    "issued_day",
    "due_day",
    "amount_fen",
    "paid_fen",
    "open_fen",
    "state",
    "source",
    "source_id",
    "note",
    "created_at",
];
const LINE: [&str; 5] = ["community_id", "bill_id", "no", "amount_fen", "trace"];
const POSTING: [&str; 15] = [
    "community_id",
    "id",
    "at",
    "day",
    "month",
    "debit",
    "credit",
    "amount_fen",
    "unit_id",
    "building_id",
    "fee_item_id",
    "bill_id",
    "payment_id",
    "reverses_id",
    "created_by",
];

/// A bill's number: `ZD202610-000123`.
pub(super) fn number(month: Month, number: i64) -> String {
    format!("ZD{}-{number:06}", month.number())
}

/// Takes the numbers of `count` bills of a month and returns the first.
pub(super) async fn take_numbers(work: &Work, community: CommunityId, month: Month, count: usize) -> Answer<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    numbering::take(work, community, "bill", &month.number().to_string(), count).await
}

/// Writes bills with their lines, and moves each amount from income to what is owed.
pub(super) async fn bills(
    work: &Work,
    community: CommunityId,
    source: BillSource,
    source_id: Uuid,
    drafts: &[Draft],
) -> Answer<()> {
    let rows = drafts.iter().map(|draft| bill_row(work, community, source, source_id, draft));
    bulk::insert(work.db(), "bill", &BILL, rows).await?;
    let mut lines: Vec<Vec<Value>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        for ((amount, trace), no) in draft.lines.iter().zip(1_i32..) {
            lines.push(vec![
                community.into(),
                draft.id.into(),
                no.into(),
                (*amount).into(),
                serde_json::to_string(trace)?.into(),
            ]);
        }
    }
    bulk::insert(work.db(), "bill_line", &LINE, lines).await?;
    let postings = drafts.iter().map(|draft| {
        let about = About {
            month: Month::of(draft.period.from).number(),
            unit: draft.unit,
            building: draft.building,
            fee_item: draft.fee_item,
            bill: draft.id,
        };
        posting_row(work, community, draft.issued_day, "receivable", "income", draft.amount, &about, None)
    });
    bulk::insert(work.db(), "posting", &POSTING, postings).await?;
    Ok(())
}

fn bill_row(work: &Work, community: CommunityId, source: BillSource, source_id: Uuid, draft: &Draft) -> Vec<Value> {
    let open = Money::from_fen(draft.amount.fen() - draft.paid.fen());
    let state = match (open.is_zero(), draft.paid.is_zero()) {
        (true, _) => BillState::Settled,
        (false, false) => BillState::Part,
        (false, true) => BillState::Open,
    };
    vec![
        community.into(),
        draft.id.into(),
        draft.number.clone().into(),
        draft.unit.into(),
        draft.building.map(|building| building.0).into(),
        draft.fee_item.into(),
        draft.tariff.map(|tariff| tariff.0).into(),
        draft.period.from.into(),
        draft.period.to.into(),
        Month::of(draft.period.from).number().into(),
        Month::of(draft.period.last_day()).number().into(),
        draft.issued_day.into(),
        draft.due_day.into(),
        draft.amount.into(),
        draft.paid.into(),
        open.into(),
        state.word().into(),
        source.word().into(),
        source_id.into(),
        draft.note.clone().into(),
        work.at.into(),
    ]
}

/// What a posting is about.
pub(super) struct About {
    pub month: i32,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    pub bill: BillId,
}

#[expect(clippy::too_many_arguments, reason = "a row of the books has this many facts")]
fn posting_row(
    work: &Work,
    community: CommunityId,
    day: Day,
    debit: &str,
    credit: &str,
    amount: Money,
    about: &About,
    reverses: Option<Uuid>,
) -> Vec<Value> {
    vec![
        community.into(),
        PostingId(Uuid::now_v7()).into(),
        work.at.into(),
        day.into(),
        about.month.into(),
        debit.into(),
        credit.into(),
        amount.into(),
        about.unit.into(),
        about.building.map(|building| building.0).into(),
        about.fee_item.into(),
        about.bill.into(),
        Option::<Uuid>::None.into(),
        reverses.into(),
        work.by.map(|by| by.0).into(),
    ]
}

/// Takes bills back: the opposite of each first posting, pointing at it.
pub(super) async fn opposites(work: &Work, community: CommunityId, day: Day, of: &[(About, Money, Uuid)]) -> Answer<()> {
    let rows = of.iter().map(|(about, amount, original)| {
        posting_row(work, community, day, "income", "receivable", *amount, about, Some(*original))
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    bulk::insert(work.db(), "posting", &POSTING, rows).await?;
    Ok(())
}
