//! The contract of metering: meters, readings, loss, apportionments.

mod apportionment;
mod meter;
mod reading;
mod reread;
mod round;

use super::book::Book;
use crate::api::{Done, Page};
use crate::problem::FieldProblem;
use crate::quantity::Quantity;

pub use apportionment::*;
pub use meter::*;
pub use reading::*;
pub use reread::*;
pub use round::*;

crate::endpoints! {
    Get "/api/metering/meters" ListMeters => Page<MeterRow>, Staff may MeteringRead of community;
    Get "/api/metering/meters/one" ShowMeter => MeterPage, Staff may MeteringRead of community;
    Post "/api/metering/meters/define" DefineMeter => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/meters/define-many" DefineMeters => Defined, Staff may MeteringWrite of community, checked;
    Post "/api/metering/meters/import" ImportMeters => Defined, Staff may MeteringWrite of community, checked;
    Post "/api/metering/meters/retire" RetireMeter => Done, Staff may MeteringWrite of community;

    Get "/api/metering/progress" ShowProgress => Progress, Staff may MeteringRead of community;
    Get "/api/metering/readings" ListReadings => Page<ReadingRow>, Staff may MeteringRead of community;
    Get "/api/metering/readings/round" ShowRound => Page<RoundRow>, Staff may MeteringRead of community;
    Post "/api/metering/readings/enter" EnterReading => ReadingRow, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/correct" CorrectReading => ReadingRow, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/delete" DeleteReading => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/confirm" ConfirmReadings => Done, Staff may MeteringWrite of community;
    Get "/api/metering/readings/reviews" ListReviews => Page<ReviewRow>, Staff may MeteringRead of community;
    Post "/api/metering/readings/estimate" EstimateReadings => Estimated, Staff may MeteringWrite of community, checked;
    Get "/api/metering/readings/book" OpenBook => Book, Staff may MeteringRead of community;
    Post "/api/metering/readings/import" ImportReadings => Imported, Staff may MeteringWrite of community, checked;

    Get "/api/metering/rounds" ListRounds => Page<RoundView>, Staff may MeteringRead of community;
    Get "/api/metering/rounds/one" GetRound => RoundPage, Staff may MeteringRead of community;
    Get "/api/metering/rounds/choices" GetRoundChoices => RoundChoices, Staff may MeteringWrite of community;
    Post "/api/metering/rounds/open" OpenRound => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/rounds/assign" AssignRound => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/rounds/close" CloseRound => RoundClosed, Staff may MeteringWrite of community;
    Post "/api/metering/rounds/reopen" ReopenRound => Done, Staff may MeteringWrite of community;
    Get "/api/metering/rounds/mine" GetMyRounds => MyRounds, Staff may MeteringRead of community;
    Post "/api/metering/rounds/miss" MissMeter => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/estimate-one" EstimateReading => ReadingRow, Staff may MeteringWrite of community, checked;
    Get "/api/metering/rereads" ListRereads => Page<RereadRow>, Staff may MeteringRead of community;
    Post "/api/metering/rereads/send-back" SendBack => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/rereads/drop" DropReread => Done, Staff may MeteringWrite of community;

    Get "/api/metering/tree" ShowTree => MeterTree, Staff may MeteringRead of community;
    Get "/api/metering/loss" ShowLoss => Vec<MasterLoss>, Staff may MeteringRead of community;
    Get "/api/metering/apportionments" ListApportionments => Page<ApportionmentRow>, Staff may MeteringRead of community;
    Get "/api/metering/apportionments/one" ShowApportionment => ApportionmentPage, Staff may MeteringRead of community;
    Get "/api/metering/apportionments/inputs" ShowInputs => Inputs, Staff may MeteringRead of community;
    Post "/api/metering/apportionments/apportion" Apportion => Apportioned, Staff may MeteringWrite of community, checked;
    Post "/api/metering/apportionments/cancel" CancelApportionment => Done, Staff may MeteringWrite of community, checked;
}

crate::listing!(ListMeters, ListReadings, ListReviews, ShowRound, ListRounds, ListRereads, ListApportionments);

fn negative(field: &str, value: Quantity) -> Option<FieldProblem> {
    (value.get() < rust_decimal::Decimal::ZERO).then(|| FieldProblem::new(field, "negative"))
}
