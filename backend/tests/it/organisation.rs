//! Signing in and out, the first administrator, departments, employees and their data scope.

use axum::http::StatusCode;
use common::api::Method;
use common::id::{DepartmentId, EmployeeId};
use common::organisation::api::{
    ChangePassword, GetEmployee, GetMe, GetStart, ListCommunities, ListDepartments, ListEmployees, MakeFirstAdministrator,
    RemoveDepartment, SaveDepartment, SaveEmployee, Scope, SignIn, SignOut,
};
use common::permission::Permission;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use crate::support::Anju;

fn first() -> MakeFirstAdministrator {
    MakeFirstAdministrator { account: "admin".to_owned(), name: "周敏".to_owned(), password: "correct horse".to_owned() }
}

fn sign_in(password: &str) -> SignIn {
    SignIn { account: "admin".to_owned(), password: password.to_owned(), remember: false }
}

#[tokio::test]
async fn the_first_visitor_becomes_the_administrator_and_the_second_does_not() {
    let anju = Anju::start().await;
    let visitor = anju.stranger();
    assert!(visitor.does(GetStart {}).await.needs_administrator);
    visitor
        .is_refused_with(MakeFirstAdministrator { password: "short".to_owned(), ..first() }, "organisation.password_short")
        .await;
    let me = visitor.does(first()).await;
    assert_eq!(me.permissions, Permission::ALL);
    assert!(!visitor.does(GetStart {}).await.needs_administrator);
    visitor.is_refused_with(first(), "organisation.has_administrator").await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_refused_alike() {
    let anju = Anju::start().await;
    let visitor = anju.stranger();
    visitor.does(first()).await;
    let wrong = visitor.is_refused_with(sign_in("wrong"), "organisation.sign_in_refused").await;
    let unknown = visitor.is_refused(SignIn { account: "nobody".to_owned(), ..sign_in("wrong") }).await;
    assert_eq!((wrong.status, wrong.code, wrong.title), (unknown.status, unknown.code, unknown.title));
    assert_eq!(visitor.does(sign_in("correct horse")).await.name, "周敏");
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let anju = Anju::start().await;
    let visitor = anju.stranger();
    visitor.does(first()).await;
    let mut refusals = Vec::new();
    for _ in 0..12 {
        refusals.push(visitor.is_refused(sign_in("wrong")).await.status);
    }
    assert_eq!(refusals.last(), Some(&429));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    let person = anju.employee(&[], &[community]).await;
    assert_eq!(person.does(GetMe {}).await.communities.len(), 1);
    person.does(SignOut {}).await;
    assert_eq!(person.is_refused(GetMe {}).await.status, 401);
}

#[tokio::test]
async fn a_new_password_needs_the_old_one() {
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    let person = anju.employee(&[], &[community]).await;
    let ask = ChangePassword { current: "a guess of mine".to_owned(), new: "another password".to_owned() };
    person.is_refused_with(ask.clone(), "organisation.wrong_password").await;
    person.does(ChangePassword { current: "a password of the tests".to_owned(), ..ask }).await;
}

#[tokio::test]
async fn the_data_scope_decides_which_communities_there_are() {
    let anju = Anju::start().await;
    let ours = anju.community("澜庭花园").await;
    anju.community("青枫里").await;
    let person = anju.employee(&[Permission::OrganisationRead], &[ours]).await;
    let seen = person.does(ListCommunities {}).await;
    assert_eq!(seen.iter().map(|community| community.id).collect::<Vec<_>>(), [ours]);
    assert_eq!(anju.manager().await.does(ListCommunities {}).await.len(), 2);
}

#[tokio::test]
async fn somebody_is_always_left_who_may_manage() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let departments = manager.does(ListDepartments {}).await;
    let own = departments.first().unwrap();
    let ask = SaveDepartment { id: own.id, name: own.name.clone(), permissions: vec![Permission::EstateRead] };
    manager.is_refused_with(ask, "organisation.last_administrator").await;
    manager.is_refused_with(RemoveDepartment { department: own.id }, "organisation.has_people").await;
}

#[tokio::test]
async fn an_administrator_of_one_community_hands_out_no_more_than_they_have() {
    let anju = Anju::start().await;
    let (ours, theirs) = (anju.community("澜庭花园").await, anju.community("青枫里").await);
    let local = [Permission::OrganisationRead, Permission::OrganisationWrite, Permission::BillingRead];
    let local = anju.employee(&local, &[ours]).await;
    let me = local.does(GetMe {}).await;
    let departments = local.does(ListDepartments {}).await;
    let department =
        |permissions: &[Permission]| departments.iter().find(|row| row.permissions == permissions).map(|row| row.id).unwrap();
    let (everything, own) = (department(Permission::ALL), departments.last().unwrap().id);
    let raised = SaveDepartment { id: own, name: me.department.clone(), permissions: Permission::ALL.to_vec() };
    assert_eq!(local.is_refused(raised).await.status, 403);
    assert_eq!(local.is_refused(RemoveDepartment { department: own }).await.status, 403);

    let clerk = SaveEmployee {
        id: EmployeeId(Uuid::now_v7()),
        account: "clerk".to_owned(),
        name: "何静".to_owned(),
        phone: Some("13800001234".to_owned()),
        department: own,
        may_desk: true,
        may_phone: false,
        active: true,
        all_communities: false,
        scopes: vec![Scope { community: ours, building: None }],
        password: Some("a password of the tests".to_owned()),
    };
    let beyond = SaveEmployee { department: everything, ..clerk.clone() };
    local.is_refused_with(beyond, "organisation.beyond_permissions").await;
    let elsewhere = SaveEmployee { scopes: vec![Scope { community: theirs, building: None }], ..clerk.clone() };
    local.is_refused_with(elsewhere, "organisation.beyond_scope").await;
    local.is_refused_with(SaveEmployee { all_communities: true, ..clerk.clone() }, "organisation.beyond_scope").await;
    let myself = SaveEmployee { id: me.id, account: me.account, all_communities: true, password: None, ..clerk.clone() };
    local.is_refused_with(myself, "organisation.beyond_scope").await;
    local.does(clerk.clone()).await;

    let far = EmployeeId(Uuid::now_v7());
    anju.manager().await.engages(far, &[], &[(theirs, None)]).await;
    assert_eq!(local.is_refused(GetEmployee { employee: far }).await.status, 404);
    let taken_over = SaveEmployee { id: far, account: "far".to_owned(), ..clerk.clone() };
    assert_eq!(local.is_refused(taken_over).await.status, 404);
    let manager = anju.manager().await.does(GetMe {}).await.id;
    assert_eq!(local.is_refused(SaveEmployee { id: manager, account: "manager".to_owned(), ..clerk }).await.status, 404);
    let seen = local.does(ListEmployees::default()).await;
    assert!(seen.rows.len() == 2 && seen.rows.iter().all(|row| row.id != far && row.id != manager));
}

#[tokio::test]
async fn a_phone_number_is_found_whole_and_looked_at_on_record() {
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    let manager = anju.manager().await;
    let id = EmployeeId(Uuid::now_v7());
    manager.engages(id, &[], &[(community, None)]).await;
    let row = manager.does(GetEmployee { employee: id }).await;
    manager
        .does(SaveEmployee {
            id,
            account: row.account,
            name: row.name,
            phone: Some("13800001234".to_owned()),
            department: row.department,
            may_desk: true,
            may_phone: true,
            active: true,
            all_communities: false,
            scopes: row.scopes,
            password: None,
        })
        .await;
    let find = |search: &str| ListEmployees { search: Some(search.to_owned()), ..ListEmployees::default() };
    assert_eq!(manager.does(find("1380000")).await.rows.len(), 0);
    assert_eq!(manager.does(find("13800001234")).await.rows.len(), 1);
    assert_eq!(manager.does(find("100%")).await.rows.len(), 0);
    assert_eq!(manager.does(GetEmployee { employee: id }).await.phone.as_deref(), Some("13800001234"));
    let reader = anju.employee(&[Permission::OrganisationRead], &[community]).await;
    assert_eq!(reader.does(GetEmployee { employee: id }).await.phone.as_deref(), Some("138****1234"));
    let audit = "SELECT COUNT(*) AS number FROM audit WHERE";
    assert_eq!(anju.counts(&format!("{audit} action = 'organisation.reveal'")).await, 1);
    assert_eq!(anju.counts(&format!("{audit} after LIKE '%13800001234%'")).await, 0);
}

#[tokio::test]
async fn employees_are_found_by_name_and_paged() {
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    for _ in 0..3 {
        anju.employee(&[], &[community]).await;
    }
    let manager = anju.manager().await;
    let home = manager.takes_home("/api/organisation/employees/export.xlsx?search=何静").await;
    assert!(home.len() > 2 && home[1..].iter().all(|row| row[0] == "何静"), "{home:?}");
    let page = manager.does(ListEmployees { search: Some("何静".to_owned()), size: Some(2), ..ListEmployees::default() }).await;
    assert_eq!((page.rows.len(), page.total, page.more), (2, Some(3), true));
    assert!(page.rows.iter().all(|row| row.communities == 1 && !row.all_communities));
}

#[tokio::test]
async fn what_does_not_read_is_said_by_field() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let (status, body) = manager
        .sends(Method::Post, "/api/organisation/departments/save", Some(br#"{"id":"x","name":"a","permissions":[]}"#.to_vec()))
        .await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("\"field\":\"id\""), "{text}");
    let (status, body) = manager.sends(Method::Get, "/api/organisation/nothing-here", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(String::from_utf8(body).unwrap().contains("not_found"));
}

#[tokio::test]
async fn replies_that_nobody_asks_for_again_and_sessions_that_are_over_are_cleared_away() {
    let anju = Anju::start_on("2026-11-23").await;
    anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let put = |day: &str| {
        let values = [
            community.into(),
            Uuid::now_v7().into(),
            "x".into(),
            "null".into(),
            format!("{day}T00:00:00Z").parse::<chrono::DateTime<chrono::Utc>>().unwrap().into(),
        ];
        sea_orm::Statement::from_sql_and_values(
            anju.app.db().get_database_backend(),
            "INSERT INTO made (community_id, id, body_hash, reply, at) VALUES ($1, $2, $3, $4, $5)",
            values,
        )
    };
    for day in ["2026-08-01", "2026-11-01"] {
        anju.app.db().execute_raw(put(day)).await.unwrap();
    }
    let before = anju.counts("SELECT COUNT(*) FROM made").await;
    backend::tidy::tidy(&anju.app).await.unwrap();
    assert_eq!(anju.counts("SELECT COUNT(*) FROM made").await, before - 1);
    assert_eq!(anju.counts("SELECT COUNT(*) FROM session").await, 1, "who is signed in stays so");
    let later = anju.app.at("2027-11-23T00:00:00Z".parse().unwrap());
    backend::tidy::tidy(&later).await.unwrap();
    assert_eq!(anju.counts("SELECT COUNT(*) FROM session").await, 0);
}

#[tokio::test]
async fn names_sort_alike_on_both_databases() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let department = DepartmentId(Uuid::now_v7());
    manager.does(SaveDepartment { id: department, name: "工程部".into(), permissions: Vec::new() }).await;
    for name in ["乙", "b2", "B1", "丙", "a1", "B10"] {
        let id = EmployeeId(Uuid::now_v7());
        let employee = SaveEmployee {
            id,
            account: id.to_string(),
            name: name.into(),
            phone: None,
            department,
            may_desk: true,
            may_phone: true,
            active: true,
            all_communities: true,
            scopes: Vec::new(),
            password: Some("a password of the tests".into()),
        };
        manager.does(employee).await;
    }
    let list = ListEmployees {
        search: None,
        department: Some(department),
        active: None,
        page: None,
        size: None,
        sort: Some("name".into()),
    };
    let names: Vec<_> = manager.does(list).await.rows.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["B1", "B10", "a1", "b2", "丙", "乙"]);
}
