//! Who may do something in a community: departments that have the permission, and their people who see it.

use common::id::{CommunityId, DepartmentId, EmployeeId};
use common::permission::Permission;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder};

use super::department;
use crate::Answer;
use crate::sql::Sql;

/// Departments and people with a permission.
pub struct Able {
    pub departments: Vec<(DepartmentId, String)>,
    pub employees: Vec<AbleEmployee>,
}

/// Somebody with the permission, who sees something of the community.
#[derive(FromQueryResult)]
pub struct AbleEmployee {
    pub id: EmployeeId,
    pub name: String,
    pub department_id: DepartmentId,
}

/// Everybody who has a permission and sees a community, or a part of it.
pub async fn able<C: ConnectionTrait>(db: &C, community: CommunityId, permission: Permission) -> Answer<Able> {
    let mut departments = Vec::new();
    for row in department::Entity::find().order_by_asc(department::Column::Name).all(db).await? {
        if serde_json::from_str::<Vec<Permission>>(&row.permissions)?.contains(&permission) {
            departments.push((row.id, row.name));
        }
    }
    let employees = Sql::new("SELECT e.id, e.name, e.department_id FROM employee e WHERE e.active = ")
        .bind(true)
        .add(" AND e.department_id IN ")
        .list(departments.iter().map(|(id, _)| *id))
        .push(
            " AND (e.all_communities = ? OR EXISTS (SELECT 1 FROM data_scope s WHERE s.employee_id = e.id AND s.community_id = ?))",
            [true.into(), community.into()],
        )
        .add(" ORDER BY e.name, e.id")
        .all(db)
        .await?;
    Ok(Able { departments, employees })
}
