//! Sealing of ID numbers at rest (AES-256-GCM) and a keyed hash to find duplicates without opening them.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use aws_lc_rs::{hkdf, hmac};

use crate::problem::Failure;

/// The keys, derived from one secret file that must be backed up with the database.
pub struct Secrets {
    seal: LessSafeKey,
    hash: hmac::Key,
    fingerprint: String,
}

impl Secrets {
    /// Reads the key file; `None` where there is none.
    pub fn read(path: &Path) -> std::io::Result<Option<Self>> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_secret(text.trim().as_bytes()).map(Some).ok_or_else(|| {
                std::io::Error::other("it holds fewer than 32 characters, so it is no key file or not a whole one")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes the key file, readable by its owner only; one that somebody else made meanwhile is read.
    pub fn make(path: &Path) -> std::io::Result<Self> {
        create(path)?;
        Self::read(path)?.ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    /// From any secret of at least 32 bytes.
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        if secret.len() < 32 {
            return None;
        }
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"anju");
        let root = salt.extract(secret);
        let derive = |purpose: &[u8]| {
            let mut key = [0_u8; 32];
            root.expand(&[purpose], hkdf::HKDF_SHA256).ok()?.fill(&mut key).ok()?;
            Some(key)
        };
        Some(Self {
            seal: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &derive(b"seal id numbers")?).ok()?),
            hash: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"find id numbers")?),
            fingerprint: hex(&derive(b"tell key files apart")?),
        })
    }

    /// Nonce and ciphertext; the same text never seals to the same bytes.
    pub fn seal(&self, text: &str) -> Result<Vec<u8>, Failure> {
        let mut nonce = [0_u8; NONCE_LEN];
        rand::fill(&mut nonce).map_err(Failure::broken)?;
        let mut sealed = text.as_bytes().to_vec();
        self.seal
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(Failure::broken)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed; fails when the bytes or the key file are not the ones of then.
    pub fn open_sealed(&self, sealed: &[u8]) -> Result<String, Failure> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or_else(|| Failure::broken("a sealed value is too short"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Failure::broken)?;
        let mut rest = rest.to_vec();
        let open = self
            .seal
            .open_in_place(nonce, Aad::empty(), &mut rest)
            .map_err(|_| Failure::broken("a sealed value does not open: is this the key file of this database?"))?;
        String::from_utf8(open.to_vec()).map_err(Failure::broken)
    }

    /// A keyed hash: equal texts have equal hashes, and without the key nobody can try texts.
    pub fn hash(&self, text: &str) -> Vec<u8> {
        hmac::sign(&self.hash, text.as_bytes()).as_ref().to_vec()
    }

    /// Tells this key from others and nothing about it: a value derived for this alone.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// 32 random bytes in hex.
pub fn random_token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(Failure::broken)?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whole or not at all: it is written under another name first, and never over a file that is there.
fn create(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let random = || random_token().map_err(|_| std::io::Error::other("no randomness"));
    let (token, mut name) = (random()?, random()?);
    name.truncate(16);
    let draft = path.with_added_extension(format!("{name}.new"));
    write_new(&draft, &token)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    let placed = match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            tracing::debug!(%error, "no hard link to the key file's draft: it is written in its place");
            write_new(path, &token)
        }
        other => other,
    };
    match placed {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        // The name as well is to be there after the power has gone.
        _ => std::fs::File::open(folder)?.sync_all(),
    }
}

/// A file that was not there before, for its owner only; where it can't be written it is gone again.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        let _gone = std::fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_and_a_flipped_byte_does_not() {
        let secrets = Secrets::from_secret(&[7; 32]).unwrap();
        let mut sealed = secrets.seal("11010519491231002X").unwrap();
        assert_eq!(secrets.open_sealed(&sealed).unwrap(), "11010519491231002X");
        assert_ne!(secrets.seal("11010519491231002X").unwrap(), sealed);
        assert_eq!(secrets.hash("a"), secrets.hash("a"));
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert!(secrets.open_sealed(&sealed).is_err());
    }

    #[test]
    fn a_fingerprint_stays_and_is_the_keys_own() {
        let fingerprint = |secret: u8| Secrets::from_secret(&[secret; 32]).unwrap().fingerprint().to_owned();
        assert_eq!(fingerprint(7), fingerprint(7));
        assert_ne!(fingerprint(7), fingerprint(8));
        assert_eq!(fingerprint(7).len(), 64);
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_and_leaves_no_draft() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("anju-key-{}", random_token().unwrap()));
        let path = folder.join("deep").join("key");
        let made = Secrets::make(&path).unwrap();
        assert_eq!(Secrets::make(&path).unwrap().fingerprint(), made.fingerprint(), "it is not made anew");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.join("deep")).unwrap().count(), 1);
        assert_eq!(write_new(&path, "another").unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
