//! A product of one's own for each story: a fresh database, the real router, and people who use it.

mod person;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use backend::secret::Secrets;
use backend::settings::Settings;
use backend::{App, database, jobs, organisation, reports, serve};
use common::id::{BuildingId, CommunityId, EmployeeId};
use common::organisation::api::{SaveCommunity, SignIn};
use common::permission::Permission;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tokio::sync::OnceCell;
use uuid::Uuid;

pub(crate) use person::Person;

/// The product, running on a database of its own.
pub(crate) struct Anju {
    pub(crate) app: App,
    router: Router,
    manager: OnceCell<Person>,
    _home: Home,
}

/// What has to go when a story is over.
enum Home {
    Folder(PathBuf),
    Postgres,
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Self::Folder(folder) = self {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Anju {
    /// On an empty database with the current schema.
    pub(crate) async fn start() -> Self {
        let (url, home) = fresh_database().await;
        let db = database::connect(&url, 4).await.unwrap();
        Self::on(db, Settings { database: url, ..Settings::default() }, home)
    }

    /// The same, where it is always noon of this day.
    pub(crate) async fn start_on(day: &str) -> Self {
        let anju = Self::start().await;
        let app = anju.app.at(format!("{day}T04:00:00Z").parse().unwrap());
        Self { router: serve::router(app.clone()), app, ..anju }
    }

    /// The same company on another day, at noon; the manager has signed in anew.
    pub(crate) async fn later(self, day: &str) -> Self {
        let app = self.app.at(format!("{day}T04:00:00Z").parse().unwrap());
        let anju = Self { router: serve::router(app.clone()), app, manager: OnceCell::new(), ..self };
        let statement =
            Statement::from_string(anju.app.db().get_database_backend(), "SELECT id FROM employee WHERE account = 'manager'");
        let row = anju.app.db().query_one_raw(statement).await.unwrap().unwrap();
        let manager = Person::of(&anju, EmployeeId(row.try_get_by_index(0).unwrap())).await;
        assert!(anju.manager.set(manager).is_ok());
        anju
    }

    fn on(db: DatabaseConnection, settings: Settings, home: Home) -> Self {
        let secrets = Secrets::from_secret(b"a secret of the tests, long enough").unwrap();
        let app = App::new(db, secrets, settings);
        Self { router: serve::router(app.clone()), app, manager: OnceCell::new(), _home: home }
    }

    /// The first administrator, who may do everything everywhere.
    pub(crate) async fn manager(&self) -> &Person {
        self.manager
            .get_or_init(|| async {
                let work = self.app.begin_as_system().await.unwrap();
                let id = organisation::first_administrator(&work, "manager", "周敏", "no password".to_owned()).await.unwrap();
                work.commit().await.unwrap();
                Person::of(self, id).await
            })
            .await
    }

    /// An employee with these permissions in these communities only.
    pub(crate) async fn employee(&self, permissions: &[Permission], communities: &[CommunityId]) -> Person {
        let scopes: Vec<_> = communities.iter().map(|community| (*community, None)).collect();
        self.employee_of_buildings(permissions, &scopes).await
    }

    /// An employee with these permissions, in these communities or single buildings of them.
    pub(crate) async fn employee_of_buildings(
        &self,
        permissions: &[Permission],
        scopes: &[(CommunityId, Option<BuildingId>)],
    ) -> Person {
        let manager = self.manager().await;
        let id = EmployeeId(Uuid::now_v7());
        manager.engages(id, permissions, scopes).await;
        Person::of(self, id).await
    }

    /// Somebody who was there already, by the sign-in page.
    pub(crate) async fn signs_in(&self, account: &str, password: &str) -> Person {
        let ask = SignIn { account: account.to_owned(), password: password.to_owned(), remember: false };
        Person::of(self, self.stranger().does(ask).await.id).await
    }

    /// Lets go of the database, which stays as it is: for stories in which another process uses it.
    pub(crate) async fn lets_go(&self) -> String {
        self.app.db().close_by_ref().await.unwrap();
        self.app.settings().database.clone()
    }

    /// The same people on the same database, connected anew.
    pub(crate) async fn again(&self, db: DatabaseConnection) -> (App, Router) {
        let secrets = Secrets::from_secret(b"a secret of the tests, long enough").unwrap();
        let app = App::new(db, secrets, self.app.settings().clone());
        (app.clone(), serve::router(app))
    }

    /// Somebody who has not signed in.
    pub(crate) fn stranger(&self) -> Person {
        Person::stranger(self.router.clone())
    }

    /// A community under management.
    pub(crate) async fn community(&self, name: &str) -> CommunityId {
        let id = CommunityId(Uuid::now_v7());
        let code = format!("C{}", id.0.simple()).chars().rev().take(12).collect::<String>();
        self.manager().await.does(SaveCommunity { id, code, name: name.to_owned(), address: String::new() }).await;
        id
    }

    /// Carries out every job that is due.
    pub(crate) async fn run_jobs(&self) {
        jobs::run_all(&self.app).await.unwrap();
    }

    /// Re-adds the books; a story that moves money ends with this.
    pub(crate) async fn the_books_balance(&self) {
        let report = reports::verify::verify(self.app.db()).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences);
    }

    /// The one number that a statement yields.
    pub(crate) async fn counts(&self, statement: &str) -> i64 {
        let db = self.app.db();
        let statement = Statement::from_string(db.get_database_backend(), statement);
        db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }
}

/// Whether the stories run on PostgreSQL.
pub(crate) fn on_postgres() -> bool {
    std::env::var("ANJU_TEST_DATABASE").is_ok_and(|database| database == "postgres")
}

/// A copy of a database that has been migrated once.
async fn fresh_database() -> (String, Home) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let process = std::process::id();
    if on_postgres() {
        let server = std::env::var("ANJU_TEST_POSTGRES")
            .expect("ANJU_TEST_POSTGRES says where the server is: tools/with-postgres sets it");
        let server = server.trim_end_matches("/postgres").to_owned();
        let template = TEMPLATE
            .get_or_init(|| async {
                let name = format!("template_{process}");
                create(&server, &format!("CREATE DATABASE {name}")).await;
                database::migrate(&format!("{server}/{name}")).await.unwrap();
                name
            })
            .await;
        let name = format!("story_{process}_{number}");
        create(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        return (format!("{server}/{name}"), Home::Postgres);
    }
    let folder = std::env::temp_dir().join(format!("anju-stories-{process}"));
    std::fs::create_dir_all(&folder).unwrap();
    let template = TEMPLATE
        .get_or_init(|| async {
            let path = folder.join("template.sqlite");
            database::migrate(&format!("sqlite:{}", path.display())).await.unwrap();
            path.display().to_string()
        })
        .await;
    let home = folder.join(number.to_string());
    std::fs::create_dir_all(&home).unwrap();
    let path = home.join("anju.sqlite");
    std::fs::copy(template, &path).unwrap();
    (format!("sqlite:{}", path.display()), Home::Folder(home))
}

/// One at a time: PostgreSQL copies a template only while nobody is connected to it.
async fn create(server: &str, statement: &str) {
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = TURN.lock().await;
    let connection = database::connect(&format!("{server}/postgres"), 1).await.unwrap();
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}
