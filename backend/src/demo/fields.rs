//! Custom fields of the demonstration: what is kept of homes, parking spaces and people besides.

use chrono::{DateTime, Utc};
use common::estate::UnitKind;
use common::estate::api::SaveField;
use common::estate::draft::EstateDraft;
use common::estate::field::{CustomValue, FieldKind, FieldOf};
use common::id::{CommunityId, FieldId};
use common::residents::api::{Change, ListResidents, SaveResident};

use super::Made;
use super::caller::Caller;
use super::chance::Chance;
use super::staff::Staff;

/// How many people said by which way they want to hear from the office.
const TOLD: u32 = 12;
/// The water that a shop or an office may use in a year at the price itself, in m³.
pub(super) const QUOTA: &str = "年用水定额";
const WAYS: &[&str] = &["微信", "电话", "短信"];

/// What was defined, and chance of its own, so that everything else comes out as it would without.
pub(super) struct Fields {
    chance: Chance,
    way: FieldId,
}

/// Defines the fields and fills them in in the draft.
pub(super) async fn define(
    caller: &mut Caller,
    staff: &Staff,
    at: DateTime<Utc>,
    community: CommunityId,
    (code, draft): (&str, &mut EstateDraft),
) -> Made<Fields> {
    let mut chance = Chance::of(&format!("{code} fields"));
    let mut field = |name: &str, kind, unit_kinds: &[UnitKind], in_lists| SaveField {
        community,
        field: chance.id(at),
        of: FieldOf::Unit,
        name: name.to_owned(),
        kind,
        unit_kinds: unit_kinds.to_vec(),
        choices: Vec::new(),
        in_lists,
        active: true,
    };
    let deposit = field("装修押金编号", FieldKind::Text, &[UnitKind::Residence], false);
    let pressure = field("二次供水系数", FieldKind::Number, &[UnitKind::Residence], false);
    let charger = field("充电桩", FieldKind::YesNo, &[UnitKind::Parking], true);
    let choices = WAYS.iter().map(|way| (*way).to_owned()).collect();
    let way = SaveField { of: FieldOf::Resident, choices, ..field("联系方式偏好", FieldKind::Choice, &[], false) };
    // With chance of its own, too.
    let quota = SaveField {
        field: Chance::of(&format!("{code} quota")).id(at),
        name: QUOTA.to_owned(),
        unit_kinds: vec![UnitKind::Shop, UnitKind::Office],
        ..pressure.clone()
    };
    for ask in [&deposit, &pressure, &charger, &way, &quota] {
        caller.ask(staff.manager, at, ask).await?;
    }
    for unit in &mut draft.units {
        let mut set = |field: FieldId, text: String| unit.custom.push(CustomValue { field, text });
        match unit.kind {
            UnitKind::Residence => {
                // Water is pumped up from the seventh floor on.
                let high = unit.floor.is_some_and(|floor| floor >= 7);
                set(pressure.field, if high { "1.15" } else { "1" }.to_owned());
                if chance.percent(8) {
                    set(deposit.field, format!("ZX-{:04}", chance.between(1, 9_999)));
                }
            }
            UnitKind::Shop => set(quota.field, "240".to_owned()),
            UnitKind::Office => set(quota.field, "120".to_owned()),
            UnitKind::Parking => set(charger.field, if chance.percent(25) { "yes" } else { "no" }.to_owned()),
            _ => {}
        }
    }
    Ok(Fields { chance, way: way.field })
}

/// Some people said how they want to be reached.
pub(super) async fn tell(
    caller: &mut Caller,
    staff: &Staff,
    at: DateTime<Utc>,
    community: CommunityId,
    mut fields: Fields,
) -> Made<()> {
    let ask = ListResidents { size: Some(TOLD), ..ListResidents::of(community) };
    for row in caller.ask(staff.manager, at, &ask).await?.rows {
        let text = fields.chance.pick(WAYS).to_owned();
        let save = SaveResident {
            community,
            resident: row.resident,
            name: row.name,
            gender: row.gender,
            phone: Change::Keep,
            id_number: Change::Keep,
            remark: String::new(),
            custom: vec![CustomValue { field: fields.way, text }],
        };
        caller.ask(staff.manager, at, &save).await?;
    }
    Ok(())
}
