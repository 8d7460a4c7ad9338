//! What the formulas and tiers of a fee item ask of a unit, and where a custom field among it is blank: for bills that can't be
//! computed.

use common::charging::api::{ListFeeItems, TariffView};
use common::charging::rate::Rate;
use common::charging::tariff::Mode;
use common::estate::api::ListFields;
use common::estate::field::{CustomField, FieldOf};
use common::formula::Named;
use common::problem::Problem;
use leptos::prelude::*;

use super::formula_units::{is_shared, name_of};
use crate::api::call;
use crate::estate::fields;
use crate::{session, t};

/// What is asked of each unit, by name, and the custom fields among it.
#[derive(Clone, Default)]
struct Asked {
    names: Vec<String>,
    fields: Vec<CustomField>,
}

/// Names it, with a way to the units in which a field is blank; nothing where that is not known.
pub fn formula_fields(fee_item: String) -> AnyView {
    if !session::may_ask::<ListFeeItems>() || !session::may_ask::<ListFields>() {
        return ().into_any();
    }
    let asked = LocalResource::new(move || asked(fee_item.clone()));
    (move || asked.get().and_then(Result::ok).filter(|asked| !asked.names.is_empty()).map(shown)).into_any()
}

async fn asked(fee_item: String) -> Result<Asked, Problem> {
    let items = call(ListFeeItems { community: session::community() }).await?;
    let fields: Vec<CustomField> = fields::ask(FieldOf::Unit).await?.into_iter().filter(CustomField::is_for_formulas).collect();
    let field_names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let tariffs = items.into_iter().filter(|item| item.name == fee_item).flat_map(|item| item.tariffs);
    let tariffs: Vec<TariffView> = tariffs.filter(|tariff| tariff.active).collect();
    let mut asked = Asked::default();
    for quota in tariffs.iter().filter_map(|tariff| tariff.rate.as_ref()).flat_map(Rate::quotas) {
        if !asked.names.iter().any(|name| name == quota) {
            asked.fields.extend(fields.iter().find(|known| known.name == quota).cloned());
            asked.names.push(quota.to_owned());
        }
    }
    let by_formula = tariffs.into_iter().filter(|tariff| tariff.rules.mode == Mode::Formula);
    for formula in by_formula.filter_map(|tariff| tariff.rules.read(&field_names).ok()) {
        for named in formula.names().iter().filter(|named| !is_shared(named)) {
            let name = name_of(named);
            if asked.names.contains(&name) {
                continue;
            }
            if let Named::Field(field) = named {
                asked.fields.extend(fields.iter().find(|known| known.name == *field).cloned());
            }
            asked.names.push(name);
        }
    }
    Ok(asked)
}

fn shown(asked: Asked) -> AnyView {
    let link = |field: CustomField| {
        let units = format!("/estate/units?custom={}:", field.field);
        view! { " " <a class="a" href=units target="_blank">{t!("charging-formula-blank", field = field.name)}</a> }
    };
    let links = asked.fields.into_iter().map(link).collect_view();
    view! {
        <span class="block whitespace-normal">
            {t!("charging-formula-asks", names = asked.names.join(&t!("kit-comma")))} {links}
        </span>
    }
    .into_any()
}
