//! The demonstration: two invented communities with fourteen months of life, made by the product's own commands, so that it
//! holds nothing that the product would refuse.

mod approvals;
mod caller;
mod chance;
mod charging;
mod city;
mod estate;
mod fields;
mod held;
mod load;
mod metering;
mod money;
mod people;
mod rounds;
mod samples;
mod schedule;
mod staff;
mod waivers;

use chrono::{DateTime, TimeDelta, Utc};
use common::id::CommunityId;
use common::period::{Day, Month};
use common::problem::Problem;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use self::caller::Caller;
use crate::organisation::{self, employee, session};
use crate::{App, Failure};

pub use load::load;
pub use samples::{Sample, next_book, samples};

/// What the steps of the demonstration return.
pub type Made<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The password of all demo accounts.
pub const PASSWORD: &str = "anju-demo-2026";

/// The accounts that people try first, and what they are for.
pub const ACCOUNTS: &[(&str, &str)] = &[
    ("manager", "manages both communities"),
    ("cashier", "takes payments"),
    ("reader", "reads meters"),
    ("steward", "sees one building"),
    ("admin", "administers everything"),
];

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// About 600 units, 14 months.
    Whole,
    /// A few units of each kind, three months: for tests.
    Small,
}

impl Size {
    fn months(self) -> i32 {
        if self == Self::Whole { 14 } else { 3 }
    }
}

/// The day that it is in China.
#[expect(clippy::disallowed_methods, reason = "a command without a database has no application to ask for the time")]
pub fn present_day() -> Day {
    (Utc::now() + TimeDelta::hours(8)).date_naive()
}

/// What was made.
#[derive(Debug, Default)]
pub struct Counts {
    pub units: u64,
    pub residents: u64,
    pub readings: u64,
    pub bills: u64,
    pub payments: u64,
}

/// When it all happens.
#[derive(Clone, Debug)]
struct Calendar {
    today: Day,
    /// The last instant that may be written: the demonstration does not look into the future.
    now: DateTime<Utc>,
    /// The months that are billed, from old to new; the last is the one before today's.
    months: Vec<Month>,
}

impl Calendar {
    fn new(today: Day, now: DateTime<Utc>, size: Size) -> Self {
        let this = Month::of(today);
        Self { today, now, months: (1..=size.months()).rev().map(|back| this.plus(-back)).collect() }
    }

    /// The first day that is billed.
    fn start(&self) -> Day {
        self.months.first().map_or(self.today, |month| month.first_day())
    }

    /// The day before anything is billed on which the books are set up.
    fn founded(&self) -> Day {
        self.start() - TimeDelta::days(20)
    }

    /// A day of a month, or today where that is still to come.
    fn day(&self, month: Month, day: u32) -> Day {
        (month.first_day() + TimeDelta::days(i64::from(day) - 1)).min(self.today)
    }
}

/// An instant of a day in China.
fn clock(day: Day, hour: i64, minute: i64) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes((hour - 8) * 60 + minute)
}

/// Makes the demonstration as of a day; `None` where the database is in use already. `say` hears how far it is.
pub async fn seed(app: &App, today: Option<Day>, size: Size, mut say: impl FnMut(&str) + Send) -> Made<Option<Counts>> {
    if employee::Entity::find().count(app.db()).await? > 0 {
        return Ok(None);
    }
    let present = app.now() + TimeDelta::hours(8);
    let today = today.unwrap_or_else(|| present.date_naive());
    let now = if today == present.date_naive() { app.now() } else { clock(today, 17, 30) };
    let calendar = Calendar::new(today, now, size);
    let mut caller = Caller::new(app.clone());
    say("people at work, fee items, two communities");
    let staff = staff::hire(&mut caller, &calendar).await?;
    let mut estates = Vec::new();
    for draft in estate::drafts(&calendar, size) {
        estates.push(estate::bring_in(&mut caller, &staff, &calendar, draft).await?);
    }
    staff::place_steward(&mut caller, &staff, &calendar, &estates).await?;
    let mut held = Vec::new();
    for estate in &mut estates {
        say(&format!("{}: fee items, prices, meters", estate.name));
        charging::set_up(&mut caller, &staff, &calendar, estate).await?;
        metering::set_up(&mut caller, &staff, &calendar, estate).await?;
        waivers::set_up(&mut caller, &staff, &calendar, estate).await?;
        held.push(held::set_up(&mut caller, &staff, &calendar, estate).await?);
    }
    let mut books = money::Books::default();
    for (place, month) in calendar.months.iter().enumerate() {
        say(&format!("{month}: readings, bills, payments"));
        for estate in &estates {
            metering::read(&mut caller, &staff, &calendar, estate, place).await?;
            books.bill(&mut caller, &staff, &calendar, estate, *month).await?;
        }
        books.collect(&mut caller, &staff, &calendar, place).await?;
        for (estate, held) in estates.iter().zip(&held) {
            held::month(&mut caller, &staff, &calendar, (estate, *held), place).await?;
        }
    }
    for estate in &estates {
        charging::report(&mut caller, &staff, &calendar, estate).await?;
    }
    say("today at the desk");
    books.today(&mut caller, &staff, &calendar, &estates).await?;
    for estate in &estates {
        charging::late_fees(&mut caller, &staff, &calendar, estate).await?;
        schedule::set_up(&mut caller, &staff, &calendar, estate).await?;
        approvals::set_up(&mut caller, &staff, &calendar, estate).await?;
        rounds::set_up(&mut caller, &staff, &calendar, estate).await?;
    }
    if let Some(first) = estates.first() {
        approvals::ask(&mut caller, &staff, &calendar, first).await?;
    }
    finish(app, &calendar).await?;
    Ok(Some(count(app).await?))
}

/// Marks the database as the demonstration's and signs everybody out.
async fn finish(app: &App, calendar: &Calendar) -> Made<()> {
    let work = app.at(calendar.now).begin_as_system().await.map_err(Failure::into_problem)?;
    organisation::note(&work, organisation::DEMO, "1").await.map_err(Failure::into_problem)?;
    session::Entity::delete_many().exec(work.db()).await?;
    work.commit().await.map_err(Failure::into_problem)?;
    Ok(())
}

async fn count(app: &App) -> Made<Counts> {
    let mut counts = Counts::default();
    for (table, count) in [
        ("unit", &mut counts.units),
        ("resident", &mut counts.residents),
        ("reading", &mut counts.readings),
        ("bill", &mut counts.bills),
        ("payment", &mut counts.payments),
    ] {
        let sql = crate::sql::Sql::new("SELECT COUNT(*) AS number FROM ").add(table);
        *count = sql.number(app.db()).await.map_err(Failure::into_problem)?;
    }
    Ok(counts)
}

/// A community as the later steps need it.
struct Estate {
    community: CommunityId,
    name: String,
    draft: common::estate::draft::EstateDraft,
    /// Whether it has masters, public meters and sub-metered electricity.
    towers: bool,
    units: std::collections::HashMap<String, common::id::UnitId>,
    buildings: std::collections::HashMap<String, common::id::BuildingId>,
    fee_items: charging::FeeItems,
    masters: Vec<metering::Master>,
}

impl Estate {
    fn building(&self, name: &str) -> Made<common::id::BuildingId> {
        self.buildings.get(name).copied().ok_or_else(|| Problem::not_found().with("building", name).into())
    }

    fn unit(&self, code: &str) -> Option<common::id::UnitId> {
        self.units.get(code).copied()
    }
}
