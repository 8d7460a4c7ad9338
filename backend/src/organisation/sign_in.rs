//! Signing in and out, the first administrator, and one's own password.

use chrono::{DateTime, Utc};
use common::api::Done;
use common::id::{DepartmentId, EmployeeId};
use common::organisation::api::{
    ChangePassword, GetMe, GetStart, MakeFirstAdministrator, Me, MyCommunity, SignIn, SignOut, Start,
};
use common::permission::Permission;
use common::problem::Problem;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

use super::{community, department, employee, session, setting};
use crate::problem::OnTaken;
use crate::serve::Session;
use crate::{Answer, App, Buildings, Failure, Scope, Stranger, Who, Work, sign_in};

pub(super) async fn get_start(app: App, _: Stranger, _: GetStart) -> Answer<Start> {
    Ok(Start {
        needs_administrator: employee::Entity::find().count(app.db()).await? == 0,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: setting::read(app.db(), setting::DEMO).await?.is_some(),
    })
}

pub(super) async fn make_first_administrator(app: App, who: Stranger, ask: MakeFirstAdministrator) -> Answer<(Me, Session)> {
    app.throttle().admit("", &who.address)?;
    let password_hash = sign_in::hash_password(&app, ask.password).await?;
    let work = app.begin_as_system().await?;
    let id = first_administrator(&work, ask.account.trim(), ask.name.trim(), password_hash).await?;
    let token = sign_in::open_session(&work, id, &who).await?;
    let me = me(work.db(), id, work.at).await?;
    work.commit().await?;
    Ok((me, Session::Opened(token)))
}

/// Makes the first employee, in a department that may do everything; refused when there is anyone already.
pub async fn first_administrator(work: &Work, account: &str, name: &str, password_hash: String) -> Answer<EmployeeId> {
    if work.is_postgres() {
        // Two first visitors at once: the second waits, and finds the first.
        work.db().execute_unprepared("LOCK TABLE employee IN EXCLUSIVE MODE").await?;
    }
    if employee::Entity::find().count(work.db()).await? > 0 {
        return Err(Problem::conflict("organisation.has_administrator", "There is an administrator already").into());
    }
    let department = DepartmentId(Uuid::now_v7());
    let row = department::ActiveModel {
        id: Set(department),
        name: Set("系统管理".to_owned()),
        permissions: Set(serde_json::to_string(Permission::ALL)?),
        created_at: Set(work.at),
    };
    department::Entity::insert(row).exec_without_returning(work.db()).await?;
    let id = EmployeeId(Uuid::now_v7());
    let row = employee::ActiveModel {
        id: Set(id),
        department_id: Set(department),
        account: Set(account.to_owned()),
        name: Set(name.to_owned()),
        phone: Set(None),
        password_hash: Set(password_hash),
        may_desk: Set(true),
        may_phone: Set(true),
        active: Set(true),
        all_communities: Set(true),
        created_at: Set(work.at),
    };
    employee::Entity::insert(row).exec_without_returning(work.db()).await.on_taken(|| Problem::field("account", "taken"))?;
    work.record(None, "organisation.first_administrator", id.0, None::<&()>, Some(&json!({"account": account}))).await?;
    Ok(id)
}

pub(super) async fn sign_in(app: App, who: Stranger, ask: SignIn) -> Answer<(Me, Session)> {
    let account = ask.account.trim();
    app.throttle().admit(account, &who.address)?;
    let found = employee::Entity::find()
        .filter(employee::Column::Account.eq(account).or(employee::Column::Phone.eq(account)))
        .all(app.db())
        .await?;
    // A phone number that two people share signs nobody in.
    let found = match <[employee::Model; 1]>::try_from(found) {
        Ok([employee]) if employee.may_sign_in() => Some(employee),
        _ => None,
    };
    let hash = found.as_ref().map(|employee| employee.password_hash.clone());
    let right = sign_in::verify_password(&app, ask.password, hash).await?;
    let Some(employee) = found.filter(|_| right) else {
        return Err(Problem::new(401, "organisation.sign_in_refused", "The account or the password is wrong").into());
    };
    let work = app.begin_as_system().await?;
    let token = sign_in::open_session(&work, employee.id, &who).await?;
    work.record(None, "organisation.sign_in", employee.id.0, None::<&()>, Some(&json!({"address": who.address}))).await?;
    let me = me(work.db(), employee.id, work.at).await?;
    work.commit().await?;
    Ok((me, if ask.remember { Session::Opened(token) } else { Session::OpenedUntilClosed(token) }))
}

pub(super) async fn sign_out(app: App, who: Who, _: SignOut) -> Answer<(Done, Session)> {
    let work = app.begin(&who).await?;
    session::Entity::delete_by_id(who.session).exec(work.db()).await?;
    work.commit().await?;
    Ok((Done {}, Session::Closed))
}

pub(super) async fn get_me(app: App, who: Who, _: GetMe) -> Answer<Me> {
    me(app.db(), who.employee, app.now()).await
}

async fn me<C: ConnectionTrait>(db: &C, id: EmployeeId, now: DateTime<Utc>) -> Answer<Me> {
    let employee = employee::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::unauthorized)?;
    let department = department::Entity::find_by_id(employee.department_id)
        .one(db)
        .await?
        .ok_or_else(|| Failure::broken("an employee without a department"))?;
    let scope = if employee.all_communities { Scope::everything() } else { super::data_scope::of(db, id).await? };
    let communities = community::within(db, &scope).await?;
    Ok(Me {
        id: employee.id,
        name: employee.name,
        account: employee.account,
        department: department.name,
        permissions: serde_json::from_str(&department.permissions)?,
        communities: communities.into_iter().map(|row| my_community(row, &scope)).collect(),
        now,
    })
}

fn my_community(row: community::Model, scope: &Scope) -> MyCommunity {
    let whole = matches!(scope.buildings(row.id), Buildings::All);
    MyCommunity { id: row.id, code: row.code, name: row.name, utc_offset_minutes: row.utc_offset_minutes, whole }
}

pub(super) async fn change_password(app: App, who: Who, ask: ChangePassword) -> Answer<Done> {
    let employee = employee::Entity::find_by_id(who.employee).one(app.db()).await?.ok_or_else(Problem::unauthorized)?;
    app.throttle().admit(&employee.account, &format!("password of {}", employee.account))?;
    if !sign_in::verify_password(&app, ask.current, Some(employee.password_hash)).await? {
        return Err(Problem::field("current", "organisation.wrong_password").into());
    }
    let password_hash = sign_in::hash_password(&app, ask.new).await?;
    let work = app.begin(&who).await?;
    employee::ActiveModel { id: Set(who.employee), password_hash: Set(password_hash), ..Default::default() }
        .update(work.db())
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::EmployeeId.eq(who.employee))
        .filter(session::Column::TokenHash.ne(who.session))
        .exec(work.db())
        .await?;
    work.record(None, "organisation.change_password", who.employee.0, None::<&()>, None::<&()>).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Opens a session without a password: for the command line and tests, which have the database in hand anyway.
pub async fn session_for(work: &Work, employee: EmployeeId) -> Answer<String> {
    let here = Stranger { address: "here".to_owned(), agent: String::new(), request_id: String::new() };
    sign_in::open_session(work, employee, &here).await
}
