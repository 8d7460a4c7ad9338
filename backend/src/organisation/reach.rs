//! How far an administrator's hand reaches. Whoever manages the organisation for all communities governs all of it; whoever
//! manages a part engages people for that part only, and hands out nothing that they do not have themselves.

use std::collections::BTreeSet;

use common::id::{DepartmentId, EmployeeId};
use common::organisation::api::SaveEmployee;
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{data_scope, department, employee};
use crate::{Answer, Buildings, Scope, Who};

/// What concerns everybody (departments, new communities) is for those who manage all communities.
pub(super) fn everywhere(who: &Who) -> Answer<()> {
    if who.scope.all { Ok(()) } else { Err(Problem::forbidden().into()) }
}

/// The employees that the caller sees: those of their own communities, and themselves.
pub(super) fn seen(who: &Who) -> Condition {
    if who.scope.all {
        return Condition::all();
    }
    let here = data_scope::Entity::find()
        .select_only()
        .column(data_scope::Column::EmployeeId)
        .filter(data_scope::Column::CommunityId.is_in(who.scope.communities.keys().copied()))
        .into_query();
    Condition::any()
        .add(employee::Column::Id.eq(who.employee))
        .add(Condition::all().add(employee::Column::AllCommunities.eq(false)).add(employee::Column::Id.in_subquery(here)))
}

/// Refuses to change somebody who may more than the caller does, or sees more.
pub(super) async fn may_change<C: ConnectionTrait>(db: &C, who: &Who, row: &employee::Model) -> Answer<()> {
    if who.scope.all {
        return Ok(());
    }
    let known = employee::Entity::find_by_id(row.id).filter(seen(who)).one(db).await?;
    known.ok_or_else(Problem::not_found)?;
    let inside = !row.all_communities && covers(&who.scope, &data_scope::of(db, row.id).await?);
    if inside && beyond(db, who, row.department_id).await?.is_none() { Ok(()) } else { Err(Problem::forbidden().into()) }
}

/// What of the request the caller can't hand out, by field.
pub(super) async fn too_much<C: ConnectionTrait>(db: &C, who: &Who, ask: &SaveEmployee) -> Answer<Vec<FieldProblem>> {
    if who.scope.all {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let wanted = data_scope::scope(
        ask.scopes
            .iter()
            .map(|part| data_scope::Model {
                id: Uuid::nil(),
                employee_id: EmployeeId(Uuid::nil()),
                community_id: part.community,
                building_id: part.building,
            })
            .collect(),
    );
    if ask.all_communities || !covers(&who.scope, &wanted) {
        problems.push(FieldProblem::new("scopes", "organisation.beyond_scope"));
    }
    if beyond(db, who, ask.department).await?.is_some() {
        problems.push(FieldProblem::new("department", "organisation.beyond_permissions"));
    }
    Ok(problems)
}

/// A permission of the department that the caller does not have.
async fn beyond<C: ConnectionTrait>(db: &C, who: &Who, id: DepartmentId) -> Answer<Option<Permission>> {
    let Some(row) = department::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let permissions: BTreeSet<Permission> = serde_json::from_str(&row.permissions)?;
    Ok(permissions.into_iter().find(|permission| !who.may(*permission)))
}

/// Whether everything in `part` is in `whole` as well.
fn covers(whole: &Scope, part: &Scope) -> bool {
    whole.all
        || !part.all
            && part.communities.iter().all(|(community, buildings)| match (whole.communities.get(community), buildings) {
                (Some(Buildings::All), _) => true,
                (Some(Buildings::Only(whole)), Buildings::Only(part)) => part.iter().all(|building| whole.contains(building)),
                (Some(Buildings::Only(_)), Buildings::All) | (None, _) => false,
            })
}
