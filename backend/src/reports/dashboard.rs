//! What a manager wants to see first.

use common::approvals::flow::DeedKind;
use common::cashier::api::{MethodSum, Takings};
use common::id::CommunityId;
use common::money::Money;
use common::period::{Day, Month};
use common::reports::Age;
use common::reports::api::{AgeSum, AskDashboard, Dashboard, MonthFigures, MonthRate, Todo, TodoKind, TodoReason};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::arrears::{self, Filter};
use super::sums::{Items, OUTSTANDING, RECEIVABLE, WAIVED, earned, paid, sum};
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, approvals, cashier, organisation};

/// Months on the chart.
const MONTHS: i32 = 12;

#[derive(FromQueryResult)]
struct MonthRow {
    month: i32,
    receivable_fen: Money,
    waived_fen: Money,
    received_fen: Money,
    to_date_fen: Money,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

#[derive(FromQueryResult)]
struct Reason {
    code: String,
    count: i64,
}

struct Asked<'a, C> {
    db: &'a C,
    community: CommunityId,
    buildings: &'a Buildings,
    today: Day,
    month: Month,
}

pub(super) async fn ask_dashboard(app: App, who: Who, ask: AskDashboard) -> Answer<Dashboard> {
    let db = app.db();
    let buildings = who.scope.buildings(ask.community);
    let today = organisation::today(db, ask.community, app.now()).await?;
    let month = Month::of(today);
    let asked = Asked { db, community: ask.community, buildings: &buildings, today, month };
    let (months, last_month_to_date) = months(&asked).await?;
    let ages = ages(&asked).await?;
    let (units_billed, bills) = billed(&asked).await?;
    let (arrears_units, arrears_fen) = late(&asked, today).await?;
    let approvals = approvals::count_for(db, &who, ask.community).await?;
    let todo = todo(&asked, &ages, approvals).await?;
    Ok(Dashboard {
        today,
        at: app.now(),
        month,
        this_month: months.last().map_or_else(MonthFigures::default, |last| last.figures),
        last_month_to_date,
        units_billed,
        bills,
        arrears_fen,
        arrears_last_month_fen: late_before(&asked).await?,
        arrears_units,
        months,
        ages,
        takings: takings(&asked).await?,
        todo,
    })
}

/// Twelve months with the same months a year before, and last month as it stood on this day of the month.
async fn months<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<(Vec<MonthRate>, MonthFigures)> {
    let last = asked.month.plus(-1);
    // The 31st of a month that has 30 days is its last day.
    let same_day = common::period::add_months(last.first_day(), 0)
        .and_then(|first| common::period::add_days(first, (asked.today - asked.month.first_day()).num_days().try_into().ok()?))
        .map_or(asked.today, |day| day.min(last.period().last_day()));
    let sql = Sql::new("SELECT p.month, ")
        .push(
            &format!("{} AS receivable_fen, {} AS waived_fen, {} AS received_fen, ", sum(RECEIVABLE), sum(WAIVED), sum(&paid())),
            [],
        )
        .push(
            &format!("CAST(COALESCE(SUM(CASE WHEN p.day <= ? THEN {} ELSE 0 END), 0) AS bigint) AS to_date_fen", paid()),
            [same_day.into()],
        )
        .push(
            " FROM posting p WHERE p.community_id = ? AND p.month BETWEEN ? AND ?",
            [asked.community.into(), asked.month.plus(1 - 2 * MONTHS).number().into(), asked.month.number().into()],
        )
        .within("p.building_id", asked.buildings);
    let rows = earned(sql, "p.fee_item_id", asked.community).push(" GROUP BY p.month", []).all::<MonthRow, _>(asked.db).await?;
    let find = |month: Month| rows.iter().find(|row| row.month == month.number());
    let figures = |month: Month| {
        find(month).map_or_else(MonthFigures::default, |row| MonthFigures {
            receivable_fen: row.receivable_fen,
            waived_fen: row.waived_fen,
            received_fen: row.received_fen,
        })
    };
    let rates = (1 - MONTHS..=0)
        .map(|back| asked.month.plus(back))
        .map(|month| MonthRate { month, figures: figures(month), last_year: figures(month.plus(-12)) })
        .collect();
    let received_fen = find(last).map_or(Money::ZERO, |row| row.to_date_fen);
    Ok((rates, MonthFigures { received_fen, ..figures(last) }))
}

async fn ages<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Vec<AgeSum>> {
    let ages = arrears::by_age(asked.db, &filter(asked), asked.today).await?;
    Ok(ages.into_iter().filter(|sum| sum.age != Age::NotDue).collect())
}

fn filter<'a, C>(asked: &Asked<'a, C>) -> Filter<'a> {
    Filter { community: asked.community, buildings: asked.buildings, building: None, items: Items::Earned }
}

/// Units with a bill of this month, and how many bills.
async fn billed<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<(i64, i64)> {
    #[derive(FromQueryResult)]
    struct Row {
        units: i64,
        bills: i64,
    }
    let sql = Sql::new("SELECT COUNT(DISTINCT b.unit_id) AS units, COUNT(*) AS bills FROM bill b").push(
        " WHERE b.community_id = ? AND b.month = ? AND b.state <> 'void'",
        [asked.community.into(), asked.month.number().into()],
    );
    let row =
        earned(sql, "b.fee_item_id", asked.community).within("b.building_id", asked.buildings).one::<Row, _>(asked.db).await?;
    Ok(row.map_or((0, 0), |row| (row.units, row.bills)))
}

#[derive(FromQueryResult)]
struct Late {
    units: i64,
    open_fen: Money,
}

/// Units that owe what was due before a day, and how much.
async fn late<C: ConnectionTrait>(asked: &Asked<'_, C>, before: Day) -> Answer<(i64, Money)> {
    let select = "SELECT COUNT(DISTINCT o.unit_id) AS units, CAST(COALESCE(SUM(o.open_fen), 0) AS bigint) AS open_fen FROM ";
    let row = arrears::open(Sql::new(select), &filter(asked))
        .push(" WHERE o.due_day < ?", [before.into()])
        .one::<Late, _>(asked.db)
        .await?;
    Ok(row.map_or((0, Money::ZERO), |row| (row.units, row.open_fen)))
}

/// What was late when this month began: what is open now of what was due then, with everything since taken back.
async fn late_before<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Money> {
    #[derive(FromQueryResult)]
    struct Row {
        since_fen: Money,
    }
    let first = asked.month.first_day();
    let (_, now) = late(asked, first).await?;
    let since = Sql::new(&format!("SELECT {} AS since_fen FROM posting p", sum(OUTSTANDING)))
        .push(" JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id", [])
        .push(" WHERE p.community_id = ? AND p.day >= ? AND b.due_day < ?", [asked.community.into(), first.into(), first.into()])
        .within("p.building_id", asked.buildings);
    let since =
        earned(since, "p.fee_item_id", asked.community).one::<Row, _>(asked.db).await?.map_or(Money::ZERO, |row| row.since_fen);
    now.checked_sub(since).ok_or_else(|| Failure::broken("arrears that do not fit"))
}

/// What came in at the desk today by way to pay: the sum of its postings, payments taken back left out.
async fn takings<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Takings> {
    #[derive(FromQueryResult)]
    struct Sums {
        state: String,
        payments: i64,
        total_fen: Money,
    }
    #[derive(FromQueryResult)]
    struct ByMethod {
        method: String,
        name: Option<String>,
        payments: i64,
        amount_fen: Money,
    }
    let of_today = |select: String| {
        Sql::new(&select)
            .push(" FROM payment y JOIN posting p ON p.community_id = y.community_id AND p.payment_id = y.id", [])
            .push(" LEFT JOIN payment_method m ON m.community_id = p.community_id AND m.method = p.debit AND m.name <> ''", [])
            .push(" WHERE y.community_id = ? AND y.day = ? AND y.source = 'desk'", [asked.community.into(), asked.today.into()])
            .within("p.building_id", asked.buildings)
            .push(" AND p.credit IN ('receivable', 'late_fee_receivable') AND p.held_id IS NULL", [])
    };
    let sums =
        of_today("SELECT y.state, COUNT(DISTINCT y.id) AS payments, CAST(SUM(p.amount_fen) AS bigint) AS total_fen".to_owned())
            .push(" GROUP BY y.state", [])
            .all::<Sums, _>(asked.db)
            .await?;
    let select = "SELECT p.debit AS method, MIN(m.name) AS name, COUNT(DISTINCT y.id) AS payments, CAST(SUM(p.amount_fen) AS bigint) AS amount_fen";
    let by_method = of_today(select.to_owned())
        .push(" AND y.state = 'taken' GROUP BY p.debit ORDER BY 4 DESC, 1", [])
        .all::<ByMethod, _>(asked.db)
        .await?;
    let mut takings = Takings::default();
    for row in by_method {
        let method = row.method.parse().map_err(Failure::broken)?;
        takings.by_method.push(MethodSum { method, name: row.name, payments: row.payments, amount_fen: row.amount_fen });
    }
    for row in sums {
        match row.state.as_str() {
            "taken" => (takings.payments, takings.total_fen) = (row.payments, row.total_fen),
            _ => (takings.voided, takings.voided_fen) = (row.payments, row.total_fen),
        }
    }
    let refunds = cashier::refunds_of_day(asked.db, asked.community, asked.today, asked.buildings).await?;
    let refunded = Money::sum(refunds.iter().map(|(_, _, sum)| sum.amount_fen));
    takings.refunded_fen = refunded.ok_or_else(|| Failure::broken("a sum of refunds"))?;
    Ok(takings)
}

/// What waits for a person, what there is none of left out.
async fn todo<C: ConnectionTrait>(asked: &Asked<'_, C>, ages: &[AgeSum], approvals: Vec<(DeedKind, u64)>) -> Answer<Vec<Todo>> {
    let long = |sum: &&AgeSum| matches!(sum.age, Age::To180 | Age::To365 | Age::Over365) && sum.units > 0;
    let long: Vec<TodoReason> =
        ages.iter().filter(long).map(|sum| TodoReason { code: sum.age.code().to_owned(), count: sum.units }).collect();
    let (_, first_long) = Age::To180.due_days(asked.today);
    let in_arrears = match first_long {
        Some(day) => late(asked, day.succ_opt().unwrap_or(day)).await?.0,
        None => 0,
    };
    let without_bill = without_bill(asked).await?;
    let readings = readings(asked).await?;
    let rereads = rereads(asked).await?;
    let occurrences = occurrences(asked).await?;
    let jobs = failed_jobs(asked).await?;
    let approvals = approvals
        .into_iter()
        .map(|(kind, count)| TodoReason { code: kind.word().to_owned(), count: i64::try_from(count).unwrap_or(i64::MAX) });
    let counted = |kind, reasons: Vec<TodoReason>| Todo { kind, count: reasons.iter().map(|reason| reason.count).sum(), reasons };
    Ok([
        without_bill,
        counted(TodoKind::ReadingsToCheck, readings),
        counted(TodoKind::Rereads, rereads),
        Todo { kind: TodoKind::LongArrears, count: in_arrears, reasons: long },
        counted(TodoKind::Occurrences, occurrences),
        counted(TodoKind::Approvals, approvals.collect()),
        counted(TodoKind::FailedJobs, jobs),
    ]
    .into_iter()
    .filter(|todo| todo.count > 0)
    .collect())
}

/// Units that are charged for something this month and have no bill for it; the reason is what the last run said, or
/// that there was none.
async fn without_bill<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Todo> {
    let period = asked.month.period();
    let lacking = |select: &'static str| {
        Sql::new(select)
            .push(" FROM charge c JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id AND t.active", [])
            .push(" JOIN unit u ON u.community_id = c.community_id AND u.id = c.unit_id", [])
            .push(" LEFT JOIN run_skip s ON s.community_id = c.community_id AND s.unit_id = c.unit_id AND s.fee_item_id = t.fee_item_id", [])
            .push(" AND s.run_id = (SELECT r.id FROM billing_run r WHERE r.community_id = c.community_id AND r.period_from < ?", [period.to.into()])
            .push(" AND r.period_to > ? ORDER BY r.created_at DESC, r.id DESC LIMIT 1)", [period.from.into()])
            .push(" WHERE c.community_id = ? AND c.from_day < ? AND (c.to_day IS NULL OR c.to_day > ?)", [
                asked.community.into(),
                period.to.into(),
                period.from.into(),
            ])
            .within("u.building_id", asked.buildings)
            .push(" AND NOT EXISTS (SELECT 1 FROM bill b WHERE b.community_id = c.community_id AND b.unit_id = c.unit_id", [])
            .push(" AND b.fee_item_id = t.fee_item_id AND b.state <> 'void' AND b.period_from < ? AND b.period_to > ?)", [
                period.to.into(),
                period.from.into(),
            ])
    };
    let count = lacking("SELECT COUNT(DISTINCT c.unit_id) AS count").one::<Count, _>(asked.db).await?.map_or(0, |row| row.count);
    let reasons = lacking("SELECT COALESCE(s.reason, 'not_run') AS code, COUNT(DISTINCT c.unit_id) AS count")
        .push(" GROUP BY 1 ORDER BY 2 DESC, 1", [])
        .all::<Reason, _>(asked.db)
        .await?;
    Ok(Todo { kind: TodoKind::UnitsWithoutBill, count, reasons: reasons.into_iter().map(Into::into).collect() })
}

/// Readings of this and last month that are unlike their meter's past and wait for a second look.
async fn readings<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Vec<TodoReason>> {
    let rows = Sql::new("SELECT COALESCE(g.odd, 'other') AS code, COUNT(*) AS count FROM reading g")
        .push(" JOIN meter m ON m.community_id = g.community_id AND m.id = g.meter_id", [])
        .push(" LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id", [])
        .push(
            " WHERE g.community_id = ? AND g.month BETWEEN ? AND ?",
            [asked.community.into(), asked.month.plus(-1).number().into(), asked.month.number().into()],
        )
        .within("COALESCE(u.building_id, m.building_id)", asked.buildings)
        .push(" AND g.bill_id IS NULL AND g.review GROUP BY 1 ORDER BY 2 DESC, 1", [])
        .all::<Reason, _>(asked.db)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Meters that are to be read again, those first that are late.
async fn rereads<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Vec<TodoReason>> {
    let rows = Sql::new("SELECT CASE WHEN t.due_day < ")
        .bind(asked.today)
        .add(" THEN 'late' ELSE 'open' END AS code, COUNT(*) AS count FROM reread t")
        .push(" JOIN meter m ON m.community_id = t.community_id AND m.id = t.meter_id", [])
        .push(" WHERE t.community_id = ? AND t.state = 'open'", [asked.community.into()])
        .within("m.building_id", asked.buildings)
        .add(" GROUP BY 1 ORDER BY 1")
        .all::<Reason, _>(asked.db)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Times of generation rules that are only proposed and due, or that failed.
async fn occurrences<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Vec<TodoReason>> {
    // A rule for the whole community, or for buildings of others too, is nothing for who sees only some.
    let seen = match asked.buildings {
        Buildings::All => Sql::new(""),
        Buildings::Only(own) => {
            let of = "(SELECT 1 FROM generation_rule_building x WHERE x.community_id = r.community_id AND x.rule_id = r.id";
            Sql::new(&format!(" AND EXISTS {of}) AND NOT EXISTS {of} AND NOT x.building_id IN "))
                .list(own.iter().copied())
                .add(")")
        }
    };
    let rows = Sql::new("SELECT o.state AS code, COUNT(*) AS count FROM occurrence o")
        .push(" JOIN generation_rule r ON r.community_id = o.community_id AND r.id = o.rule_id AND r.active = ?", [true.into()])
        .push(" WHERE o.community_id = ? AND o.day <= ?", [asked.community.into(), asked.today.into()])
        .push(" AND (o.state = 'failed' OR (o.state = 'due' AND r.start = 'proposed'))", [])
        .join(seen)
        .push(" GROUP BY o.state ORDER BY 2 DESC, 1", [])
        .all::<Reason, _>(asked.db)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

async fn failed_jobs<C: ConnectionTrait>(asked: &Asked<'_, C>) -> Answer<Vec<TodoReason>> {
    let rows = Sql::new("SELECT j.kind AS code, COUNT(*) AS count FROM job j")
        .push(" WHERE j.community_id = ? AND j.state = 'failed' GROUP BY j.kind ORDER BY 2 DESC, 1", [asked.community.into()])
        .all::<Reason, _>(asked.db)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

impl From<Reason> for TodoReason {
    fn from(row: Reason) -> Self {
        Self { code: row.code, count: row.count }
    }
}
