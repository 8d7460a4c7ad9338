//! 收费科目与标准: what is charged for, and how.

use common::cashier::api::{HeldFilter, ListHeld, SumHeld};
use common::charging::api::{FeeItemView, ListFeeItems, RetireFeeItem, RetireTariff, SaveFeeItem, TariffView};
use common::charging::explain::minimum_text;
use common::charging::tariff::FeeItemKind;
use common::id::FeeItemId;
use leptos::prelude::*;

use super::fee_item_form::ItemForm;
use super::late_fee::{self, LateFeeForm};
use super::tariff_form::TariffForm;
use super::words::{cycle_text, due_text, held_text, kind_text, proration_text, rate_unit, rate_view};
use crate::api::call;
use crate::kit::{
    Close, Confirm, Deed, Empty, Header, Look, Reload, State, button, cards, dash, empty_view, icon, icons, load, mark, menu,
    menu_deed, primary_button, state_badge, text_or_dash, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, deed, community) = (Reload::new(), Deed::new(), session::community());
    let item_form = ItemForm::new(reload);
    let tariff_form = TariffForm::new(reload);
    let late_fee_form = LateFeeForm::new(reload);
    let may = session::may_ask::<SaveFeeItem>();
    let add = may.then(|| primary_button(icons::PLUS, t!("charging-fee-item-add"), move || item_form.open(None)));
    let list = load(
        move || {
            reload.track();
            call(ListFeeItems { community })
        },
        12,
        move |items: Vec<FeeItemView>| {
            if items.is_empty() {
                let empty = Empty::new(icons::TAGS, t!("charging-none"), t!("charging-none-why"));
                let add = may.then(|| primary_button(icons::PLUS, t!("charging-fee-item-add"), move || item_form.open(None)));
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(add))}</div> }.into_any();
            }
            item_form.offer(&items);
            items
                .into_iter()
                .map(|item| of_item(item, item_form, tariff_form, late_fee_form, reload, deed, may))
                .collect_view()
                .into_any()
        },
    );
    view! {
        {Header::new(t!("charging-fee-items")).actions(add).show()}
        <div class="border-t border-line pb-8">{list}</div>
        {item_form.show()}
        {tariff_form.show()}
        {late_fee_form.show()}
    }
    .into_any()
}

fn of_item(
    item: FeeItemView,
    item_form: ItemForm,
    tariff_form: TariffForm,
    late_fee_form: LateFeeForm,
    reload: Reload,
    deed: Deed,
    may: bool,
) -> AnyView {
    let (kind, id) = (item.kind, item.id);
    let rows =
        item.tariffs.iter().map(|tariff| tariff_row(tariff.clone(), kind, id, tariff_form, reload, deed, may)).collect_view();
    let none = item.tariffs.is_empty();
    let (for_edit, for_retire) = (item.clone(), item.clone());
    let actions = move |_: Close| {
        let (for_edit, for_retire) = (for_edit.clone(), for_retire.clone());
        let (for_late, for_end) = (for_retire.clone(), for_retire.clone());
        view! {
            {menu_deed(t!("charging-fee-item-edit"), move || {
                item_form.open(Some(for_edit.clone()));
            })}
            {(!kind.is_held()).then(|| menu_deed(t!("late-fee-set"), move || {
                late_fee_form.open(&for_late);
            }))}
            {late_fee::runs(&for_end).then(|| menu_deed(t!("late-fee-off"), move || {
                late_fee::end(for_end.id, &for_end.name, deed, reload);
            }))}
            {menu_deed(t!("charging-retire"), move || retire(for_retire.clone(), deed, reload))}
        }
        .into_any()
    };
    let more = (may && item.active).then(|| {
        view! {
            {button(icons::PLUS, t!("charging-tariff-add"), move || tariff_form.open(id, kind, None))}
            {menu(Some(t!("kit-more")), Look { button: "btn btn-ghost btn-sm btn-square", panel: "right-0 w-40" }, icon(icons::ELLIPSIS), actions)}
        }
    });
    view! {
        <section class="px-6 pt-5 max-sm:px-4">
            <div class="flex min-h-8 flex-wrap items-center gap-2">
                <h2 class="text-lg font-semibold">{item.name.clone()}</h2>
                {mark(kind_text(kind), "")}
                <span class="label-xs">{item.code.clone()}</span>
                {held_text(&item, item_form.name_of(item.pays_for)).or_else(|| late_fee::summary(&item)).map(|line| view! { <span class="text-sm text-ink-2">{line}</span> })}
                {(!item.active).then(|| state_badge(State::Void, t!("charging-state-retired")))}
                <div class="ml-auto flex items-center gap-2">{more}</div>
            </div>
            {if none {
                view! { <p class="border-b border-line py-3 text-sm text-ink-2">{without_tariff(kind)}</p> }.into_any()
            } else {
                view! {
                    <div class="max-sm:-mx-4">{cards(view! {
                        <table class="table mt-1 sm:min-w-200 sm:table-fixed">
                            <caption class="sr-only">{item.name.clone()}</caption>
                            // The same widths in every section, so that the columns stand under each other.
                            <colgroup class="max-sm:hidden">
                                <col class="w-[17%]" />
                                <col class="w-[9%]" />
                                <col class="w-[19%]" />
                                <col class="w-[11%]" />
                                <col class="w-[8%]" />
                                <col class="w-[14%]" />
                                <col class="w-[13%]" />
                                <col class="w-[5%]" />
                                <col />
                            </colgroup>
                            <thead>
                                <tr>
                                    <th scope="col">{t!("charging-tariff")}</th>
                                    <th scope="col">{t!("charging-mode")}</th>
                                    <th scope="col" class="num">{t!("charging-price-today")}</th>
                                    <th scope="col">{t!("charging-unit")}</th>
                                    <th scope="col">{t!("charging-cycle")}</th>
                                    <th scope="col">{t!("charging-proration")}</th>
                                    <th scope="col">{t!("charging-due")}</th>
                                    <th scope="col" class="num">{t!("charging-units")}</th>
                                    <th scope="col"><span class="sr-only">{t!("kit-more")}</span></th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>})}</div>
                }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}

/// Asks whether a fee item is to retire, with what that means; of money that is held, with how much there still is.
fn retire(item: FeeItemView, deed: Deed, reload: Reload) {
    let (title, fee_item) = (t!("charging-retire-title", name = item.name), item.id);
    let why = async move { if item.kind.is_held() { held_why(item.id).await } else { tariffs_why(&item) } };
    deed.first(why, move |why| {
        Confirm::new(title, why, t!("charging-retire")).danger().ask(move || {
            deed.run(RetireFeeItem { community: session::community(), fee_item }, move |_| {
                reload.now();
                toast(t!("charging-retired"));
            });
        });
    });
}

fn tariffs_why(item: &FeeItemView) -> String {
    let tariffs = item.tariffs.iter().filter(|tariff| tariff.active).count();
    let units: u64 = item.tariffs.iter().map(|tariff| tariff.units).sum();
    t!("charging-retire-why", tariffs = tariffs, units = units)
}

/// How much is held under a fee item, for whom may see it, and that it stays what it is.
async fn held_why(fee_item: FeeItemId) -> String {
    let sums = if session::may_ask::<SumHeld>() {
        let held = ListHeld { fee_item: Some(fee_item), state: Some(HeldFilter::Held), ..ListHeld::of(session::community()) };
        call(SumHeld::from(&held)).await.ok()
    } else {
        None
    };
    match sums {
        Some(sums) if sums.holdings == 0 => t!("charging-retire-held-none"),
        Some(sums) => t!("charging-retire-held", count = sums.holdings, left = sums.left_fen),
        None => t!("charging-retire-held-unseen"),
    }
}

/// Why there is nothing to see, and whether there has to be.
fn without_tariff(kind: FeeItemKind) -> String {
    match kind {
        FeeItemKind::Apportioned => t!("metering-by-pools"),
        FeeItemKind::Prepayment | FeeItemKind::Deposit => t!("charging-held-no-tariff"),
        _ => t!("charging-no-tariff"),
    }
}

fn tariff_row(
    tariff: TariffView,
    kind: FeeItemKind,
    item: FeeItemId,
    form: TariffForm,
    reload: Reload,
    deed: Deed,
    may: bool,
) -> AnyView {
    let id = tariff.id;
    let prices = format!("/charging/prices?tariff={id}");
    let rate = match (&tariff.rate, tariff.narrower) {
        (Some(rate), 0) => rate_view(rate),
        (Some(rate), narrower) => {
            view! { {rate_view(rate)} <span class="label-xs ml-1">{t!("charging-and-narrower", count = narrower)}</span> }
                .into_any()
        }
        (None, 0) => view! { <span class="text-warning">{t!("charging-no-price")}</span> }.into_any(),
        (None, narrower) => t!("charging-only-narrower", count = narrower).into_any(),
    };
    let (for_edit, name) = (tariff.clone(), tariff.name.clone());
    let units = tariff.units;
    let actions = move |_: Close| {
        let (for_edit, name) = (for_edit.clone(), name.clone());
        view! {
            {menu_deed(t!("charging-tariff-edit"), move || {
                form.open(item, kind, Some(for_edit.clone()));
            })}
            {menu_deed(t!("charging-retire"), move || {
                Confirm::new(t!("charging-retire-title", name = name), t!("charging-retire-tariff-why", units = units), t!("charging-retire"))
                    .danger()
                    .ask(move || {
                        deed.run(RetireTariff { community: session::community(), tariff: id }, move |_| {
                            reload.now();
                            toast(t!("charging-retired"));
                        });
                    });
            })}
        }
        .into_any()
    };
    let rules = tariff.rules;
    view! {
        <tr class=if tariff.active { "" } else { "text-ink-3" }>
            <td>
                <a class="a" href=prices.clone()>{tariff.name.clone()}</a>
                {(!tariff.active).then(|| view! { <span class="ml-2">{state_badge(State::Void, t!("charging-state-retired"))}</span> })}
            </td>
            <td>
                {t!(&format!("charging-mode-{}", rules.mode.word()))}
                {minimum_text(session::language(), rules.minimum, rules.metered_kind(kind)).map(|least| view! { <span class="label-xs ml-1">{least}</span> })}
            </td>
            <td class="num">{rate}</td>
            <td>{rate_unit(&rules, kind)}</td>
            <td>{cycle_text(rules.cycle, rules.cycle_month)}</td>
            <td>{text_or_dash(proration_text(&rules))}</td>
            <td class="whitespace-nowrap">{due_text(&rules)}</td>
            <td class="num">
                {if units == 0 { dash() } else { view! { <a class="a" href=format!("/charging/charges?tariff={id}")>{crate::kit::count(units)}</a> }.into_any() }}
            </td>
            <td class="w-10">
                {(may && tariff.active)
                    .then(|| menu(Some(t!("kit-more")), Look { button: "btn btn-ghost btn-sm btn-square", panel: "right-0 w-40" }, icon(icons::ELLIPSIS), actions))}
            </td>
        </tr>
    }
    .into_any()
}
