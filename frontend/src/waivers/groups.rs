//! 减免人群: groups, and the members of the one that is chosen.

use common::id::PeopleGroupId;
use common::waivers::api::{EndMember, GroupView, ListGroups, ListMembers, MemberRow, MemberState, SaveGroup};
use common::waivers::scheme::CountsBy;
use leptos::prelude::*;
use uuid::Uuid;

use super::member_form::MemberForm;
use crate::api::call;
use crate::kit::{
    Column, Confirm, Deed, Empty, Ending, Filter, Form, Header, List, Query, Reload, button, count, dash, dialog, empty_view,
    icons, load, primary_button, text_or_dash, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, community) = (Reload::new(), session::community());
    let form = GroupForm::new(reload);
    let member_form = MemberForm::new(reload);
    let may = session::may_ask::<SaveGroup>();
    let query = Query::here();
    let asked = Memo::new(move |_| query.one("group"));
    let add = move || may.then(|| primary_button(icons::PLUS, t!("waivers-group-add"), move || form.open(None)));
    let body = load(
        move || {
            reload.track();
            call(ListGroups { community })
        },
        8,
        move |groups: Vec<GroupView>| {
            if groups.is_empty() {
                let empty = Empty::new(icons::USERS_ROUND, t!("waivers-groups-none"), t!("waivers-groups-none-why"));
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(add()))}</div> }.into_any();
            }
            let wanted = asked.get_untracked();
            let first = groups.iter().find(|group| Some(group.id.to_string()) == wanted).or(groups.first()).map(|group| group.id);
            let chosen = RwSignal::new(first);
            let for_members = groups.clone();
            view! {
                <div class="grid grid-cols-[18rem_1fr] max-lg:grid-cols-1">
                    <nav class="border-r border-line max-lg:border-r-0 max-lg:border-b" aria-label=t!("waivers-groups")>
                        {groups.into_iter().map(|group| line(group, chosen, query)).collect_view()}
                    </nav>
                    <div class="min-w-0">
                        {move || {
                            let group = for_members.iter().find(|group| Some(group.id) == chosen.get()).cloned();
                            group.map(|group| members(group, form, member_form, reload, may))
                        }}
                    </div>
                </div>
            }
            .into_any()
        },
    );
    view! {
        {Header::new(t!("waivers-groups")).actions(add()).show()}
        <div class="border-t border-line pb-8">{body}</div>
        {form.show()}
        {member_form.show()}
    }
    .into_any()
}

/// A group to choose.
fn line(group: GroupView, chosen: RwSignal<Option<PeopleGroupId>>, query: Query) -> AnyView {
    let id = group.id;
    let pick = move |_| {
        chosen.set(Some(id));
        query.put(&[("group", Some(&id.to_string()))]);
    };
    view! {
        <button
            type="button"
            class="block min-h-14 w-full border-b border-line px-6 py-2 text-left max-sm:px-4"
            class:bg-pick=move || chosen.get() == Some(id)
            aria-current=move || (chosen.get() == Some(id)).then_some("true")
            on:click=pick
        >
            <span class="block font-semibold">{group.name}</span>
            <span class="label-xs">{t!("waivers-members-count", members = count(group.members), units = count(group.units))}</span>
            {(group.coming > 0).then(|| view! { <span class="label-xs ml-2">{t!("waivers-members-coming", coming = count(group.coming))}</span> })}
        </button>
    }
    .into_any()
}

fn members(group: GroupView, form: GroupForm, member_form: MemberForm, reload: Reload, may: bool) -> AnyView {
    let (id, ending) = (group.id, Deed::new());
    let base =
        ListMembers { community: session::community(), group: id, state: None, search: None, page: None, size: None, sort: None };
    let states = MemberState::ALL.iter().map(|state| (state.word().to_owned(), t!(&format!("waivers-member-state-{state}"))));
    let list = List::new("group-members", base, |row: &MemberRow| row.id.to_string())
        .reload(reload)
        .search(t!("waivers-members-search"))
        .filter(Filter::one("state", t!("waivers-state"), states.collect()))
        .column(
            Column::new("waivers-member", |row: &MemberRow| row.name.clone())
                .link(|row| format!("/residents/{}", row.resident))
                .sort("name"),
        )
        .column(Column::new("waivers-member-units", |row: &MemberRow| text_or_dash(some(&row.units))).wide())
        .column(Column::new("waivers-from", |row: &MemberRow| row.from.to_string()).sort("from"))
        .column(Column::new("waivers-to", |row: &MemberRow| match row.to {
            Some(to) => to.pred_opt().unwrap_or(to).to_string().into_any(),
            None => dash(),
        }))
        .column(Column::new("waivers-member-note", |row: &MemberRow| text_or_dash(some(&row.note))))
        .empty(|| Empty::new(icons::USERS_ROUND, t!("waivers-members-none"), t!("waivers-members-none-why")));
    let name = group.name.clone();
    let list = if may {
        list.bulk(move |picked| {
            let name = name.clone();
            let rows = picked.rows();
            // One at a time: each is asked about by name.
            let one = match rows.as_slice() {
                [one] if one.to.is_none_or(|to| to > session::today()) => Some(one.clone()),
                _ => None,
            };
            one.map(|row| {
                button(icons::USER_MINUS, t!("waivers-member-end"), move || {
                    let (row, today) = (row.clone(), session::today());
                    Confirm::new(
                        t!("waivers-member-end-title", name = row.name, group = name),
                        t!("waivers-member-end-why", day = today),
                        t!("waivers-member-end"),
                    )
                    .danger()
                    .ask(move || {
                        let ask = EndMember { community: session::community(), member: row.id, to: today };
                        ending.run(ask, move |_| {
                            picked.clear();
                            reload.now();
                            toast(t!("waivers-member-ended", name = row.name));
                        });
                    });
                })
            })
        })
    } else {
        list
    };
    let (for_edit, for_members) = (group.clone(), group.clone());
    view! {
        <div class="flex min-h-12 flex-wrap items-center gap-2 px-6 pt-3 max-sm:px-4">
            <h2 class="text-lg font-semibold">{group.name.clone()}</h2>
            <span class="text-sm text-ink-2">{t!(&format!("waivers-counts-by-{}", group.counts_by))}</span>
            <span class="text-sm text-ink-2">{group.note.clone()}</span>
            {may.then(|| view! {
                <span class="ml-auto flex gap-2">
                    {button(icons::PENCIL, t!("waivers-scheme-change"), move || form.open(Some(for_edit.clone())))}
                    {button(icons::USER_PLUS, t!("waivers-member-add"), move || member_form.open(&for_members))}
                </span>
            })}
        </div>
        {list.show()}
    }
    .into_any()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// The dialog of a group.
#[derive(Clone, Copy)]
struct GroupForm {
    open: RwSignal<bool>,
    new: RwSignal<bool>,
    form: Form<SaveGroup>,
    reload: Reload,
}

impl GroupForm {
    fn new(reload: Reload) -> Self {
        Self { open: RwSignal::new(false), new: RwSignal::new(true), form: Form::new(blank()), reload }
    }

    fn open(self, group: Option<GroupView>) {
        self.new.set(group.is_none());
        self.form.restart(match group {
            Some(group) => SaveGroup {
                community: session::community(),
                group: group.id,
                name: group.name,
                counts_by: group.counts_by,
                note: group.note,
            },
            None => blank(),
        });
        self.open.set(true);
    }

    fn show(self) -> AnyView {
        let Self { open, new, form, reload } = self;
        let title = move || if new.get() { t!("waivers-group-add") } else { t!("waivers-group-edit") };
        dialog(open, title, move || {
            let ways = CountsBy::ALL.iter().map(|by| (*by, t!(&format!("waivers-counts-by-{by}")))).collect();
            let fields = view! {
                {form.field("name", t!("waivers-name"), |ask| &mut ask.name).focus().placeholder(t!("waivers-group-example")).show()}
                {form.radios("counts_by", t!("waivers-counts-by"), |ask| &mut ask.counts_by, ways)}
                {form.field("note", t!("waivers-note"), |ask| &mut ask.note).lines(2).show()}
            };
            let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("waivers-saved"));
            };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

fn blank() -> SaveGroup {
    SaveGroup {
        community: session::community(),
        group: PeopleGroupId(Uuid::now_v7()),
        name: String::new(),
        counts_by: CountsBy::Owner,
        note: String::new(),
    }
}
