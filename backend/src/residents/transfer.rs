//! Moving in, moving out, and handing a unit over; the past stays as it was.

use common::api::Done;
use common::id::{CommunityId, OccupancyId, UnitId};
use common::problem::{FieldProblem, Problem};
use common::residents::Role;
use common::residents::api::{MoveIn, MoveOut, TenantsStay, Transfer};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use super::{occupancy, resident, vehicle};
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, estate};

pub(super) async fn move_in(app: App, who: Who, ask: MoveIn) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    estate::unit::seen(work.db(), &who, community, ask.unit).await?;
    if let Made::Before(done) = work.make(community, ask.occupancy.0, &ask).await? {
        return Ok(done);
    }
    hold(&work, community, ask.unit).await?;
    let resident = ask.resident.ok_or_else(|| Problem::field("resident", "required"))?;
    resident::Entity::find_by_id((community, resident))
        .one(work.db())
        .await?
        .ok_or_else(|| Problem::field("resident", "not_found"))?;
    let there = occupancy::Entity::find()
        .filter(occupancy::Column::CommunityId.eq(community))
        .filter(occupancy::Column::UnitId.eq(ask.unit))
        .filter(occupancy::Column::ResidentId.eq(resident))
        .filter(occupancy::Column::Role.eq(ask.role))
        .filter(Condition::any().add(occupancy::Column::ToDay.is_null()).add(occupancy::Column::ToDay.gt(ask.from_day)))
        .one(work.db())
        .await?;
    if let Some(there) = there {
        let problem = FieldProblem::new("resident", "residents.already_there").with("from", there.from_day);
        return Err(Problem::invalid(vec![problem]).into());
    }
    let row = occupancy::ActiveModel {
        community_id: Set(community),
        id: Set(ask.occupancy),
        unit_id: Set(ask.unit),
        resident_id: Set(resident),
        role: Set(ask.role),
        from_day: Set(ask.from_day),
        to_day: Set(ask.to_day),
    };
    occupancy::Entity::insert(row).exec_without_returning(work.db()).await?;
    work.record(Some(community), "residents.move_in", ask.unit.0, None::<&()>, Some(&ask)).await?;
    work.made(community, ask.occupancy.0, &Done {}).await?;
    work.commit().await?;
    Ok(Done {})
}

/// One change of who lives in a unit at a time: a second hand-over finds the owners of the first.
async fn hold(work: &Work, community: CommunityId, unit: UnitId) -> Answer<()> {
    if work.is_postgres() {
        Sql::new("SELECT id FROM unit")
            .push(" WHERE community_id = ? AND id = ? FOR NO KEY UPDATE", [community.into(), unit.into()])
            .run(work.db())
            .await?;
    }
    Ok(())
}

pub(super) async fn move_out(app: App, who: Who, ask: MoveOut) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    let row = occupancy::Entity::find_by_id((community, ask.occupancy)).one(work.db()).await?.ok_or_else(Problem::not_found)?;
    estate::unit::seen(work.db(), &who, community, row.unit_id).await?;
    if ask.to_day <= row.from_day {
        let problem = FieldProblem::new("to_day", "residents.ended_before_start").with("from", row.from_day);
        return Err(Problem::invalid(vec![problem]).into());
    }
    let unit = row.unit_id;
    work.record(Some(community), "residents.move_out", unit.0, Some(&row.to_day), Some(&ask)).await?;
    let mut row = row.into_active_model();
    row.to_day = Set(Some(ask.to_day));
    row.update(work.db()).await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn transfer(app: App, who: Who, ask: Transfer) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    estate::unit::seen(work.db(), &who, community, ask.unit).await?;
    hold(&work, community, ask.unit).await?;
    let known = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(community))
        .filter(resident::Column::Id.is_in(ask.owners.iter().copied()))
        .all(work.db())
        .await?;
    if let Some(stranger) = ask.owners.iter().position(|owner| !known.iter().any(|row| row.id == *owner)) {
        return Err(Problem::field(&format!("owners.{stranger}"), "not_found").into());
    }
    let present = present(work.db(), community, ask.unit, &ask).await?;
    let stays = |row: &occupancy::Model| match row.role {
        Role::Owner => ask.owners.contains(&row.resident_id),
        Role::Family => false,
        Role::Tenant => ask.tenants == TenantsStay::Stay,
    };
    let leaving: Vec<&occupancy::Model> = present.iter().filter(|row| !stays(row)).collect();
    if let Some(late) = leaving.iter().find(|row| row.from_day >= ask.day) {
        let problem = FieldProblem::new("day", "residents.transfer_before_start").with("from", late.from_day);
        return Err(Problem::invalid(vec![problem]).into());
    }
    occupancy::Entity::update_many()
        .col_expr(occupancy::Column::ToDay, sea_orm::sea_query::Expr::value(ask.day))
        .filter(occupancy::Column::CommunityId.eq(community))
        .filter(occupancy::Column::Id.is_in(leaving.iter().map(|row| row.id)))
        .exec(work.db())
        .await?;
    // Cars leave with their people.
    vehicle::Entity::update_many()
        .col_expr(vehicle::Column::UnitId, sea_orm::sea_query::Expr::value(None::<Uuid>))
        .filter(vehicle::Column::CommunityId.eq(community))
        .filter(vehicle::Column::UnitId.eq(ask.unit))
        .filter(vehicle::Column::ResidentId.is_in(leaving.iter().map(|row| row.resident_id)))
        .exec(work.db())
        .await?;
    let owns = |owner| present.iter().any(|row| row.role == Role::Owner && row.resident_id == owner);
    let rows: Vec<occupancy::ActiveModel> = ask
        .owners
        .iter()
        .filter(|owner| !owns(**owner))
        .map(|owner| occupancy::ActiveModel {
            community_id: Set(community),
            id: Set(OccupancyId(Uuid::now_v7())),
            unit_id: Set(ask.unit),
            resident_id: Set(*owner),
            role: Set(Role::Owner),
            from_day: Set(ask.day),
            to_day: Set(None),
        })
        .collect();
    if !rows.is_empty() {
        occupancy::Entity::insert_many(rows).exec_without_returning(work.db()).await?;
    }
    let before: Vec<_> = leaving.iter().map(|row| (row.resident_id, row.role)).collect();
    work.record(Some(community), "residents.transfer", ask.unit.0, Some(&before), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Who is there on the day of the transfer or comes later.
async fn present<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    unit: UnitId,
    ask: &Transfer,
) -> Answer<Vec<occupancy::Model>> {
    Ok(occupancy::Entity::find()
        .filter(occupancy::Column::CommunityId.eq(community))
        .filter(occupancy::Column::UnitId.eq(unit))
        .filter(Condition::any().add(occupancy::Column::ToDay.is_null()).add(occupancy::Column::ToDay.gt(ask.day)))
        .all(db)
        .await?)
}
