//! The form of a fee item: its name and kind; of a prepayment what it pays for, and when.

use common::charging::api::{FeeItemView, SaveFeeItem};
use common::charging::tariff::{FeeItemKind, Offsetting};
use common::id::FeeItemId;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::kind_text;
use crate::kit::{Ending, Form, Reload, dialog, toast};
use crate::{session, t};

/// The dialog of a fee item.
#[derive(Clone, Copy)]
pub(super) struct ItemForm {
    open: RwSignal<bool>,
    new: RwSignal<bool>,
    form: Form<SaveFeeItem>,
    /// The community's fee items: a prepayment may pay for one of them.
    items: StoredValue<Vec<FeeItemView>>,
    reload: Reload,
}

impl ItemForm {
    pub(super) fn new(reload: Reload) -> Self {
        let form = Form::new(blank());
        Self { open: RwSignal::new(false), new: RwSignal::new(true), form, items: StoredValue::default(), reload }
    }

    /// These are the fee items that there are.
    pub(super) fn offer(self, items: &[FeeItemView]) {
        self.items.set_value(items.to_vec());
    }

    /// What one of them is called.
    pub(super) fn name_of(self, item: Option<FeeItemId>) -> Option<String> {
        let item = item?;
        self.items.with_value(|items| items.iter().find(|known| known.id == item).map(|known| known.name.clone()))
    }

    pub(super) fn open(self, item: Option<FeeItemView>) {
        self.new.set(item.is_none());
        self.form.restart(match item {
            Some(item) => SaveFeeItem {
                pays_for: item.pays_for,
                offsetting: item.offsetting,
                ..SaveFeeItem::of(session::community(), item.id, &item.code, &item.name, item.kind)
            },
            None => blank(),
        });
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, new, form, items, reload } = self;
        let title = move || if new.get() { t!("charging-fee-item-add") } else { t!("charging-fee-item-edit") };
        dialog(open, title, move || {
            let was = form.draft.with_untracked(|ask| ask.kind);
            let may_be = |kind: FeeItemKind| new.get_untracked() || kind == was || !(kind.is_held() || was.is_held());
            let kinds = FeeItemKind::ALL.iter().filter(|kind| may_be(**kind)).map(|kind| (*kind, kind_text(*kind))).collect();
            let fields = view! {
                {form.field("name", t!("charging-name"), |ask| &mut ask.name).focus().placeholder(t!("charging-fee-item-example")).show()}
                {form.choice("kind", t!("charging-kind"), |ask| &mut ask.kind, kinds)}
                {of_held(form, items)}
                {form.field("code", t!("charging-code"), |ask| &mut ask.code).help(t!("charging-code-help")).width("w-40").show()}
            };
            let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("charging-saved"));
            };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

/// What money to be held is; of a prepayment what it pays for, and when.
fn of_held(form: Form<SaveFeeItem>, items: StoredValue<Vec<FeeItemView>>) -> AnyView {
    let kind = Memo::new(move |_| form.draft.with(|ask| ask.kind));
    Effect::new(move || {
        let prepaid = kind.get() == FeeItemKind::Prepayment;
        form.draft.update(|ask| {
            ask.pays_for = ask.pays_for.filter(|_| prepaid);
            ask.offsetting = prepaid.then(|| ask.offsetting.unwrap_or(Offsetting::AtDesk));
        });
    });
    (move || match kind.get() {
        FeeItemKind::Deposit => hint(t!("charging-held-hint-deposit")),
        FeeItemKind::Prepayment => view! {
            {hint(t!("charging-held-hint-prepayment"))}
            {form.choice("pays_for", t!("charging-pays-for"), |ask| &mut ask.pays_for, payable(form, items))}
            {form.radios("offsetting", t!("charging-offsetting"), |ask| &mut ask.offsetting, moments())}
        }
        .into_any(),
        _ => ().into_any(),
    })
    .into_any()
}

fn hint(words: String) -> AnyView {
    view! { <p class="-mt-3 text-sm text-ink-2">{words}</p> }.into_any()
}

/// All fee items, or one that is earned and in use; the one that is chosen already stays.
fn payable(form: Form<SaveFeeItem>, items: StoredValue<Vec<FeeItemView>>) -> Vec<(Option<FeeItemId>, String)> {
    let chosen = form.draft.with_untracked(|ask| ask.pays_for);
    let mut choices = vec![(None, t!("charging-pays-for-all"))];
    items.with_value(|items| {
        let payable = items.iter().filter(|item| !item.kind.is_held() && (item.active || chosen == Some(item.id)));
        choices.extend(payable.map(|item| (Some(item.id), item.name.clone())));
    });
    choices
}

fn moments() -> Vec<(Option<Offsetting>, String)> {
    let text = |when: &Offsetting| t!(&format!("charging-offsetting-{}", when.word().replace('_', "-")));
    Offsetting::ALL.iter().map(|when| (Some(*when), text(when))).collect()
}

fn blank() -> SaveFeeItem {
    SaveFeeItem::of(session::community(), FeeItemId(Uuid::now_v7()), "", "", FeeItemKind::Property)
}
