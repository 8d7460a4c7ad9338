//! The generation rules that go on where the demonstration ends: nothing of it is due before the coming month.

use common::billing::api::{SaveGenerationRule, SkipOccurrence};
use common::billing::schedule::{IssueOn, RuleStart, Schedule};
use common::id::{FeeItemId, GenerationRuleId};
use common::period::Month;

use super::caller::Caller;
use super::chance::Chance;
use super::staff::Staff;
use super::{Calendar, Estate, Made};

/// What is the same every month comes by itself; what has to be read first is proposed.
pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let mut chance = Chance::of(&format!("{} schedule", estate.name));
    let items = &estate.fee_items;
    let (mut fixed, mut read) = (vec![items.property, items.refuse], vec![items.water, items.electricity]);
    if estate.towers {
        fixed.push(items.elevator);
        read.push(items.shared);
    }
    let this = Month::of(calendar.today);
    let after = |day, notice_days, due_days| Schedule {
        on: IssueOn::DayAfter,
        number: day,
        notice_days,
        due_days: Some(due_days),
        ..Schedule::monthly(this)
    };
    let mut rule = |name: &str, fee_items: Vec<FeeItemId>, schedule, start| SaveGenerationRule {
        community: estate.community,
        rule: chance.id::<GenerationRuleId>(calendar.now),
        name: name.to_owned(),
        fee_items,
        buildings: Vec::new(),
        schedule,
        start,
        active: true,
    };
    let parking = rule("车位费与租金", vec![items.parking, items.rent], after(3, 0, 10), RuleStart::Automatic);
    let rules = [
        rule("每月物业费", fixed, after(1, 0, 15), RuleStart::Automatic),
        rule("抄表后出水电费", read, after(6, 2, 15), RuleStart::Proposed),
        parking.clone(),
    ];
    for ask in rules {
        caller.ask(staff.manager, calendar.now, &ask).await?;
    }
    let reason = "业主活动，免收一个月".to_owned();
    let skip = SkipOccurrence { community: estate.community, rule: parking.rule, first: this.plus(3), reason };
    caller.ask(staff.manager, calendar.now, &skip).await?;
    Ok(())
}
