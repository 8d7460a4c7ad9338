//! Unpacks an .xlsx into memory, counting what comes out, and packs it again without compression.
//!
//! The sizes that a zip file declares are only claims, so its parts are unpacked here under a limit before the workbook
//! reader sees them. Pictures and other parts that hold no cells are left out.

use std::io::Read;

use crate::problem::Problem;

use super::{Limits, refuse, too_large};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

struct Entry<'a> {
    name: &'a [u8],
    method: u16,
    checksum: u32,
    packed: &'a [u8],
}

/// The same archive with its XML parts stored, none compressed; and whether any sheet has merged cells, which is worth
/// a second pass only then.
pub(super) fn unpack(bytes: &[u8], limits: Limits) -> Result<(Vec<u8>, bool), Problem> {
    let entries = entries(bytes).ok_or_else(broken)?;
    let mut archive = Vec::with_capacity(bytes.len().saturating_mul(6).min(limits.unpacked));
    let mut directory = Vec::new();
    let mut count: u16 = 0;
    let mut left = limits.unpacked;
    let mut merged = false;
    for entry in entries {
        let start = u32::try_from(archive.len()).map_err(|_| too_large("4 GB"))?;
        let header = archive.len();
        archive.extend_from_slice(&[0; 30]);
        archive.extend_from_slice(entry.name);
        let data = archive.len();
        match entry.method {
            0 => {
                archive.extend_from_slice(entry.packed);
            }
            8 => {
                let most = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
                flate2::read::DeflateDecoder::new(entry.packed).take(most).read_to_end(&mut archive).map_err(|_| broken())?;
            }
            _ => return Err(broken()),
        }
        let size = archive.len() - data;
        if size > left {
            return Err(too_large(&format!("{} MB", limits.unpacked >> 20)));
        }
        left -= size;
        merged =
            merged || (entry.name.starts_with(b"xl/worksheets/") && has_merged_cells(archive.get(data..).unwrap_or_default()));
        let part = archive.get_mut(data..).unwrap_or_default();
        let mut checksum = entry.checksum;
        if declares_other_than_utf_8(part) {
            blank_declaration(part);
            let mut sum = flate2::Crc::new();
            sum.update(part);
            checksum = sum.sum();
        }
        let size = u32::try_from(size).map_err(|_| broken())?;
        let name = u16::try_from(entry.name.len()).map_err(|_| broken())?;
        let mut common = Vec::with_capacity(26);
        common.extend_from_slice(&20_u16.to_le_bytes());
        common.extend_from_slice(&0x0800_u16.to_le_bytes());
        common.extend_from_slice(&[0, 0, 0, 0, 0x21, 0]);
        common.extend_from_slice(&checksum.to_le_bytes());
        common.extend_from_slice(&size.to_le_bytes());
        common.extend_from_slice(&size.to_le_bytes());
        common.extend_from_slice(&name.to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        let place = archive.get_mut(header..header + 30).ok_or_else(broken)?;
        let (mark, rest) = place.split_at_mut(4);
        mark.copy_from_slice(&LOCAL.to_le_bytes());
        rest.copy_from_slice(&common);
        directory.extend_from_slice(&CENTRAL.to_le_bytes());
        directory.extend_from_slice(&20_u16.to_le_bytes());
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&start.to_le_bytes());
        directory.extend_from_slice(entry.name);
        count += 1;
    }
    let at = u32::try_from(archive.len()).map_err(|_| too_large("4 GB"))?;
    let length = u32::try_from(directory.len()).map_err(|_| broken())?;
    archive.append(&mut directory);
    archive.extend_from_slice(&END.to_le_bytes());
    archive.extend_from_slice(&[0; 4]);
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&length.to_le_bytes());
    archive.extend_from_slice(&at.to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    Ok((archive, merged))
}

fn broken() -> Problem {
    refuse("sheet.not_a_workbook", "The file is not a workbook, or is damaged")
}

/// The parts that may hold cells, read from the central directory; `None` when this is not a sound zip file.
fn entries(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    let tail = bytes.len().saturating_sub(66_000);
    let end = tail + bytes.get(tail..)?.windows(4).rposition(|window| window == END.to_le_bytes())?;
    let count = number::<2>(bytes, end + 10)?;
    let mut at = usize::try_from(number::<4>(bytes, end + 16)?).ok()?;
    let mut entries = Vec::new();
    for _ in 0..count.min(4096) {
        if number::<4>(bytes, at)? != u64::from(CENTRAL) {
            return None;
        }
        let name_length = usize::try_from(number::<2>(bytes, at + 28)?).ok()?;
        let extra_length = usize::try_from(number::<2>(bytes, at + 30)?).ok()?;
        let comment_length = usize::try_from(number::<2>(bytes, at + 32)?).ok()?;
        let name = bytes.get(at + 46..at + 46 + name_length)?;
        let extra = bytes.get(at + 46 + name_length..at + 46 + name_length + extra_length)?;
        let [packed, start] =
            large([number::<4>(bytes, at + 24)?, number::<4>(bytes, at + 20)?, number::<4>(bytes, at + 42)?], extra)?;
        let (packed, start) = (usize::try_from(packed).ok()?, usize::try_from(start).ok()?);
        if holds_cells(name) {
            if number::<4>(bytes, start)? != u64::from(LOCAL) {
                return None;
            }
            let skipped = usize::try_from(number::<2>(bytes, start + 26)? + number::<2>(bytes, start + 28)?).ok()?;
            let data = start.checked_add(30)?.checked_add(skipped)?;
            entries.push(Entry {
                name,
                method: u16::try_from(number::<2>(bytes, at + 10)?).ok()?,
                checksum: u32::try_from(number::<4>(bytes, at + 16)?).ok()?,
                packed: bytes.get(data..data.checked_add(packed)?)?,
            });
        }
        at = at + 46 + name_length + extra_length + comment_length;
    }
    Some(entries)
}

/// The packed size and the start, from the zip64 field where the short ones are full; `short` is unpacked, packed, start.
fn large(short: [u64; 3], extra: &[u8]) -> Option<[u64; 2]> {
    let full = u64::from(u32::MAX);
    let [_, mut packed, mut start] = short;
    let mut at = 0;
    while packed == full || start == full {
        let (kind, length) = (number::<2>(extra, at)?, usize::try_from(number::<2>(extra, at + 2)?).ok()?);
        if kind == 1 {
            let mut field = at + 4;
            for (place, value) in short.into_iter().enumerate() {
                if value == full {
                    let long = number::<8>(extra, field)?;
                    field += 8;
                    match place {
                        1 => packed = long,
                        2 => start = long,
                        _ => {}
                    }
                }
            }
            break;
        }
        at += 4 + length;
    }
    Some([packed, start])
}

fn holds_cells(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let name = name.to_ascii_lowercase();
    (name.ends_with(".xml") || name.ends_with(".rels"))
        && !["drawing", "media/", "theme/", "externallink", "comments", "printersettings", "charts/", "customxml", "docprops"]
            .iter()
            .any(|other| name.contains(other))
}

/// `N` bytes, the least significant first.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let part = bytes.get(at..at.checked_add(N)?)?;
    Some(part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// The parts of a workbook are UTF-8, says the standard. Some writers declare another encoding, and mostly keep to ASCII: they are
/// read as UTF-8, so that the browser's worker needs no tables of other encodings (tools/worker.mjs leaves those out).
fn declares_other_than_utf_8(part: &[u8]) -> bool {
    let declared = declaration(part).map(|declaration| declaration.to_ascii_lowercase());
    declared.is_some_and(|declared| {
        let says = |what: &[u8]| declared.windows(what.len()).any(|window| window == what);
        says(b"encoding") && !says(b"utf-8")
    })
}

/// `<?xml … ?>` at the beginning.
fn declaration(part: &[u8]) -> Option<&[u8]> {
    let start = if part.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let rest = part.get(start..)?.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).position(|window| window == b"?>")?;
    part.get(..start + 5 + end + 2)
}

fn blank_declaration(part: &mut [u8]) {
    let length = declaration(part).map_or(0, <[u8]>::len);
    part.get_mut(..length).unwrap_or_default().fill(b' ');
}

/// Merged cells are told behind the cells: only what follows the last of those is searched.
fn has_merged_cells(part: &[u8]) -> bool {
    let find = |part: &[u8], mark: &[u8]| part.windows(mark.len()).rposition(|window| window == mark);
    let behind = find(part, b"sheetData>").and_then(|at| part.get(at..));
    behind.is_some_and(|behind| find(behind, b"mergeCell ").is_some())
}
