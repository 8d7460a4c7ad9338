//! Seasons of a price: months or days of the year with parts of their own.

use common::charging::rate::{PARTS_MOST, Rate, Season};
use common::charging::season_end::SeasonEnd;
use leptos::prelude::*;

use super::{About, Editor};
use crate::kit::{button, icons};
use crate::t;

/// What says how the ends of a season are written.
const HINT: &str = "season-ends";

impl Editor {
    pub(super) fn seasons(self, seasons: &[Season]) -> AnyView {
        let count = seasons.len();
        let one = |(place, season): (usize, &Season)| {
            let at = move |rate: &mut Rate, change: &dyn Fn(&mut Season)| {
                if let Rate::Seasons(seasons) = rate
                    && let Some(season) = seasons.get_mut(place)
                {
                    change(season);
                }
            };
            let end = move |label: String, now: SeasonEnd, set: fn(&mut Season, SeasonEnd)| {
                let told = About { code: "charging.season_end", described_by: Some(HINT), ..About::default() };
                self.input_told(label, now.to_string(), "input input-sm num w-20", told, move |rate, text| {
                    let end = text.parse::<SeasonEnd>().ok();
                    at(rate, &|season| end.into_iter().for_each(|end| set(season, end)));
                    end.is_some()
                })
            };
            let name = self.input(t!("charging-season"), season.name.clone(), "input input-sm w-28", move |rate, text| {
                at(rate, &|season| text.clone_into(&mut season.name));
                true
            });
            let remove = move |rate: &mut Rate| {
                if let Rate::Seasons(seasons) = rate {
                    seasons.remove(place);
                }
            };
            view! {
                <section class="border-t border-line pt-3">
                    <div class="mb-2 flex flex-wrap items-center gap-2">
                        {name}
                        {end(t!("charging-season-from"), season.from, |season, end| season.from = end)}
                        "–"
                        {end(t!("charging-season-to"), season.to, |season, end| season.to = end)}
                        {(count > 2).then(|| self.remove(t!("charging-season-remove"), remove))}
                    </div>
                    {self.problem(format!("rate.seasons.{place}.name"))}
                    {self.parts(Some(place), &season.parts)}
                </section>
            }
        };
        let add = move || {
            self.change(|rate| {
                if let Rate::Seasons(seasons) = rate
                    && let Some(last) = seasons.last().cloned()
                {
                    seasons.push(Season { name: t!("charging-season-name", no = seasons.len() + 1), ..last });
                }
            });
        };
        view! {
            <p id=HINT class="text-sm text-ink-2">{t!("charging-season-ends")}</p>
            {seasons.iter().enumerate().map(one).collect_view()}
            {self.problem("rate.seasons".to_owned())}
            {(count < PARTS_MOST).then(|| button(icons::PLUS, t!("charging-season-add"), add))}
        }
        .into_any()
    }
}
