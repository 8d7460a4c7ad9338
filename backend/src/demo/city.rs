//! The tariffs of a city, after those of Hangzhou, and ways of charging that are common elsewhere, each as it would be entered:
//! examples by which nobody is charged.

use common::charging::api::PriceScope;
use common::charging::minimum::{Minimum, MinimumKind};
use common::charging::rate::{Counted, Rate, RatePart, Season, SimpleRate};
use common::charging::season_end::SeasonEnd;
use common::charging::tariff::{Cycle, DueFrom, DueRule, FeeItemKind, Mode, Proration, ProrationRule, TariffRules, Vacant};
use common::charging::tier::{Tier, TierScope, TierUsage, Tiers};
use common::id::FeeItemId;

use super::Made;
use super::charging::Desk;
use super::fields::QUOTA;

/// Why the prices are what they are: whoever sets his own looks his city's up.
const WHY: &str = "示例：参照杭州公开的价格，请以当地最新公布为准";
const COMMON: &str = "示例：各地常见的收法，单价请自定";

/// Household electricity in yearly tiers with registers, on top of them or of each, water in yearly tiers of two parts, gas in yearly tiers, water of businesses
/// in parts and by their quotas, refuse per household, a parking space by the day, air conditioning of offices per m² by the season.
pub(super) async fn tariffs(desk: &mut Desk<'_>) -> Made<()> {
    let at = desk.at();
    let (gas, air): (FeeItemId, FeeItemId) = (desk.chance.id(at), desk.chance.id(at));
    let items = &desk.estate.fee_items;
    let (electricity, water, refuse, parking) = (items.electricity, items.water, items.refuse, items.parking);
    desk.fee_item(gas, "RQF", "燃气费", FeeItemKind::Gas).await?;
    desk.fee_item(air, "KTF", "空调能源费", FeeItemKind::Other).await?;
    let usage = TariffRules::of_mode(Mode::Usage);
    set(desk, electricity, "居民峰谷年阶梯电价（示例）", usage.clone(), by_register()?).await?;
    way(desk, electricity, "居民峰谷各有阶梯价（示例）", usage.clone(), tiers_by_register()?).await?;
    set(desk, water, "居民年阶梯水价（示例）", usage.clone(), water_parts()?).await?;
    set(desk, water, "非居民分项水价（示例）", usage.clone(), business_water()?).await?;
    set(desk, water, "非居民超定额累进加价（示例）", usage.clone(), beyond_the_quota()?).await?;
    set(desk, gas, "居民年阶梯气价（示例）", usage, gas_tiers()?).await?;
    set(desk, refuse, "生活垃圾按户收（示例）", TariffRules::of_mode(Mode::Household), Rate::Flat("5".parse()?)).await?;
    set(desk, parking, "地面车位按天收（示例）", per_day(Mode::Fixed), Rate::Flat("5".parse()?)).await?;
    let vacant = TariffRules { vacant: Vacant::Reduced, vacant_rate: "0.6".parse()?, ..TariffRules::of_mode(Mode::Area) };
    set(desk, air, "写字楼按面积收（示例）", vacant, by_season()?).await?;
    ways(desk).await
}

/// Heating by the season, which begins in November, whole; property fee by the year from July, before it begins; a parking space by half months;
/// refuse of shops by what their water meters count; water of shops with a least usage.
async fn ways(desk: &mut Desk<'_>) -> Made<()> {
    let at = desk.at();
    let heating: FeeItemId = desk.chance.id(at);
    let items = &desk.estate.fee_items;
    let (property, water, refuse, parking) = (items.property, items.water, items.refuse, items.parking);
    desk.fee_item(heating, "GNF", "供暖费", FeeItemKind::Heating).await?;
    let usage = TariffRules::of_mode(Mode::Usage);
    let whole = Proration { rule: ProrationRule::None, ..Proration::default() };
    let season = TariffRules { cycle: Cycle::Yearly, cycle_month: 11, proration: whole, ..TariffRules::of_mode(Mode::Area) };
    way(desk, heating, "按面积收一个采暖季（示例）", season, Rate::Flat("28".parse()?)).await?;
    let ahead = DueRule { from: DueFrom::InAdvance, days: 30 };
    let year = TariffRules { cycle: Cycle::Yearly, cycle_month: 7, due: ahead, ..TariffRules::of_mode(Mode::Area) };
    way(desk, property, "七月起按年预收（示例）", year, Rate::Flat("2.6".parse()?)).await?;
    let halves = Proration { rule: ProrationRule::HalfMonths, ..Proration::default() };
    let halves = TariffRules { proration: halves, ..TariffRules::of_mode(Mode::Fixed) };
    way(desk, parking, "不足半月按半月收（示例）", halves, Rate::Flat("300".parse()?)).await?;
    let by_water = TariffRules { usage_of: Some(FeeItemKind::Water), ..usage.clone() };
    way(desk, refuse, "商户随用水量收（示例）", by_water, Rate::Flat("0.6".parse()?)).await?;
    let least = Minimum { kind: MinimumKind::Usage, usage: "5".parse()?, ..Minimum::default() };
    way(desk, water, "商户每月保底五方（示例）", TariffRules { minimum: least, ..usage }, Rate::Flat("4.85".parse()?)).await
}

async fn way(desk: &mut Desk<'_>, fee_item: FeeItemId, name: &str, rules: TariffRules, rate: Rate) -> Made<()> {
    example(desk, fee_item, name, rules, rate, COMMON).await
}

/// The price is for a day.
fn per_day(mode: Mode) -> TariffRules {
    let proration = Proration { rule: ProrationRule::PerDay, ..Proration::default() };
    TariffRules { proration, ..TariffRules::of_mode(mode) }
}

async fn set(desk: &mut Desk<'_>, fee_item: FeeItemId, name: &str, rules: TariffRules, rate: Rate) -> Made<()> {
    example(desk, fee_item, name, rules, rate, WHY).await
}

async fn example(desk: &mut Desk<'_>, fee_item: FeeItemId, name: &str, rules: TariffRules, rate: Rate, why: &str) -> Made<()> {
    let tariff = desk.tariff(fee_item, name, rules).await?;
    let from = desk.calendar.start();
    desk.price(tariff, PriceScope::Community, rate, from, why).await
}

fn part(name: &str, of: Counted, rate: SimpleRate) -> RatePart {
    RatePart { name: name.to_owned(), of, rate }
}

fn flat(price: &str) -> Made<SimpleRate> {
    Ok(SimpleRate::Flat(price.parse()?))
}

/// Tiers by the year; an empty bound is open. `persons` says for how many people they are made and what each one more adds.
fn yearly(steps: &[(&str, &str)], persons: Option<(u16, &str)>) -> Made<Tiers> {
    let mut list = Vec::with_capacity(steps.len());
    for (up_to, price) in steps {
        let up_to = if up_to.is_empty() { None } else { Some(up_to.parse()?) };
        let per_person = persons.filter(|_| up_to.is_some()).map(|(_, more)| more.parse()).transpose()?;
        list.push(Tier { up_to, price: price.parse()?, per_person });
    }
    Ok(Tiers { persons: persons.map(|(persons, _)| persons), ..Tiers::new(TierScope::Year, list) })
}

/// The tiers add to the price of the registers: all of the usage fills them, and peak and valley have a price each.
fn by_register() -> Made<Rate> {
    let more = yearly(&[("2760", "0"), ("4800", "0.05"), ("", "0.3")], None)?;
    Ok(Rate::Parts(vec![
        part("峰段", Counted::Peak, flat("0.568")?),
        part("谷段", Counted::Valley, flat("0.288")?),
        part("阶梯加价", Counted::Total, SimpleRate::Tiered(more)),
    ]))
}

/// Peak and valley have tier prices of their own, by the bounds of both together.
fn tiers_by_register() -> Made<Rate> {
    let of_all = |name: &str, of, prices: [&str; 3]| -> Made<RatePart> {
        let steps = yearly(&[("3120", prices[0]), ("4800", prices[1]), ("", prices[2])], None)?;
        Ok(part(name, of, SimpleRate::Tiered(Tiers { usage: TierUsage::Total, ..steps })))
    };
    let peak = of_all("峰段", Counted::Peak, ["0.617", "0.677", "0.977"])?;
    Ok(Rate::Parts(vec![peak, of_all("谷段", Counted::Valley, ["0.307", "0.337", "0.487"])?]))
}

/// Tap water grows dearer over the year, and each person beyond the fourth has as much more as the first four have (216 ÷ 4);
/// sewage is the same for all of it.
fn water_parts() -> Made<Rate> {
    let tap = yearly(&[("216", "1.9"), ("300", "2.85"), ("", "5.7")], Some((4, "54")))?;
    Ok(Rate::Parts(vec![part("水费", Counted::Total, SimpleRate::Tiered(tap)), part("污水处理费", Counted::Total, flat("1")?)]))
}

/// The 4.85 yuan by which the demo's shops are billed, told apart.
fn business_water() -> Made<Rate> {
    Ok(Rate::Parts(vec![part("水费", Counted::Total, flat("3.05")?), part("污水处理费", Counted::Total, flat("1.8")?)]))
}

/// Whoever uses more than the quota of a year pays half as much again for what is beyond it, and more the further beyond.
fn beyond_the_quota() -> Made<Rate> {
    let steps = yearly(&[("1", "3.05"), ("1.2", "4.575"), ("1.4", "6.1"), ("", "9.15")], None)?;
    let tap = Tiers { quota: Some(QUOTA.to_owned()), ..steps };
    Ok(Rate::Parts(vec![part("水费", Counted::Total, SimpleRate::Tiered(tap)), part("污水处理费", Counted::Total, flat("1.8")?)]))
}

/// Prices that stand to each other as 1 to 1.2 to 1.5.
fn gas_tiers() -> Made<Rate> {
    Ok(Rate::Tiered(yearly(&[("300", "3.1"), ("480", "3.72"), ("", "4.65")], None)?))
}

/// Cooling and heating cost, spring and autumn do not.
fn by_season() -> Made<Rate> {
    let season = |name: &str, from, to, price: &str| -> Made<Season> {
        let (from, to) = (SeasonEnd::month(from), SeasonEnd::month(to));
        Ok(Season { name: name.to_owned(), from, to, parts: vec![part("空调能源", Counted::Total, flat(price)?)] })
    };
    let seasons = [("制冷季", 6, 9, "6"), ("秋季", 10, 11, "0"), ("采暖季", 12, 2, "4.5"), ("春季", 3, 5, "0")];
    let seasons = seasons.into_iter().map(|(name, from, to, price)| season(name, from, to, price));
    Ok(Rate::Seasons(seasons.collect::<Made<Vec<_>>>()?))
}
