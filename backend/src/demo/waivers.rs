//! A group of households on low income and the scheme that is for them, from the last month that is billed on; and one for whoever
//! pays a year at once, from the next month on.

use chrono::TimeDelta;
use common::id::{GroupMemberId, PeopleGroupId, WaiverSchemeId};
use common::money::Money;
use common::period::Month;
use common::residents::Role;
use common::residents::api::ListResidents;
use common::waivers::api::{AddMember, SaveGroup, SaveScheme};
use common::waivers::scheme::{CountsBy, ReliefKind, SchemeRules, WhoKind};

use super::caller::Caller;
use super::chance::Chance;
use super::staff::Staff;
use super::{Calendar, Estate, Made, clock};

/// How many households are in the group.
const MEMBERS: usize = 5;

pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let at = clock(calendar.founded(), 16, 0);
    let mut chance = Chance::of(&format!("{} waivers", estate.name));
    let community = estate.community;
    let group: PeopleGroupId = chance.id(at);
    let poor = SaveGroup {
        community,
        group,
        name: "低保户".to_owned(),
        counts_by: CountsBy::Owner,
        note: "凭区民政局最低生活保障证登记".to_owned(),
    };
    caller.ask(staff.manager, at, &poor).await?;
    let owners = ListResidents { role: Some(Role::Owner), size: Some(200), ..ListResidents::of(community) };
    let owners = caller.ask(staff.manager, clock(calendar.today, 8, 0), &owners).await?.rows;
    let next = Month::of(calendar.today).plus(1).first_day();
    let from = calendar.months.last().map_or(next, |month| month.first_day());
    let apart = (owners.len() / MEMBERS).max(1);
    for (number, owner) in (1..=MEMBERS).zip(owners.iter().step_by(apart)) {
        let member: GroupMemberId = chance.id(at + TimeDelta::minutes(1));
        let note = format!("低保证 3301{number:04}");
        let ask = AddMember { community, member, group, resident: owner.resident, from, to: None, note };
        caller.ask(staff.manager, at + TimeDelta::minutes(1), &ask).await?;
    }
    let scheme: WaiverSchemeId = chance.id(at);
    let half = SaveScheme {
        community,
        scheme,
        name: "低保户物业费减免".to_owned(),
        reason: "低保家庭物业费减半".to_owned(),
        rank: 10,
        from,
        to: None,
        rules: SchemeRules {
            fee_items: vec![estate.fee_items.property],
            who: WhoKind::Groups,
            groups: vec![group],
            bill_most_fen: Some(Money::from_fen(30_000)),
            ..SchemeRules::blank()
        },
    };
    caller.ask(staff.manager, at + TimeDelta::minutes(2), &half).await?;
    let ahead = SaveScheme {
        community,
        scheme: chance.id(at),
        name: "年缴优惠".to_owned(),
        reason: "一次缴满十二个月，免收一个月".to_owned(),
        rank: 20,
        from: next,
        to: None,
        rules: SchemeRules {
            fee_items: vec![estate.fee_items.property],
            relief: ReliefKind::Months,
            paid_months: 12,
            free_months: 1,
            who: WhoKind::Everybody,
            ..SchemeRules::blank()
        },
    };
    caller.ask(staff.manager, at + TimeDelta::minutes(3), &ahead).await?;
    Ok(())
}
