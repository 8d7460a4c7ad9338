//! Rows found by their unit.

use super::super::inputs::place;

/// Rows by unit, without a search: rows of unit `u` stand at `starts[u]..starts[u + 1]`.
pub(super) struct ByUnit {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl ByUnit {
    pub(super) fn new(units: usize, of: &[u32]) -> Self {
        let mut starts = vec![0_u32; units + 1];
        for unit in of {
            if let Some(start) = starts.get_mut(place(*unit).saturating_add(1)) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; place(sum)];
        for (row, unit) in (0_u32..).zip(of) {
            if let Some(slot) = next.get_mut(place(*unit)).filter(|_| place(*unit) < units) {
                if let Some(cell) = rows.get_mut(place(*slot)) {
                    *cell = row;
                }
                *slot += 1;
            }
        }
        Self { starts, rows }
    }

    pub(super) fn of(&self, unit: u32) -> &[u32] {
        let at = place(unit);
        let (Some(from), Some(to)) = (self.starts.get(at), self.starts.get(at.saturating_add(1))) else { return &[] };
        self.rows.get(place(*from)..place(*to)).unwrap_or(&[])
    }
}
