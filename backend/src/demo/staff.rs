//! Who works in the demonstration.

use common::id::{DepartmentId, EmployeeId};
use common::organisation::api::{SaveDepartment, SaveEmployee, Scope};
use common::permission::Permission;

use super::caller::Caller;
use super::chance::Chance;
use super::{Calendar, Estate, Made, PASSWORD, clock};
use crate::{Failure, organisation, sign_in};

/// The people whose work the demonstration shows.
pub(super) struct Staff {
    pub(super) admin: EmployeeId,
    pub(super) manager: EmployeeId,
    pub(super) reader: EmployeeId,
    pub(super) cashier: EmployeeId,
    /// Reads the other half of the meters.
    pub(super) second: EmployeeId,
    steward: EmployeeId,
    service: DepartmentId,
    pub(super) management: DepartmentId,
}

/// Departments and everybody in them; the steward starts out with nothing to see.
pub(super) async fn hire(caller: &mut Caller, calendar: &Calendar) -> Made<Staff> {
    use Permission as P;
    let at = clock(calendar.founded(), 9, 0);
    let mut chance = Chance::of("staff");
    let app = caller.app().at(at);
    let hash = sign_in::hash_password(&app, PASSWORD.to_owned()).await.map_err(Failure::into_problem)?;
    let work = app.begin_as_system().await.map_err(Failure::into_problem)?;
    let admin = organisation::first_administrator(&work, "admin", "系统管理员", hash).await.map_err(Failure::into_problem)?;
    work.commit().await.map_err(Failure::into_problem)?;
    let staff = Staff {
        admin,
        manager: chance.id(at),
        reader: chance.id(at),
        cashier: chance.id(at),
        second: Chance::of("second reader").id(at),
        steward: chance.id(at),
        service: chance.id(at),
        management: chance.id(at),
    };
    let departments: [(&str, DepartmentId, Vec<Permission>, Option<(EmployeeId, &str, &str)>); 4] = [
        ("项目管理", staff.management, P::ALL.to_vec(), Some((staff.manager, "manager", "林海燕"))),
        (
            "收费中心",
            chance.id(at),
            vec![
                P::EstateRead,
                P::ResidentsRead,
                P::ChargingRead,
                P::MeteringRead,
                P::BillingRead,
                P::BillingRaise,
                P::BillingWaive,
                P::CashierRead,
                P::CashierCollect,
                P::CashierVoid,
                P::CashierRefund,
                P::ApprovalsRead,
                P::ReportsRead,
            ],
            Some((staff.cashier, "cashier", "王芳")),
        ),
        (
            "工程部",
            chance.id(at),
            vec![P::EstateRead, P::MeteringRead, P::MeteringWrite],
            Some((staff.reader, "reader", "周建军")),
        ),
        (
            "客户服务",
            staff.service,
            vec![
                P::EstateRead,
                P::ResidentsRead,
                P::ResidentsWrite,
                P::MeteringRead,
                P::BillingRead,
                P::CashierRead,
                P::ReportsRead,
            ],
            None,
        ),
    ];
    for (name, id, permissions, person) in departments {
        caller.ask(admin, at, &SaveDepartment { id, name: name.to_owned(), permissions }).await?;
        if name == "工程部" {
            caller.ask(admin, at, &employee_of(staff.second, "reader2", "陈志强", id, Vec::new())).await?;
        }
        if let Some((employee, account, name)) = person {
            caller.ask(admin, at, &employee_of(employee, account, name, id, Vec::new())).await?;
        }
    }
    Ok(staff)
}

/// The steward of one building: sees that one only.
pub(super) async fn place_steward(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estates: &[Estate]) -> Made<()> {
    let Some(estate) = estates.first() else { return Ok(()) };
    let building = estate.building("3栋").or_else(|_| estate.building("1栋"))?;
    let scope = Scope { community: estate.community, building: Some(building) };
    let steward = employee_of(staff.steward, "steward", "苏婷", staff.service, vec![scope]);
    caller.ask(staff.admin, clock(calendar.founded(), 9, 40), &steward).await?;
    Ok(())
}

fn employee_of(id: EmployeeId, account: &str, name: &str, department: DepartmentId, scopes: Vec<Scope>) -> SaveEmployee {
    SaveEmployee {
        id,
        account: account.to_owned(),
        name: name.to_owned(),
        phone: None,
        department,
        may_desk: true,
        may_phone: true,
        active: true,
        all_communities: scopes.is_empty(),
        scopes,
        password: Some(PASSWORD.to_owned()),
    }
}
