//! The WHERE clause of lists of units: data scope first, then what was asked for.

use common::estate::api::{CountUnits, ListUnits};
use common::estate::{UnitKind, UnitState, name};
use common::id::{BuildingId, CommunityId, EntranceId, UnitId};
use common::period::Day;
use common::permission::Permission;

use crate::sql::Sql;
use crate::{Buildings, Who};

/// What units are looked for.
pub(super) struct Filter<'a> {
    pub(super) community: CommunityId,
    pub(super) text: Option<&'a str>,
    pub(super) building: Option<BuildingId>,
    pub(super) entrance: Option<EntranceId>,
    pub(super) kind: Option<UnitKind>,
    pub(super) state: Option<UnitState>,
    /// Only these; any where there is none.
    pub(super) units: &'a [UnitId],
}

impl<'a> From<&'a ListUnits> for Filter<'a> {
    fn from(ask: &'a ListUnits) -> Self {
        let ListUnits { community, building, entrance, kind, state, .. } = *ask;
        Self { community, text: ask.search.as_deref(), building, entrance, kind, state, units: &ask.units }
    }
}

impl<'a> From<&'a CountUnits> for Filter<'a> {
    fn from(ask: &'a CountUnits) -> Self {
        let CountUnits { community, building, entrance, kind, state, .. } = *ask;
        Self { community, text: ask.search.as_deref(), building, entrance, kind, state, units: &[] }
    }
}

impl Filter<'_> {
    /// ` FROM unit u WHERE …`.
    pub(super) fn sql(&self, who: &Who, today: Day) -> Sql {
        let mut sql = Sql::new(" FROM unit u WHERE u.community_id = ").bind(self.community).join(scope(who, self.community));
        if let Some(building) = self.building {
            sql = sql.add(" AND u.building_id = ").bind(building);
        }
        if let Some(entrance) = self.entrance {
            sql = sql.add(" AND u.entrance_id = ").bind(entrance);
        }
        if let Some(kind) = self.kind {
            sql = sql.add(" AND u.kind = ").bind(kind.code());
        }
        if let Some(state) = self.state {
            sql = sql.add(" AND u.state = ").bind(state.code());
        }
        if !self.units.is_empty() {
            sql = sql.add(" AND u.id IN ").list(self.units.iter().copied());
        }
        match self.text.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => sql.add(" AND u.id IN (").join(found_by(who, self.community, text, today)).add(")"),
            None => sql,
        }
    }
}

/// ` AND u.building_id IN (…)` where the caller does not see the whole community.
pub fn scope(who: &Who, community: CommunityId) -> Sql {
    match who.scope.buildings(community) {
        Buildings::All => Sql::default(),
        Buildings::Only(buildings) => Sql::new(" AND u.building_id IN ").list(buildings),
    }
}

/// The ids of units that a text names: by room, by who lives there today, by plate. Each part reads one index. People and
/// cars are not for those who may not see residents.
fn found_by(who: &Who, community: CommunityId, text: &str, today: Day) -> Sql {
    let mut sql = rooms(community, text);
    if !who.may(Permission::ResidentsRead) {
        return sql;
    }
    if let Some(people) = people(community, text) {
        sql = sql
            .add(" UNION SELECT o.unit_id FROM occupancy o WHERE o.community_id = ")
            .bind(community)
            .add(" AND o.from_day <= ")
            .bind(today)
            .add(" AND (o.to_day IS NULL OR o.to_day > ")
            .bind(today)
            .add(") AND o.resident_id IN (")
            .join(people)
            .add(")");
    }
    let plate = plate(text);
    if plate.chars().count() >= 2 {
        sql = sql
            .add(" UNION SELECT v.unit_id FROM vehicle v WHERE v.community_id = ")
            .bind(community)
            .add(" AND v.unit_id IS NOT NULL AND v.plate LIKE ")
            .bind(format!("%{plate}%"));
    }
    sql
}

/// The ids of units that a text names: by the start of the whole name, however it is written (`3-2-15`, `3栋2单元15`, `3215`), or
/// of the room, with what stands before it (`1501`, `15`, `2-1501`). Each part reads a range of one index.
pub fn rooms(community: CommunityId, text: &str) -> Sql {
    let key = name::search_key(text);
    if key.is_empty() {
        return Sql::new("SELECT id FROM unit WHERE 1 = 0");
    }
    let unit = || Sql::new("SELECT id FROM unit WHERE community_id = ").bind(community);
    let mut sql = unit().starts(" AND search_key", &key);
    let room = name::room_of(text);
    if room.is_empty() {
        return sql;
    }
    let whole = name::search_key(&room) == key;
    let upper = room.to_uppercase();
    let as_typed = (upper != room).then(|| room.clone());
    for room in [Some(upper), as_typed].into_iter().flatten() {
        sql = sql.add(" UNION ").join(unit().starts(" AND room", &room));
        if !whole {
            sql = sql.add(" AND search_key LIKE ").bind(format!("%{key}%"));
        }
    }
    sql
}

/// The ids of residents that a text names: a part of the name, a whole phone number or its last four digits. Not the start of
/// one: digit by digit, a masked number could be read off.
pub fn people(community: CommunityId, text: &str) -> Option<Sql> {
    let text = text.trim();
    let sql = Sql::new("SELECT r.id FROM resident r WHERE r.community_id = ").bind(community);
    let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    if !digits.is_empty() && digits.chars().all(|letter| letter.is_ascii_digit()) {
        return match digits.len() {
            4 => Some(sql.add(" AND r.phone LIKE ").bind(format!("%{digits}"))),
            7.. => Some(sql.add(" AND r.phone = ").bind(digits)),
            _ => None,
        };
    }
    let part = text.replace(['%', '_'], "");
    (!part.is_empty()).then(|| sql.add(" AND r.name LIKE ").bind(format!("%{part}%")))
}

/// A plate as it is stored: capitals, no dot, no spaces.
pub(super) fn plate(text: &str) -> String {
    text.to_uppercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}
