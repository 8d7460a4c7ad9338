//! The tree of a community: buildings, entrances, floors, with how many units each has.

use common::estate::api::{BuildingNode, EntranceNode, GetTree, RemoveBuilding, Tree};
use common::permission::Permission;
use leptos::prelude::*;

use super::building_form;
use crate::api::call;
use crate::kit::{
    Confirm, Deed, Empty, Header, Look, Reload, cards, count, dialog, empty_view, icon, icons, link_button, load, menu,
    menu_deed, menu_link, primary_button, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let reload = Reload::new();
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<BuildingNode>);
    let may = session::may(Permission::EstateWrite);
    let add = move || {
        edited.set(None);
        open.set(true);
    };
    let actions = may.then(|| {
        view! {
            {link_button(icons::UPLOAD, t!("estate-import"), "/estate/import")}
            {primary_button(icons::PLUS, t!("estate-building-new"), add)}
        }
    });
    let ask = move || {
        reload.track();
        call(GetTree { community: session::community() })
    };
    let edit = move |node: BuildingNode| {
        edited.set(Some(node));
        open.set(true);
    };
    let title = move || match edited.get() {
        Some(node) => t!("estate-building-edit", building = node.name),
        None => t!("estate-building-new"),
    };
    view! {
        {Header::new(t!("estate-buildings")).actions(actions).show()}
        {load(ask, 8, move |tree| draw(tree, may, edit, reload))}
        {dialog(open, title, move || building_form::form(edited.get_untracked(), open, reload))}
    }
    .into_any()
}

fn draw(tree: Tree, may: bool, edit: impl Fn(BuildingNode) + Copy + Send + Sync + 'static, reload: Reload) -> AnyView {
    if tree.buildings.is_empty() {
        return empty_view(Empty::new(icons::BUILDING_2, t!("estate-no-buildings"), t!("estate-no-units-why")));
    }
    let total: u64 = tree.buildings.iter().map(|node| node.units).sum::<u64>() + tree.outside;
    let outside = (tree.outside > 0).then(|| {
        view! {
            <tr>
                <td class="text-ink-2">{t!("estate-outside")}</td>
                <td></td>
                <td></td>
                <td class="num">{count(tree.outside)}</td>
                <td></td>
            </tr>
        }
    });
    let rows = tree.buildings.into_iter().map(|node| row(node, may, edit, reload)).collect_view();
    view! {
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <thead>
                    <tr>
                        <th scope="col">{t!("estate-column-building")}</th>
                        <th scope="col">{t!("estate-entrances")}</th>
                        <th scope="col">{t!("estate-floors")}</th>
                        <th scope="col" class="num">{t!("estate-units")}</th>
                        <th scope="col"><span class="sr-only">{t!("kit-more")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows} {outside}</tbody>
                <tfoot>
                    <tr class="border-t-3 border-double border-control font-semibold">
                        <td>{t!("kit-total")}</td>
                        <td></td>
                        <td></td>
                        <td class="num">{count(total)}</td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>})}
    }
    .into_any()
}

fn row(node: BuildingNode, may: bool, edit: impl Fn(BuildingNode) + Copy + Send + Sync + 'static, reload: Reload) -> AnyView {
    let id = node.building;
    let href = format!("/estate/units?building={id}");
    let entrances = (!node.entrances.is_empty()).then(|| {
        let links = node.entrances.iter().map(|entrance| entrance_link(&node, entrance)).collect_view();
        view! { <div class="flex flex-wrap gap-x-4 gap-y-1">{links}</div> }
    });
    let mut floors: Vec<i32> = node.floors.iter().map(|floor| floor.floor).collect();
    floors.sort_unstable();
    let floors = match (floors.first(), floors.last()) {
        (Some(lowest), Some(highest)) if lowest != highest => {
            let sign = if *lowest < 0 { " – " } else { "–" };
            format!("{}{sign}{}", signed(*lowest), signed(*highest))
        }
        (Some(only), _) => signed(*only),
        _ => "–".to_owned(),
    };
    let (name, units) = (node.name.clone(), node.units);
    let more = may.then(|| more(node, edit, reload));
    view! {
        <tr>
            <td><a class="a" href=href>{name}</a></td>
            <td>{entrances}</td>
            <td>{floors}</td>
            <td class="num">{count(units)}</td>
            <td class="text-right">{more}</td>
        </tr>
    }
    .into_any()
}

/// A floor; the cellar's minus is a minus.
fn signed(floor: i32) -> String {
    if floor < 0 { format!("−{}", floor.unsigned_abs()) } else { floor.to_string() }
}

fn entrance_link(node: &BuildingNode, entrance: &EntranceNode) -> AnyView {
    let href = format!("/estate/units?building={}&entrance={}", node.building, entrance.entrance);
    view! {
        <a class="inline-flex min-h-6 items-center gap-1 whitespace-nowrap hover:text-primary max-sm:min-h-11" href=href>
            {entrance.name.clone()} <span class="text-ink-2">{count(entrance.units)}</span>
        </a>
    }
    .into_any()
}

fn more(node: BuildingNode, edit: impl Fn(BuildingNode) + Copy + Send + Sync + 'static, reload: Reload) -> AnyView {
    let removing = Deed::new();
    let (id, name) = (node.building, node.name.clone());
    let label = t!("estate-more-of", name = name);
    let panel = move |_| {
        let (for_edit, name) = (node.clone(), name.clone());
        let remove = move || {
            let told = name.clone();
            Confirm::new(
                t!("estate-remove-building-title", building = told),
                t!("estate-remove-building-why"),
                t!("estate-remove"),
            )
            .danger()
            .ask(move || {
                removing.run(RemoveBuilding { community: session::community(), building: id }, move |_| {
                    toast(t!("estate-removed", unit = told));
                    reload.now();
                });
            });
        };
        view! {
            {menu_deed(view! { <span class="flex items-center gap-2">{icon(icons::PENCIL)} {t!("estate-edit")}</span> }, move || edit(for_edit.clone()))}
            {menu_link(view! { <span class="flex items-center gap-2">{icon(icons::PLUS)} {t!("estate-unit-new")}</span> }, format!("/estate/units/new?building={id}"))}
            {menu_deed(view! { <span class="flex items-center gap-2 text-error">{icon(icons::TRASH_2)} {t!("estate-remove")}</span> }, remove)}
        }
        .into_any()
    };
    menu(Some(label), Look { button: "btn btn-ghost btn-xs btn-square", panel: "right-0 w-44" }, icon(icons::ELLIPSIS), panel)
        .into_any()
}
