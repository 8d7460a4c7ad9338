//! What a request made, by the id that its caller gave it: the same request again is answered as before, another one under
//! the same id is refused, and two of them at once wait for each other.

use common::api::Endpoint;
use common::id::CommunityId;
use common::problem::Problem;
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::sql::Sql;
use crate::{Answer, Work};

/// What is known of an id.
#[derive(Debug)]
pub enum Made<R> {
    /// Nothing yet: carry the request out, and keep the reply with [`Work::made`].
    New,
    /// This very request was carried out; this was the reply.
    Before(R),
}

#[derive(FromQueryResult)]
struct Row {
    body_hash: String,
    reply: String,
}

impl Work {
    /// Takes the id for this request, before it looks at anything else. Whoever comes second with the same id waits here until
    /// the first is through. What is refused afterwards leaves the id free.
    pub async fn make<E: Endpoint, R: DeserializeOwned>(
        &self,
        community: CommunityId,
        id: impl Into<Uuid>,
        ask: &E,
    ) -> Answer<Made<R>> {
        let (id, hash) = (id.into(), hash(ask)?);
        let taken = Sql::new("INSERT INTO made (community_id, id, body_hash, reply, at)")
            .push(
                " VALUES (?, ?, ?, '', ?) ON CONFLICT DO NOTHING",
                [community.into(), id.into(), hash.clone().into(), self.at.into()],
            )
            .run(self.db())
            .await?;
        if taken.rows_affected() == 1 {
            return Ok(Made::New);
        }
        let row: Option<Row> = Sql::new("SELECT body_hash, reply FROM made")
            .push(" WHERE community_id = ? AND id = ?", [community.into(), id.into()])
            .one(self.db())
            .await?;
        match row {
            Some(row) if row.body_hash == hash => Ok(Made::Before(serde_json::from_str(&row.reply)?)),
            _ => Err(Problem::conflict("made_differently", "Something else was made under this id").into()),
        }
    }

    /// Keeps the reply beside what was made.
    pub async fn made(&self, community: CommunityId, id: impl Into<Uuid>, reply: &impl Serialize) -> Answer<()> {
        Sql::new("UPDATE made SET reply = ")
            .bind(serde_json::to_string(reply)?)
            .push(" WHERE community_id = ? AND id = ?", [community.into(), id.into().into()])
            .run(self.db())
            .await?;
        Ok(())
    }
}

/// Stands for the endpoint and everything that the request says.
fn hash<E: Endpoint>(ask: &E) -> Answer<String> {
    let mut digest = Sha256::new();
    digest.update(E::PATH.as_bytes());
    digest.update(serde_json::to_vec(ask)?);
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
