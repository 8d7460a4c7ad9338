//! Who may do something in a community: people to hand work to.

use common::id::{BuildingId, CommunityId, DepartmentId, EmployeeId};
use common::permission::Permission;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, Buildings};

/// Somebody who may do it, and where.
#[derive(Clone, Debug)]
pub struct Colleague {
    pub id: EmployeeId,
    pub name: String,
    pub department: (DepartmentId, String),
    pub buildings: Buildings,
}

#[derive(FromQueryResult)]
struct Row {
    id: EmployeeId,
    name: String,
    department_id: DepartmentId,
    department: String,
    all_communities: bool,
    building_id: Option<BuildingId>,
}

/// Those at work who have this permission in this community, by name.
pub async fn who_may<C: ConnectionTrait>(db: &C, permission: Permission, community: CommunityId) -> Answer<Vec<Colleague>> {
    let rows: Vec<Row> =
        Sql::new("SELECT e.id, e.name, e.department_id, d.name AS department, e.all_communities, s.building_id FROM employee e")
            .add(" JOIN department d ON d.id = e.department_id")
            .push(" LEFT JOIN data_scope s ON s.employee_id = e.id AND s.community_id = ?", [community.into()])
            .push(" WHERE e.active = ? AND d.permissions LIKE ?", [true.into(), format!("%\"{}\"%", permission.code()).into()])
            .add(" AND (e.all_communities OR s.id IS NOT NULL) ORDER BY e.name, e.id")
            .all(db)
            .await?;
    let mut colleagues: Vec<Colleague> = Vec::new();
    for row in rows {
        if colleagues.last().is_none_or(|last| last.id != row.id) {
            let department = (row.department_id, row.department);
            colleagues.push(Colleague { id: row.id, name: row.name, department, buildings: Buildings::Only(Vec::new()) });
        }
        let Some(colleague) = colleagues.last_mut() else { continue };
        match (row.all_communities, row.building_id, &mut colleague.buildings) {
            (false, Some(building), Buildings::Only(buildings)) => buildings.push(building),
            (true, ..) | (false, None, _) => colleague.buildings = Buildings::All,
            (false, Some(_), Buildings::All) => {}
        }
    }
    Ok(colleagues)
}
