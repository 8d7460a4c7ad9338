//! Communities, departments and employees: listing and changing them.

use std::collections::BTreeMap;

use common::api::{Done, Listing, Page, Paging};
use common::id::{CommunityId, DepartmentId, EmployeeId};
use common::organisation::api::{
    CommunityRow, DepartmentRow, EmployeeDetail, EmployeeRow, GetEmployee, ListCommunities, ListDepartments, ListEmployees,
    RemoveDepartment, SaveCommunity, SaveDepartment, SaveEmployee, Scope as ScopePart,
};
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, LikeExpr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, Statement,
};
use uuid::Uuid;

use super::{community, data_scope, department, employee, reach, session};
use crate::problem::OnTaken;
use crate::sql::beginning;
use crate::{Answer, App, Who, Work, sign_in};

pub(super) async fn list_communities(app: App, who: Who, _: ListCommunities) -> Answer<Vec<CommunityRow>> {
    #[derive(FromQueryResult)]
    struct Size {
        community_id: CommunityId,
        units: i64,
    }
    let sizes = Statement::from_string(
        app.db().get_database_backend(),
        "SELECT community_id, COUNT(*) AS units FROM unit GROUP BY community_id",
    );
    let sizes: BTreeMap<CommunityId, i64> =
        Size::find_by_statement(sizes).all(app.db()).await?.into_iter().map(|size| (size.community_id, size.units)).collect();
    let rows = community::within(app.db(), &who.scope).await?;
    Ok(rows
        .into_iter()
        .map(|row| CommunityRow {
            units: sizes.get(&row.id).map_or(0, |units| units.unsigned_abs()),
            id: row.id,
            code: row.code,
            name: row.name,
            address: row.address,
        })
        .collect())
}

pub(super) async fn save_community(app: App, who: Who, ask: SaveCommunity) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let before = community::Entity::find_by_id(ask.id).one(work.db()).await?;
    match &before {
        Some(_) => who.scope.allow(ask.id, None)?,
        None => reach::everywhere(&who)?,
    }
    for (column, field, value) in [(community::Column::Code, "code", &ask.code), (community::Column::Name, "name", &ask.name)] {
        let taken = community::Entity::find()
            .filter(column.eq(value.trim()))
            .filter(community::Column::Id.ne(ask.id))
            .count(work.db())
            .await?;
        if taken > 0 {
            return Err(Problem::field(field, "taken").into());
        }
    }
    let row = community::ActiveModel {
        id: Set(ask.id),
        code: Set(ask.code.trim().to_owned()),
        name: Set(ask.name.trim().to_owned()),
        address: Set(ask.address.trim().to_owned()),
        utc_offset_minutes: Set(before.as_ref().map_or(480, |before| before.utc_offset_minutes)),
        created_at: Set(before.as_ref().map_or(work.at, |before| before.created_at)),
    };
    let over = OnConflict::column(community::Column::Id)
        .update_columns([community::Column::Code, community::Column::Name, community::Column::Address])
        .to_owned();
    community::Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(work.db())
        .await
        .on_taken(|| Problem::field("name", "taken"))?;
    let before =
        before.map(|before| SaveCommunity { id: before.id, code: before.code, name: before.name, address: before.address });
    work.record(Some(ask.id), "organisation.save_community", ask.id.0, before.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn list_departments(app: App, _: Who, _: ListDepartments) -> Answer<Vec<DepartmentRow>> {
    let people = people(app.db()).await?;
    let rows = department::Entity::find().order_by_asc(department::Column::CreatedAt).all(app.db()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(DepartmentRow {
                employees: people.get(&row.id).copied().unwrap_or(0),
                permissions: serde_json::from_str(&row.permissions)?,
                id: row.id,
                name: row.name,
            })
        })
        .collect()
}

async fn people<C: ConnectionTrait>(db: &C) -> Answer<BTreeMap<DepartmentId, u64>> {
    let rows: Vec<(DepartmentId, i64)> = employee::Entity::find()
        .select_only()
        .column(employee::Column::DepartmentId)
        .column_as(employee::Column::Id.count(), "employees")
        .group_by(employee::Column::DepartmentId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(department, employees)| (department, employees.unsigned_abs())).collect())
}

pub(super) async fn save_department(app: App, who: Who, ask: SaveDepartment) -> Answer<Done> {
    reach::everywhere(&who)?;
    let work = app.begin(&who).await?;
    one_at_a_time(&work).await?;
    let before = department::Entity::find_by_id(ask.id).one(work.db()).await?;
    let row = department::ActiveModel {
        id: Set(ask.id),
        name: Set(ask.name.trim().to_owned()),
        permissions: Set(serde_json::to_string(&ask.permissions)?),
        created_at: Set(before.as_ref().map_or(work.at, |before| before.created_at)),
    };
    let taken = department::Entity::find()
        .filter(department::Column::Name.eq(ask.name.trim()))
        .filter(department::Column::Id.ne(ask.id))
        .count(work.db())
        .await?;
    if taken > 0 {
        return Err(Problem::field("name", "taken").into());
    }
    let over = OnConflict::column(department::Column::Id)
        .update_columns([department::Column::Name, department::Column::Permissions])
        .to_owned();
    department::Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(work.db())
        .await
        .on_taken(|| Problem::field("name", "taken"))?;
    keep_an_administrator(&work).await?;
    work.record(None, "organisation.save_department", ask.id.0, before.map(|before| before.permissions).as_ref(), Some(&ask))
        .await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn remove_department(app: App, who: Who, ask: RemoveDepartment) -> Answer<Done> {
    reach::everywhere(&who)?;
    let work = app.begin(&who).await?;
    one_at_a_time(&work).await?;
    let employees = people(work.db()).await?.get(&ask.department).copied().unwrap_or(0);
    if employees > 0 {
        return Err(Problem::conflict("organisation.has_people", "People are still in the department")
            .with("count", employees)
            .into());
    }
    let removed = department::Entity::delete_by_id(ask.department).exec(work.db()).await?;
    if removed.rows_affected == 0 {
        return Err(Problem::not_found().into());
    }
    work.record(None, "organisation.remove_department", ask.department.0, None::<&()>, None::<&()>).await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn list_employees(app: App, who: Who, ask: ListEmployees) -> Answer<Page<EmployeeRow>> {
    employees(&app, &who, &ask, &ask.paging()).await
}

/// One page of them, of any length.
pub(super) async fn employees(app: &App, who: &Who, ask: &ListEmployees, paging: &Paging) -> Answer<Page<EmployeeRow>> {
    let mut query = employee::Entity::find().filter(reach::seen(who));
    if let Some(search) = ask.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
        let part = format!("%{}", beginning(&search.to_lowercase()));
        let any = [employee::Column::Name, employee::Column::Account].into_iter().fold(Condition::any(), |any, column| {
            any.add(Expr::expr(Func::lower(Expr::col(column))).like(LikeExpr::new(part.clone()).escape('\\')))
        });
        // A number is found whole only: digit by digit it could be read off.
        query = query.filter(any.add(employee::Column::Phone.eq(search)));
    }
    if let Some(department) = ask.department {
        query = query.filter(employee::Column::DepartmentId.eq(department));
    }
    if let Some(active) = ask.active {
        query = query.filter(employee::Column::Active.eq(active));
    }
    let total = query.clone().count(app.db()).await?;
    let (column, descending) = paging.order().unwrap_or(("account", false));
    let column = match column {
        "name" => employee::Column::Name,
        "department" => employee::Column::DepartmentId,
        _ => employee::Column::Account,
    };
    let rows = query
        .order_by(column, if descending { Order::Desc } else { Order::Asc })
        .order_by_asc(employee::Column::Id)
        .offset(paging.offset())
        .limit(u64::from(paging.size))
        .all(app.db())
        .await?;
    let departments: BTreeMap<DepartmentId, String> =
        department::Entity::find().all(app.db()).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let communities: Vec<(EmployeeId, i64)> = data_scope::Entity::find()
        .select_only()
        .column(data_scope::Column::EmployeeId)
        .expr_as(Func::count_distinct(Expr::col(data_scope::Column::CommunityId)).cast_as(Alias::new("bigint")), "communities")
        .filter(data_scope::Column::EmployeeId.is_in(rows.iter().map(|row| row.id)))
        .group_by(data_scope::Column::EmployeeId)
        .into_tuple()
        .all(app.db())
        .await?;
    let communities: BTreeMap<EmployeeId, i64> = communities.into_iter().collect();
    let rows: Vec<EmployeeRow> = rows
        .into_iter()
        .map(|row| EmployeeRow {
            department: departments.get(&row.department_id).cloned().unwrap_or_default(),
            communities: communities.get(&row.id).and_then(|count| u32::try_from(*count).ok()).unwrap_or(0),
            id: row.id,
            account: row.account,
            name: row.name,
            phone: row.phone.map(|phone| common::person::mask(&phone, 3, 4)),
            all_communities: row.all_communities,
            active: row.active,
        })
        .collect();
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

/// One employee with the phone number as it is, for whoever may change it; that look is recorded.
pub(super) async fn get_employee(app: App, who: Who, ask: GetEmployee) -> Answer<EmployeeDetail> {
    let row = employee::Entity::find_by_id(ask.employee).filter(reach::seen(&who)).one(app.db()).await?;
    let mut row = row.ok_or_else(Problem::not_found)?;
    if row.phone.is_some() && row.id != who.employee {
        if who.may(Permission::OrganisationWrite) && reach::may_change(app.db(), &who, &row).await.is_ok() {
            let work = app.begin(&who).await?;
            work.record(None, "organisation.reveal", row.id.0, None::<&()>, None::<&()>).await?;
            work.commit().await?;
        } else {
            row.phone = row.phone.map(|phone| common::person::mask(&phone, 3, 4));
        }
    }
    let scopes = data_scope::Entity::find().filter(data_scope::Column::EmployeeId.eq(row.id)).all(app.db()).await?;
    Ok(EmployeeDetail {
        id: row.id,
        account: row.account,
        name: row.name,
        phone: row.phone,
        department: row.department_id,
        may_desk: row.may_desk,
        may_phone: row.may_phone,
        active: row.active,
        all_communities: row.all_communities,
        scopes: scopes
            .into_iter()
            .map(|scope| ScopePart { community: scope.community_id, building: scope.building_id })
            .collect(),
    })
}

pub(super) async fn save_employee(app: App, who: Who, ask: SaveEmployee) -> Answer<Done> {
    let password_hash = match ask.password.clone().filter(|password| !password.is_empty()) {
        Some(password) => Some(sign_in::hash_password(&app, password).await?),
        None => None,
    };
    let work = app.begin(&who).await?;
    one_at_a_time(&work).await?;
    let before = employee::Entity::find_by_id(ask.id).one(work.db()).await?;
    if let Some(before) = &before {
        reach::may_change(work.db(), &who, before).await?;
    }
    let password_hash = match (password_hash, &before) {
        (Some(hash), _) => hash,
        (None, Some(before)) => before.password_hash.clone(),
        (None, None) => return Err(Problem::field("password", "required").into()),
    };
    check_employee(&work, &who, &ask).await?;
    let changed_password = before.as_ref().is_some_and(|before| before.password_hash != password_hash);
    let row = employee::ActiveModel {
        id: Set(ask.id),
        department_id: Set(ask.department),
        account: Set(ask.account.trim().to_owned()),
        name: Set(ask.name.trim().to_owned()),
        phone: Set(ask.phone.clone().filter(|phone| !phone.trim().is_empty())),
        password_hash: Set(password_hash),
        may_desk: Set(ask.may_desk),
        may_phone: Set(ask.may_phone),
        active: Set(ask.active),
        all_communities: Set(ask.all_communities),
        created_at: Set(before.as_ref().map_or(work.at, |before| before.created_at)),
    };
    let over = OnConflict::column(employee::Column::Id)
        .update_columns([
            employee::Column::DepartmentId,
            employee::Column::Account,
            employee::Column::Name,
            employee::Column::Phone,
            employee::Column::PasswordHash,
            employee::Column::MayDesk,
            employee::Column::MayPhone,
            employee::Column::Active,
            employee::Column::AllCommunities,
        ])
        .to_owned();
    employee::Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(work.db())
        .await
        .on_taken(|| Problem::field("account", "taken"))?;
    data_scope::Entity::delete_many().filter(data_scope::Column::EmployeeId.eq(ask.id)).exec(work.db()).await?;
    if !ask.all_communities {
        let rows = ask.scopes.iter().map(|scope| data_scope::ActiveModel {
            id: Set(Uuid::now_v7()),
            employee_id: Set(ask.id),
            community_id: Set(scope.community),
            building_id: Set(scope.building),
        });
        data_scope::Entity::insert_many(rows).exec_without_returning(work.db()).await?;
    }
    if !ask.active || changed_password || !(ask.may_desk || ask.may_phone) {
        session::Entity::delete_many().filter(session::Column::EmployeeId.eq(ask.id)).exec(work.db()).await?;
    }
    keep_an_administrator(&work).await?;
    let phone = ask.phone.as_deref().map(|phone| common::person::mask(phone, 3, 4));
    let after = SaveEmployee { password: None, phone, ..ask.clone() };
    let before = before.map(|before| serde_json::json!({"account": before.account, "name": before.name, "active": before.active, "department": before.department_id}));
    work.record(None, "organisation.save_employee", ask.id.0, before.as_ref(), Some(&after)).await?;
    work.commit().await?;
    Ok(Done {})
}

async fn check_employee(work: &Work, who: &Who, ask: &SaveEmployee) -> Answer<()> {
    let mut problems = reach::too_much(work.db(), who, ask).await?;
    if department::Entity::find_by_id(ask.department).count(work.db()).await? == 0 {
        problems.push(FieldProblem::new("department", "not_found"));
    }
    let others = employee::Entity::find().filter(employee::Column::Id.ne(ask.id));
    if others.filter(employee::Column::Account.eq(ask.account.trim())).count(work.db()).await? > 0 {
        problems.push(FieldProblem::new("account", "taken"));
    }
    let wanted: std::collections::BTreeSet<CommunityId> = ask.scopes.iter().map(|scope| scope.community).collect();
    let known = community::Entity::find().filter(community::Column::Id.is_in(wanted.iter().copied())).count(work.db()).await?;
    if known != u64::try_from(wanted.len()).unwrap_or(0) {
        problems.push(FieldProblem::new("scopes", "not_found"));
    }
    if problems.is_empty() { Ok(()) } else { Err(Problem::invalid(problems).into()) }
}

/// One change of who may do what at a time: two administrators who dismiss each other at once must not both succeed.
async fn one_at_a_time(work: &Work) -> Answer<()> {
    if work.is_postgres() {
        work.db().execute_unprepared("LOCK TABLE department IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Refuses a change after which nobody who is active could manage the organisation.
async fn keep_an_administrator(work: &Work) -> Answer<()> {
    let administrators: Vec<DepartmentId> = department::Entity::find()
        .filter(department::Column::Permissions.contains(format!("\"{}\"", Permission::OrganisationWrite.code())))
        .all(work.db())
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let left = employee::Entity::find()
        .filter(employee::Column::Active.eq(true))
        .filter(employee::Column::AllCommunities.eq(true))
        .filter(employee::Column::DepartmentId.is_in(administrators))
        .count(work.db())
        .await?;
    if left == 0 {
        return Err(
            Problem::conflict("organisation.last_administrator", "Somebody must be left who may manage the system").into()
        );
    }
    Ok(())
}
