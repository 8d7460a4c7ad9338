//! What master meters counted, where it went, and what is lost.

use std::collections::HashSet;

use common::id::{CommunityId, FeeItemId, MeterId};
use common::metering::Role;
use common::metering::api::{MasterLoss, ShowLoss};
use common::metering::apportion::{Figures, Taken, figures};
use common::metering::usage::sum;
use common::period::Month;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::apportion::shared;
use super::meter;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

#[derive(FromQueryResult)]
pub(super) struct Used {
    pub(super) parent_id: MeterId,
    role: String,
    meters: i64,
    unread: i64,
    review: i64,
    used: Option<Quantity>,
}

/// What hangs below the master meters (the masters included, as their own parents), by role.
pub(super) async fn used<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    month: Month,
    master: Option<MeterId>,
) -> Answer<Vec<Used>> {
    let mut sql = Sql::new(
        "SELECT x.parent_id, x.role, COUNT(*) AS meters, \
         CAST(SUM(CASE WHEN r.used IS NULL THEN 1 ELSE 0 END) AS bigint) AS unread, \
         CAST(COALESCE(SUM(r.review), 0) AS bigint) AS review, CAST(SUM(r.used) AS bigint) AS used \
         FROM (SELECT m.id, m.role, COALESCE(m.parent_id, m.id) AS parent_id, m.active FROM meter m WHERE m.community_id = ",
    )
    .bind(community)
    .add(" AND m.parent_id IS NOT NULL");
    if let Some(master) = master {
        sql = sql.add(" AND m.parent_id = ").bind(master);
    }
    sql = sql
        .add(" UNION ALL SELECT m.id, 'self' AS role, m.id AS parent_id, m.active FROM meter m WHERE m.community_id = ")
        .bind(community)
        .add(" AND m.role = ")
        .bind(Role::Master.word());
    if let Some(master) = master {
        sql = sql.add(" AND m.id = ").bind(master);
    }
    sql = sql
        .add(
            ") x LEFT JOIN (SELECT meter_id, SUM(usage) AS used, MAX(CASE WHEN review THEN 1 ELSE 0 END) AS review FROM reading \
         WHERE community_id = ",
        )
        .bind(community)
        .add(" AND month = ")
        .bind(month.number())
        .add(" GROUP BY meter_id) r ON r.meter_id = x.id WHERE (x.active = ")
        .bind(true)
        .add(" OR r.used IS NOT NULL) GROUP BY x.parent_id, x.role");
    sql.all(db).await
}

/// The master meters of a community, each with the one above it.
pub(super) async fn masters<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<(MeterId, Option<MeterId>)>> {
    #[derive(FromQueryResult)]
    struct Link {
        id: MeterId,
        parent_id: Option<MeterId>,
    }
    let sql = Sql::new("SELECT id, parent_id FROM meter WHERE community_id = ").bind(community).add(" AND role = ");
    let links: Vec<Link> = sql.bind(Role::Master.word()).all(db).await?;
    Ok(links.into_iter().map(|link| (link.id, link.parent_id)).collect())
}

/// How many meters below a master, however many levels down, have no usage in the month, and how many readings wait for a
/// second look; itself included.
pub(super) fn missing(lines: &[Used], masters: &[(MeterId, Option<MeterId>)], top: MeterId) -> (u64, u64) {
    let mut levels = HashSet::from([top]);
    loop {
        let below =
            masters.iter().filter(|(id, parent)| parent.is_some_and(|parent| levels.contains(&parent)) && !levels.contains(id));
        let below: Vec<MeterId> = below.map(|(id, _)| *id).collect();
        if below.is_empty() {
            break;
        }
        levels.extend(below);
    }
    // A master of a lower level is counted among what hangs below the one above it.
    let counts = |line: &&Used| levels.contains(&line.parent_id) && (line.role != "self" || line.parent_id == top);
    let total = |of: fn(&Used) -> i64| lines.iter().filter(counts).map(|line| of(line).unsigned_abs()).sum::<u64>();
    (total(|line| line.unread), total(|line| line.review))
}

/// A master meter's three figures; the masters below it count as households do: what flows on.
pub(super) fn figures_of<'a>(lines: impl IntoIterator<Item = &'a Used>) -> Answer<Figures> {
    let lines: Vec<&Used> = lines.into_iter().collect();
    let of = |roles: &[&str]| {
        sum(lines.iter().filter(|line| roles.contains(&line.role.as_str())).filter_map(|line| line.used))
            .ok_or_else(|| Failure::broken("a sum of usages is too large"))
    };
    figures(of(&["self"])?, of(&["household", "master"])?, of(&["public"])?).ok_or_else(|| Failure::broken("a loss is too large"))
}

pub(super) async fn show_loss(app: App, who: Who, ask: ShowLoss) -> Answer<Vec<MasterLoss>> {
    #[derive(FromQueryResult)]
    struct Master {
        id: MeterId,
        code: String,
        place: String,
        utility: String,
        fee_item_id: FeeItemId,
        fee_item_name: String,
    }
    let sql = Sql::new(
        "SELECT m.id, m.code, m.place, m.utility, m.fee_item_id, f.name AS fee_item_name FROM meter m \
         JOIN fee_item f ON f.community_id = m.community_id AND f.id = m.fee_item_id WHERE m.community_id = ",
    )
    .bind(ask.community)
    .add(" AND m.role = ")
    .bind(Role::Master.word())
    .add(" AND m.active = ")
    .bind(true)
    .within("m.building_id", &who.scope.buildings(ask.community))
    .add(" ORDER BY m.sort_key, m.code");
    let masters: Vec<Master> = sql.all(app.db()).await?;
    let now = used(app.db(), ask.community, ask.month, None).await?;
    let before = used(app.db(), ask.community, ask.month.plus(-1), None).await?;
    let shared = shared(app.db(), ask.community, ask.month, None).await?;
    let links = self::masters(app.db(), ask.community).await?;
    masters
        .into_iter()
        .map(|master| {
            let lines: Vec<&Used> = now.iter().filter(|line| line.parent_id == master.id).collect();
            let then: Vec<&Used> = before.iter().filter(|line| line.parent_id == master.id).collect();
            let meters: u64 = lines.iter().map(|line| line.meters.unsigned_abs()).sum();
            let (unread, review) = missing(&now, &links, master.id);
            Ok(MasterLoss {
                figures: figures_of(lines.iter().copied())?,
                before: figures_of(then)?,
                sub_meters: meters.saturating_sub(1),
                unread,
                review,
                shared: shared
                    .iter()
                    .filter(|one| one.meter_id == Some(master.id))
                    .filter_map(|one| Taken::from_word(&one.taken))
                    .collect(),
                utility: meter::utility(&master.utility)?,
                meter: master.id,
                code: master.code,
                place: master.place,
                fee_item: master.fee_item_id,
                fee_item_name: master.fee_item_name,
            })
        })
        .collect()
}
