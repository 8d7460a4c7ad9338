//! A run in chunks: the rows of some units, made while those before them are written.

use common::billing::inputs::RunInputs;
use common::billing::plan::{Outcome, PlannedBill, PlannedWaiver, Planner, SkipReason};
use common::id::{ApportionmentId, BillId, FeeItemId, ReadingId, UnitId};
use common::money::Money;
use common::waivers::trace::WaiverTrace;
use sea_orm::Value;
use uuid::Uuid;

use super::generate::Kept;
use super::portions;
use super::write::{self, Draft, DraftWaiver};
use crate::{Answer, Work, bulk, metering};

/// Units planned and written at a time: bounds the memory of a run of any size.
pub(super) const CHUNK: u32 = 2_000;
/// Units planned before others have a turn: few, since the writing of the chunk before may wait for it.
const TURN: u32 = 20;

/// Makes the chunks of a run, one after the other.
pub(super) struct Chunks<'a> {
    planner: &'a Planner<'a>,
    inputs: &'a RunInputs,
    kept: &'a Kept,
    /// The number of the next bill.
    next: i64,
    /// The next unit.
    from: u32,
}

impl<'a> Chunks<'a> {
    /// Numbers the bills from `next` on.
    pub(super) fn new(planner: &'a Planner<'a>, inputs: &'a RunInputs, kept: &'a Kept, next: i64) -> Self {
        Self { planner, inputs, kept, next, from: 0 }
    }

    pub(super) async fn make(&mut self) -> Option<Chunk> {
        let (from, units) = (self.from, self.inputs.units.len());
        if from >= units {
            return None;
        }
        let mut chunk = Chunk { from, ..Chunk::default() };
        while self.from < units.min(from + CHUNK) {
            let turn = self.from..units.min(self.from + TURN);
            self.from = turn.end;
            self.planner.plan(turn, |outcome| chunk.add(self.planner, self.inputs, self.kept, &mut self.next, outcome));
            tokio::task::yield_now().await;
        }
        Some(chunk)
    }
}

/// The rows of some units.
#[derive(Default)]
pub(super) struct Chunk {
    /// Where it begins in the run's units.
    pub(super) from: u32,
    drafts: Vec<Draft>,
    skips: Vec<Vec<Value>>,
    readings: Vec<(ReadingId, BillId)>,
    /// Readings of other fee items' meters.
    charged: Vec<(ReadingId, FeeItemId, BillId)>,
    /// Readings that came to nothing.
    settled: Vec<(ReadingId, FeeItemId)>,
    shares: Vec<(ApportionmentId, UnitId, BillId)>,
}

impl Chunk {
    fn add(&mut self, planner: &Planner<'_>, inputs: &RunInputs, kept: &Kept, next: &mut i64, outcome: Outcome) {
        match outcome {
            Outcome::Skip(skip) => {
                if let (Some(unit), Some(fee_item)) = (inputs.units.id_of(skip.unit), inputs.fee_item(skip.fee_item)) {
                    self.skips.push(vec![
                        inputs.community.into(),
                        kept.run.into(),
                        unit.into(),
                        fee_item.id.into(),
                        skip.reason.word().into(),
                    ]);
                    if skip.reason == SkipReason::ZeroAmount {
                        let readings = planner.readings(skip.unit, skip.fee_item);
                        self.settled.extend(readings.iter().map(|reading| (*reading, fee_item.id)));
                    }
                }
            }
            Outcome::Bill(bill) => self.draft(planner, inputs, next, &bill),
        }
    }

    fn draft(&mut self, planner: &Planner<'_>, inputs: &RunInputs, next: &mut i64, bill: &PlannedBill) {
        let (Some(unit), Some(fee_item)) = (inputs.units.id_of(bill.unit), inputs.fee_item(bill.fee_item)) else { return };
        let id = BillId(Uuid::now_v7());
        let building = inputs.units.building_of(bill.unit).and_then(|place| inputs.buildings.get(usize::try_from(place).ok()?));
        for line in &bill.lines {
            for used in line.readings(inputs) {
                match line.is_by_other_meters(inputs) {
                    true => self.charged.push((*used, fee_item.id, id)),
                    false => self.readings.push((*used, id)),
                }
            }
        }
        for share in bill.lines.iter().filter_map(|line| line.apportionment(inputs)) {
            self.shares.push((share, unit, id));
        }
        self.drafts.push(Draft {
            id,
            number: write::number(inputs.first, *next),
            unit,
            building: building.map(|building| building.id),
            fee_item: fee_item.id,
            tariff: bill.tariff.and_then(|tariff| inputs.tariff(tariff)).map(|tariff| tariff.id),
            period: bill.period,
            issued_day: inputs.issued_day,
            due_day: bill.due_day,
            amount: bill.amount,
            paid: Money::ZERO,
            note: String::new(),
            lines: bill.lines.iter().map(|line| (line.amount(), planner.trace(line))).collect(),
            once: bill.lines.iter().filter_map(|line| line.charged_once(inputs)).collect(),
            waivers: bill.waivers.iter().filter_map(|waiver| drafted(inputs, waiver)).collect(),
            portions: portions::kept(inputs, bill),
        });
        *next += 1;
    }

    pub(super) async fn write(mut self, work: &Work, kept: &Kept) -> Answer<()> {
        let community = kept.inputs.community;
        write::bills(work, community, common::billing::api::BillSource::Run, kept.run.0, &self.drafts).await?;
        bulk::insert(work.db(), "run_skip", &["community_id", "run_id", "unit_id", "fee_item_id", "reason"], self.skips).await?;
        // Two tariffs that share one usage name its readings twice.
        self.readings.sort_unstable();
        self.readings.dedup();
        self.charged.sort_unstable();
        self.charged.dedup();
        metering::mark_billed(work, community, &self.readings, &self.shares).await?;
        metering::mark_charged(work, community, &self.charged).await?;
        self.settled.sort_unstable_by_key(|(reading, fee_item)| (*fee_item, *reading));
        metering::settle(work, community, kept.inputs.first, &self.settled).await
    }
}

fn drafted(inputs: &RunInputs, waiver: &PlannedWaiver) -> Option<DraftWaiver> {
    let scheme = inputs.waivers.schemes.get(usize::from(waiver.scheme))?;
    Some(DraftWaiver {
        scheme: scheme.id,
        name: scheme.name.clone(),
        reason: scheme.reason.clone(),
        amount: waiver.amount,
        trace: WaiverTrace::Scheme(waiver.trace.clone()),
    })
}
