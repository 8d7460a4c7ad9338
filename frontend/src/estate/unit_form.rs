//! The form of a unit: new or changed; which facts it asks for depends on the kind.

use common::estate::api::{GetTree, GetUnit, SaveUnit, Tree, UnitView};
use common::estate::field::{CustomField, FieldOf};
use common::estate::kind::Fact;
use common::estate::{Decoration, Facts, ParkingRight, UnitKind, UnitState};
use common::id::{BuildingId, UnitId};
use leptos::prelude::*;
use uuid::Uuid;

use super::fields as custom;
use crate::api::call;
use crate::kit::{Ending, Form, Header, go_with_router, load, query, toast};
use crate::shell::{param, param_id};
use crate::{session, shell, t};

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let known = param_id::<UnitId>("unit");
    if known.is_none() && !param("unit").is_empty() {
        return shell::not_found();
    }
    let pairs = query::pairs(&window().location().search().unwrap_or_default());
    let building = pairs.into_iter().find(|(key, _)| key == "building").and_then(|(_, id)| id.parse::<BuildingId>().ok());
    let ask = move || async move {
        let tree = call(GetTree { community }).await?;
        let unit = match known {
            Some(unit) => Some(call(GetUnit { community, unit }).await?),
            None => None,
        };
        Ok((tree, unit, custom::ask(FieldOf::Unit).await?))
    };
    load(ask, 12, move |(tree, unit, fields): (Tree, Option<UnitView>, Vec<CustomField>)| draw(tree, unit, fields, building))
}

fn start(unit: Option<&UnitView>, building: Option<BuildingId>) -> SaveUnit {
    let community = session::community();
    match unit {
        Some(unit) => SaveUnit {
            community,
            unit: unit.unit,
            building: unit.building,
            entrance: unit.entrance,
            floor: unit.floor,
            room: unit.room.clone(),
            kind: unit.kind,
            state: unit.state,
            billed_area: unit.billed_area,
            inner_area: unit.inner_area,
            heads: unit.heads,
            layout: unit.layout.clone(),
            decoration: unit.decoration,
            handed_over: unit.handed_over,
            property_value_fen: unit.property_value_fen,
            facts: unit.facts.clone(),
            custom: unit.custom.clone(),
        },
        None => SaveUnit {
            community,
            unit: UnitId(Uuid::now_v7()),
            building,
            entrance: None,
            floor: None,
            room: String::new(),
            kind: UnitKind::Residence,
            state: UnitState::Vacant,
            billed_area: None,
            inner_area: None,
            heads: None,
            layout: None,
            decoration: None,
            handed_over: None,
            property_value_fen: None,
            facts: Facts::default(),
            custom: Vec::new(),
        },
    }
}

fn draw(tree: Tree, unit: Option<UnitView>, own: Vec<CustomField>, building: Option<BuildingId>) -> AnyView {
    let go = go_with_router();
    let form = Form::new(start(unit.as_ref(), building));
    let id = form.draft.with_untracked(|ask| ask.unit);
    let (title, back) = match &unit {
        Some(unit) => (t!("estate-unit-edit", unit = unit.label), format!("/estate/units/{id}")),
        None => (t!("estate-unit-new"), "/estate/units".to_owned()),
    };
    // From which day on another number counts is asked on the unit's page.
    let (heads, elsewhere) = match &unit {
        Some(_) => (None, Some(view! { <p class="text-sm text-ink-2">{t!("estate-heads-on-page")}</p> })),
        None => (Some(form.field("heads", t!("estate-column-heads"), |ask| &mut ask.heads).show()), None),
    };
    let fields =
        view! { {place(form, tree)} {size(form, heads)} {elsewhere} {move || special(form)} {move || own_fields(form, &own)} };
    view! {
        {Header::new(title).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">
            {form.show(Ending::new(t!("kit-save")).cancel_to(back), fields, move |_| {
                toast(t!("estate-unit-saved"));
                go(&format!("/estate/units/{id}"));
            })}
        </div>
    }
    .into_any()
}

fn heading(id: &str) -> AnyView {
    view! { <h2 class="border-t border-line pt-4 text-lg font-semibold">{t!(id)}</h2> }.into_any()
}

/// Where it is and what it is.
fn place(form: Form<SaveUnit>, tree: Tree) -> AnyView {
    let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(kind.text_id().as_str()))).collect();
    let states = UnitState::ALL.iter().map(|state| (*state, t!(state.text_id().as_str()))).collect();
    let mut buildings = vec![(None, t!("estate-outside"))];
    buildings.extend(tree.buildings.iter().map(|building| (Some(building.building), building.name.clone())));
    let chosen = Memo::new(move |_| form.draft.with(|ask| ask.building));
    let entrance = move || {
        let chosen = chosen.get();
        let node = tree.buildings.iter().find(|building| Some(building.building) == chosen)?;
        // An entrance of another building is none of this one.
        form.draft.update_untracked(|ask| {
            if !node.entrances.iter().any(|entrance| Some(entrance.entrance) == ask.entrance) {
                ask.entrance = None;
            }
        });
        let mut entrances = vec![(None, t!("estate-no-entrance"))];
        entrances.extend(node.entrances.iter().map(|entrance| (Some(entrance.entrance), entrance.name.clone())));
        Some(form.choice("entrance", t!("estate-column-entrance"), |ask| &mut ask.entrance, entrances))
    };
    view! {
        {form.choice("kind", t!("estate-column-kind"), |ask| &mut ask.kind, kinds)}
        {form.choice("building", t!("estate-column-building"), |ask| &mut ask.building, buildings)}
        {entrance}
        <div class="grid grid-cols-2 gap-4">
            {form.field("room", t!("estate-column-room"), |ask| &mut ask.room).placeholder("1501").show()}
            {form.field("floor", t!("estate-column-floor"), |ask| &mut ask.floor).show()}
        </div>
        {form.choice("state", t!("estate-column-state"), |ask| &mut ask.state, states)}
    }
    .into_any()
}

/// What fees depend on.
fn size(form: Form<SaveUnit>, heads: Option<AnyView>) -> AnyView {
    view! {
        {heading("estate-measures")}
        <div class="grid grid-cols-2 gap-4">
            {form.field("billed_area", t!("estate-column-billed_area"), |ask| &mut ask.billed_area).unit(t!("kit-square-metre")).help(t!("estate-billed-area-help")).show()}
            {form.field("inner_area", t!("estate-column-inner_area"), |ask| &mut ask.inner_area).unit(t!("kit-square-metre")).show()}
            {heads}
            {form.field("handed_over", t!("estate-column-handed_over"), |ask| &mut ask.handed_over).show()}
            {form.field("property_value_fen", t!("estate-column-property_value"), |ask| &mut ask.property_value_fen).unit(t!("estate-yuan")).show()}
        </div>
    }
    .into_any()
}

/// What only this kind has.
fn special(form: Form<SaveUnit>) -> AnyView {
    let kind = Memo::new(move |_| form.draft.with(|ask| ask.kind)).get();
    let rooms = kind.has_rooms().then(|| {
        let mut words = vec![(None, t!("estate-unknown"))];
        words.extend(Decoration::ALL.iter().map(|word| (Some(*word), t!(word.text_id().as_str()))));
        view! {
            {form.field("layout", t!("estate-column-layout"), |ask| &mut ask.layout).show()}
            {form.choice("decoration", t!("estate-column-decoration"), |ask| &mut ask.decoration, words)}
        }
    });
    let facts = kind.facts().iter().map(|fact| fact_field(form, *fact)).collect_view();
    view! {
        {heading("estate-more-facts")}
        {rooms}
        {facts}
        {form.field("facts.remark", t!("estate-column-remark"), |ask| &mut ask.facts.remark).lines(3).show()}
    }
    .into_any()
}

/// What this community has defined for the kind.
fn own_fields(form: Form<SaveUnit>, fields: &[CustomField]) -> Option<AnyView> {
    let kind = Memo::new(move |_| form.draft.with(|ask| ask.kind)).get();
    let fields: Vec<CustomField> = fields.iter().filter(|field| field.is_of(kind)).cloned().collect();
    (!fields.is_empty()).then(|| {
        view! {
            {heading("estate-fields")}
            <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">{custom::inputs(form, fields, |ask| &mut ask.custom)}</div>
        }
        .into_any()
    })
}

fn fact_field(form: Form<SaveUnit>, fact: Fact) -> AnyView {
    match fact {
        Fact::Lift => {
            let words = vec![(None, t!("estate-unknown")), (Some(true), t!("estate-yes")), (Some(false), t!("estate-no"))];
            form.choice("facts.lift", t!("estate-column-lift"), |ask| &mut ask.facts.lift, words)
        }
        Fact::Business => form.field("facts.business", t!("estate-column-business"), |ask| &mut ask.facts.business).show(),
        Fact::Rent => form
            .field("facts.rent_fen", t!("estate-column-rent"), |ask| &mut ask.facts.rent_fen)
            .unit(t!("estate-yuan-a-month"))
            .width("w-48")
            .show(),
        Fact::LeaseFrom => {
            form.field("facts.lease_from", t!("estate-column-lease_from"), |ask| &mut ask.facts.lease_from).width("w-48").show()
        }
        Fact::LeaseTo => form
            .field("facts.lease_to", t!("estate-column-lease_to"), |ask| &mut ask.facts.lease_to)
            .width("w-48")
            .help(t!("estate-note-lease_to"))
            .show(),
        Fact::Place => form.field("facts.place", t!("estate-column-place"), |ask| &mut ask.facts.place).show(),
        Fact::Right => {
            let mut words = vec![(None, t!("estate-unknown"))];
            words.extend(ParkingRight::ALL.iter().map(|word| (Some(*word), t!(word.text_id().as_str()))));
            form.choice("facts.right", t!("estate-column-right"), |ask| &mut ask.facts.right, words)
        }
    }
}
