//! The form of a resident: new or changed. What is masked stays as it is unless something is typed over it.

use common::estate::field::{CustomField, FieldOf};
use common::id::{OccupancyId, ResidentId, UnitId};
use common::residents::api::{Change, GetResident, MoveIn, ResidentView, SaveResident};
use common::residents::{Gender, Role};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::estate::fields as custom;
use crate::kit::{Deed, Ending, FieldValue, Form, Header, go_with_router, load, query, toast};
use crate::shell::{param, param_id};
use crate::{session, shell, t};

impl<V: FieldValue> FieldValue for Change<V> {
    const KEYS: &'static str = V::KEYS;
    const OPTIONAL: bool = true;
    fn show(&self) -> String {
        match self {
            Self::Keep => String::new(),
            Self::Clear => "-".to_owned(),
            Self::Set(value) => value.show(),
        }
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        match text.trim() {
            "" => Ok(Self::Keep),
            "-" => Ok(Self::Clear),
            text => V::read(text).map(Self::Set),
        }
    }
}

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let known = param_id::<ResidentId>("resident");
    if known.is_none() && !param("resident").is_empty() {
        return shell::not_found();
    }
    let ask = move || async move {
        let fields = custom::ask(FieldOf::Resident).await?;
        let resident = match known {
            Some(resident) => Some(call(GetResident { community, resident }).await?),
            None => None,
        };
        Ok((resident, fields))
    };
    load(ask, 8, |(resident, fields)| draw(resident, fields))
}

fn draw(known: Option<ResidentView>, custom: Vec<CustomField>) -> AnyView {
    let community = session::community();
    let start = SaveResident {
        community,
        resident: known.as_ref().map_or_else(|| ResidentId(Uuid::now_v7()), |known| known.resident),
        name: known.as_ref().map(|known| known.name.clone()).unwrap_or_default(),
        gender: known.as_ref().and_then(|known| known.gender),
        phone: Change::Keep,
        id_number: Change::Keep,
        remark: known.as_ref().map(|known| known.remark.clone()).unwrap_or_default(),
        custom: known.as_ref().map(|known| known.custom.clone()).unwrap_or_default(),
    };
    let resident = start.resident;
    let form = Form::new(start);
    let mut genders = vec![(None, t!("estate-unknown"))];
    genders.extend(Gender::ALL.iter().map(|gender| (Some(*gender), t!(gender.text_id().as_str()))));
    let masked = |text: Option<&String>| text.cloned().unwrap_or_default();
    let phone = masked(known.as_ref().and_then(|known| known.phone_masked.as_ref()));
    let number = masked(known.as_ref().and_then(|known| known.id_number_masked.as_ref()));
    let keep = |there: &str| if there.is_empty() { String::new() } else { t!("residents-keep-help") };
    let fields = view! {
        {form.field("name", t!("estate-column-name-any"), |ask| &mut ask.name).help(t!("residents-name-help")).focus().show()}
        {form.radios("gender", t!("estate-column-gender"), |ask| &mut ask.gender, genders)}
        {form.field("phone", t!("estate-column-phone"), |ask| &mut ask.phone).placeholder(phone.clone()).help(keep(&phone)).show()}
        {form.field("id_number", t!("estate-column-id_number"), |ask| &mut ask.id_number).placeholder(number.clone()).help(keep(&number)).show()}
        {form.field("remark", t!("estate-column-remark"), |ask| &mut ask.remark).lines(3).show()}
        {custom::inputs(form, custom, |ask| &mut ask.custom)}
    };
    let title = match &known {
        Some(known) => t!("residents-edit", name = known.name),
        None => t!("residents-new"),
    };
    // Coming from a unit, the new resident moves in there at once.
    let pairs = query::pairs(&window().location().search().unwrap_or_default());
    let unit = pairs.into_iter().find(|(key, _)| key == "unit").and_then(|(_, id)| id.parse::<UnitId>().ok());
    let back = match (unit, &known) {
        (Some(unit), _) => format!("/estate/units/{unit}?tab=people"),
        (None, Some(_)) => format!("/residents/{resident}"),
        (None, None) => "/residents".to_owned(),
    };
    let go = go_with_router();
    let moving = Deed::new();
    let place = Form::new(MoveIn {
        community,
        occupancy: OccupancyId(Uuid::now_v7()),
        unit: unit.unwrap_or(UnitId(Uuid::nil())),
        resident: Some(resident),
        role: Role::Owner,
        from_day: session::today(),
        to_day: None,
    });
    let done = move |_| {
        let go = go.clone();
        let Some(unit) = unit else {
            toast(t!("residents-saved"));
            return go(&format!("/residents/{resident}"));
        };
        moving.run(place.draft.get_untracked(), move |_| {
            toast(t!("residents-moved-in"));
            go(&format!("/estate/units/{unit}?tab=people"));
        });
    };
    let note = unit.map(|_| view! { <p class="mb-4 text-base text-ink-2">{t!("residents-new-for-unit")}</p> });
    let roles = Role::ALL.iter().map(|role| (*role, t!(role.text_id().as_str()))).collect();
    let fields = view! {
        {fields}
        {unit.map(|_| {
            view! {
                {place.radios("role", t!("residents-role-here"), |ask| &mut ask.role, roles)}
                {place.field("from_day", t!("residents-from"), |ask| &mut ask.from_day).width("w-48").show()}
            }
        })}
    };
    view! {
        {Header::new(title).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">
            {note}
            {form.show(Ending::new(t!("kit-save")).cancel_to(back), fields, done)}
        </div>
    }
    .into_any()
}
