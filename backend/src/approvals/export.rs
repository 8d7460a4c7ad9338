//! The requests as a workbook.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::approvals::api::{ApprovalRow, ListApprovals};
use common::text::{Language, text, text_with};

use super::list::{count, page};
use crate::export::{Clock, Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(super) async fn approvals(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "approvals")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListApprovals>(app, request).await?;
    within_sheet(count(app, &who, &ask).await?)?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("approvals-kind"), Kind::Text),
        Col::new(say("approvals-unit"), Kind::Text),
        Col::new(say("approvals-about"), Kind::Text),
        Col::new(say("approvals-fee-item"), Kind::Text),
        Col::new(say("approvals-month"), Kind::Text),
        Col::summed(say("approvals-amount"), Kind::Money),
        Col::new(say("approvals-reason"), Kind::Text),
        Col::new(say("approvals-asked-by"), Kind::Text),
        Col::new(say("approvals-asked-at"), Kind::Text),
        Col::new(say("approvals-waits-for"), Kind::Text),
        Col::new(say("approvals-state"), Kind::Text),
    ];
    let (who, ask) = (&who, &ask);
    let read = |paging: Paging| async move {
        let mut rows = page(app, who, ask, &paging).await?;
        rows.truncate(usize::try_from(paging.size).unwrap_or(usize::MAX));
        Ok(rows)
    };
    let clock = Clock::of(app, ask.community).await?;
    one_sheet(&say("approvals"), cols, language, ask.sort.clone(), read, |row| cells(row, clock, language)).await
}

fn cells(row: &ApprovalRow, clock: Clock, language: Language) -> Vec<Value<'_>> {
    let about = match row.bills {
        0 | 1 => row.number.clone(),
        count => text_with(language, "approvals-about-more", &[("number", &row.number), ("count", &count.to_string())]),
    };
    vec![
        text(language, &format!("approvals-kind-{}", row.kind.word().replace('_', "-"))).into(),
        row.unit_label.as_deref().into(),
        about.into(),
        row.fee_item_name.as_deref().into(),
        row.month.map(|month| month.to_string()).into(),
        row.amount_fen.into(),
        row.reason.as_str().into(),
        row.asked_by.as_str().into(),
        clock.moment(row.asked_at).into(),
        row.waits_for.join(&text(language, "kit-comma")).into(),
        text(language, &format!("approvals-state-{}", row.state)).into(),
    ]
}
