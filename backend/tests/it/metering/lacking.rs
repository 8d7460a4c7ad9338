//! What a past run still lacks: not what came to nothing since, nor what the bill of a later month took along.

use common::billing::api::{GetRun, GetRunInputs, ListBills, VoidBills};
use common::charging::api::PriceScope;
use common::charging::tariff::{FeeItemKind, Mode};
use common::id::{ApprovalId, BillingRunId, CommunityId, FeeItemId, MeterId};
use common::metering::api::CorrectReading;
use uuid::Uuid;

use super::given_back::{one_meter, read};
use super::{day, month, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::support::{Anju, Person};

/// Two homes with water by use at 2.90 yuan, of which one has a meter: 50 at the end of August, 60 at that of September. The run of
/// October, in which nobody read it, lacks both.
struct October {
    community: CommunityId,
    water: FeeItemId,
    meter: MeterId,
    run: BillingRunId,
}

impl October {
    async fn of(anju: &Anju, estate: &Estate<'_>, billed_before: &[&str]) -> Self {
        let (desk, community) = (estate.manager, estate.community);
        let water = estate.fee_item("水费", FeeItemKind::Water).await;
        let tariff = estate.tariff(water, "居民水费", Mode::Usage).await;
        desk.does(estate.price(tariff, PriceScope::Community, "2.90", "2026-01-01")).await;
        desk.does(estate.everyone(tariff, "2026-01-01")).await;
        let meter = one_meter(estate, water, ("50", "2026-08-31")).await.id;
        desk.does(read(community, meter, "2026-09-30", "60")).await;
        let mut october = Self { community, water, meter, run: BillingRunId(Uuid::nil()) };
        for month in billed_before {
            october.bill(anju, desk, month).await;
        }
        october.run = october.bill(anju, desk, "2026-10").await;
        assert_eq!(october.lacks(desk).await, 2);
        october
    }

    /// Bills a month.
    async fn bill(&self, anju: &Anju, desk: &Person, first: &str) -> BillingRunId {
        let ask = GetRunInputs { first: month(first), ..october(self.community, &[self.water]) };
        let (_, generate) = seen(desk, &ask).await;
        generated(anju, desk, generate).await.id
    }

    async fn lacks(&self, desk: &Person) -> u64 {
        desk.does(GetRun { community: self.community, run: self.run }).await.lacking()
    }
}

#[tokio::test]
async fn a_month_that_nobody_read_is_billed_with_the_next() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let desk = estate.manager;
    let october = October::of(&anju, &estate, &["2026-09"]).await;
    desk.does(read(october.community, october.meter, "2026-11-20", "80")).await;
    assert_eq!(october.lacks(desk).await, 2, "read, but not billed yet");
    october.bill(&anju, desk, "2026-11").await;
    assert_eq!(october.lacks(desk).await, 1, "the home without a meter is left");

    let bills = desk.does(ListBills { from_month: Some(month("2026-11")), ..ListBills::of(october.community) }).await.rows;
    let request = ApprovalId(Uuid::now_v7());
    desk.does(VoidBills { community: october.community, request, bills: vec![bills[0].id], reason: "重算".into() }).await;
    assert_eq!(october.lacks(desk).await, 2);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_reading_that_came_too_late_is_billed_with_the_next_where_billing_had_begun() {
    for (before, lacks) in [(&["2026-09"][..], 1), (&[][..], 2)] {
        let anju = Anju::start_on("2026-11-23").await;
        let estate = Estate::of(&anju, 1).await;
        let desk = estate.manager;
        let october = October::of(&anju, &estate, before).await;
        desk.does(read(october.community, october.meter, "2026-10-31", "70")).await;
        desk.does(read(october.community, october.meter, "2026-11-20", "80")).await;
        october.bill(&anju, desk, "2026-11").await;
        assert_eq!(october.lacks(desk).await, lacks, "{before:?}");
        // What November did not take along is filled by October's own run.
        october.bill(&anju, desk, "2026-10").await;
        assert_eq!(october.lacks(desk).await, 1, "{before:?}");
    }
}

#[tokio::test]
async fn what_was_read_as_nothing_is_over_until_it_is_corrected() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, october) = (estate.manager, October::of(&anju, &estate, &["2026-09"]).await);
    let reading = desk.does(read(october.community, october.meter, "2026-10-31", "60")).await.id;
    october.bill(&anju, desk, "2026-10").await;
    assert_eq!(october.lacks(desk).await, 1);
    let correct = CorrectReading {
        community: october.community,
        reading,
        day: day("2026-10-31"),
        value: quantity("64"),
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    desk.does(correct).await;
    assert_eq!(october.lacks(desk).await, 2);
}
