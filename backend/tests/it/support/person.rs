//! Somebody who uses the product through its contract.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use backend::organisation;
use common::api::{Endpoint, Method};
use common::id::{BuildingId, CommunityId, DepartmentId, EmployeeId};
use common::organisation::api::{GetEmployee, SaveDepartment, SaveEmployee, Scope};
use common::permission::Permission;
use common::problem::Problem;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::Anju;

/// A person at the product's door, with or without a session.
#[derive(Clone)]
pub(crate) struct Person {
    router: Router,
    token: Option<String>,
}

impl Person {
    pub(super) async fn of(anju: &Anju, id: EmployeeId) -> Self {
        let work = anju.app.begin_as_system().await.unwrap();
        let token = organisation::session_for(&work, id).await.unwrap();
        work.commit().await.unwrap();
        Self { router: anju.router(), token: Some(token) }
    }

    pub(super) fn stranger(router: Router) -> Self {
        Self { router, token: None }
    }

    /// The same person at another door.
    pub(crate) fn at(&self, router: Router) -> Self {
        Self { router, token: self.token.clone() }
    }

    /// The session's token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// Asks, and is answered or refused.
    pub(crate) async fn asks<E: Endpoint>(&self, ask: E) -> Result<E::Reply, Problem> {
        let (path, body) = match E::METHOD {
            Method::Get => (format!("{}?{}", E::PATH, serde_html_form::to_string(&ask).unwrap()), None),
            Method::Post => (E::PATH.to_owned(), Some(serde_json::to_vec(&ask).unwrap())),
        };
        let (status, bytes) = self.sends(E::METHOD, &path, body).await;
        if status == StatusCode::OK {
            return Ok(serde_json::from_slice(&bytes)
                .unwrap_or_else(|error| panic!("{}: {error}: {}", E::PATH, String::from_utf8_lossy(&bytes))));
        }
        Err(serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| panic!("{}: {status} {}", E::PATH, String::from_utf8_lossy(&bytes))))
    }

    /// Asks and is not refused.
    pub(crate) async fn does<E: Endpoint>(&self, ask: E) -> E::Reply {
        self.asks(ask).await.unwrap_or_else(|problem| panic!("{} was refused: {problem} {:?}", E::PATH, problem.args))
    }

    /// Asks and is refused.
    pub(crate) async fn is_refused<E: Endpoint>(&self, ask: E) -> Problem {
        match self.asks(ask).await {
            Ok(_) => panic!("{} was not refused", E::PATH),
            Err(problem) => problem,
        }
    }

    /// Asks and is refused with this code, or with this code at a field.
    pub(crate) async fn is_refused_with<E: Endpoint>(&self, ask: E, code: &str) -> Problem {
        let problem = self.is_refused(ask).await;
        let found = problem.code == code || problem.fields.iter().any(|field| field.code == code);
        assert!(found, "{} was refused with {problem}, not {code}", E::PATH);
        problem
    }

    /// Sends anything.
    pub(crate) async fn sends(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> (StatusCode, Vec<u8>) {
        let mut request = Request::builder().method(if method == Method::Get { "GET" } else { "POST" }).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(body.map_or_else(Body::empty, Body::from)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    /// Takes a workbook home and opens it: the text of each cell of its first sheet, by row.
    pub(crate) async fn takes_home(&self, path: &str) -> Vec<Vec<String>> {
        let (status, bytes) = self.sends(Method::Get, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&bytes));
        let book = common::sheet::read(&bytes).unwrap();
        let rows = book.sheets[0].used().map(|(_, cells)| cells.map(|(_, cell)| cell.to_string()).collect());
        rows.collect()
    }

    /// Engages an employee, in a department of their own.
    pub(crate) async fn engages(&self, id: EmployeeId, permissions: &[Permission], scopes: &[(CommunityId, Option<BuildingId>)]) {
        let department = DepartmentId(Uuid::now_v7());
        self.does(SaveDepartment { id: department, name: department.to_string(), permissions: permissions.to_vec() }).await;
        self.does(SaveEmployee {
            id,
            account: id.to_string(),
            name: "何静".to_owned(),
            phone: None,
            department,
            may_desk: true,
            may_phone: true,
            active: true,
            all_communities: false,
            scopes: scopes.iter().map(|(community, building)| Scope { community: *community, building: *building }).collect(),
            password: Some("a password of the tests".to_owned()),
        })
        .await;
    }

    /// Lets an employee go.
    pub(crate) async fn dismisses(&self, employee: EmployeeId) {
        let known = self.does(GetEmployee { employee }).await;
        self.does(SaveEmployee {
            id: known.id,
            account: known.account,
            name: known.name,
            phone: known.phone,
            department: known.department,
            may_desk: known.may_desk,
            may_phone: known.may_phone,
            active: false,
            all_communities: known.all_communities,
            scopes: known.scopes,
            password: None,
        })
        .await;
    }
}
