//! The rows of bills, their lines and their first postings, in bulk; used by runs, one-off bills and imports alike.

use std::collections::BTreeSet;

use common::billing::api::{BillSource, BillState};
use common::charging::trace::Trace;
use common::id::{BillId, BuildingId, ChargeId, CommunityId, FeeItemId, PostingId, TariffId, UnitId, WaiverId, WaiverSchemeId};
use common::money::Money;
use common::period::{Day, Month, Period};
use common::waivers::trace::WaiverTrace;
use sea_orm::Value;
use uuid::Uuid;

use crate::waivers::{self, NewWaiver};
use crate::{Answer, Work, bulk, charging, numbering};

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
    /// What is charged once and stands on it.
    pub once: Vec<ChargeId>,
    /// What schemes take off it, in their order.
    pub waivers: Vec<DraftWaiver>,
    /// What of it falls on whose days, as it is kept.
    pub portions: Option<String>,
}

/// What a scheme takes off a bill about to be written.
pub(super) struct DraftWaiver {
    pub scheme: WaiverSchemeId,
    pub name: String,
    pub reason: String,
    pub amount: Money,
    pub trace: WaiverTrace,
}

impl Draft {
    /// What all its waivers come to.
    fn waived(&self) -> Money {
        Money::from_fen(self.waivers.iter().map(|waiver| waiver.amount.fen()).sum())
    }
}

const BILL: [&str; 23] = [
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
    "waived_fen",
    "open_fen",
    "state",
    "source",
    "source_id",
    "note",
    "created_at",
    "portions",
];
const LINE: [&str; 5] = ["community_id", "bill_id", "no", "amount_fen", "trace"];
const ONCE: [&str; 3] = ["community_id", "charge_id", "bill_id"];
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

/// Writes bills with their lines, and moves each amount from income, or from what is to be held, to what is owed.
pub(super) async fn bills(
    work: &Work,
    community: CommunityId,
    source: BillSource,
    source_id: Uuid,
    drafts: &[Draft],
) -> Answer<()> {
    let rows = drafts.iter().map(|draft| bill_row(work, community, source, source_id, draft));
    bulk::insert(work.db(), "bill", &BILL, rows).await?;
    let lines = drafts.iter().flat_map(|draft| draft.lines.iter().zip(1_i32..).map(|(line, no)| (draft.id, no, line)));
    let lines = lines.map(|(bill, no, (amount, trace))| -> Answer<Vec<Value>> {
        Ok(vec![community.into(), bill.into(), no.into(), (*amount).into(), serde_json::to_string(trace)?.into()])
    });
    bulk::try_insert(work.db(), "bill_line", &LINE, lines).await?;
    let once = drafts.iter().flat_map(|draft| draft.once.iter().map(|charge| (draft.id, *charge)));
    let once = once.map(|(bill, charge)| vec![community.into(), charge.into(), bill.into()]);
    bulk::insert(work.db(), "charged_once", &ONCE, once).await?;
    // A run has thousands of bills of a few fee items.
    let fee_items: BTreeSet<FeeItemId> = drafts.iter().map(|draft| draft.fee_item).collect();
    let held = charging::held_items(work.db(), community, fee_items).await?;
    let postings = drafts.iter().map(|draft| {
        let credit = if held.contains_key(&draft.fee_item) { "held_due" } else { "income" };
        let move_ = Move { debit: "receivable", credit, amount: draft.amount, reverses: None };
        posting_row(work, community, draft.issued_day, PostingId(Uuid::now_v7()), move_, &draft.about())
    });
    bulk::insert(work.db(), "posting", &POSTING, postings).await?;
    waive(work, community, drafts).await
}

/// Takes what schemes waive off what is owed: a posting each, and its record.
async fn waive(work: &Work, community: CommunityId, drafts: &[Draft]) -> Answer<()> {
    let (mut postings, mut waivers) = (Vec::new(), Vec::new());
    for draft in drafts {
        let about = draft.about();
        for (waiver, no) in draft.waivers.iter().zip(1_i32..) {
            let posting = PostingId(Uuid::now_v7());
            let move_ = Move { debit: "waived", credit: "receivable", amount: waiver.amount, reverses: None };
            postings.push(posting_row(work, community, draft.issued_day, posting, move_, &about));
            waivers.push(NewWaiver {
                id: WaiverId(Uuid::now_v7()),
                posting,
                bill: draft.id,
                no,
                scheme: Some(waiver.scheme),
                unit: draft.unit,
                building: draft.building,
                fee_item: draft.fee_item,
                month: about.month,
                name: waiver.name.clone(),
                reason: waiver.reason.clone(),
                amount: waiver.amount,
                trace: waiver.trace.clone(),
                day: draft.issued_day,
            });
        }
    }
    if waivers.is_empty() {
        return Ok(());
    }
    bulk::insert(work.db(), "posting", &POSTING, postings).await?;
    waivers::record(work, community, waivers).await
}

fn bill_row(work: &Work, community: CommunityId, source: BillSource, source_id: Uuid, draft: &Draft) -> Vec<Value> {
    let waived = draft.waived();
    let open = Money::from_fen(draft.amount.fen() - draft.paid.fen() - waived.fen());
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
        waived.into(),
        open.into(),
        state.word().into(),
        source.word().into(),
        source_id.into(),
        draft.note.clone().into(),
        work.at.into(),
        draft.portions.clone().into(),
    ]
}

impl Draft {
    fn about(&self) -> About {
        About {
            month: Month::of(self.period.from).number(),
            unit: self.unit,
            building: self.building,
            fee_item: self.fee_item,
            bill: self.id,
        }
    }
}

/// What a posting is about.
pub(super) struct About {
    pub month: i32,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    pub bill: BillId,
}

/// An amount that moves from an account to another.
pub(super) struct Move {
    pub debit: &'static str,
    pub credit: &'static str,
    pub amount: Money,
    /// The posting that it takes back.
    pub reverses: Option<PostingId>,
}

fn posting_row(work: &Work, community: CommunityId, day: Day, id: PostingId, move_: Move, about: &About) -> Vec<Value> {
    vec![
        community.into(),
        id.into(),
        work.at.into(),
        day.into(),
        about.month.into(),
        move_.debit.into(),
        move_.credit.into(),
        move_.amount.into(),
        about.unit.into(),
        about.building.map(|building| building.0).into(),
        about.fee_item.into(),
        about.bill.into(),
        Option::<Uuid>::None.into(),
        move_.reverses.map(|original| original.0).into(),
        work.by.map(|by| by.0).into(),
    ]
}

/// Writes postings about bills that live already.
pub(super) async fn post(work: &Work, community: CommunityId, day: Day, moves: Vec<(PostingId, About, Move)>) -> Answer<()> {
    let rows: Vec<Vec<Value>> =
        moves.into_iter().map(|(id, about, move_)| posting_row(work, community, day, id, move_, &about)).collect();
    bulk::insert(work.db(), "posting", &POSTING, rows).await?;
    Ok(())
}
