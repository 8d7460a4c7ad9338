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
}

impl Secrets {
    /// Reads the key file, or makes it (readable by its owner only) when it is missing.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => create(path)?,
            Err(error) => return Err(error),
        };
        Self::from_secret(text.trim().as_bytes()).ok_or_else(|| std::io::Error::other("the key file is too short"))
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
}

/// 32 random bytes in hex.
pub fn random_token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(Failure::broken)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn create(path: &Path) -> std::io::Result<String> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let token = random_token().map_err(|_| std::io::Error::other("no randomness"))?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(token.as_bytes())?;
    file.sync_all()?;
    Ok(token)
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
}
