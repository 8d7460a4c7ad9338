//! Registering residents, changing and removing them, and looking at what is masked.

use common::api::Done;
use common::estate::field::FieldOf;
use common::id::FieldId;
use common::person::{IdNumber, Phone};
use common::problem::{FieldProblem, Problem};
use common::residents::api::{Change, RemoveResident, Reveal, Revealed, SaveResident};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, SqlErr};
use serde::Serialize;

use super::{resident, vehicle};
use crate::problem::OnTaken as _;
use crate::{Answer, App, Who, Work, estate};

/// What the audit log says of a resident: never a phone or an ID number in clear, and of custom fields only which were set.
#[derive(Serialize)]
struct Told {
    name: String,
    phone: Option<String>,
    id_number: Option<String>,
    remark: String,
    custom: Vec<FieldId>,
}

fn told(row: &resident::Model) -> Told {
    Told {
        name: row.name.clone(),
        phone: row.phone.as_deref().map(estate::masked),
        id_number: row.id_number_masked.clone(),
        remark: row.remark.clone(),
        custom: Vec::new(),
    }
}

pub(super) async fn save_resident(app: App, who: Who, ask: SaveResident) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    let before = match resident::Entity::find_by_id((community, ask.resident)).one(work.db()).await? {
        Some(_) => Some(resident::seen(work.db(), &who, community, ask.resident).await?),
        None => None,
    };
    let mut row = before.clone().unwrap_or(resident::Model {
        community_id: community,
        id: ask.resident,
        name: String::new(),
        gender: None,
        phone: None,
        id_number_sealed: None,
        id_number_hash: None,
        id_number_masked: None,
        remark: String::new(),
        created_at: work.at,
    });
    row.name = ask.name.trim().to_owned();
    row.gender = ask.gender;
    row.remark = ask.remark.trim().to_owned();
    match ask.phone {
        Change::Keep => {}
        Change::Clear => row.phone = None,
        Change::Set(phone) => row.phone = Some(phone.as_str().to_owned()),
    }
    match &ask.id_number {
        Change::Keep => {}
        Change::Clear => (row.id_number_sealed, row.id_number_hash, row.id_number_masked) = (None, None, None),
        Change::Set(number) => seal(&app, &work, &mut row, number).await?,
    }
    let after = Told { custom: ask.custom.iter().map(|value| value.field).collect(), ..told(&row) };
    let row = row.into_active_model().reset_all();
    match &before {
        Some(_) => drop(row.update(work.db()).await.on_taken(taken_meanwhile)?),
        None => drop(resident::Entity::insert(row).exec_without_returning(work.db()).await.on_taken(taken_meanwhile)?),
    }
    estate::write_values(&work, community, FieldOf::Resident, ask.resident.0, &ask.custom).await?;
    work.record(Some(community), "residents.save", ask.resident.0, before.as_ref().map(told).as_ref(), Some(&after)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Somebody else wrote the same resident or the same number at the same moment.
fn taken_meanwhile() -> Problem {
    Problem::conflict("conflict", "Somebody has just changed this")
}

/// Seals the number; refused where it is another resident's.
async fn seal(app: &App, work: &Work, row: &mut resident::Model, number: &IdNumber) -> Answer<()> {
    let hash = app.secrets().hash(number.as_str());
    let other = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(row.community_id))
        .filter(resident::Column::IdNumberHash.eq(hash.clone()))
        .filter(resident::Column::Id.ne(row.id))
        .one(work.db())
        .await?;
    if let Some(other) = other {
        let problem = FieldProblem::new("id_number", "residents.id_number_taken").with("name", other.name);
        return Err(Problem::invalid(vec![problem]).into());
    }
    row.id_number_sealed = Some(app.secrets().seal(number.as_str())?);
    row.id_number_hash = Some(hash);
    row.id_number_masked = Some(number.masked());
    Ok(())
}

pub(super) async fn remove_resident(app: App, who: Who, ask: RemoveResident) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let row = resident::seen(work.db(), &who, ask.community, ask.resident).await?;
    vehicle::Entity::delete_many()
        .filter(vehicle::Column::CommunityId.eq(ask.community))
        .filter(vehicle::Column::ResidentId.eq(ask.resident))
        .exec(work.db())
        .await?;
    estate::forget_values(&work, ask.community, ask.resident.0).await?;
    work.record(Some(ask.community), "residents.remove", ask.resident.0, Some(&told(&row)), None::<&()>).await?;
    row.into_active_model().delete(work.db()).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
            Problem::conflict("residents.holds_units", "The resident holds or held a unit").into()
        }
        _ => crate::Failure::from(error),
    })?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn reveal(app: App, who: Who, ask: Reveal) -> Answer<Revealed> {
    let work = app.begin(&who).await?;
    let row = resident::seen(work.db(), &who, ask.community, ask.resident).await?;
    let id_number = row.id_number_sealed.as_deref().map(|sealed| app.secrets().open_sealed(sealed)).transpose()?;
    work.record(Some(ask.community), "residents.reveal", ask.resident.0, None::<&()>, None::<&()>).await?;
    work.commit().await?;
    Ok(Revealed {
        phone: row.phone.and_then(|phone| phone.parse::<Phone>().ok()),
        id_number: id_number.and_then(|number| number.parse::<IdNumber>().ok()),
    })
}
