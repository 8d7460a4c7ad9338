//! The days that bills of a run may be for.

use common::billing::inputs::RunTariff;
use common::charging::proration::{day_of, number_of};
use common::charging::tariff::CycleFrom;
use common::period::Period;

/// The days that bills of this run may be for: cycles by anniversary reach out of the run's months.
pub(super) fn reach(period: Period, tariffs: &[RunTariff]) -> Period {
    let longest = tariffs.iter().filter(|tariff| tariff.rules.cycle_from == CycleFrom::Anniversary);
    longest.map(|tariff| tariff.rules.cycle.months()).max().map_or(period, |months| around(period, months))
}

/// So many days more before it.
pub(super) fn since(period: Period, days: i32) -> Period {
    Period { from: day_of(number_of(period.from).saturating_sub(days)), to: period.to }
}

/// So many months more at both ends.
pub(super) fn around(period: Period, months: u32) -> Period {
    let months = chrono::Months::new(months);
    Period {
        from: period.from.checked_sub_months(months).unwrap_or(period.from),
        to: period.to.checked_add_months(months).unwrap_or(period.to),
    }
}
