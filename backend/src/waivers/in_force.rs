//! The schemes that a run applies, and who benefits from them on which days.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike as _;
use common::charging::proration::{Span, number_of, union};
use common::id::{CommunityId, FeeItemId, PeopleGroupId, UnitId, WaiverSchemeId};
use common::money::Money;
use common::period::{Day, Month, Period};
use common::waivers::inputs::{RunGroup, RunScheme, RunWaivers, RunWho, TrialWaivers};
use common::waivers::scheme::{CountsBy, SchemeRules, WhoKind};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::Answer;
use crate::sql::Sql;

/// What a run knows units and fee items by.
pub struct Found<'a> {
    pub units: &'a HashMap<UnitId, u32>,
    pub fee_items: &'a HashMap<FeeItemId, u16>,
    /// Bills of these months are left out of what was waived before: they are tried anew, with whatever schemes.
    pub anew: Option<(Month, Month)>,
}

impl Found<'_> {
    fn is_trial(&self) -> bool {
        self.anew.is_some()
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: WaiverSchemeId,
    name: String,
    reason: String,
    rank: i32,
    from_day: Day,
    to_day: Option<Day>,
    rules: String,
}

#[derive(FromQueryResult)]
struct GroupRow {
    id: PeopleGroupId,
    name: String,
    counts_by: String,
}

#[derive(FromQueryResult)]
struct Holds {
    group_id: PeopleGroupId,
    unit_id: UnitId,
    member_from: Day,
    member_to: Option<Day>,
    held_from: Day,
    held_to: Option<Day>,
}

#[derive(FromQueryResult)]
struct Used {
    scheme_id: WaiverSchemeId,
    unit_id: UnitId,
    year: i32,
    amount_fen: Money,
}

/// The schemes in force on some day of a period, in their order, and what they waived before in the years in which bills for days
/// of it may begin. Where there is none, that is one query and nothing else; a trial gets what others may be tried with as well.
pub async fn in_force<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    found: Found<'_>,
) -> Answer<RunWaivers> {
    let rows: Vec<Row> = Sql::new("SELECT id, name, reason, rank, from_day, to_day, rules FROM waiver_scheme")
        .push(" WHERE community_id = ? AND state = 'active' AND from_day < ?", [community.into(), period.to.into()])
        .push(" AND (to_day IS NULL OR to_day > ?) ORDER BY rank, name, id", [period.from.into()])
        .all(db)
        .await?;
    let mut wanted = Vec::new();
    for row in rows {
        let rules: SchemeRules = serde_json::from_str(&row.rules)?;
        let mut fee_items: Vec<u16> = rules.fee_items.iter().filter_map(|id| found.fee_items.get(id).copied()).collect();
        fee_items.sort_unstable();
        if !fee_items.is_empty() {
            wanted.push((row, rules, fee_items));
        }
    }
    let mut waivers = RunWaivers::default();
    if wanted.is_empty() && !found.is_trial() {
        return Ok(waivers);
    }
    let groups: Vec<PeopleGroupId> = wanted.iter().flat_map(|(_, rules, _)| rules.groups.iter().copied()).collect();
    let mut ids: Vec<PeopleGroupId> = Vec::new();
    if !groups.is_empty() || found.is_trial() {
        (waivers.groups, ids) = members(db, community, period, &groups, &found).await?;
    }
    let places: HashMap<PeopleGroupId, u16> = ids.iter().copied().zip(0_u16..).collect();
    let mut used = used(db, community, period, &wanted, &found).await?;
    let ranks = wanted.iter().map(|(row, ..)| row.rank).collect();
    for (row, rules, fee_items) in wanted {
        let who = match rules.who {
            WhoKind::Everybody => RunWho::Everybody,
            WhoKind::Groups => RunWho::Groups(rules.groups.iter().filter_map(|id| places.get(id).copied()).collect()),
            WhoKind::Kinds => RunWho::Kinds(rules.kinds.clone()),
            WhoKind::Units => {
                let mut units: Vec<u32> = rules.units.iter().filter_map(|id| found.units.get(id).copied()).collect();
                units.sort_unstable();
                RunWho::Units(units)
            }
        };
        waivers.schemes.push(RunScheme {
            id: row.id,
            name: row.name,
            reason: row.reason,
            fee_items,
            relief: rules.what(),
            who,
            from: number_of(row.from_day),
            to: row.to_day.map(number_of),
            months_least: rules.months_least,
            bill_most_fen: rules.bill_most_fen,
            year_most_fen: rules.year_most_fen,
            used: rules.year_most_fen.and_then(|_| used.remove(&row.id)).unwrap_or_default(),
        });
    }
    if found.is_trial() {
        let mut used: Vec<_> = used.into_iter().collect();
        used.sort_unstable_by_key(|(scheme, _)| *scheme);
        waivers.trial = Some(TrialWaivers { ranks, groups: ids, used });
    }
    Ok(waivers)
}

/// The groups by place, each with the days on which a member holds a unit of the run; all that there are, where others are tried.
async fn members<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    groups: &[PeopleGroupId],
    found: &Found<'_>,
) -> Answer<(Vec<RunGroup>, Vec<PeopleGroupId>)> {
    let mut of = Sql::new("SELECT id, name, counts_by FROM people_group").push(" WHERE community_id = ?", [community.into()]);
    if !found.is_trial() {
        of = of.add(" AND id IN ").list(groups.iter().copied());
    }
    let rows: Vec<GroupRow> = of.add(" ORDER BY name").all(db).await?;
    let holds: Vec<Holds> = Sql::new("SELECT m.group_id, o.unit_id, m.from_day AS member_from, m.to_day AS member_to, o.from_day AS held_from,")
        .push(" o.to_day AS held_to FROM group_member m JOIN occupancy o ON o.community_id = m.community_id AND o.resident_id = m.resident_id", [])
        .push(" WHERE m.community_id = ? AND m.group_id IN ", [community.into()])
        .list(rows.iter().map(|row| row.id))
        .push(" AND m.from_day < ? AND (m.to_day IS NULL OR m.to_day > ?)", [period.to.into(), period.from.into()])
        .push(" AND o.from_day < ? AND (o.to_day IS NULL OR o.to_day > ?)", [period.to.into(), period.from.into()])
        .push(" AND (o.role = 'owner' OR m.group_id IN ", [])
        .list(rows.iter().filter(|row| row.counts_by == CountsBy::Occupant.word()).map(|row| row.id))
        .push(")", [])
        .all(db)
        .await?;
    let places: HashMap<PeopleGroupId, u16> = rows.iter().map(|row| row.id).zip(0_u16..).collect();
    let mut spans: BTreeMap<(u16, u32), Vec<Span>> = BTreeMap::new();
    for row in holds {
        let (Some(group), Some(unit)) = (places.get(&row.group_id), found.units.get(&row.unit_id)) else { continue };
        let end = |to: Option<Day>| to.map_or(i32::MAX, number_of);
        let member = Span { from: number_of(row.member_from), to: end(row.member_to) };
        let held = Span { from: number_of(row.held_from), to: end(row.held_to) };
        let within = member.overlap(held).and_then(|span| span.overlap(Span::of(period)));
        spans.entry((*group, *unit)).or_default().extend(within);
    }
    let ids = rows.iter().map(|row| row.id).collect();
    let mut groups: Vec<RunGroup> = rows.into_iter().map(|row| RunGroup { name: row.name, ..RunGroup::default() }).collect();
    for ((group, unit), spans) in spans {
        let Some(group) = groups.get_mut(usize::from(group)) else { continue };
        for span in union(spans.into_iter()) {
            group.unit.push(unit);
            group.from.push(span.from);
            group.to.push(span.to);
        }
    }
    Ok((groups, ids))
}

/// What schemes with a most for the year waived so far, by unit and year; all of them, where such a most may be tried.
async fn used<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    wanted: &[(Row, SchemeRules, Vec<u16>)],
    found: &Found<'_>,
) -> Answer<HashMap<WaiverSchemeId, Vec<(u32, i32, Money)>>> {
    let schemes: Vec<WaiverSchemeId> =
        wanted.iter().filter(|(_, rules, _)| rules.year_most_fen.is_some()).map(|(row, ..)| row.id).collect();
    let mut used: HashMap<WaiverSchemeId, Vec<(u32, i32, Money)>> = HashMap::new();
    if schemes.is_empty() && !found.is_trial() {
        return Ok(used);
    }
    let (first, last) = (period.from.year(), period.last_day().year());
    let (anew, values) = match found.anew {
        Some((first, last)) => (" AND NOT (month >= ? AND month <= ?)", vec![first.number().into(), last.number().into()]),
        None => ("", Vec::new()),
    };
    let of =
        Sql::new("SELECT scheme_id, unit_id, month / 100 AS year, CAST(SUM(amount_fen) AS bigint) AS amount_fen FROM waiver")
            .push(" WHERE community_id = ? AND state = 'given'", [community.into()]);
    let of = match found.anew {
        Some(_) => of.add(" AND scheme_id IS NOT NULL"),
        None => of.add(" AND scheme_id IN ").list(schemes),
    };
    let rows: Vec<Used> = of
        .push(" AND month >= ? AND month <= ?", [(first * 100 + 1).into(), (last * 100 + 12).into()])
        .push(anew, values)
        .push(" GROUP BY scheme_id, unit_id, month / 100", [])
        .all(db)
        .await?;
    for row in rows {
        if let Some(unit) = found.units.get(&row.unit_id) {
            used.entry(row.scheme_id).or_default().push((*unit, row.year, row.amount_fen));
        }
    }
    for of_scheme in used.values_mut() {
        of_scheme.sort_unstable();
    }
    Ok(used)
}
