//! The import template and the export of units, which can be imported again.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::{Extensions, HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use common::estate::api::ListUnits;
use common::estate::field::{CustomField, CustomValue, FieldKind, FieldOf, Held};
use common::estate::import::COLUMNS;
use common::estate::{Decoration, ParkingRight, UnitKind, UnitState};
use common::id::{CommunityId, OccupancyId, ResidentId, UnitId};
use common::period::Day;
use common::permission::Permission;
use common::problem::Problem;
use common::residents::{Gender, Role};
use common::text::{self, Language, text};
use sea_orm::FromQueryResult;
use serde::Deserialize;

use super::custom::{self, Values};
use super::{field, filter::Filter, unit};
use crate::problem::respond;
use crate::sql::Sql;
use crate::workbook::{Book, Col, Kind, Value, download};
use crate::{Answer, App, Failure, Who, organisation, sign_in};

#[derive(Deserialize)]
pub(super) struct InLanguage {
    #[serde(default)]
    language: Language,
}

/// Whose template: a community's own fields are among the columns.
#[derive(Deserialize)]
pub(super) struct OfCommunity {
    #[serde(default)]
    language: Language,
    #[serde(default)]
    community: Option<CommunityId>,
}

pub(super) async fn template(
    State(app): State<App>,
    Query(wanted): Query<OfCommunity>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let made = async {
        let who = sign_in::staff(&app, &headers, &extensions).await?;
        who.need(Permission::EstateRead)?;
        let fields = match wanted.community {
            Some(community) if !who.scope.contains(community) => return Err(Problem::not_found().into()),
            Some(community) => field::fields(app.db(), community, FieldOf::Unit).await?,
            None => Vec::new(),
        };
        empty(wanted.language, &fields)
    };
    answer(made.await, &text(wanted.language, "estate-template-file"))
}

/// `ListUnits` as a query string, and the language of the headers.
pub(super) async fn export(
    State(app): State<App>,
    Query(wanted): Query<InLanguage>,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let made = async {
        let who = sign_in::staff(&app, &headers, &extensions).await?;
        who.need(Permission::EstateRead)?;
        let query = uri.query().unwrap_or_default();
        let ask: ListUnits = serde_html_form::from_str(query)
            .map_err(|error| Problem::new(422, "unreadable", "The query can't be read").with("why", error))?;
        if !who.scope.contains(ask.community) {
            return Err(Problem::not_found().into());
        }
        units(&app, &who, &ask, wanted.language).await
    };
    answer(made.await, &text(wanted.language, "estate-export-file"))
}

fn answer(made: Answer<Vec<u8>>, name: &str) -> Response {
    match made {
        Ok(bytes) => download(&format!("{name}.xlsx"), bytes),
        Err(failure) => respond(failure.into_problem()).into_response(),
    }
}

fn kind(key: &str) -> Kind {
    match key {
        "floor" | "heads" => Kind::Whole,
        "billed_area" | "inner_area" => Kind::Quantity,
        "property_value" | "rent" => Kind::Money,
        "handed_over" | "moved_in" | "moved_out" | "lease_from" | "lease_to" => Kind::Day,
        _ => Kind::Text,
    }
}

fn columns(language: Language, fields: &[CustomField]) -> Vec<Col> {
    let own = COLUMNS.iter().map(|column| Col::new(text(language, &format!("estate-column-{}", column.key)), kind(column.key)));
    own.chain(field_cols(fields)).collect()
}

/// A column for each custom field.
pub fn field_cols(fields: &[CustomField]) -> impl Iterator<Item = Col> {
    fields.iter().map(|field| {
        let kind = match field.kind {
            FieldKind::Number => Kind::Quantity,
            FieldKind::Date => Kind::Day,
            FieldKind::Text | FieldKind::Choice | FieldKind::YesNo => Kind::Text,
        };
        Col::new(field.name.clone(), kind)
    })
}

/// The cell of a custom field in a row that has these values.
pub fn field_cell<'a>(field: &CustomField, values: &'a [CustomValue], language: Language) -> Value<'a> {
    let Some(value) = values.iter().find(|value| value.field == field.field) else { return Value::Empty };
    match field.read(&value.text) {
        Ok(Some(Held::Number(number))) => number.into(),
        Ok(Some(Held::Date(day))) => day.into(),
        Ok(Some(Held::YesNo(yes))) => text(language, if yes { "estate-yes" } else { "estate-no" }).into(),
        // A choice that is no longer one is still what was chosen.
        _ => value.text.as_str().into(),
    }
}

/// Our columns, without rows, with the words that they take; a second sheet says what belongs where.
fn empty(language: Language, fields: &[CustomField]) -> Answer<Vec<u8>> {
    let mut book = Book::new();
    let mut sheet = book.sheet(&text(language, "estate-template-sheet"), columns(language, fields))?;
    for (place, column) in COLUMNS.iter().enumerate() {
        let words: Vec<String> = match column.key {
            "kind" => UnitKind::ALL.iter().map(|word| text(language, &word.text_id())).collect(),
            "state" => UnitState::ALL.iter().map(|word| text(language, &word.text_id())).collect(),
            "decoration" => Decoration::ALL.iter().map(|word| text(language, &word.text_id())).collect(),
            "role" => Role::ALL.iter().map(|word| text(language, &word.text_id())).collect(),
            "gender" => Gender::ALL.iter().map(|word| text(language, &word.text_id())).collect(),
            "right" => ParkingRight::ALL.iter().map(|word| text(language, &word.text_id())).collect(),
            "lift" => vec![text(language, "estate-yes"), text(language, "estate-no")],
            _ => continue,
        };
        sheet.choices(place, &words)?;
    }
    for (place, field) in (COLUMNS.len()..).zip(fields) {
        match field.kind {
            FieldKind::Choice => sheet.choices(place, &field.choices)?,
            FieldKind::YesNo => sheet.choices(place, &[text(language, "estate-yes"), text(language, "estate-no")])?,
            FieldKind::Text | FieldKind::Number | FieldKind::Date => {}
        }
    }
    sheet.finish(language)?;
    let cols = ["estate-note-column", "estate-note-text"].map(|id| Col::new(text(language, id), Kind::Text));
    let mut notes = book.sheet(&text(language, "estate-note-sheet"), cols.to_vec())?;
    for column in COLUMNS {
        let title = text(language, &format!("estate-column-{}", column.key));
        let note = text::find(language, &format!("estate-note-{}", column.key), &[]).unwrap_or_default();
        notes.row([title.into(), note.into()])?;
    }
    for field in fields {
        notes.row([field.name.as_str().into(), field_note(field, language).into()])?;
    }
    notes.finish(language)?;
    book.finish()
}

/// What belongs into the column of a custom field.
fn field_note(field: &CustomField, language: Language) -> String {
    let comma = text(language, "billing-comma");
    let kinds: Vec<String> = field.unit_kinds.iter().map(|kind| text(language, &kind.text_id())).collect();
    let what = match field.kind {
        FieldKind::Choice => field.choices.join(&comma),
        kind => text(language, &format!("estate-note-field-{}", kind.code().replace('_', "-"))),
    };
    if kinds.is_empty() { what } else { format!("{} · {what}", kinds.join(&comma)) }
}

#[derive(FromQueryResult)]
struct Person {
    id: OccupancyId,
    unit_id: UnitId,
    resident_id: ResidentId,
    role: Role,
    from_day: Day,
    to_day: Option<Day>,
    name: String,
    gender: Option<Gender>,
    phone: Option<String>,
    id_number_sealed: Option<Vec<u8>>,
}

#[derive(FromQueryResult)]
struct Vehicle {
    unit_id: UnitId,
    resident_id: Option<ResidentId>,
    plate: String,
    brand: String,
    colour: String,
}

#[derive(FromQueryResult)]
struct Place {
    id: UnitId,
    building: Option<String>,
    entrance: Option<String>,
}

/// How many units are read at a time.
const CHUNK: usize = 2_000;

/// The units that a list shows, a row per person. Phones and ID numbers only for those who may see them, and recorded.
async fn units(app: &App, who: &Who, ask: &ListUnits, language: Language) -> Answer<Vec<u8>> {
    let community = ask.community;
    let reveal = who.may(Permission::ResidentsReveal);
    if reveal {
        let work = app.begin(who).await?;
        work.record(Some(community), "estate.export", community.0, None::<&()>, Some(ask)).await?;
        work.commit().await?;
    }
    let today = organisation::today(app.db(), community, app.now()).await?;
    #[derive(FromQueryResult)]
    struct Id {
        id: UnitId,
    }
    let fields = field::fields(app.db(), community, FieldOf::Unit).await?;
    let by_fields = custom::filter(app.db(), community, FieldOf::Unit, "u.id", &ask.custom).await?;
    let ids: Vec<Id> = Sql::new("SELECT u.id")
        .join(Filter::from(ask).sql(who, today))
        .join(by_fields)
        .add(" ORDER BY u.sort_key, u.id")
        .all(app.db())
        .await?;
    let mut book = Book::new();
    let mut sheet = book.sheet(&text(language, "estate-template-sheet"), columns(language, &fields))?;
    for chunk in ids.chunks(CHUNK) {
        let list = || chunk.iter().map(|row| row.id);
        let mut rows: HashMap<UnitId, unit::Model> = Sql::new("SELECT * FROM unit WHERE community_id = ")
            .bind(community)
            .add(" AND id IN ")
            .list(list())
            .all::<unit::Model, _>(app.db())
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let mut places: HashMap<UnitId, Place> = Sql::new(
            "SELECT u.id, b.name AS building, e.name AS entrance FROM unit u \
             LEFT JOIN building b ON b.community_id = u.community_id AND b.id = u.building_id \
             LEFT JOIN entrance e ON e.community_id = u.community_id AND e.id = u.entrance_id WHERE u.community_id = ",
        )
        .bind(community)
        .add(" AND u.id IN ")
        .list(list())
        .all::<Place, _>(app.db())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
        let mut people = people(app, community, list()).await?;
        let mut vehicles = vehicles(app, community, list()).await?;
        let values: Values = custom::values(app.db(), community, &fields, list().map(|unit| unit.0)).await?;
        for id in list() {
            let (Some(row), Some(place)) = (rows.remove(&id), places.remove(&id)) else { continue };
            let mut household = Household::default();
            if who.may(Permission::ResidentsRead) {
                household.people = people.remove(&id).unwrap_or_default();
                household.vehicles = vehicles.remove(&id).unwrap_or_default();
            }
            for (person, vehicle) in household.rows() {
                let mut cells = cells(app, language, reveal, (&row, &place, person, vehicle))?;
                let own = values.get(&id.0).map_or(&[][..], Vec::as_slice);
                cells.extend(fields.iter().map(|field| field_cell(field, own, language)));
                sheet.row(cells)?;
            }
        }
    }
    sheet.finish(language)?;
    book.finish()
}

async fn people(app: &App, community: CommunityId, units: impl Iterator<Item = UnitId>) -> Answer<HashMap<UnitId, Vec<Person>>> {
    let rows: Vec<Person> = Sql::new(
        "SELECT o.id, o.unit_id, o.resident_id, o.role, o.from_day, o.to_day, r.name, r.gender, r.phone, r.id_number_sealed \
         FROM occupancy o JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id WHERE o.community_id = ",
    )
    .bind(community)
    .add(" AND o.unit_id IN ")
    .list(units)
    .all(app.db())
    .await?;
    let mut people: HashMap<UnitId, Vec<Person>> = HashMap::new();
    for row in rows {
        people.entry(row.unit_id).or_default().push(row);
    }
    for people in people.values_mut() {
        people.sort_by_key(|person| (person.to_day.is_some(), person.role, person.from_day, person.id));
    }
    Ok(people)
}

async fn vehicles(
    app: &App,
    community: CommunityId,
    units: impl Iterator<Item = UnitId>,
) -> Answer<HashMap<UnitId, Vec<Vehicle>>> {
    let rows: Vec<Vehicle> = Sql::new("SELECT unit_id, resident_id, plate, brand, colour FROM vehicle WHERE community_id = ")
        .bind(community)
        .add(" AND unit_id IN ")
        .list(units)
        .add(" ORDER BY plate")
        .all(app.db())
        .await?;
    let mut vehicles: HashMap<UnitId, Vec<Vehicle>> = HashMap::new();
    for row in rows {
        vehicles.entry(row.unit_id).or_default().push(row);
    }
    Ok(vehicles)
}

#[derive(Default)]
struct Household {
    people: Vec<Person>,
    vehicles: Vec<Vehicle>,
}

impl Household {
    /// A row per person with one of their vehicles; a row without a person for each vehicle beyond.
    fn rows(&self) -> Vec<(Option<&Person>, Option<&Vehicle>)> {
        let mut left: Vec<&Vehicle> = self.vehicles.iter().collect();
        let mut rows: Vec<(Option<&Person>, Option<&Vehicle>)> = Vec::new();
        for person in &self.people {
            let own = left.iter().position(|vehicle| vehicle.resident_id == Some(person.resident_id));
            rows.push((Some(person), own.map(|place| left.remove(place))));
        }
        rows.extend(left.into_iter().map(|vehicle| (None, Some(vehicle))));
        if rows.is_empty() {
            rows.push((None, None));
        }
        rows
    }
}

fn cells<'a>(
    app: &App,
    language: Language,
    reveal: bool,
    (unit, place, person, vehicle): (&'a unit::Model, &'a Place, Option<&'a Person>, Option<&'a Vehicle>),
) -> Result<Vec<Value<'a>>, Failure> {
    let facts = unit.facts()?;
    let word = |id: String| Value::from(text(language, &id));
    let sealed = person.filter(|_| reveal).and_then(|person| person.id_number_sealed.as_deref());
    let id_number = sealed.map(|sealed| app.secrets().open_sealed(sealed)).transpose()?;
    let mut values: Vec<Value<'a>> = Vec::with_capacity(COLUMNS.len());
    for column in COLUMNS {
        values.push(match column.key {
            "building" => place.building.as_deref().into(),
            "entrance" => place.entrance.as_deref().into(),
            "floor" => unit.floor.into(),
            "room" => unit.room.as_str().into(),
            "kind" => word(unit.kind.text_id()),
            "state" => word(unit.state.text_id()),
            "billed_area" => unit.billed_area.into(),
            "inner_area" => unit.inner_area.into(),
            "heads" => unit.heads.into(),
            "layout" => unit.layout.as_deref().into(),
            "decoration" => unit.decoration.map(|word| text(language, &word.text_id())).into(),
            "handed_over" => unit.handed_over.into(),
            "property_value" => unit.property_value_fen.into(),
            "lift" => facts.lift.map(|yes| text(language, if yes { "estate-yes" } else { "estate-no" })).into(),
            "business" => facts.business.clone().into(),
            "rent" => facts.rent_fen.into(),
            "lease_from" => facts.lease_from.into(),
            "lease_to" => facts.lease_to.into(),
            "place" => facts.place.clone().into(),
            "right" => facts.right.map(|word| text(language, &word.text_id())).into(),
            "remark" => facts.remark.clone().into(),
            "name" => person.map(|person| person.name.as_str()).into(),
            "gender" => person.and_then(|person| person.gender).map(|word| text(language, &word.text_id())).into(),
            "phone" => person.filter(|_| reveal).and_then(|person| person.phone.as_deref()).into(),
            "id_number" => id_number.clone().into(),
            "role" => person.map(|person| text(language, &person.role.text_id())).into(),
            "moved_in" => person.map(|person| person.from_day).into(),
            "moved_out" => person.and_then(|person| person.to_day).into(),
            "plate" => vehicle.map(|vehicle| vehicle.plate.as_str()).into(),
            "brand" => vehicle.map(|vehicle| vehicle.brand.as_str()).into(),
            "colour" => vehicle.map(|vehicle| vehicle.colour.as_str()).into(),
            _ => Value::Empty,
        });
    }
    Ok(values)
}
