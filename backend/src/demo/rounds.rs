//! This month's reading rounds: in the towers just opened, in the low-rise homes half walked, with doors that stayed shut and one
//! reading that is to be taken again.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use common::id::{EmployeeId, MeterId, RoundId};
use common::metering::Utility;
use common::metering::api::{
    EnterReading, EstimateReading, GetMyRounds, GetRoundChoices, ImportReadings, MissMeter, MissReason, NewPart, OpenBook,
    OpenRound, SendBack, ShowRound,
};
use common::metering::book::{KnownMeter, NewReading, average, estimate};
use common::period::{Day, Month};
use common::quantity::Quantity;

use super::caller::Caller;
use super::chance::Chance;
use super::metering::next_round;
use super::staff::Staff;
use super::{Calendar, Estate, Made};

pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let (community, at) = (estate.community, calendar.now);
    let month = Month::of(calendar.today);
    let mut chance = Chance::of(&format!("{} rounds", estate.name));
    let choices = caller.ask(staff.manager, at, &GetRoundChoices { community }).await?;
    let mut seen = HashSet::new();
    let mut parts: Vec<NewPart> = Vec::new();
    for place in choices.places {
        if seen.insert(place.building) {
            let reader = if parts.len().is_multiple_of(2) { staff.reader } else { staff.second };
            parts.push(NewPart { id: chance.id(at), building: place.building, entrance: None, reader: Some(reader) });
        }
    }
    let open = OpenRound {
        community,
        round: chance.id(at),
        month,
        utilities: vec![Utility::Water, Utility::Electricity],
        from: calendar.today - TimeDelta::days(1),
        to: calendar.today + TimeDelta::days(4),
        parts,
    };
    caller.ask(staff.manager, at, &open).await?;
    // The towers are read with the workbook that people try the import with.
    if estate.towers { Ok(()) } else { walk(caller, staff, calendar, estate, open.round, &mut chance).await }
}

/// A day's walk of both readers: the first building of each, and a half of the second.
async fn walk(
    caller: &mut Caller,
    staff: &Staff,
    calendar: &Calendar,
    estate: &Estate,
    round: RoundId,
    chance: &mut Chance,
) -> Made<()> {
    let (community, at, month) = (estate.community, calendar.now, Month::of(calendar.today));
    let book = caller.ask(staff.reader, at, &OpenBook { community, month }).await?;
    let rows = next_round(&estate.draft, calendar, &book);
    for reader in [staff.reader, staff.second] {
        let mine = caller.ask(reader, at, &GetMyRounds { community }).await?;
        let parts: Vec<_> = mine.rounds.into_iter().filter(|mine| mine.id == round).flat_map(|mine| mine.parts).take(2).collect();
        let last = parts.len().saturating_sub(1);
        for (place, part) in parts.into_iter().enumerate() {
            let ask = ShowRound { part: Some(part.id), ..shown(estate, month, round) };
            let meters: Vec<MeterId> = caller.ask(reader, at, &ask).await?.rows.into_iter().map(|row| row.meter).collect();
            let (walked, ahead) = meters.split_at(if place < last { meters.len() } else { meters.len() / 2 });
            let rows: Vec<NewReading> = rows.iter().filter(|row| walked.contains(&row.meter)).cloned().collect();
            if !rows.is_empty() {
                let file_name = format!("{}{month}抄表.xlsx", part.building_name);
                caller.ask(reader, at, &ImportReadings { community, import: chance.id(at), file_name, month, rows }).await?;
            }
            let known = ahead.iter().filter_map(|id| book.meters.iter().find(|meter| meter.id == *id));
            // Somebody lives there, and the register does not pass its end.
            let used =
                |meter: &&KnownMeter| estimate(meter).is_some() && average(&meter.past).is_some_and(|usual| !usual.is_zero());
            let known: Vec<&KnownMeter> = known.filter(used).collect();
            let before = Before { estate, at, month, round, reader };
            if reader == staff.reader {
                before.shut_doors(caller, chance, &known).await?;
            } else {
                before.odd_figures(caller, staff, calendar, chance, &known).await?;
            }
        }
    }
    Ok(())
}

/// A reader before meters that give trouble.
#[derive(Clone, Copy)]
struct Before<'a> {
    estate: &'a Estate,
    at: DateTime<Utc>,
    month: Month,
    round: RoundId,
    reader: EmployeeId,
}

impl Before<'_> {
    async fn shut_doors(self, caller: &mut Caller, chance: &mut Chance, meters: &[&KnownMeter]) -> Made<()> {
        if let Some(meter) = meters.first() {
            self.misses(caller, chance, meter, MissReason::NobodyHome, "敲门两次").await?;
        }
        if let Some(meter) = meters.get(1) {
            let ask = EstimateReading {
                community: self.estate.community,
                reading: chance.id(self.at),
                meter: meter.id,
                month: self.month,
                day: self.at_day(),
                reason: "表盘结雾，看不清".to_owned(),
                round: Some(self.round),
            };
            caller.ask(self.reader, self.at, &ask).await?;
        }
        Ok(())
    }

    /// One waits for a second look, one was sent back at once.
    async fn odd_figures(
        self,
        caller: &mut Caller,
        staff: &Staff,
        calendar: &Calendar,
        chance: &mut Chance,
        meters: &[&KnownMeter],
    ) -> Made<()> {
        for (place, meter) in meters.iter().take(2).enumerate() {
            let reading = chance.id(self.at);
            let last = meter.last.map_or(Quantity::ZERO, |last| last.value);
            let usual = average(&meter.past).unwrap_or_default().scaled();
            let value = Quantity::from_scaled(last.scaled() + (usual / 10_000 * 6 + 60) * 10_000);
            let ask = EnterReading {
                community: self.estate.community,
                reading,
                meter: meter.id,
                month: self.month,
                day: self.at_day(),
                value,
                mark: None,
                multiplier: None,
                confirmed: false,
                note: String::new(),
                round: Some(self.round),
                reread: None,
            };
            caller.ask(self.reader, self.at, &ask).await?;
            if place == 0 {
                let back = SendBack {
                    community: self.estate.community,
                    reread: chance.id(self.at),
                    reading,
                    reader: self.reader,
                    due: calendar.today + TimeDelta::days(2),
                    note: "看清红色小数位，并查有没有漏水".to_owned(),
                };
                caller.ask(staff.manager, self.at, &back).await?;
            }
        }
        if let Some(meter) = meters.get(2) {
            self.misses(caller, chance, meter, MissReason::Blocked, "").await?;
        }
        Ok(())
    }

    async fn misses(
        self,
        caller: &mut Caller,
        chance: &mut Chance,
        meter: &KnownMeter,
        reason: MissReason,
        note: &str,
    ) -> Made<()> {
        let (community, deed) = (self.estate.community, chance.id(self.at));
        let ask = MissMeter { community, deed, round: self.round, meter: meter.id, reason, note: note.to_owned() };
        caller.ask(self.reader, self.at, &ask).await?;
        Ok(())
    }

    fn at_day(self) -> Day {
        (self.at + TimeDelta::hours(8)).date_naive()
    }
}

fn shown(estate: &Estate, month: Month, round: RoundId) -> ShowRound {
    ShowRound {
        community: estate.community,
        month,
        building: None,
        utility: None,
        role: None,
        meter: None,
        unread: None,
        round: Some(round),
        part: None,
        reader: None,
        standing: None,
        search: None,
        page: None,
        size: Some(common::api::PAGE_SIZE_MOST),
        sort: None,
    }
}
