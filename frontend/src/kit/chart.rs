//! Charts: axes with units, names on the lines, no legend boxes, and the very figures as a table beneath.
//!
//! Values are whole numbers in whatever unit the page counts in (fen, tenths of a percent); `say` writes them.

use common::money::Money;
use leptos::prelude::*;

use crate::t;

/// A line or a row of bars.
pub struct Series {
    pub name: String,
    /// A value for each label; `None` where there is none.
    pub values: Vec<Option<i64>>,
    pub tone: Tone,
}

/// How a series looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What the chart is about.
    Main,
    /// Its pale part: what is due, of which `Main` is what came in.
    Soft,
    /// The counter-series.
    Other,
    /// What it is compared with: last year.
    Past,
}

impl Tone {
    fn colour(self) -> &'static str {
        match self {
            Self::Main => "var(--chart-1)",
            Self::Soft => "var(--chart-1-soft)",
            Self::Other => "var(--chart-2)",
            Self::Past => "var(--chart-3)",
        }
    }
}

/// A chart over labels (months), with a table on the same axis.
pub struct Chart {
    /// What it shows, for those who don't see it.
    pub title: String,
    pub labels: Vec<String>,
    pub series: Vec<Series>,
    /// Writes a value on the axis.
    pub say: fn(i64) -> String,
    /// A level to reach, and what it is called.
    pub goal: Option<(i64, String)>,
    /// The last label is not over yet, drawn dashed and hollow; what is written there.
    pub unfinished: Option<String>,
    /// The rows of the table beneath: a name and a text for each label.
    pub rows: Vec<(String, Vec<String>)>,
}

const LEFT: i64 = 56;
const TOP: i64 = 16;
const HEIGHT: i64 = 196;
const WIDTH: i64 = 776;

/// Levels for the axis: whole steps of 1, 2 or 5, four to six of them.
fn levels(least: i64, most: i64) -> Vec<i64> {
    let span = (most - least).max(1);
    let mut step = 1_i64;
    while span / step > 5 {
        let text = step.to_string();
        step = if text.starts_with('2') { step / 2 * 5 } else { step * 2 };
    }
    let first = least.div_euclid(step) * step;
    (0..12).map(|place| first + place * step).take_while(|level| *level < most + step).collect()
}

struct Scale {
    least: i64,
    most: i64,
    labels: i64,
}

impl Scale {
    fn y(&self, value: i64) -> i64 {
        TOP + (self.most - value) * HEIGHT / (self.most - self.least).max(1)
    }
    fn step(&self) -> i64 {
        (WIDTH - LEFT - 12) / self.labels.max(1)
    }
    fn x(&self, place: usize) -> i64 {
        LEFT + self.step() / 2 + i64::try_from(place).unwrap_or(0) * self.step()
    }
}

impl Chart {
    fn scale(&self, from_zero: bool) -> (Scale, String) {
        let values = || {
            self.series
                .iter()
                .flat_map(|series| series.values.iter().flatten().copied())
                .chain(self.goal.iter().map(|(goal, _)| *goal))
        };
        let least = if from_zero { values().min().unwrap_or(0).min(0) } else { values().min().unwrap_or(0) };
        let levels = levels(least, values().max().unwrap_or(1).max(least + 1));
        let scale = Scale {
            least: levels.first().copied().unwrap_or(0),
            most: levels.last().copied().unwrap_or(1),
            labels: i64::try_from(self.labels.len()).unwrap_or(1),
        };
        let mut shapes = String::new();
        for level in levels {
            let y = scale.y(level);
            shapes += &format!(
                r#"<line x1="{LEFT}" x2="{}" y1="{y}" y2="{y}" stroke="var(--color-base-300)"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>"#,
                WIDTH - 12,
                LEFT - 8,
                y + 4,
                escape(&(self.say)(level))
            );
        }
        if let Some((goal, name)) = &self.goal {
            let y = scale.y(*goal);
            shapes += &format!(
                r#"<line x1="{LEFT}" x2="{0}" y1="{y}" y2="{y}" stroke="var(--control)" stroke-dasharray="2 3"/><text class="axis" x="{0}" y="{1}" text-anchor="end">{2}</text>"#,
                WIDTH - 12,
                y - 6,
                escape(name)
            );
        }
        (scale, shapes)
    }

    /// Lines: how something goes over time.
    pub fn lines(self) -> AnyView {
        let (scale, mut shapes) = self.scale(false);
        let last = self.labels.len().saturating_sub(1);
        for (order, series) in self.series.iter().enumerate() {
            let colour = series.tone.colour();
            let main = series.tone != Tone::Past;
            let width = if main { "2.5" } else { "1.5" };
            let points: Vec<(usize, i64, i64)> = series
                .values
                .iter()
                .enumerate()
                .filter_map(|(place, value)| Some((place, scale.x(place), scale.y((*value)?))))
                .collect();
            let open = |place: usize| main && place == last && self.unfinished.is_some();
            let path: String = points
                .iter()
                .filter(|(place, ..)| !open(*place))
                .enumerate()
                .map(|(order, (_, x, y))| format!("{}{x} {y}", if order == 0 { 'M' } else { 'L' }))
                .collect();
            shapes +=
                &format!(r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>"#);
            for (place, x, y) in &points {
                if open(*place) {
                    if let Some((_, x0, y0)) = points.iter().rev().find(|(before, ..)| before < place) {
                        shapes += &format!(
                            r#"<path d="M{x0} {y0}L{x} {y}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="4 4"/>"#
                        );
                    }
                    shapes += &format!(
                        r#"<circle cx="{x}" cy="{y}" r="4.5" fill="var(--color-base-100)" stroke="{colour}" stroke-width="2"/><text class="axis" x="{}" y="{}" text-anchor="end">{}</text>"#,
                        x - 12,
                        y + 4,
                        escape(self.unfinished.as_deref().unwrap_or(""))
                    );
                } else if main {
                    shapes += &format!(r#"<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>"#);
                }
            }
            // The name stands on the line: above the main one, below the one it is compared with.
            let at = if main { points.len() / 3 } else { points.len() / 6 };
            if self.series.len() > 1
                && let Some((_, x, y)) = points.get(at)
            {
                // … but never above the frame.
                let over = if *y < 26 { y + 22 } else { y - 12 };
                let (class, y) =
                    if main { ("axis-ink", over) } else { ("axis", y + 18 + 14 * i64::try_from(order / 2).unwrap_or(0)) };
                shapes +=
                    &format!(r#"<text class="{class}" x="{x}" y="{y}" text-anchor="middle">{}</text>"#, escape(&series.name));
            }
        }
        self.frame(&shapes)
    }

    /// Bars side by side: amounts in each month.
    pub fn bars(self) -> AnyView {
        let (scale, mut shapes) = self.scale(true);
        let many = i64::try_from(self.series.len().max(1)).unwrap_or(1);
        let width = (scale.step() * 7 / 10 / many).clamp(2, 28);
        let zero = scale.y(0);
        for (order, series) in self.series.iter().enumerate() {
            let offset = i64::try_from(order).unwrap_or(0) * (width + 1) - (many * (width + 1)) / 2;
            let mut tallest: Option<(i64, i64)> = None;
            for (place, value) in series.values.iter().enumerate() {
                let Some(value) = value else { continue };
                let (x, y) = (scale.x(place) + offset, scale.y(*value));
                let (top, height) = (y.min(zero), (y - zero).abs().max(1));
                shapes +=
                    &format!(r#"<rect x="{x}" y="{top}" width="{width}" height="{height}" fill="{}"/>"#, series.tone.colour());
                if tallest.is_none_or(|(_, before)| top < before) {
                    tallest = Some((x + width / 2, top));
                }
            }
            if let Some((x, y)) = tallest.filter(|_| self.series.len() > 1) {
                let y = (y - 4 - 12 * i64::try_from(self.series.len() - 1 - order).unwrap_or(0)).max(10);
                shapes +=
                    &format!(r#"<text class="axis-ink" x="{x}" y="{y}" text-anchor="middle">{}</text>"#, escape(&series.name));
            }
        }
        shapes += &format!(r#"<line x1="{LEFT}" x2="{}" y1="{zero}" y2="{zero}" stroke="var(--control)"/>"#, WIDTH - 12);
        self.frame(&shapes)
    }

    fn frame(self, shapes: &str) -> AnyView {
        let Self { title, labels, rows, unfinished, .. } = self;
        let last = labels.len().saturating_sub(1);
        let heads = labels
            .iter()
            .enumerate()
            .map(|(place, label)| {
                let class = if place == last && unfinished.is_some() {
                    "text-center font-normal text-ink"
                } else {
                    "text-center font-normal"
                };
                view! { <th scope="col" class=class>{label.clone()}</th> }
            })
            .collect_view();
        let rows = rows
            .into_iter()
            .enumerate()
            .map(|(order, (name, cells))| {
                let cells =
                    cells.into_iter().map(|cell| view! { <td class="text-center whitespace-nowrap">{cell}</td> }).collect_view();
                view! {
                    <tr class=if order == 0 { "font-semibold" } else { "" }>
                        <th scope="row" class="truncate text-left font-normal text-ink-2">{name}</th>
                        {cells}
                        <td></td>
                    </tr>
                }
            })
            .collect_view();
        let name = title.clone();
        view! {
            <figure class="chart overflow-x-auto" tabindex="0" aria-label=name>
                <svg viewBox=format!("0 0 {WIDTH} 224") role="img" aria-label=title.clone() class="block w-full min-w-160" inner_html=shapes.to_owned()></svg>
                <table class="w-full min-w-160 table-fixed text-xs leading-6">
                    <caption class="sr-only">{title}</caption>
                    <thead>
                        <tr class="text-ink-2">
                            <th scope="col" class="chart-name text-left font-normal">
                                <span class="sr-only">{t!("kit-chart-row")}</span>
                            </th>
                            {heads}
                            <td class="chart-end"></td>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </figure>
        }
        .into_any()
    }
}

/// Texts stand inside markup here.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// A part of what is owed: how old, of how many, how much.
pub struct Age {
    pub label: String,
    pub note: String,
    pub amount: Money,
}

/// Arrears by age: one bar cut to scale, from pale to dark, and its figures with their total under a double rule.
pub fn age_bar(title: impl Into<String>, ages: Vec<Age>, total_note: impl Into<String>) -> AnyView {
    let whole = Money::sum(ages.iter().map(|age| age.amount)).unwrap_or_default();
    // Tenths of a percent, for widths and words alike.
    let share =
        |amount: Money| if whole.is_positive() { (amount.fen().max(0) * 2_000 + whole.fen()) / (2 * whole.fen()) } else { 0 };
    let tenths = |value: i64| format!("{}.{}%", value / 10, value % 10);
    let colour = |place: usize| format!("var(--age-{})", (place + 1).min(5));
    let bar = ages
        .iter()
        .enumerate()
        .map(|(place, age)| view! { <span style:width=tenths(share(age.amount)) style:background=colour(place)></span> })
        .collect_view();
    let rows = ages
        .iter()
        .enumerate()
        .map(|(place, age)| {
            view! {
                <tr class="h-8">
                    <th scope="row" class="text-left font-normal whitespace-nowrap">
                        <span class="mr-2 inline-block size-2 rounded-[2px] align-middle" style:background=colour(place)></span>
                        {age.label.clone()}
                    </th>
                    <td class="num text-ink-2">{age.note.clone()}</td>
                    <td class="num text-ink-2 max-sm:hidden">{tenths(share(age.amount))}</td>
                    <td class="num w-28">{age.amount.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="mt-3 mb-1 flex h-2 gap-px overflow-hidden rounded-selector" aria-hidden="true">{bar}</div>
        <table class="mt-2 w-full text-sm">
            <caption class="sr-only">{title.into()}</caption>
            <tbody>{rows}</tbody>
            {total_row(total_note.into(), whole, 1)}
        </table>
    }
    .into_any()
}

/// Amounts as bars on one scale with their figures and their total: takings by method.
pub fn amount_bars(title: impl Into<String>, rows: Vec<Age>, total_note: impl Into<String>) -> AnyView {
    let whole = Money::sum(rows.iter().map(|row| row.amount)).unwrap_or_default();
    let most = rows.iter().map(|row| row.amount.fen()).max().unwrap_or(0).max(1);
    let rows = rows
        .iter()
        .map(|row| {
            let tenths = row.amount.fen().max(0) * 1_000 / most;
            view! {
                <tr class="h-8">
                    <th scope="row" class="w-16 text-left font-normal whitespace-nowrap">{row.label.clone()}</th>
                    <td class="pr-1 pl-3">
                        <span class="block h-2 rounded-r-[2px] bg-chart-1" style:width=format!("{}.{}%", tenths / 10, tenths % 10)></span>
                    </td>
                    <td class="num w-14 text-ink-2">{row.note.clone()}</td>
                    <td class="num w-24">{row.amount.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="mt-2 w-full text-sm">
            <caption class="sr-only">{title.into()}</caption>
            <tbody>{rows}</tbody>
            {total_row(total_note.into(), whole, 2)}
        </table>
    }
    .into_any()
}

fn total_row(note: String, whole: Money, span: u32) -> AnyView {
    let rule = "border-t-3 border-double border-control";
    view! {
        <tfoot>
            <tr class="h-8 font-semibold">
                <th scope="row" class=format!("{rule} text-left font-semibold") colspan=span>{t!("kit-total")}</th>
                <td class=format!("num {rule}")>{note}</td>
                {(span == 1).then(|| view! { <td class=format!("max-sm:hidden {rule}")></td> })}
                <td class=format!("num {rule}")>{whole.to_string()}</td>
            </tr>
        </tfoot>
    }
    .into_any()
}

/// A small line in a row: grey past, ochre present. `label` says the figures.
pub fn sparkline(values: &[i64], label: impl Into<String>) -> AnyView {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let least = values.iter().copied().min().unwrap_or(0).min(0);
    let last = values.len().saturating_sub(1);
    let points: Vec<(i64, i64)> = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let x = 3 + i64::try_from(place).unwrap_or(0) * 112 / i64::try_from(last.max(1)).unwrap_or(1);
            (x, 3 + (most - value) * 17 / (most - least).max(1))
        })
        .collect();
    let line = |points: &[(i64, i64)]| points.iter().map(|(x, y)| format!("{x},{y} ")).collect::<String>();
    let end = points.get(last.saturating_sub(1)..).unwrap_or_default();
    let dot =
        points.last().map(|(x, y)| format!(r#"<circle cx="{x}" cy="{y}" r="3" fill="var(--chart-2)"/>"#)).unwrap_or_default();
    let shapes = format!(
        r#"<line x1="0" x2="120" y1="21.5" y2="21.5" stroke="var(--color-base-300)"/><polyline points="{}" fill="none" stroke="var(--chart-3)" stroke-width="1.5"/><polyline points="{}" fill="none" stroke="var(--chart-2)" stroke-width="2"/>{dot}"#,
        line(&points),
        line(end)
    );
    view! { <svg width="120" height="24" viewBox="0 0 120 24" role="img" aria-label=label.into() class="block" inner_html=shapes></svg> }.into_any()
}

/// Pieces of an amount, cut to scale: what stands above and below each piece, and its weight.
pub fn pieces(title: impl Into<String>, list: Vec<(String, String, i64)>) -> AnyView {
    let whole: i64 = list.iter().map(|(_, _, weight)| (*weight).max(0)).sum::<i64>().max(1);
    let many = list.len();
    let parts = list
        .into_iter()
        .enumerate()
        .map(|(place, (above, below, weight))| {
            let colour = match (place, many) {
                (0, 2..) => Tone::Soft,
                (place, 3..) if place + 1 == many => Tone::Other,
                _ => Tone::Main,
            };
            let tenths = weight.max(0) * 1_000 / whole;
            view! {
                <div class="min-w-0" style:flex=format!("{} 1 0", tenths.max(60))>
                    <div class="truncate text-xs">{above}</div>
                    <div class="my-1 h-3" style:background=colour.colour()></div>
                    <div class="truncate text-xs text-ink-3">{below}</div>
                </div>
            }
        })
        .collect_view();
    view! { <div role="img" aria-label=title.into() class="flex gap-0.5">{parts}</div> }.into_any()
}
