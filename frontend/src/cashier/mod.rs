//! The pages of cashier: the desk, receipts, payments, what is held and given back, the day's takings, the ways to pay.

mod day;
mod desk;
mod find;
mod give_back;
mod held;
mod held_of_unit;
mod held_record;
mod household;
mod methods;
mod order;
mod paper;
mod payments;
mod print;
mod receipt;
mod refunds;
mod set_off;
mod state;
mod taking;
mod till;
mod voucher;
mod waive;

use common::cashier::Method;
use common::cashier::api::{ListCashiers, PaidMethod};
use common::permission::Permission;
use common::problem::Problem;

pub use held_of_unit::held_of_unit;

use crate::api::call;
use crate::kit::{Icon, icons};
use crate::shell::{Entry, Group, Place};
use crate::{session, t};

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/cashier", desk::page).may(Permission::CashierRead),
        Place::new("/cashier/payments", payments::page).may(Permission::CashierRead),
        Place::new("/cashier/held", held::page).may(Permission::CashierRead),
        Place::new("/cashier/held/:bill", held_record::page).may(Permission::CashierRead),
        Place::new("/cashier/refunds", refunds::page).may(Permission::CashierRead),
        Place::new("/cashier/refunds/:refund", voucher::page).may(Permission::CashierRead),
        Place::new("/cashier/day", day::page).may(Permission::CashierRead),
        Place::new("/cashier/methods", methods::page).may(Permission::CashierRead),
        Place::new("/cashier/receipt/:payment", receipt::page).may(Permission::CashierRead),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Charging, 10, "cashier-desk", "/cashier", Permission::CashierRead),
        Entry::new(Group::Charging, 12, "cashier-payments", "/cashier/payments", Permission::CashierRead),
        Entry::new(Group::Charging, 13, "cashier-held", "/cashier/held", Permission::CashierRead),
        Entry::new(Group::Charging, 13, "cashier-refunds", "/cashier/refunds", Permission::CashierRead),
        Entry::new(Group::Charging, 14, "cashier-day", "/cashier/day", Permission::CashierRead),
        Entry::new(Group::System, 60, "cashier-methods", "/cashier/methods", Permission::ChargingWrite),
    ]
}

/// What a way to pay is called here.
pub fn method_name(method: Method, own: Option<&str>) -> String {
    match own.filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => t!(method.text_id().as_str()),
    }
}

/// The ways of a payment in a line: `现金 228.07，微信 500.00`; the name alone where there is one.
pub fn ways(methods: &[PaidMethod]) -> String {
    match methods {
        [only] => method_name(only.method, only.name.as_deref()),
        several => several
            .iter()
            .map(|line| format!("{} {}", method_name(line.method, line.name.as_deref()), line.amount_fen))
            .collect::<Vec<_>>()
            .join(&t!("cashier-comma")),
    }
}

/// Who took a payment: nobody where held money paid by itself, as a run made its bills.
pub fn taken_by(name: &str, methods: &[PaidMethod]) -> String {
    let by_itself = name.is_empty() && !methods.is_empty() && methods.iter().all(|line| line.method.held().is_some());
    if by_itself { t!("cashier-automatic") } else { name.to_owned() }
}

/// Those who have taken money here, for a filter.
pub async fn cashier_choices() -> Result<Vec<(String, String)>, Problem> {
    let cashiers = call(ListCashiers { community: session::community() }).await?;
    Ok(cashiers.into_iter().map(|cashier| (cashier.id.to_string(), cashier.name)).collect())
}

fn method_icon(method: Method) -> Icon {
    match method {
        Method::Cash => icons::BANKNOTE,
        Method::Wechat | Method::Alipay | Method::UnionPay => icons::SCAN_LINE,
        Method::Pos => icons::CREDIT_CARD,
        Method::Transfer => icons::LANDMARK,
        Method::Own(_) => icons::TICKET,
        Method::Imported => icons::FILE_INPUT,
        Method::Prepaid => icons::WALLET,
        Method::Deposit => icons::SHIELD_CHECK,
    }
}
