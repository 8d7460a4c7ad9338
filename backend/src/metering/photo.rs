//! Photos of what a meter showed: a file, so outside the contract; kept with the reading and gone with it.

use axum::extract::{Query, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use common::id::{BuildingId, CommunityId, ReadingId, RereadId};
use common::permission::Permission;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Deserialize;

use super::reread;
use crate::problem::respond;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, bulk, sign_in};

/// Whose photo it is.
#[derive(Deserialize)]
pub(super) struct OfReading {
    community: CommunityId,
    reading: ReadingId,
}

/// Whose refused reading it was.
#[derive(Deserialize)]
pub(super) struct OfReread {
    community: CommunityId,
    reread: RereadId,
}

/// The browser makes photos smaller before it sends them.
const LARGEST: usize = 1 << 20;

/// The photo of a reading.
pub(super) async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    Query(ask): Query<OfReading>,
) -> Response {
    let found = async {
        let who = admitted(&app, &headers, &extensions, Permission::MeteringRead).await?;
        seen(app.db(), &who, &ask).await?;
        stored(app.db(), &ask).await?.ok_or_else(|| Failure::from(Problem::not_found()))
    };
    answer(found.await)
}

/// The photo of a reading that was refused.
pub(super) async fn refused(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    Query(ask): Query<OfReread>,
) -> Response {
    let found = async {
        let who = admitted(&app, &headers, &extensions, Permission::MeteringRead).await?;
        reread::photo(app.db(), &who, ask.community, ask.reread).await?.ok_or_else(|| Failure::from(Problem::not_found()))
    };
    answer(found.await)
}

fn answer(found: Answer<Vec<u8>>) -> Response {
    match found {
        Ok(bytes) => {
            let kind = (header::CONTENT_TYPE, "image/jpeg");
            ([kind, (header::CACHE_CONTROL, "private, no-cache")], bytes).into_response()
        }
        Err(failure) => respond(failure.into_problem()),
    }
}

/// Keeps a photo in place of the one before.
pub(super) async fn keep(State(app): State<App>, headers: HeaderMap, Query(ask): Query<OfReading>, request: Request) -> Response {
    let kept = async {
        let (parts, body) = request.into_parts();
        let who = admitted(&app, &headers, &parts.extensions, Permission::MeteringWrite).await?;
        let bytes = axum::body::to_bytes(body, LARGEST)
            .await
            .map_err(|_| Problem::new(413, "too_large", "The photo is too large").with("most", "1 MB"))?;
        if !bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Err(Problem::new(422, "metering.not_a_photo", "Not a JPEG photo").into());
        }
        let work = app.begin(&who).await?;
        seen(work.db(), &who, &ask).await?;
        Sql::new("DELETE FROM reading_photo WHERE community_id = ")
            .bind(ask.community)
            .add(" AND reading_id = ")
            .bind(ask.reading)
            .run(work.db())
            .await?;
        let row = vec![ask.community.into(), ask.reading.into(), bytes.to_vec().into(), work.by.into(), work.at.into()];
        let columns = &["community_id", "reading_id", "bytes", "created_by", "created_at"];
        bulk::insert(work.db(), "reading_photo", columns, vec![row]).await?;
        work.record(Some(ask.community), "metering.keep_photo", ask.reading.0, None::<&()>, Some(&bytes.len())).await?;
        work.commit().await
    };
    match kept.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(failure) => respond(failure.into_problem()),
    }
}

async fn admitted(app: &App, headers: &HeaderMap, extensions: &Extensions, needed: Permission) -> Answer<Who> {
    let who = sign_in::staff(app, headers, extensions).await?;
    who.need(needed)?;
    Ok(who)
}

/// 404 where there is no such reading, or it is out of sight.
async fn seen<C: ConnectionTrait>(db: &C, who: &Who, ask: &OfReading) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Of {
        building_id: Option<BuildingId>,
    }
    let sql =
        Sql::new("SELECT m.building_id FROM reading r JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id")
            .push(" WHERE r.community_id = ? AND r.id = ?", [ask.community.into(), ask.reading.into()]);
    let of: Of = sql.one(db).await?.ok_or_else(Problem::not_found)?;
    Ok(who.scope.allow(ask.community, of.building_id)?)
}

async fn stored<C: ConnectionTrait>(db: &C, ask: &OfReading) -> Answer<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Photo {
        bytes: Vec<u8>,
    }
    let sql = Sql::new("SELECT bytes FROM reading_photo")
        .push(" WHERE community_id = ? AND reading_id = ?", [ask.community.into(), ask.reading.into()]);
    let photo: Option<Photo> = sql.one(db).await?;
    Ok(photo.map(|photo| photo.bytes))
}
