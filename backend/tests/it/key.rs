//! The key file: a database takes no other key than the one that it was used with, and no new one is made beside sealed values.

use std::path::PathBuf;
use std::process::{Command, Output};

use backend::settings::Settings;
use backend::sql::Sql;
use backend::{App, database};
use common::id::ResidentId;
use common::residents::api::{Change, SaveResident};
use uuid::Uuid;

use crate::support::Anju;

const NUMBER: &str = "11010519491231002X";

/// A database that the story's own router has let go of, and a folder for key files that goes with the story.
struct Restored {
    _anju: Anju,
    url: String,
    folder: PathBuf,
}

impl Drop for Restored {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Restored {
    async fn of(anju: Anju) -> Self {
        let folder = std::env::temp_dir().join(format!("anju-keys-{}", Uuid::now_v7()));
        Self { url: anju.lets_go().await, _anju: anju, folder }
    }

    fn key(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// As `serve` and `work` open it.
    async fn opens(&self, name: &str) -> Result<App, String> {
        let settings = Settings { database: self.url.clone(), key_file: self.key(name), connections: 2, ..Settings::default() };
        App::open(settings).await.map_err(|error| error.to_string())
    }

    async fn opens_and_closes(&self, name: &str) {
        self.opens(name).await.unwrap().db().close_by_ref().await.unwrap();
    }

    async fn is_refused(&self, name: &str, because: &str) {
        let error = self.opens(name).await.err().unwrap();
        assert!(error.contains(because) && error.contains(&self.key(name).display().to_string()), "{error}");
    }

    /// `anju migrate`, as somebody would run it.
    fn migrates(&self, name: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_anju"))
            .args(["--database", &self.url, "--key-file", &self.key(name).display().to_string(), "migrate"])
            .output()
            .unwrap()
    }

    async fn does(&self, statement: &str) {
        let db = database::connect(&self.url, 1).await.unwrap();
        Sql::new(statement).run(&db).await.unwrap();
        db.close().await.unwrap();
    }
}

const MISSING: &str = "is missing";
const ANOTHER: &str = "is not the key file that this database was used with";

#[tokio::test]
async fn a_new_database_gets_a_key_once_and_takes_no_other() {
    let restored = Restored::of(Anju::start().await).await;
    restored.opens_and_closes("anju.key").await;
    restored.opens_and_closes("anju.key").await;
    assert!(restored.migrates("anju.key").status.success());

    // Restored without its key file: refused, though nothing was sealed yet, and none is made.
    for _ in 0..2 {
        restored.is_refused("gone.key", MISSING).await;
    }
    let refused = restored.migrates("gone.key");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("gone.key is missing"), "{refused:?}");
    assert!(!restored.key("gone.key").exists());

    // With another database's.
    std::fs::write(restored.key("other.key"), "of another database, and long enough").unwrap();
    restored.is_refused("other.key", ANOTHER).await;
    assert!(!restored.migrates("other.key").status.success());
    std::fs::write(restored.key("short.key"), "cut").unwrap();
    restored.is_refused("short.key", "fewer than 32").await;

    // Its own again, wherever it stands.
    std::fs::rename(restored.key("anju.key"), restored.key("moved.key")).unwrap();
    restored.opens_and_closes("moved.key").await;
}

#[tokio::test]
async fn nodes_that_start_at_once_agree_on_one_key() {
    let restored = Restored::of(Anju::start().await).await;
    let (first, second, third) = tokio::join!(restored.opens("anju.key"), restored.opens("anju.key"), restored.opens("anju.key"));
    let fingerprints: Vec<String> =
        [first, second, third].map(|app| app.unwrap().secrets().fingerprint().to_owned()).into_iter().collect();
    assert!(fingerprints.windows(2).all(|pair| pair[0] == pair[1]), "{fingerprints:?}");
    let files: Vec<_> = std::fs::read_dir(&restored.folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["anju.key"]);
}

#[tokio::test]
async fn nodes_with_disks_of_their_own_need_the_first_ones_file() {
    let restored = Restored::of(Anju::start().await).await;
    let (one, other) = tokio::join!(restored.opens("one/anju.key"), restored.opens("other/anju.key"));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    let refused = [one, other].into_iter().find_map(Result::err).unwrap();
    assert!(refused.contains(MISSING), "{refused}");
    assert_eq!(["one", "other"].iter().filter(|node| restored.key(node).exists()).count(), 1);
}

/// A database from before fingerprints, with a number that the stories' own secret sealed.
async fn older() -> Restored {
    let anju = Anju::start().await;
    let community = anju.community("锦绣花园").await;
    let owner = SaveResident {
        community,
        resident: ResidentId(Uuid::now_v7()),
        name: "林晓燕".to_owned(),
        gender: None,
        phone: Change::Keep,
        id_number: Change::Set(NUMBER.parse().unwrap()),
        remark: String::new(),
        custom: Vec::new(),
    };
    anju.manager().await.does(owner).await;
    Restored::of(anju).await
}

#[tokio::test]
async fn an_older_database_adopts_the_key_that_opens_what_is_sealed() {
    let restored = older().await;
    restored.is_refused("anju.key", MISSING).await;
    assert!(!restored.migrates("anju.key").status.success());
    assert!(!restored.key("anju.key").exists());

    std::fs::create_dir_all(&restored.folder).unwrap();
    std::fs::write(restored.key("other.key"), "of another database, and long enough").unwrap();
    restored.is_refused("other.key", ANOTHER).await;

    std::fs::write(restored.key("anju.key"), "a secret of the tests, long enough\n").unwrap();
    assert!(restored.migrates("anju.key").status.success());
    let app = restored.opens("anju.key").await.unwrap();
    let sealed: Vec<Sealed> = Sql::new("SELECT id_number_sealed FROM resident").all(app.db()).await.unwrap();
    assert_eq!(app.secrets().open_sealed(&sealed[0].id_number_sealed).unwrap(), NUMBER);
    app.db().close_by_ref().await.unwrap();
    restored.is_refused("other.key", ANOTHER).await;
}

#[derive(sea_orm::FromQueryResult)]
struct Sealed {
    id_number_sealed: Vec<u8>,
}

#[tokio::test]
async fn an_older_database_in_which_nothing_is_sealed_adopts_the_present_key_or_gets_one() {
    for present in [true, false] {
        let restored = Restored::of(Anju::start().await).await;
        if present {
            std::fs::create_dir_all(&restored.folder).unwrap();
            std::fs::write(restored.key("anju.key"), "a secret from before, long enough too").unwrap();
        }
        restored.opens_and_closes("anju.key").await;
        let text = std::fs::read_to_string(restored.key("anju.key")).unwrap();
        assert_eq!(text.contains("from before"), present);
        restored.is_refused("other.key", MISSING).await;
    }
}

/// What README says to do where the key is lost for good.
#[tokio::test]
async fn a_lost_key_is_given_up_by_giving_up_what_it_sealed() {
    let restored = older().await;
    std::fs::create_dir_all(&restored.folder).unwrap();
    std::fs::write(restored.key("anju.key"), "a secret of the tests, long enough").unwrap();
    restored.opens_and_closes("anju.key").await;
    restored.is_refused("new.key", MISSING).await;
    restored.does("UPDATE resident SET id_number_sealed = NULL, id_number_hash = NULL").await;
    restored.does("DELETE FROM setting WHERE key = 'key_fingerprint'").await;
    restored.opens_and_closes("new.key").await;
}
