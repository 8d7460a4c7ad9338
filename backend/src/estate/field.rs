//! Custom fields: what a community has defined, and changing it.

use common::api::Done;
use common::estate::api::{ListFields, OrderFields, SaveField};
use common::estate::field::{CustomField, FieldKind, FieldOf};
use common::estate::import::is_own_header;
use common::id::{CommunityId, FieldId};
use common::problem::{FieldProblem, Problem, list};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::named::who_names;
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    id: FieldId,
    subject: FieldOf,
    name: String,
    kind: FieldKind,
    unit_kinds: String,
    choices: String,
    in_lists: bool,
    active: bool,
}

impl Row {
    fn field(self) -> Answer<CustomField> {
        Ok(CustomField {
            unit_kinds: serde_json::from_str(&self.unit_kinds)?,
            choices: serde_json::from_str(&self.choices)?,
            field: self.id,
            of: self.subject,
            name: self.name,
            kind: self.kind,
            in_lists: self.in_lists,
            active: self.active,
        })
    }
}

/// All fields of a community in their order, those that are switched off too.
pub(super) async fn all<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<CustomField>> {
    let rows: Vec<Row> = Sql::new("SELECT id, subject, name, kind, unit_kinds, choices, in_lists, active FROM custom_field")
        .push(" WHERE community_id = ? ORDER BY sort, id", [community.into()])
        .all(db)
        .await?;
    rows.into_iter().map(Row::field).collect()
}

/// The fields that are asked for, of units or of residents.
pub async fn fields<C: ConnectionTrait>(db: &C, community: CommunityId, of: FieldOf) -> Answer<Vec<CustomField>> {
    Ok(all(db, community).await?.into_iter().filter(|field| field.of == of && field.active).collect())
}

/// The number fields of units: what formulas may speak of. A run also knows those that are switched off.
pub async fn number_fields<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<CustomField>> {
    Ok(all(db, community).await?.into_iter().filter(CustomField::is_for_formulas).collect())
}

/// The names of the number fields that new formulas may speak of.
pub async fn formula_names<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<String>> {
    let fields = number_fields(db, community).await?;
    Ok(fields.into_iter().filter(|field| field.active).map(|field| field.name).collect())
}

pub(super) async fn list_fields(app: App, _: Who, ask: ListFields) -> Answer<Vec<CustomField>> {
    let fields = all(app.db(), ask.community).await?;
    Ok(fields.into_iter().filter(|field| ask.of.is_none_or(|of| field.of == of)).collect())
}

pub(super) async fn save_field(app: App, who: Who, ask: SaveField) -> Answer<Done> {
    let community = ask.community;
    let after = ask.defined();
    if after.of == FieldOf::Unit && is_own_header(&after.name) {
        return Err(Problem::field("name", "estate.field_name_of_columns").into());
    }
    let work = app.begin(&who).await?;
    let before = all(work.db(), community).await?.into_iter().find(|field| field.field == ask.field);
    if let Some(before) = &before {
        allow(&work, community, before, &after).await?;
    }
    Sql::new("INSERT INTO custom_field (community_id, id, subject, name, kind, unit_kinds, choices, in_lists, active, created_at, sort)")
        .push(" SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,", [
            community.into(),
            after.field.into(),
            after.of.code().into(),
            after.name.clone().into(),
            after.kind.code().into(),
            serde_json::to_string(&after.unit_kinds)?.into(),
            serde_json::to_string(&after.choices)?.into(),
            after.in_lists.into(),
            after.active.into(),
            work.at.into(),
        ])
        .push(" CAST(COALESCE(MAX(sort), 0) + 1 AS integer) FROM custom_field WHERE community_id = ?", [community.into()])
        .add(" ON CONFLICT (community_id, id) DO UPDATE SET name = excluded.name, kind = excluded.kind,")
        .add(" unit_kinds = excluded.unit_kinds, choices = excluded.choices, in_lists = excluded.in_lists, active = excluded.active")
        .run(work.db())
        .await
        .on_taken(|| Problem::field("name", "taken"))?;
    work.record(Some(community), "estate.save_field", ask.field.0, before.as_ref(), Some(&after)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Refuses what would take a meaning away from values or formulas that are there.
async fn allow(work: &Work, community: CommunityId, before: &CustomField, after: &CustomField) -> Answer<()> {
    if before.of != after.of {
        return Err(Problem::field("of", "estate.field_of_fixed").into());
    }
    if before.kind != after.kind {
        let values = Sql::new("SELECT COUNT(*) AS number FROM custom_value")
            .push(" WHERE community_id = ? AND field_id = ?", [community.into(), before.field.into()])
            .number(work.db())
            .await?;
        if values > 0 {
            let problem = FieldProblem::new("kind", "estate.field_kind_fixed").with("count", values);
            return Err(Problem::invalid(vec![problem]).into());
        }
    }
    let gone = before.choices.iter().filter(|choice| !after.choices.contains(choice)).cloned();
    if let Some(used) = first_used(work, community, before.field, gone.collect()).await? {
        let problem = FieldProblem::new("choices", "estate.field_choice_used").with("choice", used.text);
        return Err(Problem::invalid(vec![problem.with("count", used.number)]).into());
    }
    let taken_away = before.name != after.name || before.kind != after.kind || !after.active;
    if before.is_for_formulas() && taken_away {
        let tariffs = who_names(work, community, &before.name).await?;
        if !tariffs.is_empty() {
            let problem = Problem::conflict("estate.field_in_formula", "A tariff's formula names this field");
            return Err(problem.with("field", &before.name).with("tariffs", list(&tariffs)).into());
        }
    }
    Ok(())
}

/// A choice that somebody made, and how often.
#[derive(FromQueryResult)]
struct Used {
    text: String,
    number: i64,
}

/// The first of these choices that was made somewhere.
async fn first_used(work: &Work, community: CommunityId, field: FieldId, choices: Vec<String>) -> Answer<Option<Used>> {
    Sql::new("SELECT v.text, COUNT(*) AS number FROM custom_value v")
        .push(" WHERE v.community_id = ? AND v.field_id = ? AND v.text IN ", [community.into(), field.into()])
        .list(choices)
        .add(" GROUP BY v.text ORDER BY v.text LIMIT 1")
        .one(work.db())
        .await
}

pub(super) async fn order_fields(app: App, who: Who, ask: OrderFields) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let known = all(work.db(), ask.community).await?;
    if let Some(unknown) = ask.fields.iter().find(|id| !known.iter().any(|field| field.field == **id)) {
        return Err(Problem::not_found().with("field", unknown).into());
    }
    let named = ask.fields.iter().copied();
    let rest = known.iter().map(|field| field.field).filter(|field| !ask.fields.contains(field));
    let mut sql = Sql::new("UPDATE custom_field SET sort = CASE id");
    for (place, field) in (1_i32..).zip(named.chain(rest)) {
        sql = sql.push(" WHEN ? THEN CAST(? AS integer)", [field.into(), place.into()]);
    }
    if !known.is_empty() {
        sql.push(" ELSE sort END WHERE community_id = ?", [ask.community.into()]).run(work.db()).await?;
    }
    work.record(Some(ask.community), "estate.order_fields", ask.community.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
