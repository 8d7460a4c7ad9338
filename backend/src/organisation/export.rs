//! The list of employees as a workbook.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::organisation::api::{EmployeeRow, ListEmployees};
use common::text::{Language, text, text_with};

use super::administer;
use crate::export::{Export, answer, asked, one_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(super) async fn employees(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "organisation-employees")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListEmployees>(app, request).await?;
    let say = |id: &str| text(language, id);
    let cols = [
        "organisation-name",
        "organisation-account-name",
        "organisation-phone",
        "organisation-department",
        "organisation-scope",
        "organisation-state",
    ]
    .map(|id| Col::new(say(id), Kind::Text));
    let (who, ask) = (&who, &ask);
    let read = |paging: Paging| async move { Ok(administer::employees(app, who, ask, &paging).await?.rows) };
    one_sheet(&say("organisation-employees"), cols.into(), language, ask.sort.clone(), read, |row| cells(row, language)).await
}

fn cells(row: &EmployeeRow, language: Language) -> Vec<Value<'_>> {
    let scope = match row.all_communities {
        true => text(language, "organisation-scope-all"),
        false => text_with(language, "organisation-scope-some", &[("count", &row.communities.to_string())]),
    };
    vec![
        row.name.as_str().into(),
        row.account.as_str().into(),
        row.phone.as_deref().into(),
        row.department.as_str().into(),
        scope.into(),
        text(language, if row.active { "organisation-active" } else { "organisation-inactive" }).into(),
    ]
}
