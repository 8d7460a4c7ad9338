//! The dialog in which a resident is put into a group.

use common::id::{GroupMemberId, PeopleGroupId, ResidentId};
use common::period::Month;
use common::waivers::api::{AddMember, GroupView};
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{Ending, Form, Reload, combobox, dialog, toast};
use crate::residents::find_residents;
use crate::{session, t};

#[derive(Clone, Copy)]
pub(super) struct MemberForm {
    open: RwSignal<bool>,
    form: Form<AddMember>,
    /// What the group benefits from, by name.
    schemes: RwSignal<Vec<String>>,
    reload: Reload,
}

impl MemberForm {
    pub(super) fn new(reload: Reload) -> Self {
        let form = Form::new(blank(PeopleGroupId(Uuid::nil())));
        Self { open: RwSignal::new(false), form, schemes: RwSignal::default(), reload }
    }

    pub(super) fn open(self, group: &GroupView) {
        self.schemes.set(group.schemes.clone());
        self.form.restart(blank(group.id));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, schemes, reload } = self;
        dialog(
            open,
            move || t!("waivers-member-add"),
            move || {
                let schemes = schemes.get_untracked();
                let asked = (!schemes.is_empty()).then(|| {
                    view! { <p class="text-sm text-ink-2">{t!("waivers-member-add-why", schemes = schemes.join(&t!("kit-comma")))}</p> }
                });
                let fields = view! {
                    {form.custom("resident", t!("waivers-member"), move |id, changed| {
                        combobox(id, String::new(), t!("waivers-member-find"), find_residents, move |picked: Option<ResidentId>| {
                            form.draft.update(|ask| ask.resident = picked.unwrap_or(ResidentId(Uuid::nil())));
                            changed();
                        })
                    })}
                    <div class="grid grid-cols-2 gap-5">
                        {form.field("from", t!("waivers-member-since"), |ask| &mut ask.from).show()}
                        {form.last_day("to", t!("waivers-member-until"), |ask| &mut ask.to).help(t!("waivers-to-help")).show()}
                    </div>
                    {form.field("note", t!("waivers-member-note"), |ask| &mut ask.note).show()}
                    {asked}
                };
                let ending = Ending::new(t!("waivers-member-add")).in_dialog().cancel(move || open.set(false));
                let done = move |_| {
                    open.set(false);
                    reload.now();
                    toast(t!("waivers-saved"));
                };
                view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
            },
        )
    }
}

fn blank(group: PeopleGroupId) -> AddMember {
    AddMember {
        community: session::community(),
        member: GroupMemberId(Uuid::now_v7()),
        group,
        resident: ResidentId(Uuid::nil()),
        from: Month::of(session::today()).first_day(),
        to: None,
        note: String::new(),
    }
}
