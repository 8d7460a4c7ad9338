//! A month is read in rounds: opened and assigned, walked by several, closed with what is missing; what is odd is read again.

use crate::support::{Anju, Person};
use common::api::Method as Verb;
use common::estate::api::SaveBuilding;
use common::id::*;
use common::metering::api::*;
use common::metering::import::{Cures, Index, Options, check};
use common::metering::{Oddity, Role, Utility};
use common::organisation::api::GetMe;
use common::permission::Permission;
use common::reports::api::{AskDashboard, TodoKind};
use uuid::Uuid;

use super::{Estate, day, enter, estate, homes, master, meter_of, month, quantity};

const READS: [Permission; 2] = [Permission::MeteringRead, Permission::MeteringWrite];

/// Four homes in one building, two of them at its first entrance, and two in another; with three months of past.
struct Walk {
    estate: Estate,
    first: BuildingId,
    second: BuildingId,
    entrance: EntranceId,
}

async fn walk(anju: &Anju) -> Walk {
    let estate = estate(anju).await;
    let desk = anju.manager().await;
    let (community, second, entrance) = (estate.community, BuildingId(Uuid::now_v7()), EntranceId(Uuid::now_v7()));
    let first = desk.does(GetRoundChoices { community }).await;
    assert!(first.places.is_empty() && !first.readers.is_empty());
    let tree = desk.does(common::estate::api::GetTree { community }).await;
    let first = tree.buildings[0].building;
    let entrances = vec![common::estate::api::SaveEntrance { entrance, name: "1单元".to_owned() }];
    desk.does(SaveBuilding { community, building: first, name: "1栋".to_owned(), entrances }).await;
    desk.does(SaveBuilding { community, building: second, name: "2栋".to_owned(), entrances: Vec::new() }).await;
    use sea_orm::{ConnectionTrait as _, Statement};
    let db = anju.app.db();
    for (place, unit) in estate.units.iter().enumerate() {
        let (building, entrance) = if place < 4 { (first, (place < 2).then_some(entrance)) } else { (second, None) };
        let sql = "UPDATE unit SET building_id = $1, entrance_id = $2, sort_key = $3 WHERE id = $4";
        let key = format!("{}{place}", if place < 4 { 1 } else { 2 });
        let values: Vec<sea_orm::Value> = vec![building.into(), entrance.into(), key.into(), (*unit).into()];
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
    }
    desk.does(homes(&estate, None)).await;
    for (round, on, value) in [("2026-08", "2026-09-22", "60"), ("2026-09", "2026-09-28", "70"), ("2026-10", "2026-10-26", "80")]
    {
        for number in 1..=6 {
            let meter = meter_of(desk, &estate, &format!("010{number}")).await;
            desk.does(enter(&estate, meter, round, on, value)).await;
        }
    }
    Walk { estate, first, second, entrance }
}

impl Walk {
    fn part(&self, building: BuildingId, entrance: Option<EntranceId>, reader: Option<EmployeeId>) -> NewPart {
        let _ = self;
        NewPart { id: RoundPartId(Uuid::now_v7()), building: Some(building), entrance, reader }
    }

    fn open(&self, parts: Vec<NewPart>) -> OpenRound {
        OpenRound {
            community: self.estate.community,
            round: RoundId(Uuid::now_v7()),
            month: month("2026-11"),
            utilities: vec![Utility::Water],
            from: day("2026-11-20"),
            to: day("2026-11-25"),
            parts,
        }
    }

    fn read(&self, round: RoundId, meter: MeterId, value: &str) -> EnterReading {
        EnterReading { round: Some(round), confirmed: false, ..enter(&self.estate, meter, "2026-11", "2026-11-23", value) }
    }

    fn shown(&self, round: RoundId) -> ShowRound {
        ShowRound {
            community: self.estate.community,
            month: month("2026-11"),
            building: None,
            utility: None,
            role: None,
            meter: None,
            unread: None,
            round: Some(round),
            part: None,
            reader: None,
            standing: None,
            search: None,
            page: None,
            size: None,
            sort: None,
        }
    }

    async fn meter(&self, desk: &Person, number: u32) -> MeterId {
        meter_of(desk, &self.estate, &format!("010{number}")).await
    }

    async fn page(&self, person: &Person, round: RoundId) -> RoundPage {
        person.does(GetRound { community: self.estate.community, round }).await
    }
}

fn miss(walk: &Walk, round: RoundId, meter: MeterId, reason: MissReason) -> MissMeter {
    let deed = RoundDeedId(Uuid::now_v7());
    MissMeter { community: walk.estate.community, deed, round, meter, reason, note: String::new() }
}

fn figures(tally: Tally) -> [u64; 6] {
    [tally.meters, tally.read, tally.review, tally.estimated, tally.missed, tally.unread]
}

#[tokio::test]
async fn a_round_is_assigned_walked_by_two_and_closed_with_what_is_missing() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let walk = walk(&anju).await;
    let community = walk.estate.community;
    let one = anju.employee(&READS, &[community]).await;
    let two = anju.employee_of_buildings(&READS, &[(community, Some(walk.second))]).await;
    let (one_id, two_id) = (one.does(GetMe {}).await.id, two.does(GetMe {}).await.id);
    let choices = desk.does(GetRoundChoices { community }).await;
    let places: Vec<_> =
        choices.places.iter().map(|place| (place.building_name.as_str(), place.entrance_name.as_str(), place.meters)).collect();
    assert_eq!(places.len(), 3);
    assert!(
        places.contains(&("1栋", "1单元", 2)) && places.contains(&("1栋", "", 2)) && places.contains(&("2栋", "", 2)),
        "{places:?}"
    );
    assert!(choices.readers.iter().any(|reader| reader.id == two_id && reader.buildings == Some(vec![walk.second])));

    // Nobody is sent where they see nothing, and no meter is in two open rounds.
    let parts = |first| vec![walk.part(walk.first, None, Some(first)), walk.part(walk.second, None, Some(two_id))];
    desk.is_refused_with(walk.open(parts(two_id)), "metering.reader_unseen").await;
    desk.is_refused_with(OpenRound { utilities: Vec::new(), ..walk.open(parts(one_id)) }, "required").await;
    let twice = walk.part(walk.first, None, None);
    let same_id = NewPart { building: Some(walk.second), ..twice.clone() };
    desk.is_refused_with(walk.open(vec![twice, same_id]), "metering.round_part_twice").await;
    let strange = walk.part(walk.second, Some(walk.entrance), None);
    assert_eq!(desk.is_refused(walk.open(vec![strange])).await.status, 404);
    let open = walk.open(parts(one_id));
    desk.does(open.clone()).await;
    desk.does(open.clone()).await;
    let round = open.round;
    let list = ListRounds { community, month: None, state: Some(RoundState::Open), page: None, size: None, sort: None };
    assert_eq!(desk.does(list.clone()).await.total, Some(1));
    desk.is_refused_with(walk.open(vec![walk.part(walk.first, Some(walk.entrance), None)]), "metering.round_overlaps").await;
    desk.does(OpenRound { utilities: vec![Utility::Gas], ..walk.open(vec![walk.part(walk.first, None, None)]) }).await;

    // The first entrance is taken out of its building's part and goes to nobody yet; the rest stays the reader's.
    let mut again = open.parts.clone();
    again.push(walk.part(walk.first, Some(walk.entrance), None));
    let assign = AssignRound { community, round, from: open.from, to: day("2026-11-26"), parts: again.clone() };
    desk.does(assign.clone()).await;
    let mine = one.does(GetMyRounds { community }).await;
    assert_eq!(
        mine.rounds.iter().flat_map(|round| &round.parts).map(|part| figures(part.tally)).collect::<Vec<_>>(),
        [[2, 0, 0, 0, 0, 2]]
    );
    for part in &mut again {
        part.reader = part.reader.or(Some(one_id));
    }
    desk.does(AssignRound { parts: again, ..assign }).await;
    let mine = one.does(GetMyRounds { community }).await.rounds;
    assert_eq!(mine[0].parts.iter().map(|part| part.entrance_name.as_str()).collect::<Vec<_>>(), ["1单元", ""]);
    assert_eq!((mine[0].to, mine[0].parts.iter().map(|part| part.tally.unread).sum::<u64>()), (day("2026-11-26"), 4));
    let of_entrance = ShowRound { part: Some(mine[0].parts[0].id), reader: Some(one_id), ..walk.shown(round) };
    assert_eq!(one.does(of_entrance).await.total, Some(2));

    // Both walk; what one of them has read the other can't read again, and is told whose it is.
    let (m1, m2, m3) = (walk.meter(desk, 1).await, walk.meter(desk, 2).await, walk.meter(desk, 3).await);
    let (m5, m6) = (walk.meter(desk, 5).await, walk.meter(desk, 6).await);
    let first = walk.read(round, m1, "90");
    one.does(first.clone()).await;
    assert_eq!(one.does(first.clone()).await.id, first.reading, "sent twice, stored once");
    let late = desk.is_refused_with(walk.read(round, m1, "91"), "metering.read_already").await;
    assert_eq!((late.args["value"].as_str(), late.args["name"].as_str()), ("90", "何静"));
    let (left, right) = tokio::join!(desk.asks(walk.read(round, m2, "89")), one.asks(walk.read(round, m2, "89")));
    assert_eq!(usize::from(left.is_ok()) + usize::from(right.is_ok()), 1, "of two at the same moment one is first");
    assert_eq!(two.is_refused(walk.read(round, m3, "90")).await.status, 404, "out of sight");

    // Nobody at home, twice; the meter stays to be read.
    let shut = miss(&walk, round, m5, MissReason::NobodyHome);
    two.does(shut.clone()).await;
    two.does(shut.clone()).await;
    two.is_refused_with(miss(&walk, round, m5, MissReason::Other), "required").await;
    two.does(MissMeter { note: "狗在门口".to_owned(), ..miss(&walk, round, m5, MissReason::Blocked) }).await;
    one.is_refused_with(miss(&walk, round, m1, MissReason::Broken), "metering.read_already").await;
    let missed = two.does(ShowRound { standing: Some(Standing::Missed), ..walk.shown(round) }).await;
    let noted = missed.rows[0].missed.clone().unwrap();
    assert_eq!((missed.total, noted.reason, noted.tries, noted.note.as_str()), (Some(1), MissReason::Blocked, 2, "狗在门口"));
    // Broken behind glass: estimated, with the reason kept.
    let estimate = EstimateReading {
        community,
        reading: ReadingId(Uuid::now_v7()),
        meter: m6,
        month: open.month,
        day: day("2026-11-23"),
        reason: "表盘结雾".to_owned(),
        round: Some(round),
    };
    two.is_refused_with(EstimateReading { reason: " ".to_owned(), ..estimate.clone() }, "required").await;
    let row = two.does(estimate.clone()).await;
    assert_eq!((row.value, row.estimated, row.note.as_str()), (quantity("90"), true, "表盘结雾"));
    assert_eq!(two.does(estimate).await.id, row.id);
    one.does(walk.read(round, m3, "200")).await;

    let page = walk.page(desk, round).await;
    assert_eq!((figures(page.round.tally), page.whole), ([6, 2, 1, 1, 1, 1], true));
    let seen = walk.page(&two, round).await;
    assert_eq!((figures(seen.round.tally), seen.whole, seen.parts.len()), ([2, 0, 0, 1, 1, 0], false, 1));

    // The sheet of what is left, filled in, comes back.
    let sheet = format!("/api/metering/readings/template?community={community}&month=2026-11&round={round}&language=zh-CN");
    let book = common::sheet::read(&desk.sends(Verb::Get, &sheet, None).await.1).unwrap();
    assert_eq!(book.sheets[0].used_rows(), 3);
    assert_eq!(
        common::sheet::read(&one.sends(Verb::Get, &format!("{sheet}&reader={one_id}"), None).await.1).unwrap().sheets[0]
            .used_rows(),
        2
    );

    // Closing names what is missing; who sees a part only closes nothing.
    let close =
        CloseRound { community, deed: RoundDeedId(Uuid::now_v7()), round, left: 2, rest: Rest::Leave, day: day("2026-11-23") };
    assert_eq!(two.is_refused(close.clone()).await.status, 404);
    desk.is_refused_with(CloseRound { left: 3, ..close.clone() }, "metering.round_moved").await;
    assert_eq!(desk.does(close.clone()).await, RoundClosed { estimated: 0, left: 2 });
    assert_eq!(desk.does(close.clone()).await, RoundClosed { estimated: 0, left: 2 });
    // What is read or taken out afterwards changes nothing of how it was closed, on its page and in the list.
    let late = enter(&walk.estate, m5, "2026-11", "2026-11-23", "90");
    desk.does(late.clone()).await;
    let closed = [6, 2, 1, 1, 1, 1];
    assert_eq!(figures(walk.page(desk, round).await.round.tally), closed);
    let all = desk.does(ListRounds { state: Some(RoundState::Closed), ..list.clone() }).await;
    assert_eq!((all.rows.len(), figures(all.rows[0].tally)), (1, closed));
    assert_eq!(figures(walk.page(&two, round).await.round.tally), [2, 0, 0, 1, 1, 0]);
    desk.does(DeleteReading { community, reading: late.reading, reason: "补录错".to_owned() }).await;
    desk.is_refused_with(CloseRound { deed: RoundDeedId(Uuid::now_v7()), ..close.clone() }, "metering.round_closed").await;
    let m4 = walk.meter(desk, 4).await;
    one.is_refused_with(walk.read(round, m4, "90"), "metering.round_closed").await;
    assert!(one.does(GetMyRounds { community }).await.rounds.is_empty());

    // It was too early: reopened, one more is read, and the rest estimated with the closing.
    desk.does(ReopenRound { community, round }).await;
    desk.does(ReopenRound { community, round }).await;
    one.does(walk.read(round, m4, "90")).await;
    let close = CloseRound { deed: RoundDeedId(Uuid::now_v7()), left: 1, rest: Rest::Estimate, ..close };
    assert_eq!(desk.does(close).await, RoundClosed { estimated: 1, left: 0 });
    let page = walk.page(desk, round).await;
    assert_eq!((figures(page.round.tally), page.round.state), ([6, 3, 1, 2, 0, 0], RoundState::Closed));
    assert!(page.round.closed_by.is_some());
    // While it was closed another took its place: it can't be reopened beside that.
    desk.does(walk.open(vec![walk.part(walk.second, None, None)])).await;
    desk.is_refused_with(ReopenRound { community, round }, "metering.round_overlaps").await;
    assert_eq!(desk.does(ListRounds { state: None, ..list }).await.total, Some(3));
}

#[tokio::test]
async fn an_odd_reading_is_read_again_and_shown_beside_what_was_refused() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let walk = walk(&anju).await;
    let community = walk.estate.community;
    let one = anju.employee(&READS, &[community]).await;
    let two = anju.employee_of_buildings(&READS, &[(community, Some(walk.second))]).await;
    let (one_id, two_id) = (one.does(GetMe {}).await.id, two.does(GetMe {}).await.id);
    let meter = walk.meter(desk, 1).await;
    let spike = EnterReading { confirmed: false, ..enter(&walk.estate, meter, "2026-11", "2026-11-22", "200") };
    assert_eq!(one.does(spike.clone()).await.odd, Some(Oddity::Spike));
    let photo = [&[0xff, 0xd8, 0xff], &b"what the meter showed"[..]].concat();
    let address = format!("/api/metering/readings/photo?community={community}&reading={}", spike.reading);
    one.sends(Verb::Post, &address, Some(photo.clone())).await;

    let send = SendBack {
        community,
        reread: RereadId(Uuid::now_v7()),
        reading: spike.reading,
        reader: one_id,
        due: day("2026-11-24"),
        note: "看清小数位".to_owned(),
    };
    assert_eq!(two.is_refused(send.clone()).await.status, 404);
    desk.is_refused_with(SendBack { reader: two_id, ..send.clone() }, "metering.reader_unseen").await;
    desk.is_refused_with(SendBack { due: day("2026-11-22"), ..send.clone() }, "metering.due_past").await;
    desk.does(send.clone()).await;
    desk.does(send.clone()).await;
    assert_eq!(desk.is_refused(DeleteReading { community, reading: spike.reading, reason: "x".to_owned() }).await.status, 404);

    // The task says why, in figures; it is on top of the reader's round, on the dashboard, in the list.
    let task = one.does(GetMyRounds { community }).await.rereads.remove(0);
    assert_eq!(
        (task.refused, task.usage, task.usual, task.odd),
        (quantity("200"), Some(quantity("120")), Some(quantity("10")), Some(Oddity::Spike))
    );
    assert_eq!(
        (task.note.as_str(), task.due, task.photo, task.refused_by.as_deref()),
        ("看清小数位", day("2026-11-24"), true, Some("何静"))
    );
    assert!(two.does(GetMyRounds { community }).await.rereads.is_empty());
    let old = format!("/api/metering/rereads/photo?community={community}&reread={}", send.reread);
    assert_eq!(one.sends(Verb::Get, &old, None).await, (axum::http::StatusCode::OK, photo));
    assert_eq!(two.sends(Verb::Get, &old, None).await.0, 404);
    let todo = desk.does(AskDashboard { community }).await.todo;
    assert_eq!(todo.iter().find(|todo| todo.kind == TodoKind::Rereads).map(|todo| todo.count), Some(1));
    let list =
        ListRereads { community, state: None, month: None, building: None, reader: None, page: None, size: None, sort: None };
    assert_eq!(desk.does(list.clone()).await.total, Some(1));
    assert_eq!(two.does(list.clone()).await.total, Some(0));

    // The same again: it is confirmed by that, and waits for whoever sent it back, even if the reader calls it right.
    let again =
        EnterReading { reread: Some(send.reread), confirmed: true, ..enter(&walk.estate, meter, "2026-11", "2026-11-23", "200") };
    let row = one.does(again.clone()).await;
    assert_eq!(row.state, ReadingState::Review);
    assert_eq!(one.does(again.clone()).await.id, row.id);
    let other = EnterReading { reading: ReadingId(Uuid::now_v7()), day: day("2026-11-21"), ..again.clone() };
    one.is_refused_with(other, "metering.reread_done").await;
    let reviews = ListReviews { community, month: None, building: None, utility: None, page: None, size: None, sort: None };
    let review = desk.does(reviews.clone()).await.rows.remove(0);
    let answered = review.reread.unwrap();
    assert!(answered.is_confirmed() && answered.state == RereadState::Done && answered.ended_by.as_deref() == Some("何静"));
    // The reader does not confirm it; somebody else does.
    let confirm = ConfirmReadings { community, readings: vec![row.id] };
    let refused = one.is_refused_with(confirm.clone(), "metering.own_reread").await;
    assert!(!refused.args["names"].is_empty());
    let correct = CorrectReading {
        community,
        reading: row.id,
        day: row.day,
        value: row.value,
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    one.is_refused_with(correct, "metering.own_reread").await;
    let own = async |person: &Person| person.does(reviews.clone()).await.rows[0].own;
    assert_eq!((own(&one).await, own(desk).await), (true, false));
    // Deleted, the meter is to be read again, and what is entered then waits as well, whatever the reader says of it.
    one.does(DeleteReading { community, reading: row.id, reason: "再抄一次".to_owned() }).await;
    let anew = EnterReading { reading: ReadingId(Uuid::now_v7()), reread: None, ..again.clone() };
    let row = one.does(anew).await;
    assert_eq!(row.state, ReadingState::Review);
    let confirm = ConfirmReadings { community, readings: vec![row.id] };
    one.is_refused_with(confirm.clone(), "metering.own_reread").await;
    desk.does(confirm).await;
    assert_eq!(desk.does(ShowMeter { community, meter }).await.rereads.len(), 1);
    desk.is_refused_with(DropReread { community, reread: send.reread }, "metering.reread_done").await;

    // Sent back once more, the true figure is read: usual, so it needs no second look.
    let once_more = SendBack { reread: RereadId(Uuid::now_v7()), reading: row.id, ..send.clone() };
    desk.does(once_more.clone()).await;
    let right = EnterReading { reread: Some(once_more.reread), ..enter(&walk.estate, meter, "2026-11", "2026-11-23", "91") };
    assert_eq!(one.does(right).await.state, ReadingState::Open);
    let rows = desk.does(ShowMeter { community, meter }).await.rereads;
    assert_eq!(rows.iter().map(|row| row.answer).collect::<Vec<_>>(), [Some(quantity("91")), Some(quantity("200"))]);

    // A sheet answers too, and what is odd again waits whatever it says; a task may be called off.
    let fourth = walk.meter(desk, 4).await;
    let typed = enter(&walk.estate, fourth, "2026-11", "2026-11-20", "88");
    desk.does(typed.clone()).await;
    let sent = SendBack { reread: RereadId(Uuid::now_v7()), reading: typed.reading, ..send.clone() };
    desk.does(sent.clone()).await;
    let csv = "表号,本期读数,抄表日\nSB-1-1-0104,300,2026-11-23\n";
    let book = desk.does(OpenBook { community, month: month("2026-11") }).await;
    let options = Options { month: month("2026-11"), utility: None, day: day("2026-11-23"), today: day("2026-11-23") };
    let mut rows = check(&common::sheet::read(csv.as_bytes()).unwrap(), &Index::new(&book), &options, &Cures::default()).rows;
    for row in &mut rows {
        row.confirmed = true;
    }
    let import = ReadingImportId(Uuid::now_v7());
    desk.does(ImportReadings { community, import, file_name: "补抄.csv".to_owned(), month: month("2026-11"), rows }).await;
    let review = desk.does(reviews).await.rows.remove(0);
    assert_eq!(review.reread.map(|task| (task.id, task.answer)), Some((sent.reread, Some(quantity("300")))));
    let off = SendBack { reread: RereadId(Uuid::now_v7()), reading: review.reading.id, ..send };
    desk.does(off.clone()).await;
    assert_eq!(two.is_refused(DropReread { community, reread: off.reread }).await.status, 404);
    desk.does(DropReread { community, reread: off.reread }).await;
    desk.does(DropReread { community, reread: off.reread }).await;
    assert_eq!(desk.does(ListRereads { state: Some(RereadState::Open), ..list }).await.total, Some(0));
}

#[tokio::test]
async fn meters_of_no_building_have_a_part_of_their_own() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let walk = walk(&anju).await;
    let community = walk.estate.community;
    desk.does(DefineMeter { role: Role::Master, ..master(&walk.estate) }).await;
    let two = anju.employee_of_buildings(&READS, &[(community, Some(walk.second))]).await;
    let two_id = two.does(GetMe {}).await.id;
    let nowhere = |reader| NewPart { id: RoundPartId(Uuid::now_v7()), building: None, entrance: None, reader };
    desk.is_refused_with(walk.open(vec![nowhere(Some(two_id))]), "metering.reader_unseen").await;
    assert_eq!(two.is_refused(walk.open(vec![nowhere(None)])).await.status, 404);
    let open = walk.open(vec![nowhere(None), walk.part(walk.second, None, Some(two_id))]);
    desk.does(open.clone()).await;
    let page = walk.page(desk, open.round).await;
    let parts: Vec<_> = page.parts.iter().map(|part| (part.building, figures(part.tally))).collect();
    assert_eq!(parts, [(Some(walk.second), [2, 0, 0, 0, 0, 2]), (None, [1, 0, 0, 0, 0, 1])]);
    assert_eq!(walk.page(&two, open.round).await.parts.len(), 1);
    let elsewhere = anju.employee_of_buildings(&READS, &[(community, Some(walk.first))]).await;
    assert_eq!(elsewhere.is_refused(GetRound { community, round: open.round }).await.status, 404);
    let reader = anju.employee(&[Permission::MeteringRead], &[community]).await;
    assert_eq!(reader.is_refused(ReopenRound { community, round: open.round }).await.status, 403);
    // A meter of another building is not this round's.
    let meter = walk.meter(desk, 1).await;
    desk.is_refused_with(walk.read(open.round, meter, "90"), "metering.not_in_round").await;
}

#[tokio::test]
async fn a_reader_who_left_keeps_parts_until_somebody_takes_them_over() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let walk = walk(&anju).await;
    let community = walk.estate.community;
    let (leaves, stays) = (anju.employee(&READS, &[community]).await, anju.employee(&READS, &[community]).await);
    let (leaves, stays) = (leaves.does(GetMe {}).await.id, stays.does(GetMe {}).await.id);
    let open = walk.open(vec![walk.part(walk.first, None, Some(leaves)), walk.part(walk.second, None, Some(leaves))]);
    desk.does(open.clone()).await;
    desk.dismisses(leaves).await;
    let page = walk.page(desk, open.round).await;
    assert!(page.parts.iter().all(|part| part.reader == Some(leaves) && part.reader_name.as_deref() == Some("何静")));
    assert!(desk.does(GetRoundChoices { community }).await.readers.iter().all(|reader| reader.id != leaves));

    // Days and one part are set although the other is still theirs; nothing new goes to them.
    let mut parts = open.parts.clone();
    parts[0].reader = Some(stays);
    let assign = AssignRound { community, round: open.round, from: open.from, to: day("2026-11-27"), parts: parts.clone() };
    desk.does(assign.clone()).await;
    let readers: Vec<_> = walk.page(desk, open.round).await.parts.iter().map(|part| part.reader).collect();
    assert_eq!(readers, [Some(stays), Some(leaves)]);
    parts[0].reader = Some(leaves);
    desk.is_refused_with(AssignRound { parts: parts.clone(), ..assign.clone() }, "metering.reader_unseen").await;
    parts.iter_mut().for_each(|part| part.reader = Some(stays));
    desk.does(AssignRound { parts, ..assign }).await;
}

#[tokio::test]
async fn where_nobody_else_may_look_the_reader_confirms_and_the_record_says_so() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let walk = walk(&anju).await;
    let community = walk.estate.community;
    // Somebody who may, but does not see the meter's building.
    anju.employee_of_buildings(&READS, &[(community, Some(walk.second))]).await;
    let meter = walk.meter(desk, 1).await;
    let spike = EnterReading { confirmed: false, ..enter(&walk.estate, meter, "2026-11", "2026-11-22", "200") };
    desk.does(spike.clone()).await;
    let (reread, reader) = (RereadId(Uuid::now_v7()), desk.does(GetMe {}).await.id);
    let due = day("2026-11-24");
    desk.does(SendBack { community, reread, reading: spike.reading, reader, due, note: String::new() }).await;
    let again = EnterReading { reread: Some(reread), ..enter(&walk.estate, meter, "2026-11", "2026-11-23", "200") };
    let row = desk.does(again).await;
    assert_eq!(row.state, ReadingState::Review);
    desk.does(ConfirmReadings { community, readings: vec![row.id] }).await;
    let reviews = ListReviews { community, month: None, building: None, utility: None, page: None, size: None, sort: None };
    assert!(desk.does(reviews).await.rows.is_empty());
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'metering.confirm_readings' AND before LIKE '%own_rereads%'";
    assert_eq!(anju.counts(told).await, 1);
}
