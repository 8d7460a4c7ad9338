//! Water by each unit's own quota: what a unit lacks is named, and preview, trial and run come to the same.

use common::billing::api::{GetBill, GetTrialInputs, ListBills};
use common::billing::plan::{SkipReason, plan};
use common::charging::api::{CopyTariffs, PriceScope, SetPrice};
use common::charging::explain::sentences;
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::estate::field::FieldKind;
use common::id::CopyId;
use common::text::Language;
use uuid::Uuid;

use super::given_back::{one_meter, read};
use super::{day, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::fields::{field, sets};
use crate::support::Anju;

/// Up to the quota of a year 4.20 yuan, up to a fifth more 6.30, beyond that 8.40.
fn by_quota(quota: &str) -> Rate {
    let step =
        |up_to: Option<&str>, price: &str| Tier { up_to: up_to.map(quantity), price: price.parse().unwrap(), per_person: None };
    let steps = vec![step(Some("1"), "4.20"), step(Some("1.2"), "6.30"), step(None, "8.40")];
    Rate::Tiered(Tiers { quota: Some(quota.to_owned()), ..Tiers::new(TierScope::Year, steps) })
}

#[tokio::test]
async fn a_unit_pays_by_its_own_quota() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let there = Estate::named(&anju, "青枫里", 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let water = estate.fee_item("水费", FeeItemKind::Water).await;
    let tariff = estate.tariff(water, "非居民水价", Mode::Usage).await;
    let price = SetPrice { rate: by_quota("年用水定额"), ..estate.price(tariff, PriceScope::Community, "1", "2026-01-01") };
    let refused = desk.is_refused_with(price.clone(), "invalid").await;
    assert_eq!(refused.fields[0].code, "charging.quota_field");
    let number = field(community, "年用水定额", FieldKind::Number);
    desk.does(number.clone()).await;
    desk.does(price).await;
    desk.does(estate.everyone(tariff, "2026-01-01")).await;
    let row = one_meter(&estate, water, ("0", "2025-12-31")).await;
    let unit = row.unit.unwrap().id;
    desk.does(read(community, row.id, "2026-09-30", "95")).await;
    desk.does(read(community, row.id, "2026-10-31", "130")).await;

    // Without a quota nothing is billed, and the field is named.
    let month = october(community, &[water]);
    let inputs = desk.does(month.clone()).await;
    let planned = plan(&inputs, |_| ());
    let lacking = planned.skipped.iter().find(|skip| skip.reason == SkipReason::NoQuota).unwrap();
    assert_eq!((planned.bills.len(), inputs.units.id_of(lacking.unit)), (0, Some(unit)));
    assert_eq!(inputs.blank_fields(lacking.unit, lacking.fee_item), ["年用水定额"]);

    // 95 before, 35 now, bounds 100 and 120: 5 × 4.20 + 20 × 6.30 + 10 × 8.40 = 21 + 126 + 84.
    sets(desk, community, unit, number.field, "100").await;
    let (planned, generate) = seen(desk, &month).await;
    assert_eq!((planned.bills.len(), planned.amount().fen()), (1, 231_00));
    let trial = desk.does(GetTrialInputs::of(community, month.first, 1, vec![water])).await;
    assert_eq!(plan(&trial, |_| ()).amount().fen(), 231_00);
    generated(&anju, desk, generate).await;
    let bill = desk.does(ListBills::of(community)).await.rows.remove(0).id;
    let bill = desk.does(GetBill { community, bill }).await;
    let line = &bill.lines[0];
    let said = sentences(Language::Chinese, &line.trace, line.amount_fen, FeeItemKind::Water).join("");
    assert!(
        said.contains("本户定额（年用水定额）100 m³：第 1 档上限 100 × 1 = 100 m³；第 2 档上限 100 × 1.2 = 120 m³"),
        "{said}"
    );

    // The field keeps its name while a price goes by it, and what is copied needs it there.
    let renamed = common::estate::api::SaveField { name: "用水定额".into(), ..number };
    let refused = desk.is_refused_with(renamed, "estate.field_in_formula").await;
    assert_eq!(refused.args.get("tariffs").map(String::as_str), Some("非居民水价"));
    let copy = || CopyTariffs {
        community,
        to: there.community,
        copy: CopyId(Uuid::now_v7()),
        tariffs: vec![tariff],
        from: day("2026-07-01"),
    };
    let refused = desk.is_refused_with(copy(), "charging.copy_quota").await;
    assert_eq!(refused.args.get("field").map(String::as_str), Some("年用水定额"));
    desk.does(field(there.community, "年用水定额", FieldKind::Number)).await;
    assert_eq!(desk.does(copy()).await.prices, 1);
    anju.the_books_balance().await;
}
