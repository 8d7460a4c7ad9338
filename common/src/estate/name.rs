//! What a unit is called: `3栋2单元1501` on paper, `3-2-1501` in tables, and the keys that find and sort it.

/// A building as people write it: `3` is `3栋`.
pub fn building(text: &str) -> String {
    let text = tidy(text);
    if is_number(&text) { format!("{text}栋") } else { text }
}

/// An entrance as people write it: `2` is `2单元`; `0` and `无` say that there is none.
pub fn entrance(text: &str) -> Option<String> {
    let text = tidy(text);
    match text.as_str() {
        "" | "0" | "无" | "-" | "/" => None,
        number if is_number(number) => Some(format!("{number}单元")),
        _ => Some(text),
    }
}

/// A room: `1501室` is `1501`.
pub fn room(text: &str) -> String {
    let text = tidy(text);
    match text.strip_suffix('室').or_else(|| text.strip_suffix("号房")) {
        Some(short) if !short.is_empty() => short.to_owned(),
        _ => text,
    }
}

/// `3-2-1501`.
pub fn code(building: Option<&str>, entrance: Option<&str>, room: &str) -> String {
    let parts: Vec<String> = [building.map(short_building), entrance.map(short_entrance), Some(room.to_owned())]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("-")
}

/// `3栋2单元1501`.
pub fn label(building: Option<&str>, entrance: Option<&str>, room: &str) -> String {
    [building.unwrap_or(""), entrance.unwrap_or(""), room].concat()
}

/// Sorts as people count: 2 before 10.
pub fn sort_key(text: &str) -> String {
    let mut key = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.trim_start_matches('0');
            key.push_str(&"0".repeat(6_usize.saturating_sub(number.len())));
            key.push_str(number);
            digits.clear();
        }
        key.push(letter);
    }
    key.pop();
    key
}

/// What a search compares: `3-2-1501`, `3栋2单元1501` and `321501` are one.
pub fn search_key(text: &str) -> String {
    let mut text = tidy(text).to_lowercase();
    for word in ["号停车场", "号楼", "单元", "栋", "幢", "座", "楼", "室"] {
        if text.contains(word) {
            text = text.replace(word, "");
        }
    }
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The room in what people type: `1501` in `2单元1501`, in `3-2-1501室` and in `1501`.
pub fn room_of(text: &str) -> String {
    let text = tidy(text);
    let mut rest = text.strip_suffix('室').unwrap_or(&text);
    for word in ["号停车场", "号楼", "单元", "栋", "幢", "座", "楼", "-"] {
        if let Some((_, after)) = rest.rsplit_once(word) {
            rest = after;
        }
    }
    rest.to_owned()
}

fn short_building(building: &str) -> String {
    if let Some(lot) = building.strip_suffix("号停车场") {
        return format!("P{lot}");
    }
    let short = ["号楼", "栋", "幢", "座", "楼"].iter().find_map(|word| building.strip_suffix(word));
    short.filter(|short| !short.is_empty()).unwrap_or(building).to_owned()
}

fn short_entrance(entrance: &str) -> String {
    let short = ["单元", "门"].iter().find_map(|word| entrance.strip_suffix(word));
    short.filter(|short| !short.is_empty()).unwrap_or(entrance).to_owned()
}

/// Full-width letters and digits as half-width ones, no spaces, no dashes of other kinds.
fn tidy(text: &str) -> String {
    text.chars()
        .filter_map(|letter| match letter {
            letter if letter.is_whitespace() => None,
            '–' | '—' | '－' => Some('-'),
            '！'..='～' => char::from_u32(u32::from(letter) - 0xfee0),
            other => Some(other),
        })
        .collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_has_one_name_however_it_is_written() {
        let (building, entrance, room) = (building(" 3 "), entrance("２"), room("1501室"));
        assert_eq!(code(Some(&building), entrance.as_deref(), &room), "3-2-1501");
        assert_eq!(label(Some(&building), entrance.as_deref(), &room), "3栋2单元1501");
        for text in ["3-2-1501", "3栋2单元1501", "321501", "3号楼 2单元 1501室", "３－２－１５０１"] {
            assert_eq!(search_key(text), "321501", "{text}");
        }
    }

    #[test]
    fn the_room_is_what_stands_last() {
        for text in ["1501", "2-1501", "2单元1501", "3栋2单元1501室", "3－2－１５０１"] {
            assert_eq!(room_of(text), "1501", "{text}");
        }
        assert_eq!((room_of("1号停车场C0001"), room_of("3栋")), ("C0001".to_owned(), String::new()));
    }

    #[test]
    fn shops_have_no_entrance_and_parking_lots_are_buildings() {
        assert_eq!(entrance("0"), None);
        assert_eq!(code(Some("A座"), None, "101"), "A-101");
        assert_eq!(code(Some("1号停车场"), None, "C0001"), "P1-C0001");
        assert_eq!(code(None, None, "LED-1"), "LED-1");
    }

    #[test]
    fn rooms_sort_as_people_count() {
        let mut codes = vec!["10-1-101", "2-1-1001", "2-1-201", "A-2"];
        codes.sort_by_key(|code| sort_key(code));
        assert_eq!(codes, ["2-1-201", "2-1-1001", "10-1-101", "A-2"]);
        assert_eq!(sort_key("0101"), "000101");
    }
}
