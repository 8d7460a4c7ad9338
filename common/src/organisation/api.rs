//! Who works here: signing in, departments with their permissions, employees with their data scope, and the jobs under way.

use serde::{Deserialize, Serialize};

use crate::api::{Checked, Done, Page};
use crate::id::{BuildingId, CommunityId, DepartmentId, EmployeeId, JobId};
use crate::permission::Permission;
use crate::problem::{FieldProblem, text_field};

crate::endpoints! {
    Get "/api/organisation/start" GetStart => Start, Anyone;
    Post "/api/organisation/first-administrator" MakeFirstAdministrator => Me, Anyone, checked;
    Post "/api/organisation/sign-in" SignIn => Me, Anyone, checked;
    Post "/api/organisation/sign-out" SignOut => Done, Staff;
    Get "/api/organisation/me" GetMe => Me, Staff;
    Post "/api/organisation/me/password" ChangePassword => Done, Staff, checked;

    Post "/api/organisation/communities/save" SaveCommunity => Done, Staff may OrganisationWrite, checked;
    Get "/api/organisation/communities" ListCommunities => Vec<CommunityRow>, Staff may OrganisationRead;
    Get "/api/organisation/departments" ListDepartments => Vec<DepartmentRow>, Staff may OrganisationRead;
    Post "/api/organisation/departments/save" SaveDepartment => Done, Staff may OrganisationWrite, checked;
    Post "/api/organisation/departments/remove" RemoveDepartment => Done, Staff may OrganisationWrite;
    Get "/api/organisation/employees" ListEmployees => Page<EmployeeRow>, Staff may OrganisationRead;
    Get "/api/organisation/employee" GetEmployee => EmployeeDetail, Staff may OrganisationRead;
    Post "/api/organisation/employees/save" SaveEmployee => Done, Staff may OrganisationWrite, checked;

    Get "/api/organisation/jobs" ListJobs => Vec<JobRow>, Staff;
}
crate::listing!(ListEmployees);

/// The shortest password that is taken.
pub const PASSWORD_LEAST: usize = 8;

/// What the sign-in page must know before anyone is signed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetStart {}

/// Whether the product is used for the first time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Start {
    /// There is no employee yet: the first visitor becomes the administrator.
    pub needs_administrator: bool,
    /// The server's version.
    pub version: String,
    /// Whether the database is the demonstration's, whose accounts the sign-in page may name.
    pub demo: bool,
}

/// Makes the first employee, with every permission in every community; refused once there is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MakeFirstAdministrator {
    pub account: String,
    pub name: String,
    pub password: String,
}

impl Checked for MakeFirstAdministrator {
    fn problems(&self) -> Vec<FieldProblem> {
        [text_field("account", &self.account, 50), text_field("name", &self.name, 50), password_field("password", &self.password)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Opens a session; the reply sets an HttpOnly cookie.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// Account or phone number.
    pub account: String,
    pub password: String,
    /// Keep the session for 7 days on this device.
    #[serde(default)]
    pub remember: bool,
}

impl Checked for SignIn {
    fn problems(&self) -> Vec<FieldProblem> {
        [text_field("account", &self.account, 50), text_field("password", &self.password, 200)].into_iter().flatten().collect()
    }
}

/// Ends the session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SignOut {}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetMe {}

/// The person who is signed in, what they may do and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Me {
    pub id: EmployeeId,
    pub name: String,
    pub account: String,
    pub department: String,
    pub permissions: Vec<Permission>,
    /// The communities in the data scope, in the order of their codes.
    pub communities: Vec<MyCommunity>,
    /// The server's clock, which devices follow whatever their own says.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// A community that one may work in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MyCommunity {
    pub id: CommunityId,
    pub code: String,
    pub name: String,
    /// Its time zone: minutes ahead of UTC.
    pub utc_offset_minutes: i32,
    /// Whether all its buildings lie in the data scope: what touches everybody is for those only.
    pub whole: bool,
}

/// A new password for oneself; ends one's other sessions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

impl Checked for ChangePassword {
    fn problems(&self) -> Vec<FieldProblem> {
        [text_field("current", &self.current, 200), password_field("new", &self.new)].into_iter().flatten().collect()
    }
}

/// `required`, or `organisation.password_short` below [`PASSWORD_LEAST`] characters.
fn password_field(field: &str, password: &str) -> Option<FieldProblem> {
    text_field(field, password, 200).or_else(|| {
        (password.chars().count() < PASSWORD_LEAST)
            .then(|| FieldProblem::new(field, "organisation.password_short").with("least", PASSWORD_LEAST))
    })
}

/// Every community in scope.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListCommunities {}

/// A community with its size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CommunityRow {
    pub id: CommunityId,
    pub code: String,
    pub name: String,
    pub address: String,
    pub units: u64,
}

/// Adds a community, or changes the one with this id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveCommunity {
    pub id: CommunityId,
    /// Stands in file names; unique.
    pub code: String,
    pub name: String,
    pub address: String,
}

impl Checked for SaveCommunity {
    fn problems(&self) -> Vec<FieldProblem> {
        let long = |field: &str, text: &str| {
            (text.chars().count() > 200).then(|| FieldProblem::new(field, "too_long").with("most", 200))
        };
        [text_field("code", &self.code, 20), text_field("name", &self.name, 50), long("address", &self.address)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Every department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListDepartments {}

/// A department: a name and a set of permissions that its people have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DepartmentRow {
    pub id: DepartmentId,
    pub name: String,
    pub permissions: Vec<Permission>,
    pub employees: u64,
}

/// Adds a department, or changes the one with this id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveDepartment {
    pub id: DepartmentId,
    pub name: String,
    pub permissions: Vec<Permission>,
}

impl Checked for SaveDepartment {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("name", &self.name, 50).into_iter().collect()
    }
}

/// Removes a department that has no people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RemoveDepartment {
    pub department: DepartmentId,
}

/// Employees: by name, account or phone; of a department; active or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListEmployees {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `name`, `account` or `department`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// An employee in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EmployeeRow {
    pub id: EmployeeId,
    pub account: String,
    pub name: String,
    pub phone: Option<String>,
    pub department: String,
    /// May work in every community.
    pub all_communities: bool,
    /// Communities in the data scope, where it is not all of them.
    pub communities: u32,
    pub active: bool,
}

/// One employee, to be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetEmployee {
    pub employee: EmployeeId,
}

/// An employee with the data scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EmployeeDetail {
    pub id: EmployeeId,
    pub account: String,
    pub name: String,
    pub phone: Option<String>,
    pub department: DepartmentId,
    pub may_desk: bool,
    pub may_phone: bool,
    pub active: bool,
    pub all_communities: bool,
    pub scopes: Vec<Scope>,
}

/// A part of the data scope: a community, or one building of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Scope {
    pub community: CommunityId,
    /// `None`: the whole community.
    pub building: Option<BuildingId>,
}

/// Adds an employee, or changes the one with this id. Whoever loses the right to sign in loses the session at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveEmployee {
    pub id: EmployeeId,
    pub account: String,
    pub name: String,
    pub phone: Option<String>,
    pub department: DepartmentId,
    /// May sign in at a desk.
    pub may_desk: bool,
    /// May sign in on a phone.
    pub may_phone: bool,
    pub active: bool,
    pub all_communities: bool,
    pub scopes: Vec<Scope>,
    /// A new password; needed for a new employee.
    pub password: Option<String>,
}

impl Checked for SaveEmployee {
    fn problems(&self) -> Vec<FieldProblem> {
        let phone = self.phone.as_deref().filter(|phone| !phone.is_empty());
        [
            text_field("account", &self.account, 50),
            text_field("name", &self.name, 50),
            phone.and_then(|phone| {
                phone.parse::<crate::person::Phone>().is_err().then(|| FieldProblem::new("phone", "not_a_phone"))
            }),
            self.password.as_deref().and_then(|password| password_field("password", password)),
            (!self.all_communities && self.scopes.is_empty()).then(|| FieldProblem::new("scopes", "organisation.scope_empty")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The jobs that the caller started and that are not over, or ended within the last hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListJobs {}

/// A piece of work that goes on after the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct JobRow {
    pub id: JobId,
    /// What it does; the UI names it by the text `job-<kind>`.
    pub kind: String,
    pub state: JobState,
    pub done: u64,
    pub total: u64,
    /// The code of what went wrong.
    pub problem: Option<String>,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
}
