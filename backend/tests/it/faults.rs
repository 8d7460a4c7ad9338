//! What goes wrong: the server is killed at any moment, the disk is full or read-only, the database goes away and is back.
//! Of each command everything has happened or nothing, and whoever asked is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use backend::sql::Sql;
use backend::{App, database, jobs, reports};
use common::api::{Endpoint, Method as Verb};
use common::billing::api::{BillRow, Generate, GetRun, GetRunInputs, ListBills, RunState, Seen};
use common::billing::plan::plan;
use common::cashier::Method;
use common::cashier::api::Collect;
use common::cashier::settle::{BillAmount, MethodAmount};
use common::charging::api::{Assign, Earlier, PriceScope, SaveFeeItem, SaveTariff, SetPrice};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::estate::UnitKind;
use common::id::{BillingRunId, CommunityId, FeeItemId, ImportId, PaymentId, PriceId, ReadingImportId, TariffId};
use common::metering::Utility;
use common::metering::api::{DefineMeters, FirstReading, ImportReadings, OpenBook};
use common::metering::book::NewReading;
use common::organisation::api::GetMe;
use common::period::Day;
use common::problem::Problem;
use common::quantity::Quantity;
use common::residents::api::ImportEstate;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use uuid::Uuid;

use crate::support::{Anju, Person, on_postgres};

/// The product as a process of its own, which can be killed.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    async fn serving(url: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let key = std::env::temp_dir().join(format!("anju-faults-{}.key", std::process::id()));
        let child = Command::new(env!("CARGO_BIN_EXE_anju"))
            .args(["--database", url, "--listen", &address.to_string(), "--key-file", &key.display().to_string(), "serve"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self { child, address };
        for _ in 0..600 {
            if TcpStream::connect(address).is_ok() {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server does not listen");
    }

    /// As `kill -9` does.
    fn killed(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks over the wire; `None` where the server died before it answered.
    fn asks<E: Endpoint>(&self, token: &str, ask: &E) -> tokio::task::JoinHandle<Option<Result<E::Reply, Problem>>> {
        let (verb, path, body) = match E::METHOD {
            Verb::Get => ("GET", format!("{}?{}", E::PATH, serde_html_form::to_string(ask).unwrap()), Vec::new()),
            Verb::Post => ("POST", E::PATH.to_owned(), serde_json::to_vec(ask).unwrap()),
        };
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let address = self.address;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).ok()?;
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(&body).ok()?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).ok()?;
            let split = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
            let body = &answer[split + 4..];
            if answer.starts_with(b"HTTP/1.1 200") {
                // An answer that was cut is none.
                return serde_json::from_slice(body).ok().map(Ok);
            }
            serde_json::from_slice(body).ok().map(Err)
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks into the database between two lives of the server.
struct Look(DatabaseConnection);

impl Look {
    async fn into(url: &str) -> Self {
        Self(database::connect(url, 2).await.unwrap())
    }

    async fn count(&self, table: &str) -> u64 {
        Sql::new(&format!("SELECT COUNT(*) AS number FROM {table}")).number(&self.0).await.unwrap()
    }

    async fn the_books_balance(self) {
        let report = reports::verify::verify(&self.0).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences);
        self.0.close().await.unwrap();
    }
}

/// `anju verify`, as somebody would run it after a crash.
fn verified(url: &str) {
    let status = Command::new(env!("CARGO_BIN_EXE_anju"))
        .args(["--database", url, "verify"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

/// So many homes, each with an owner.
fn homes(community: CommunityId, count: u32) -> ImportEstate {
    let mut text = "楼栋,单元,房号,建筑面积,业主姓名,手机号\n".to_owned();
    for home in 0..count {
        text += &format!("{},1,{}{:02},80,王{home:05},138{home:08}\n", home / 100 + 1, home % 100 / 4 + 1, home % 4 + 1);
    }
    let reading = common::estate::import::read(&common::sheet::read(text.as_bytes()).unwrap());
    assert_eq!(reading.problems, []);
    ImportEstate { community, import: ImportId(Uuid::now_v7()), file_name: "房屋.csv".into(), draft: reading.draft }
}

async fn fee(person: &Person, community: CommunityId) -> FeeItemId {
    let (fee_item, tariff) = (FeeItemId(Uuid::now_v7()), TariffId(Uuid::now_v7()));
    let name = "物业费".to_owned();
    let from: Day = "2026-01-01".parse().unwrap();
    person.does(SaveFeeItem::of(community, fee_item, "WYF", &name, FeeItemKind::Property)).await;
    person.does(SaveTariff { community, tariff, fee_item, name, rules: TariffRules::of_mode(Mode::Area) }).await;
    person
        .does(SetPrice {
            community,
            tariff,
            price: PriceId(Uuid::now_v7()),
            scope: PriceScope::Community,
            rate: Rate::Flat("2.80".parse().unwrap()),
            from,
            to: None,
            earlier: Earlier::Kept,
            reason: String::new(),
        })
        .await;
    let (buildings, kinds, units) = (vec![], vec![], vec![]);
    person.does(Assign { community, tariff, buildings, kinds, units, from, to: None, earlier: Earlier::Kept }).await;
    fee_item
}

/// The run of October as a person has seen it.
async fn october(person: &Person, community: CommunityId, fee_item: FeeItemId) -> Generate {
    let first = "2026-10".parse().unwrap();
    let issued_day = "2026-11-01".parse().unwrap();
    let ask = GetRunInputs {
        community,
        first,
        months: 1,
        fee_items: vec![fee_item],
        buildings: vec![],
        units: vec![],
        issued_day,
        due_day: None,
        rule: None,
    };
    let plan = plan(&person.does(ask).await, |_| {});
    Generate {
        community,
        run: BillingRunId(Uuid::now_v7()),
        first,
        months: 1,
        fee_items: vec![fee_item],
        buildings: vec![],
        units: vec![],
        issued_day,
        due_day: None,
        rule: None,
        seen: Seen { digest: plan.digest().to_owned(), totals: vec![] },
    }
}

#[tokio::test]
async fn killed_during_an_import_or_a_run_all_of_it_is_there_or_none() {
    const HOMES: u32 = 1_200;
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    let token = anju.manager().await.token().to_owned();
    let ask = homes(community, HOMES);
    let url = anju.lets_go().await;
    for moment in [15, 60, 140, 260, 420] {
        let process = Process::serving(&url).await;
        let answer = process.asks(&token, &ask);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        process.killed();
        let told = answer.await.unwrap();
        let look = Look::into(&url).await;
        let (units, people, imports) =
            (look.count("unit").await, look.count("resident").await, look.count("estate_import").await);
        let whole = (u64::from(HOMES), u64::from(HOMES), 1);
        assert!([(0, 0, 0), whole].contains(&(units, people, imports)), "{units} units, {people} people, {imports} imports");
        assert!(told.is_none() || imports == 1, "what was answered is kept");
        look.the_books_balance().await;
    }
    let process = Process::serving(&url).await;
    process.asks(&token, &ask).await.unwrap().unwrap().unwrap();
    process.killed();

    let (_, router) = anju.again(database::connect(&url, 4).await.unwrap()).await;
    let manager = anju.manager().await.at(router);
    let fee_item = fee(&manager, community).await;
    let generate = october(&manager, community, fee_item).await;
    for moment in [10, 90, 180, 300, 480] {
        let process = Process::serving(&url).await;
        process.asks(&token, &generate).await.unwrap().unwrap().unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        process.killed();
        let look = Look::into(&url).await;
        let (bills, lines, postings) = (look.count("bill").await, look.count("bill_line").await, look.count("posting").await);
        assert!(
            [(0, 0, 0), (1_200, 1_200, 1_200)].contains(&(bills, lines, postings)),
            "{bills} bills, {lines} lines, {postings}"
        );
        // What the dead server had in hand is taken up when its lease is over; here it is over at once.
        look.0.execute_unprepared("UPDATE job SET locked_until = created_at WHERE state = 'running'").await.unwrap();
        look.the_books_balance().await;
    }
    let (app, router) = anju.again(database::connect(&url, 4).await.unwrap()).await;
    jobs::run_all(&app).await.unwrap();
    let run = manager.at(router).does(GetRun { community, run: generate.run }).await;
    assert_eq!((run.state, run.bills), (RunState::Done, u64::from(HOMES)));
    app.db().close_by_ref().await.unwrap();
    verified(&url);
}

#[tokio::test]
async fn killed_during_an_import_of_readings_all_of_them_are_there_or_none() {
    const HOMES: u32 = 2_000;
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    manager.does(homes(community, HOMES)).await;
    let fee_item = FeeItemId(Uuid::now_v7());
    let name = "水费".to_owned();
    manager.does(SaveFeeItem::of(community, fee_item, "SF", &name, FeeItemKind::Water)).await;
    let first = FirstReading { value: "50".parse().unwrap(), day: "2026-01-20".parse().unwrap() };
    manager
        .does(DefineMeters {
            community,
            utility: Utility::Water,
            fee_item,
            parent: None,
            prefix: "SB".into(),
            registers: Vec::new(),
            multiplier: Quantity::ONE,
            digits: 5,
            first: Some(first),
            building: None,
            kinds: vec![UnitKind::Residence],
        })
        .await;
    let month = "2026-02".parse().unwrap();
    let book = manager.does(OpenBook { community, month }).await;
    let rows = book.meters.iter().map(|meter| NewReading {
        meter: meter.id,
        day: "2026-02-20".parse().unwrap(),
        value: "62".parse().unwrap(),
        mark: None,
        previous: Some(first.value),
        first: None,
        confirmed: false,
        previous_differs: false,
        note: String::new(),
    });
    let import = ReadingImportId(Uuid::now_v7());
    let ask = ImportReadings { community, import, file_name: "2月.xlsx".into(), month, rows: rows.collect() };
    let (token, homes) = (manager.token().to_owned(), u64::from(HOMES));
    let url = anju.lets_go().await;
    for moment in [10, 40, 90, 160, 250, 380] {
        let process = Process::serving(&url).await;
        let answer = process.asks(&token, &ask);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        process.killed();
        let told = answer.await.unwrap();
        let look = Look::into(&url).await;
        let (readings, imports) = (look.count("reading").await, look.count("reading_import").await);
        assert!([(homes, 0), (2 * homes, 1)].contains(&(readings, imports)), "{readings} readings, {imports} imports");
        assert!(told.is_none() || imports == 1, "what was answered is kept");
        look.the_books_balance().await;
    }
    let process = Process::serving(&url).await;
    let done = process.asks(&token, &ask).await.unwrap().unwrap().unwrap();
    assert_eq!((done.readings, done.review), (homes, 0));
    assert_eq!(process.asks(&token, &ask).await.unwrap().unwrap().unwrap(), done);
    process.killed();
    let look = Look::into(&url).await;
    assert_eq!((look.count("reading").await, look.count("reading_import").await), (2 * homes, 1));
    look.the_books_balance().await;
    verified(&url);
}

/// The whole bill in cash.
fn in_cash(community: CommunityId, bill: &BillRow) -> Collect {
    Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit: bill.unit,
        bills: vec![BillAmount::whole(bill.id, bill.open_fen)],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![MethodAmount { method: Method::Cash, amount_fen: bill.open_fen, reference: String::new() }],
        tendered_fen: None,
        note: String::new(),
    }
}

#[tokio::test]
async fn killed_while_people_pay_each_payment_is_whole_once_and_numbered_without_gaps() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    manager.does(homes(community, 40)).await;
    let fee_item = fee(manager, community).await;
    manager.does(october(manager, community, fee_item).await).await;
    anju.run_jobs().await;
    let bills = manager.does(ListBills { size: Some(100), ..ListBills::of(community) }).await.rows;
    let payments: Vec<Collect> = bills.iter().map(|bill| in_cash(community, bill)).collect();
    assert_eq!(payments.len(), 40);
    let token = manager.token().to_owned();
    let url = anju.lets_go().await;
    for (moment, some) in [40, 15, 90, 60].into_iter().zip(payments.chunks(10)) {
        let process = Process::serving(&url).await;
        let answers: Vec<_> = some.iter().map(|payment| process.asks(&token, payment)).collect();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        process.killed();
        let mut told = 0;
        for answer in answers {
            told += u64::from(matches!(answer.await.unwrap(), Some(Ok(_))));
        }
        let look = Look::into(&url).await;
        let since = some.iter().map(|payment| payment.payment);
        let kept = Sql::new("SELECT COUNT(*) AS number FROM payment WHERE id IN ").list(since).number(&look.0).await.unwrap();
        assert!(told <= kept, "{told} were answered, {kept} are there");
        let (all, lines, methods) =
            (look.count("payment").await, look.count("payment_line").await, look.count("payment_method_line").await);
        assert_eq!((lines, methods), (all, all));
        look.the_books_balance().await;
    }
    // Every desk sends again what it has no answer to, some of it twice at once.
    let process = Process::serving(&url).await;
    let answers: Vec<_> = payments.iter().chain(&payments[..10]).map(|payment| process.asks(&token, payment)).collect();
    let mut numbers = Vec::new();
    for answer in answers {
        numbers.push(answer.await.unwrap().unwrap().unwrap().receipt_number);
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 40);
    assert!(numbers[0].ends_with("-0001") && numbers[39].ends_with("-0040"), "{} … {}", numbers[0], numbers[39]);
    process.killed();
    Look::into(&url).await.the_books_balance().await;
    verified(&url);
}

#[tokio::test]
async fn a_full_disk_and_a_read_only_database_are_named_and_nothing_is_lost() {
    if on_postgres() {
        return;
    }
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    manager.does(homes(community, 20)).await;
    let url = anju.lets_go().await;

    let db = database::connect(&format!("{url}?mode=ro"), 1).await.unwrap();
    let (app, router) = anju.again(db).await;
    let reader = manager.at(router);
    reader.does(GetMe {}).await;
    let other = CommunityId(Uuid::now_v7());
    let new =
        common::organisation::api::SaveCommunity {
            id: other, code: "QF".into(), name: "青枫里".into(), address: String::new()
        };
    let refused = reader.is_refused(new.clone()).await;
    assert_eq!((refused.status, refused.code.as_str()), (503, "read_only"));
    app.db().close_by_ref().await.unwrap();

    // One connection, whose file may not grow any more: as SQLite meets a full disk.
    let db = database::connect(&url, 1).await.unwrap();
    let (app, router) = anju.again(db).await;
    let manager = manager.at(router);
    manager.does(new).await;
    app.db().execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
    let large = homes(other, 1_000);
    let refused = manager.is_refused(large.clone()).await;
    assert_eq!((refused.status, refused.code.as_str()), (507, "disk_full"));
    assert_eq!(Sql::new("SELECT COUNT(*) AS number FROM unit").number(app.db()).await.unwrap(), 20);
    app.db().execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
    manager.does(large).await;
    app.db().close_by_ref().await.unwrap();
    verified(&url);
}

/// A way to PostgreSQL that can be cut.
struct Wire {
    address: SocketAddr,
    cut: tokio::sync::watch::Sender<bool>,
}

impl Wire {
    async fn to(server: String) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, is_cut) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut is_cut, server) = (is_cut.clone(), server.clone());
                tokio::spawn(async move {
                    if *is_cut.borrow() {
                        return;
                    }
                    let mut far = tokio::net::TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = is_cut.wait_for(|cut| *cut) => {}
                    }
                });
            }
        });
        Self { address, cut }
    }
}

#[tokio::test]
async fn the_database_goes_away_and_comes_back() {
    if !on_postgres() {
        return;
    }
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    let url = anju.lets_go().await;
    let (server, name) = url.trim_start_matches("postgres://app@").split_once('/').unwrap();
    let wire = Wire::to(server.to_owned()).await;
    let db = database::connect(&format!("postgres://app@{}/{name}", wire.address), 2).await.unwrap();
    let (app, router): (App, _) = anju.again(db).await;
    let manager = anju.manager().await.at(router);
    manager.does(homes(community, 10)).await;

    wire.cut.send(true).unwrap();
    for _ in 0..3 {
        let refused = manager.is_refused(GetMe {}).await;
        assert_eq!((refused.status, refused.code.as_str()), (503, "unavailable"));
    }
    wire.cut.send(false).unwrap();
    manager.does(GetMe {}).await;
    let fee_item = fee(&manager, community).await;
    let generate = october(&manager, community, fee_item).await;
    manager.does(generate.clone()).await;

    // Away in the middle of a run: it is tried again when the database is back.
    let run = tokio::spawn({
        let app = app.clone();
        async move { jobs::run_all(&app).await.map_err(|failure| failure.into_problem().code) }
    });
    tokio::time::sleep(Duration::from_millis(5)).await;
    wire.cut.send(true).unwrap();
    let _ = run.await.unwrap();
    wire.cut.send(false).unwrap();
    app.db()
        .execute_unprepared("UPDATE job SET run_after = created_at, locked_until = created_at WHERE state <> 'done'")
        .await
        .unwrap();
    jobs::run_all(&app).await.unwrap();
    assert_eq!(manager.does(GetRun { community, run: generate.run }).await.state, RunState::Done);
    reports_are_clean(&app).await;
}

async fn reports_are_clean(app: &App) {
    let report = reports::verify::verify(app.db()).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
}
