//! A file's bytes in a message: base64, for `#[serde(with = "crate::worker::bytes")]`.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    let letter = |index: u32| char::from(LETTERS.get(index as usize & 63).copied().unwrap_or(b'A'));
    for group in bytes.chunks(3) {
        let joined = group.iter().fold(0_u32, |joined, byte| joined << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(letter(joined >> (18 - 6 * place)));
        }
    }
    serializer.serialize_str(&text)
}

/// # Errors
/// When the text is not base64.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    for group in text.as_bytes().chunks(4) {
        let mut joined = 0_u32;
        for letter in group {
            joined = joined << 6 | u32::from(value(*letter).ok_or_else(|| D::Error::custom("not base64"))?);
        }
        joined <<= 6 * (4 - group.len());
        let [_, first, second, third] = joined.to_be_bytes();
        bytes.extend([first, second, third].iter().take(group.len() - 1));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct File(#[serde(with = "super")] Vec<u8>);

    #[test]
    fn bytes_come_back_as_they_were() {
        for length in 0..10_u8 {
            let file = File((0..length).map(|byte| byte.wrapping_mul(97)).collect());
            let text = serde_json::to_string(&file).unwrap();
            assert_eq!(serde_json::from_str::<File>(&text).unwrap(), file);
        }
        assert_eq!(serde_json::to_string(&File(b"Anju!".to_vec())).unwrap(), "\"QW5qdSE\"");
    }
}
