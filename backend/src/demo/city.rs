//! The tariffs of a city as they are published, each as it would be entered; nobody is charged by them.

use common::charging::api::PriceScope;
use common::charging::rate::{Counted, Rate, RatePart, Season, SimpleRate};
use common::charging::tariff::{FeeItemKind, Mode, TariffRules, Vacant};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::id::FeeItemId;

use super::Made;
use super::charging::Desk;

/// Household electricity in monthly tiers with registers, water in yearly tiers of three parts, gas in yearly tiers, heating per m²
/// in its season.
pub(super) async fn tariffs(desk: &mut Desk<'_>) -> Made<()> {
    let at = desk.at();
    let (gas, heating): (FeeItemId, FeeItemId) = (desk.chance.id(at), desk.chance.id(at));
    let (electricity, water) = (desk.estate.fee_items.electricity, desk.estate.fee_items.water);
    desk.fee_item(gas, "RQF", "燃气费", FeeItemKind::Gas).await?;
    desk.fee_item(heating, "CNF", "供暖费", FeeItemKind::Heating).await?;
    let usage = TariffRules::of_mode(Mode::Usage);
    set(desk, electricity, "居民峰谷阶梯电价", usage.clone(), by_register()?).await?;
    set(desk, water, "居民年阶梯水价", usage.clone(), water_parts()?).await?;
    set(desk, gas, "居民年阶梯气价", usage, Rate::Tiered(yearly(&[("310", "2.61"), ("520", "2.83"), ("", "4.23")], None)?))
        .await?;
    let vacant = TariffRules { vacant: Vacant::Reduced, vacant_rate: "0.6".parse()?, ..TariffRules::of_mode(Mode::Area) };
    set(desk, heating, "居民按面积供暖", vacant, in_winter()?).await
}

async fn set(desk: &mut Desk<'_>, fee_item: FeeItemId, name: &str, rules: TariffRules, rate: Rate) -> Made<()> {
    let tariff = desk.tariff(fee_item, name, rules).await?;
    let from = desk.calendar.start();
    desk.price(tariff, PriceScope::Community, rate, from, "市发改委公布的价格").await
}

fn part(name: &str, of: Counted, rate: SimpleRate) -> RatePart {
    RatePart { name: name.to_owned(), of, rate }
}

fn flat(price: &str) -> Made<SimpleRate> {
    Ok(SimpleRate::Flat(price.parse()?))
}

/// Tiers; an empty bound is open. `persons` says for how many people they are made and what each one more adds.
fn tiers(scope: TierScope, steps: &[(&str, &str)], persons: Option<(u16, &str)>) -> Made<Tiers> {
    let mut list = Vec::with_capacity(steps.len());
    for (up_to, price) in steps {
        let up_to = if up_to.is_empty() { None } else { Some(up_to.parse()?) };
        let per_person = persons.filter(|_| up_to.is_some()).map(|(_, more)| more.parse()).transpose()?;
        list.push(Tier { up_to, price: price.parse()?, per_person });
    }
    Ok(Tiers { scope, steps: list, year_from: 1, persons: persons.map(|(persons, _)| persons) })
}

fn yearly(steps: &[(&str, &str)], persons: Option<(u16, &str)>) -> Made<Tiers> {
    tiers(TierScope::Year, steps, persons)
}

/// The tiers add to the price of the registers: all of the usage fills them, and peak and valley have a price each.
fn by_register() -> Made<Rate> {
    let more = tiers(TierScope::Month, &[("230", "0"), ("400", "0.05"), ("", "0.3")], None)?;
    Ok(Rate::Parts(vec![
        part("峰段", Counted::Peak, flat("0.568")?),
        part("谷段", Counted::Valley, flat("0.288")?),
        part("阶梯加价", Counted::Total, SimpleRate::Tiered(more)),
    ]))
}

/// Tap water grows dearer over the year, more of it for more people; resource fee and sewage are the same for all of it.
fn water_parts() -> Made<Rate> {
    let tap = yearly(&[("180", "2.07"), ("260", "4.07"), ("", "6.07")], Some((5, "36")))?;
    Ok(Rate::Parts(vec![
        part("水费", Counted::Total, SimpleRate::Tiered(tap)),
        part("水资源费", Counted::Total, flat("1.57")?),
        part("污水处理费", Counted::Total, flat("1.36")?),
    ]))
}

/// 24 yuan a season of five months, by the month.
fn in_winter() -> Made<Rate> {
    let season = |name: &str, from, to, price: &str| -> Made<Season> {
        Ok(Season { name: name.to_owned(), from, to, parts: vec![part("供暖", Counted::Total, flat(price)?)] })
    };
    Ok(Rate::Seasons(vec![season("采暖季", 11, 3, "4.8")?, season("非采暖季", 4, 10, "0")?]))
}
