//! What a meter counted between its readings.

use super::usage_unit;
use crate::charging::tariff::FeeItemKind;
use crate::charging::usage::{MeterMark, MeterRead, ReplacedMeter};
use crate::quantity::Quantity;
use crate::text::Language;

pub(super) fn of_meter(language: Language, meter: &MeterRead, kind: FeeItemKind) -> String {
    if let Some(ReplacedMeter { old_final, old_multiplier, new_initial }) = meter.replaced {
        return say!(
            language,
            "trace-meter-exchanged",
            meter = meter.meter,
            previous = meter.previous,
            previous_day = meter.previous_day,
            old_final = old_final,
            old_multiplier = old_multiplier,
            new_initial = new_initial,
            present = meter.present,
            present_day = meter.present_day,
            multiplier = meter.multiplier,
            usage = meter.usage,
            unit = usage_unit(kind)
        );
    }
    let id = match meter.mark {
        None if meter.usage < Quantity::ZERO => "trace-meter-back",
        None => "trace-meter",
        Some(MeterMark::RolledOver) => "trace-meter-rolled",
        Some(MeterMark::Replaced) => "trace-meter-replaced",
        Some(MeterMark::Estimated) => "trace-meter-estimated",
    };
    say!(
        language,
        id,
        meter = meter.meter,
        present = meter.present,
        present_day = meter.present_day,
        previous = meter.previous,
        previous_day = meter.previous_day,
        multiplier = meter.multiplier,
        usage = meter.usage,
        unit = usage_unit(kind)
    )
}
