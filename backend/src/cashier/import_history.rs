//! Bills of the past with what was paid on them: billing writes the bills, the desk their payments, in one transaction.

use common::billing::api::{ImportBills, ImportStep, Imported};
use common::money::Money;

use super::import::{ImportedPayment, import};
use crate::{Answer, App, Failure, Who, billing};

/// Takes over bills of the past, or only checks them; the same import again changes nothing.
pub(super) async fn import_bills(app: App, who: Who, ask: ImportBills) -> Answer<Imported> {
    let work = app.begin(&who).await?;
    let past = billing::take_over(&work, &who, &ask).await?;
    let payments: Vec<ImportedPayment> = past
        .paid
        .into_iter()
        .map(|paid| ImportedPayment {
            bill: paid.bill,
            unit: paid.unit,
            building: paid.building,
            fee_item: paid.fee_item,
            month: paid.month,
            day: paid.day,
            payer: String::new(),
            amount: paid.amount,
            note: if paid.cashier.is_empty() { paid.note } else { format!("{} {}", paid.cashier, paid.note).trim().to_owned() },
        })
        .collect();
    let paid = Money::sum(payments.iter().map(|payment| payment.amount)).ok_or_else(|| Failure::broken("the sum of an import"))?;
    import(&work, ask.community, &payments).await?;
    let done = Imported { bills: past.bills, payments: u64::try_from(payments.len()).unwrap_or(u64::MAX), amount_fen: past.amount, paid_fen: paid };
    if ask.step == ImportStep::TakeOver && !past.again {
        work.record(Some(ask.community), "billing.import", ask.import.0, Some(&ask.file_name), Some(&done)).await?;
        work.commit().await?;
    }
    Ok(done)
}
