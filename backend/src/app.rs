//! What every handler is given: the application, who calls, and what they may see.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use common::id::{BuildingId, CommunityId, EmployeeId};
use common::permission::Permission;
use common::problem::Problem;
use sea_orm::{
    AccessMode, ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::deeds::Deeds;
use crate::jobs::{Progress, Registry};
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::sign_in::Throttle;
use crate::work::Work;
use crate::{Answer, database, key};

/// The application: shared by all requests and jobs of this node, cheap to clone. It holds no state that another node
/// would need.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
    clock: Clock,
}

struct Shared {
    db: DatabaseConnection,
    settings: Settings,
    secrets: Secrets,
    throttle: Throttle,
    jobs: Registry,
    deeds: Deeds,
    progress: Progress,
}

#[derive(Clone, Copy)]
enum Clock {
    System,
    /// The system's, so far ahead.
    Ahead(TimeDelta),
    Fixed(DateTime<Utc>),
}

impl App {
    /// Connects and opens the key file, which must be this database's; the schema must be current.
    pub async fn open(settings: Settings) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let db = database::connect(&settings.database, settings.connections).await?;
        let secrets = key::open(&db, &settings.key_file, system_clock()).await?;
        Ok(Self::new(db, secrets, settings))
    }

    pub fn new(db: DatabaseConnection, secrets: Secrets, settings: Settings) -> Self {
        let clock = settings.clock.map_or(Clock::System, |start| Clock::Ahead(start - system_clock()));
        let shared = Shared {
            db,
            settings,
            secrets,
            throttle: Throttle::default(),
            jobs: crate::jobs::registry(),
            deeds: crate::deeds::registry(),
            progress: Progress::default(),
        };
        Self { shared: Arc::new(shared), clock }
    }

    /// The same application, for which it is always this instant: for demo data and tests.
    pub fn at(&self, at: DateTime<Utc>) -> Self {
        Self { shared: Arc::clone(&self.shared), clock: Clock::Fixed(at) }
    }

    /// The only clock.
    pub fn now(&self) -> DateTime<Utc> {
        match self.clock {
            Clock::System => system_clock(),
            Clock::Ahead(by) => system_clock() + by,
            Clock::Fixed(at) => at,
        }
    }

    /// For reading outside a transaction.
    pub fn db(&self) -> &DatabaseConnection {
        &self.shared.db
    }

    /// Ends all connections: of a SQLite file, everything that was written then stands in the file itself, and its `-wal` is gone.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.shared.db.close_by_ref().await
    }

    /// Begins to read several things as they are at one moment. It ends when it is dropped.
    pub async fn reading(&self) -> Answer<DatabaseTransaction> {
        let postgres = self.shared.db.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        Ok(self.shared.db.begin_with_options(options).await?)
    }

    /// Begins the one transaction of a command.
    pub async fn begin(&self, who: &Who) -> Answer<Work> {
        Work::begin(&self.shared.db, self.now(), Some(who.employee), who.request_id.clone()).await
    }

    /// Begins a transaction on nobody's behalf: a job, a command of the command line.
    pub async fn begin_as_system(&self) -> Answer<Work> {
        Work::begin(&self.shared.db, self.now(), None, String::new()).await
    }

    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    pub fn secrets(&self) -> &Secrets {
        &self.shared.secrets
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.shared.throttle
    }

    pub(crate) fn jobs(&self) -> &Registry {
        &self.shared.jobs
    }

    pub(crate) fn deeds(&self) -> &Deeds {
        &self.shared.deeds
    }

    /// How far the jobs of this node are.
    pub fn progress(&self) -> &Progress {
        &self.shared.progress
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.shared.db.ping().await
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
fn system_clock() -> DateTime<Utc> {
    Utc::now()
}

/// An employee who is signed in, and what they may do and see.
#[derive(Clone, Debug)]
pub struct Who {
    pub employee: EmployeeId,
    pub name: String,
    pub permissions: Vec<Permission>,
    pub scope: Scope,
    /// The session's key.
    pub(crate) session: Vec<u8>,
    pub request_id: String,
}

impl Who {
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// For parts of an endpoint that need more than the endpoint itself.
    pub fn need(&self, permission: Permission) -> Result<(), Problem> {
        if self.may(permission) { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

/// A caller who has not signed in.
#[derive(Clone, Debug)]
pub struct Stranger {
    /// The client's address, as far as it can be believed.
    pub address: String,
    pub agent: String,
    pub request_id: String,
}

/// Which communities and buildings an employee sees. It becomes a WHERE clause, never a filter afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub all: bool,
    pub communities: BTreeMap<CommunityId, Buildings>,
}

/// Which buildings of a community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Buildings {
    All,
    Only(Vec<BuildingId>),
}

impl Buildings {
    /// Whether they hold this one, or what belongs to none.
    pub fn see(&self, building: Option<BuildingId>) -> bool {
        match self {
            Self::All => true,
            Self::Only(own) => building.is_some_and(|building| own.contains(&building)),
        }
    }
}

impl Scope {
    /// Everything: for jobs and the command line.
    pub fn everything() -> Self {
        Self { all: true, communities: BTreeMap::new() }
    }

    pub fn contains(&self, community: CommunityId) -> bool {
        self.all || self.communities.contains_key(&community)
    }

    /// What of this community is in scope; nothing where the community is not.
    pub fn buildings(&self, community: CommunityId) -> Buildings {
        match self.communities.get(&community) {
            _ if self.all => Buildings::All,
            Some(buildings) => buildings.clone(),
            None => Buildings::Only(Vec::new()),
        }
    }

    /// The scope as a condition on a building column: start every query with it.
    pub fn within(&self, community: CommunityId, building: impl ColumnTrait) -> Condition {
        match self.buildings(community) {
            Buildings::All => Condition::all(),
            Buildings::Only(buildings) => Condition::all().add(building.is_in(buildings)),
        }
    }

    /// 404 where a building (or the lack of one) lies outside the scope.
    pub fn allow(&self, community: CommunityId, building: Option<BuildingId>) -> Result<(), Problem> {
        let inside = match (self.buildings(community), building) {
            (Buildings::All, _) => true,
            (Buildings::Only(buildings), Some(building)) => buildings.contains(&building),
            (Buildings::Only(_), None) => false,
        };
        if inside { Ok(()) } else { Err(Problem::not_found()) }
    }
}
