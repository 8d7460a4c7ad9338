//! Files that were chosen and not brought in yet: kept with the tab, so that a wizard goes on after a reload or a detour.

use gloo::storage::{SessionStorage, Storage};

use super::file::ChosenFile;

const BEFORE: &str = "anju.file.";
/// A character of the storage carries one byte; beyond this it has no room. A larger file is chosen again.
const MOST: usize = 4 << 20;

/// Where one wizard keeps its file.
#[derive(Clone, Debug)]
pub struct Kept(String);

impl Kept {
    /// By the wizard's name, and whatever else tells its files apart.
    pub fn of(wizard: &str, place: impl std::fmt::Display) -> Self {
        Self(format!("{BEFORE}{wizard}.{place}"))
    }

    /// Keeps a file in place of the one before, where there is room.
    pub(super) fn keep(&self, file: &ChosenFile) {
        self.forget();
        if file.bytes.len() > MOST {
            return;
        }
        let text: String = file.bytes.iter().map(|byte| char::from(*byte)).collect();
        let storage = SessionStorage::raw();
        if storage.set_item(&self.bytes(), &text).and_then(|()| storage.set_item(&self.0, &file.name)).is_err() {
            self.forget();
        }
    }

    /// The name of the file that is kept.
    pub(super) fn name(&self) -> Option<String> {
        SessionStorage::raw().get_item(&self.0).ok()?
    }

    /// The file as it was chosen.
    pub(super) fn file(&self) -> Option<ChosenFile> {
        let text = SessionStorage::raw().get_item(&self.bytes()).ok()??;
        let bytes = text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect::<Option<_>>()?;
        Some(ChosenFile { name: self.name()?, bytes })
    }

    /// It is brought in, or nobody wants it.
    pub fn forget(&self) {
        SessionStorage::delete(&self.0);
        SessionStorage::delete(self.bytes());
    }

    fn bytes(&self) -> String {
        format!("{}.bytes", self.0)
    }
}

/// Nothing of one person's is left to the next.
pub fn forget_files() {
    let storage = SessionStorage::raw();
    let names: Vec<String> = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok()?).collect();
    for name in names.iter().filter(|name| name.starts_with(BEFORE)) {
        SessionStorage::delete(name);
    }
}
