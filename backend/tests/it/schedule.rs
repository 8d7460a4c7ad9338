//! Stories of the schedule: what the rules say is generated on its day, once, and nothing that failed is forgotten.

use backend::{App, jobs, serve};
use common::billing::api::{
    BillTotals, CalendarView, Generate, GenerateOccurrence, GetBillTotals, GetCalendar, GetRun, ListBills, ListGenerationRules,
    ListRuns, OccurrenceState, OccurrenceView, RestartRun, RunState, SaveGenerationRule, Seen, SeenTotal, SkipOccurrence,
    UnskipOccurrence,
};
use common::billing::plan::plan;
use common::billing::schedule::{IssueOn, RuleStart, Schedule};
use common::charging::api::{Earlier, PriceScope};
use common::charging::tariff::Cycle;
use common::id::{BillingRunId, CommunityId, FeeItemId, GenerationRuleId};
use common::period::Month;
use common::permission::Permission;
use common::reports::api::{AskDashboard, TodoKind};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::charging::{Estate, day};
use crate::support::{Anju, Person};

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// Every month from November on, on the first day after it.
fn monthly(community: CommunityId, fee_item: FeeItemId) -> SaveGenerationRule {
    SaveGenerationRule {
        community,
        rule: GenerationRuleId(Uuid::now_v7()),
        name: "每月物业费".into(),
        fee_items: vec![fee_item],
        buildings: vec![],
        schedule: Schedule { due_days: Some(15), ..Schedule::monthly(month("2026-11")) },
        start: RuleStart::Automatic,
        active: true,
    }
}

/// The same product at another time, and a person at its door.
struct Later<'a> {
    app: App,
    person: Person,
    anju: &'a Anju,
}

async fn later<'a>(anju: &'a Anju, person: &Person, at: &str) -> Later<'a> {
    // Weeks go by within a story; nobody signs in again.
    anju.app
        .db()
        .execute_unprepared("UPDATE session SET seen_at = '2029-01-01T00:00:00+00:00', expires_at = '2030-01-01T00:00:00+00:00'")
        .await
        .unwrap();
    let app = anju.app.at(format!("{at}+08:00").parse().unwrap());
    Later { person: person.at(serve::router(app.clone())), app, anju }
}

impl Later<'_> {
    /// Two nodes look and work at the same time.
    async fn nodes_work(&self) {
        tokio::try_join!(jobs::look(&self.app), jobs::look(&self.app)).unwrap();
        tokio::try_join!(jobs::run_all(&self.app), jobs::run_all(&self.app)).unwrap();
    }

    async fn calendar(&self, community: CommunityId) -> CalendarView {
        self.person.does(GetCalendar { community, first: month("2026-11"), months: 6 }).await
    }

    async fn one(&self, community: CommunityId, first: &str) -> OccurrenceView {
        let calendar = self.calendar(community).await;
        calendar.occurrences.into_iter().find(|one| one.at.first == month(first)).unwrap()
    }

    async fn states(&self, community: CommunityId) -> Vec<String> {
        let said = |one: &OccurrenceView| format!("{} {} {}", one.at.first, one.at.day, one.state);
        self.calendar(community).await.occurrences.iter().map(said).collect()
    }

    async fn totals(&self, community: CommunityId) -> BillTotals {
        self.person.does(GetBillTotals::from(&ListBills::of(community))).await
    }

    async fn runs(&self, community: CommunityId) -> usize {
        self.person.does(ListRuns { community, page: None, size: None, sort: None }).await.rows.len()
    }

    /// The lines of bills can't be written, or can again.
    async fn breaks(&self) {
        self.anju.app.db().execute_unprepared("ALTER TABLE bill_line RENAME TO bill_line_gone").await.unwrap();
    }

    async fn is_mended(&self) {
        self.anju.app.db().execute_unprepared("ALTER TABLE bill_line_gone RENAME TO bill_line").await.unwrap();
    }
}

#[tokio::test]
async fn what_is_due_is_generated_on_its_day_and_once_though_two_nodes_look() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let rule = monthly(community, fee_item);
    manager.does(rule.clone()).await;
    let rules = manager.does(ListGenerationRules { community }).await;
    assert_eq!(rules[0].next.map(|next| (next.day, next.due_day)), Some((day("2026-12-01"), Some(day("2026-12-16")))));

    let eve = later(&anju, manager, "2026-11-30T23:59:00").await;
    eve.nodes_work().await;
    assert_eq!(eve.totals(community).await.bills, 0);
    assert_eq!(eve.states(community).await[..2], ["2026-11 2026-12-01 planned", "2026-12 2027-01-01 planned"]);

    // A minute into the first of December in the community, while it is November yet elsewhere.
    let first = later(&anju, manager, "2026-12-01T00:01:00").await;
    first.nodes_work().await;
    let done = first.one(community, "2026-11").await;
    let run = done.run.unwrap();
    assert_eq!(
        (done.state, run.state, run.bills, run.rule.as_deref()),
        (OccurrenceState::Done, RunState::Done, 6, Some("每月物业费"))
    );
    // 3 × (80 + 81 + 82) m² × 2.80 in two buildings.
    assert_eq!(first.totals(community).await.amount_fen.fen(), 136_080);
    assert_eq!((run.amount_fen.fen(), run.created_by), (136_080, None));
    let bill = &first.person.does(ListBills::of(community)).await.rows[0];
    assert_eq!((bill.due_day, bill.period_from), (day("2026-12-16"), day("2026-11-01")));

    first.nodes_work().await;
    later(&anju, manager, "2026-12-20T09:00:00").await.nodes_work().await;
    assert_eq!(first.runs(community).await, 1, "nothing comes twice");

    // The rule is changed: what is over stays over, whatever its days and cycles.
    let mut changed = SaveGenerationRule { name: "物业费".into(), ..rule };
    changed.schedule = Schedule { on: IssueOn::DayLast, number: 15, ..Schedule::monthly(month("2026-01")) };
    first.person.does(changed.clone()).await;
    first.nodes_work().await;
    assert_eq!(first.runs(community).await, 1);
    let mid = later(&anju, manager, "2026-12-15T08:00:00").await;
    mid.nodes_work().await;
    assert_eq!((mid.runs(community).await, mid.totals(community).await.bills), (2, 12));
    changed.schedule.cycle = Cycle::Quarterly;
    mid.person.does(changed.clone()).await;
    mid.nodes_work().await;
    assert_eq!(mid.states(community).await, ["2026-11 2026-12-01 done", "2026-12 2026-12-15 done", "2027-01 2027-03-15 planned"]);

    // While it rests nothing comes, and nothing of that time when it goes on.
    mid.person.does(SaveGenerationRule { active: false, ..changed.clone() }).await;
    later(&anju, manager, "2027-04-01T08:00:00").await.nodes_work().await;
    let spring = later(&anju, manager, "2027-04-02T08:00:00").await;
    spring.person.does(changed).await;
    spring.nodes_work().await;
    assert_eq!(spring.runs(community).await, 2);
    assert_eq!(spring.person.does(ListGenerationRules { community }).await[0].next.unwrap().first, month("2027-04"));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_run_that_fails_is_tried_again_after_growing_pauses_and_by_hand() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let rule = monthly(community, fee_item);
    manager.does(rule.clone()).await;

    let night = later(&anju, manager, "2026-12-01T00:01:00").await;
    night.breaks().await;
    night.nodes_work().await;
    let failed = night.one(community, "2026-11").await;
    let run = failed.run.unwrap();
    assert_eq!((failed.state, run.state, failed.tries), (OccurrenceState::Failed, RunState::Failed, 1));
    assert_eq!(run.problem.map(|problem| problem.code).as_deref(), Some("internal"), "it says why");
    assert_eq!(failed.next_try, Some("2026-11-30T16:06:00Z".parse().unwrap()));
    night.nodes_work().await;
    assert_eq!(night.one(community, "2026-11").await.tries, 1, "it rests");

    let again = later(&anju, manager, "2026-12-01T00:06:00").await;
    again.nodes_work().await;
    let failed = again.one(community, "2026-11").await;
    assert_eq!((failed.tries, failed.next_try), (2, Some("2026-11-30T16:21:00Z".parse().unwrap())));
    assert_eq!(anju.counts("SELECT COUNT(*) AS number FROM job WHERE state = 'failed'").await, 1, "one thing has failed");
    assert_eq!(again.totals(community).await.bills, 0, "nothing is half there");

    // What had to be mended is mended, and the next try finds it so: by then the price is another.
    again.is_mended().await;
    let calm = later(&anju, manager, "2026-12-01T00:21:00").await;
    calm.nodes_work().await;
    let done = calm.one(community, "2026-11").await;
    assert_eq!((done.state, done.run.unwrap().id), (OccurrenceState::Done, run.id));
    assert_eq!((calm.totals(community).await.bills, calm.runs(community).await), (4, 1));
    assert_eq!(anju.counts("SELECT COUNT(*) AS number FROM job WHERE state = 'failed'").await, 0);

    // By hand it does not wait: from the calendar, or from the run's page.
    let january = later(&anju, manager, "2027-01-01T00:01:00").await;
    january.breaks().await;
    january.nodes_work().await;
    let failed = january.one(community, "2026-12").await;
    let ask = GenerateOccurrence { community, rule: rule.rule, first: month("2026-12"), run: BillingRunId(Uuid::now_v7()) };
    assert_eq!(january.person.does(ask).await.id, failed.run.as_ref().unwrap().id, "with the run that it has");
    january.nodes_work().await;
    january.is_mended().await;
    january.person.does(RestartRun { community, run: failed.run.unwrap().id }).await;
    assert_eq!(january.one(community, "2026-12").await.state, OccurrenceState::Running);
    january.nodes_work().await;
    assert_eq!(january.one(community, "2026-12").await.state, OccurrenceState::Done);
    assert_eq!(january.totals(community).await.bills, 8);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_node_that_is_killed_leaves_its_occurrence_to_another() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    manager.does(monthly(community, fee_item)).await;
    let night = later(&anju, manager, "2026-12-01T00:01:00").await;
    jobs::look(&night.app).await.unwrap();
    assert_eq!(night.one(community, "2026-11").await.state, OccurrenceState::Running);
    // The node takes the job and is gone.
    let died = "UPDATE job SET state = 'running', attempts = 1, locked_by = 'dead', locked_until = created_at";
    anju.app.db().execute_unprepared(died).await.unwrap();
    anju.app.db().execute_unprepared("UPDATE billing_run SET state = 'running'").await.unwrap();
    later(&anju, manager, "2026-12-01T00:05:00").await.nodes_work().await;
    let done = night.one(community, "2026-11").await;
    assert_eq!((done.state, done.tries), (OccurrenceState::Done, 0));
    assert_eq!((night.totals(community).await.bills, night.runs(community).await), (4, 1));
    anju.the_books_balance().await;
}

/// Generates by the wizard what a preview of an occurrence shows.
async fn seen(person: &Person, one: &OccurrenceView) -> Generate {
    let ask = one.inputs.clone();
    let inputs = person.does(ask.clone()).await;
    let plan = plan(&inputs, |_| {});
    let totals = plan.totals.iter().map(|total| SeenTotal {
        fee_item: inputs.fee_items[usize::from(total.fee_item)].id,
        building: total.building.map(|place| inputs.buildings[place as usize].id),
        bills: total.bills,
        amount_fen: total.amount_fen,
        waived_fen: total.waived_fen,
    });
    Generate {
        community: ask.community,
        run: BillingRunId(Uuid::now_v7()),
        first: ask.first,
        months: ask.months,
        fee_items: ask.fee_items,
        buildings: ask.buildings,
        units: ask.units,
        issued_day: ask.issued_day,
        due_day: ask.due_day,
        rule: ask.rule,
        seen: Seen { digest: plan.digest().to_owned(), totals: totals.collect() },
    }
}

#[tokio::test]
async fn what_is_only_proposed_waits_for_a_person_and_can_be_skipped() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let rule = SaveGenerationRule { start: RuleStart::Proposed, ..monthly(community, fee_item) };
    manager.does(rule.clone()).await;
    let first = later(&anju, manager, "2026-12-01T08:00:00").await;
    first.nodes_work().await;
    let due = first.one(community, "2026-11").await;
    assert_eq!((due.state, first.runs(community).await), (OccurrenceState::Due, 0));
    let todo = first.person.does(AskDashboard { community }).await.todo;
    let waiting = todo.iter().find(|todo| todo.kind == TodoKind::Occurrences).unwrap();
    assert_eq!((waiting.count, waiting.reasons[0].code.as_str()), (1, "due"));
    let second = later(&anju, manager, "2026-12-04T08:00:00").await;
    assert_eq!(second.one(community, "2026-11").await.state, OccurrenceState::Missed);

    // Who looks first and then generates has done it; late, and the payers have their fifteen days.
    let late = second.one(community, "2026-11").await;
    assert_eq!((late.inputs.issued_day, late.inputs.due_day), (day("2026-12-04"), Some(day("2026-12-19"))));
    let generate = seen(&second.person, &late).await;
    let (one, same) = tokio::join!(second.person.does(generate.clone()), second.person.does(generate.clone()));
    assert_eq!(one.id, same.id, "at the same moment, it is one run");
    assert_eq!(second.one(community, "2026-11").await.state, OccurrenceState::Running);
    second.person.does(generate.clone()).await;
    second.nodes_work().await;
    let done = second.one(community, "2026-11").await;
    assert_eq!((done.state, done.run.unwrap().id), (OccurrenceState::Done, generate.run));
    let another = Generate { run: BillingRunId(Uuid::now_v7()), ..generate };
    second.person.is_refused_with(another.clone(), "billing.occurrence_done").await;
    // A run for more than the rule says stands for itself, and one for months that it does not have.
    let before = Generate { first: month("2026-10"), run: BillingRunId(Uuid::now_v7()), ..another.clone() };
    assert_eq!(second.person.does(before).await.rule, None);
    let other = second.person.does(Generate { months: 2, ..another }).await;
    assert_eq!(other.rule, None);
    second.nodes_work().await;
    assert_eq!(second.person.does(GetRun { community, run: other.id }).await.state, RunState::Refused);

    // December is not to be, for a reason, and then it is again.
    let skip = SkipOccurrence { community, rule: rule.rule, first: month("2026-12"), reason: "年底统一减免".into() };
    second.person.is_refused_with(SkipOccurrence { reason: "  ".into(), ..skip.clone() }, "required").await;
    second.person.does(skip.clone()).await;
    let skipped = second.one(community, "2026-12").await;
    assert_eq!(
        (skipped.state, skipped.reason.as_str(), skipped.by.as_deref()),
        (OccurrenceState::Skipped, "年底统一减免", Some("周敏"))
    );
    let now = GenerateOccurrence { community, rule: rule.rule, first: month("2026-12"), run: BillingRunId(Uuid::now_v7()) };
    second.person.is_refused_with(now.clone(), "billing.occurrence_skipped").await;
    let unskip = UnskipOccurrence { community, rule: rule.rule, first: month("2026-12") };
    second.person.does(unskip.clone()).await;
    assert_eq!(second.one(community, "2026-12").await.state, OccurrenceState::Planned);
    second.person.does(skip).await;
    let january = later(&anju, manager, "2027-01-02T08:00:00").await;
    january.nodes_work().await;
    assert_eq!(january.one(community, "2026-12").await.state, OccurrenceState::Skipped);
    january.person.does(unskip).await;
    assert_eq!(january.one(community, "2026-12").await.state, OccurrenceState::Missed);

    // Now, though nobody looked; sent twice, it is one run.
    assert_eq!(january.person.does(now.clone()).await.id, now.run);
    assert_eq!(january.person.does(now.clone()).await.id, now.run);
    january.nodes_work().await;
    assert_eq!(january.totals(community).await.bills, 8);
    // Ahead of its day, too, and then no second time.
    let ahead = GenerateOccurrence { first: month("2027-01"), run: BillingRunId(Uuid::now_v7()), ..now };
    january.person.does(ahead).await;
    january.nodes_work().await;
    let february = later(&anju, manager, "2027-02-01T08:00:00").await;
    february.nodes_work().await;
    assert_eq!(
        (february.totals(community).await.bills, february.one(community, "2027-01").await.state),
        (12, OccurrenceState::Done)
    );
    let never = GenerateOccurrence { community, rule: rule.rule, first: month("2026-05"), run: BillingRunId(Uuid::now_v7()) };
    let next = february.person.does(ListGenerationRules { community }).await[0].next.unwrap();
    assert_eq!(next.first, month("2027-02"));
    february.person.is_refused_with(never, "not_found").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn rules_are_seen_and_used_within_the_data_scope() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let whole = monthly(community, fee_item);
    manager.does(whole.clone()).await;
    let own = SaveGenerationRule {
        rule: GenerationRuleId(Uuid::now_v7()),
        name: "2栋物业费".into(),
        buildings: vec![estate.buildings[1]],
        ..whole.clone()
    };
    manager.does(own.clone()).await;
    manager.is_refused_with(SaveGenerationRule { rule: GenerationRuleId(Uuid::now_v7()), ..own.clone() }, "taken").await;
    let foreign = FeeItemId(Uuid::now_v7());
    manager.is_refused_with(SaveGenerationRule { fee_items: vec![foreign], ..own.clone() }, "not_found").await;

    let may = [Permission::BillingRead, Permission::BillingGenerate];
    let steward = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[1]))]).await;
    let rules = steward.does(ListGenerationRules { community }).await;
    assert_eq!(rules.iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>(), ["2栋物业费"]);
    let calendar = steward.does(GetCalendar { community, first: month("2026-12"), months: 1 }).await;
    assert_eq!(calendar.occurrences.len(), 1);
    let now = |rule| GenerateOccurrence { community, rule, first: month("2026-11"), run: BillingRunId(Uuid::now_v7()) };
    let skip = SkipOccurrence { community, rule: whole.rule, first: month("2026-11"), reason: "不出".into() };
    steward.is_refused_with(now(whole.rule), "not_found").await;
    steward.is_refused_with(skip, "not_found").await;
    steward.is_refused_with(own.clone(), "forbidden").await;
    steward.does(now(own.rule)).await;
    anju.run_jobs().await;
    let reader = anju.employee(&[Permission::BillingRead], &[community]).await;
    reader.is_refused_with(now(own.rule), "forbidden").await;
    assert_eq!(reader.does(ListGenerationRules { community }).await.len(), 2);

    // The rule for all finds what is left.
    let first = later(&anju, manager, "2026-12-01T00:01:00").await;
    first.nodes_work().await;
    let calendar = first.calendar(community).await;
    let made: Vec<u64> = calendar.occurrences.iter().filter_map(|one| Some(one.run.as_ref()?.bills)).collect();
    assert_eq!((made.iter().sum::<u64>(), first.totals(community).await.bills), (4, 4), "{made:?}");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_was_refused_ahead_of_its_day_waits_for_that_day() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    manager.does(monthly(community, fee_item)).await;
    let before = later(&anju, manager, "2026-11-28T08:00:00").await;
    let generate = seen(&before.person, &before.one(community, "2026-11").await).await;
    // Between the preview and the run the price changed.
    let mut dearer = estate.price(tariff, PriceScope::Community, "2.95", "2026-11-01");
    dearer.earlier = Earlier::Ended;
    before.person.does(dearer).await;
    before.person.does(generate.clone()).await;
    before.nodes_work().await;
    assert_eq!(before.person.does(GetRun { community, run: generate.run }).await.state, RunState::Refused);
    before.nodes_work().await;
    assert_eq!((before.totals(community).await.bills, before.runs(community).await), (0, 1), "nothing is generated unseen");
    let on = later(&anju, manager, "2026-12-01T08:00:00").await;
    on.nodes_work().await;
    assert_eq!(on.one(community, "2026-11").await.state, OccurrenceState::Done);
    assert_eq!(on.totals(community).await.bills, 4);
    anju.the_books_balance().await;
}
