//! Waiver schemes that are tried: each in the order in which it would be applied, for those who would benefit.

use super::super::inputs::RunInputs;
use crate::charging::proration::number_of;
use crate::id::WaiverSchemeId;
use crate::money::Money;
use crate::problem::Problem;
use crate::waivers::api::SaveScheme;
use crate::waivers::inputs::{RunScheme, RunWho, TrialWaivers};
use crate::waivers::scheme::WhoKind;

/// The places of the fee items that a scheme takes something off, in order; those that the inputs don't know are left out.
pub(super) fn fee_items(inputs: &RunInputs, save: &SaveScheme) -> Vec<u16> {
    let items = (0_u16..).zip(&inputs.fee_items);
    items.filter(|(_, item)| save.rules.fee_items.contains(&item.id)).map(|(place, _)| place).collect()
}

/// Puts schemes in the place of those that are in force, or takes these out.
pub(super) fn put(inputs: &mut RunInputs, changes: &[(WaiverSchemeId, Option<&SaveScheme>)]) -> Result<(), Problem> {
    if changes.is_empty() {
        return Ok(());
    }
    // Whoever may not see the schemes can't try any.
    let trial = inputs.waivers.trial.as_ref().ok_or_else(Problem::forbidden)?;
    let mut ranked: Vec<(i32, RunScheme)> = trial.ranks.iter().copied().zip(inputs.waivers.schemes.iter().cloned()).collect();
    for (id, save) in changes {
        let before = ranked.iter().position(|(_, scheme)| scheme.id == *id).map(|at| ranked.remove(at).1);
        let Some(save) = save else { continue };
        if save.community != inputs.community {
            return Err(Problem::not_found());
        }
        // What it took off earlier months counts, as it will when it is saved.
        let known = trial.used.iter().find(|(scheme, _)| scheme == id).map(|(_, used)| used.clone());
        let used = before.map(|scheme| scheme.used).filter(|used| !used.is_empty()).or(known).unwrap_or_default();
        let scheme = scheme(inputs, trial, save, used);
        let after = |(rank, other): &(i32, RunScheme)| (*rank, other.name.as_str()) > (save.rank, scheme.name.as_str());
        let at = ranked.iter().position(after).unwrap_or(ranked.len());
        ranked.insert(at, (save.rank, scheme));
    }
    inputs.waivers.schemes = ranked.into_iter().map(|(_, scheme)| scheme).collect();
    Ok(())
}

/// The scheme in the run's own numbers.
fn scheme(inputs: &RunInputs, trial: &TrialWaivers, save: &SaveScheme, used: Vec<(u32, i32, Money)>) -> RunScheme {
    let rules = &save.rules;
    let who = match rules.who {
        WhoKind::Everybody => RunWho::Everybody,
        WhoKind::Kinds => RunWho::Kinds(rules.kinds.clone()),
        WhoKind::Groups => {
            let places = (0_u16..).zip(&trial.groups).filter(|(_, group)| rules.groups.contains(group));
            RunWho::Groups(places.map(|(place, _)| place).collect())
        }
        WhoKind::Units => {
            let places = (0_u32..).zip(&inputs.units.id).filter(|(_, unit)| rules.units.contains(unit));
            RunWho::Units(places.map(|(place, _)| place).collect())
        }
    };
    RunScheme {
        id: save.scheme,
        name: save.name.trim().to_owned(),
        reason: save.reason.trim().to_owned(),
        fee_items: fee_items(inputs, save),
        relief: rules.what(),
        who,
        from: number_of(save.from),
        to: save.to.map(number_of),
        months_least: rules.months_least,
        bill_most_fen: rules.bill_most_fen,
        year_most_fen: rules.year_most_fen,
        used,
    }
}
