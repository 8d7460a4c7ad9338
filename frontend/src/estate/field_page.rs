//! 自定义字段: what this community keeps of its units and people besides what everybody keeps.

use common::estate::UnitKind;
use common::estate::api::{ListFields, OrderFields, SaveField};
use common::estate::field::{CustomField, FieldKind, FieldOf};
use common::id::FieldId;
use leptos::prelude::*;
use uuid::Uuid;

use super::kind_name;
use crate::api::call;
use crate::kit::{
    Close, Confirm, Deed, Empty, Ending, Form, Header, Look, Reload, State, cards, dash, dialog, empty_view, icon, icons, load,
    mark, menu, menu_deed, primary_button, section, state_badge, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, deed) = (Reload::new(), Deed::new());
    let form = FieldForm::new(reload);
    let ask = move || {
        reload.track();
        call(ListFields { community: session::community(), of: None })
    };
    let list = load(ask, 8, move |fields: Vec<CustomField>| draw(&fields, form, reload, deed));
    view! {
        {Header::new(t!("estate-fields")).actions(primary_button(icons::PLUS, t!("estate-field-new"), move || form.open(None))).show()}
        <div class="border-t border-line pb-8">{list}</div>
        {form.show()}
    }
    .into_any()
}

fn draw(fields: &[CustomField], form: FieldForm, reload: Reload, deed: Deed) -> AnyView {
    if fields.is_empty() {
        let empty = Empty::new(icons::TAGS, t!("estate-fields-none"), t!("estate-fields-none-why"));
        let empty = empty.actions(primary_button(icons::PLUS, t!("estate-field-new"), move || form.open(None)));
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let part = |of: &FieldOf| {
        let own: Vec<CustomField> = fields.iter().filter(|field| field.of == *of).cloned().collect();
        (!own.is_empty()).then(|| section(t!(of.text_id().as_str()), (), table(*of, &own, form, reload, deed)))
    };
    FieldOf::ALL.iter().filter_map(part).collect_view().into_any()
}

fn table(of: FieldOf, fields: &[CustomField], form: FieldForm, reload: Reload, deed: Deed) -> AnyView {
    let order: Vec<FieldId> = fields.iter().map(|field| field.field).collect();
    let rows = fields.iter().enumerate().map(|(place, field)| row(field.clone(), place, order.clone(), form, reload, deed));
    let kinds = (of == FieldOf::Unit).then(|| view! { <th scope="col">{t!("estate-column-kind")}</th> });
    view! {
        <div class="max-sm:-mx-4">
            {cards(view! {
                <table class="table">
                    <caption class="sr-only">{t!(of.text_id().as_str())}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("estate-field-name")}</th>
                            <th scope="col">{t!("estate-field-kind")}</th>
                            {kinds}
                            <th scope="col">{t!("estate-field-in-lists-head")}</th>
                            <th scope="col"><span class="sr-only">{t!("kit-more")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            })}
        </div>
    }
    .into_any()
}

fn row(field: CustomField, place: usize, order: Vec<FieldId>, form: FieldForm, reload: Reload, deed: Deed) -> AnyView {
    let kinds = (field.of == FieldOf::Unit).then(|| {
        let names: Vec<String> = field.unit_kinds.iter().map(|kind| kind_name(*kind)).collect();
        let names = if names.is_empty() { t!("estate-field-all-kinds") } else { names.join(&t!("kit-comma")) };
        view! { <td>{names}</td> }
    });
    let kind = t!(field.kind.text_id().as_str());
    let choices = (!field.choices.is_empty())
        .then(|| view! { <span class="ml-2 text-sm text-ink-2">{field.choices.join(&t!("kit-comma"))}</span> });
    let for_formulas =
        field.is_for_formulas().then(|| view! { <span class="ml-2">{mark(t!("estate-field-formula"), "")}</span> });
    let off =
        (!field.active).then(|| view! { <span class="ml-2">{state_badge(State::Void, t!("estate-field-off-state"))}</span> });
    let lists = if field.in_lists { icon(icons::CHECK) } else { dash() };
    let class = if field.active { "" } else { "text-ink-3" };
    let name = field.name.clone();
    view! {
        <tr class=class>
            <td><span class="font-semibold">{name}</span> {off}</td>
            <td>{kind} {choices} {for_formulas}</td>
            {kinds}
            <td>{lists}</td>
            <td class="w-10">{more(field, place, order, form, reload, deed)}</td>
        </tr>
    }
    .into_any()
}

fn more(field: CustomField, place: usize, order: Vec<FieldId>, form: FieldForm, reload: Reload, deed: Deed) -> AnyView {
    let last = order.len().saturating_sub(1);
    let moved = move |with: usize| {
        let mut fields = order.clone();
        fields.swap(place, with);
        deed.run(OrderFields { community: session::community(), fields }, move |_| reload.now());
    };
    let actions = move |_: Close| {
        let (for_edit, for_switch) = (field.clone(), field.clone());
        let (up, down) = (moved.clone(), moved.clone());
        let up = (place > 0).then(|| {
            menu_deed(t!("estate-field-up"), move || {
                up(place - 1);
            })
        });
        let down = (place < last).then(|| {
            menu_deed(t!("estate-field-down"), move || {
                down(place + 1);
            })
        });
        view! {
            {menu_deed(t!("estate-edit"), move || {
                form.open(Some(for_edit.clone()));
            })}
            {up}
            {down}
            {menu_deed(if field.active { t!("estate-field-off") } else { t!("estate-field-on") }, move || {
                switch(for_switch.clone(), reload, deed);
            })}
        }
        .into_any()
    };
    let look = Look { button: "btn btn-ghost btn-sm btn-square", panel: "right-0 w-40" };
    menu(Some(t!("kit-more")), look, icon(icons::ELLIPSIS), actions)
}

fn switch(field: CustomField, reload: Reload, deed: Deed) {
    let name = field.name.clone();
    let active = !field.active;
    let ask = SaveField::from((session::community(), CustomField { active, ..field }));
    if active {
        deed.run(ask, move |_| {
            reload.now();
            toast(t!("estate-field-switched-on", field = name));
        });
        return;
    }
    let title = t!("estate-field-off-title", field = name);
    Confirm::new(title, t!("estate-field-off-why"), t!("estate-field-off")).ask(move || {
        deed.run(ask, move |_| {
            reload.now();
            toast(t!("estate-field-switched-off", field = name));
        });
    });
}

/// The dialog of a field.
#[derive(Clone, Copy)]
struct FieldForm {
    open: RwSignal<bool>,
    /// The name of a field that is there already.
    known: RwSignal<Option<String>>,
    form: Form<SaveField>,
    reload: Reload,
}

impl FieldForm {
    fn new(reload: Reload) -> Self {
        Self { open: RwSignal::new(false), known: RwSignal::new(None), form: Form::new(blank()), reload }
    }

    fn open(self, field: Option<CustomField>) {
        self.known.set(field.as_ref().map(|field| field.name.clone()));
        self.form.restart(field.map_or_else(blank, |field| SaveField::from((session::community(), field))));
        self.open.set(true);
    }

    fn show(self) -> AnyView {
        let Self { open, known, form, reload } = self;
        let title = move || match known.get() {
            Some(name) => t!("estate-field-edit", field = name),
            None => t!("estate-field-new"),
        };
        dialog(open, title, move || {
            let new = known.with_untracked(Option::is_none);
            let of = FieldOf::ALL.iter().map(|of| (*of, t!(of.text_id().as_str()))).collect();
            let kinds = FieldKind::ALL.iter().map(|kind| (*kind, t!(kind.text_id().as_str()))).collect();
            let fields = view! {
                {form.field("name", t!("estate-field-name"), |ask| &mut ask.name).help(t!("estate-field-name-help")).focus().show()}
                {new.then(|| form.radios("of", t!("estate-field-of"), |ask| &mut ask.of, of))}
                {form.choice("kind", t!("estate-field-kind"), |ask| &mut ask.kind, kinds)}
                {move || choices(form)}
                {move || unit_kinds(form)}
                {form.tick("in_lists", t!("estate-field-in-lists"), |ask| &mut ask.in_lists)}
            };
            let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("estate-field-saved"));
            };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

fn choices(form: Form<SaveField>) -> Option<AnyView> {
    let kind = Memo::new(move |_| form.draft.with(|ask| ask.kind)).get();
    (kind == FieldKind::Choice).then(|| {
        let field = form.field("choices", t!("estate-field-choices"), |ask| &mut ask.choices);
        field.lines(4).help(t!("estate-field-choices-help")).show()
    })
}

fn unit_kinds(form: Form<SaveField>) -> Option<AnyView> {
    let of = Memo::new(move |_| form.draft.with(|ask| ask.of)).get();
    if of == FieldOf::Resident {
        form.draft.update_untracked(|ask| ask.unit_kinds.clear());
        return None;
    }
    let kinds = UnitKind::ALL.iter().map(|kind| (*kind, kind_name(*kind))).collect();
    let ticks = form.ticks("unit_kinds", t!("estate-field-kinds"), |ask| &mut ask.unit_kinds, kinds);
    Some(view! { <div>{ticks} <p class="mt-1 text-sm text-ink-2">{t!("estate-field-kinds-help")}</p></div> }.into_any())
}

fn blank() -> SaveField {
    SaveField {
        community: session::community(),
        field: FieldId(Uuid::now_v7()),
        of: FieldOf::Unit,
        name: String::new(),
        kind: FieldKind::Text,
        unit_kinds: Vec::new(),
        choices: Vec::new(),
        in_lists: false,
        active: true,
    }
}
