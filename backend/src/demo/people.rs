//! Invented people: names, phones, ID numbers of a region that does not exist, plates.

use common::estate::draft::ResidentDraft;
use common::person::{IdNumber, Phone, Plate};
use common::residents::Gender;

use super::chance::Chance;

const FAMILY: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁",
    "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢",
    "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石",
    "姚", "欧阳", "上官",
];
const MEN: &[&str] = &[
    "伟", "强", "磊", "军", "勇", "杰", "涛", "超", "明", "刚", "平", "辉", "鹏", "建国", "建军", "志强", "志远", "海涛", "文博",
    "浩然", "子轩", "宇航", "俊杰", "家豪", "国栋", "振华", "立新", "少华", "德明", "永康", "思远", "晓东", "一鸣", "嘉诚",
    "景行", "天佑",
];
const WOMEN: &[&str] = &[
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀英", "桂英", "玉兰", "淑珍", "雪梅", "晓燕", "海燕", "丽华", "美玲",
    "欣怡", "梓涵", "诗雨", "雨桐", "佳琪", "思琪", "婷婷", "慧敏", "春梅", "红霞", "素芬", "月华", "文静", "若曦", "语嫣",
    "可馨", "晓雯", "佩瑶", "舒窈",
];
const PREFIXES: &[&str] =
    &["135", "136", "137", "138", "139", "150", "151", "158", "159", "177", "180", "186", "187", "188", "189"];

/// Makes people one after another.
pub(super) struct People {
    chance: Chance,
    made: u64,
}

impl People {
    pub(super) fn of(name: &str) -> Self {
        Self { chance: Chance::of(name), made: 0 }
    }

    /// Leaves numbers out, so that other people's ID numbers and plates can't be these people's.
    pub(super) fn skip(&mut self, numbers: u64) {
        self.made += numbers;
    }

    /// A grown-up, sometimes without what people do not like to give.
    pub(super) fn person(&mut self) -> ResidentDraft {
        self.made += 1;
        let woman = self.chance.percent(48);
        let family = self.chance.pick(FAMILY);
        let given = self.chance.pick(if woman { WOMEN } else { MEN });
        let born = (1948 + self.chance.below(54), 1 + self.chance.below(12), 1 + self.chance.below(28));
        let number = id_number(born, self.made, woman);
        ResidentDraft {
            at: format!("demo {}", self.made),
            name: format!("{family}{given}"),
            gender: Some(if woman { Gender::Female } else { Gender::Male }),
            phone: self.chance.percent(94).then(|| self.phone()).flatten(),
            id_number: if self.chance.percent(85) { number } else { None },
        }
    }

    pub(super) fn company(&mut self, name: &str) -> ResidentDraft {
        self.made += 1;
        ResidentDraft {
            at: format!("demo {}", self.made),
            name: name.to_owned(),
            gender: None,
            phone: format!("0571{:08}", 8600_0000 + self.chance.below(99_9999)).parse().ok(),
            id_number: None,
        }
    }

    pub(super) fn phone(&mut self) -> Option<Phone> {
        format!("{}{:08}", self.chance.pick(PREFIXES), self.chance.below(100_000_000)).parse().ok()
    }

    pub(super) fn plate(&mut self) -> Option<Plate> {
        self.made += 1;
        // The last digits count up, so that no plate comes twice.
        let letter = self.chance.pick(&["A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M"]);
        let text = if self.chance.percent(35) {
            format!("浙AD{}{:04}", letter, self.made % 10_000)
        } else {
            format!("浙A{}{:04}", letter, self.made % 10_000)
        };
        text.parse().ok()
    }
}

/// With its check digit; 330199 is nobody's region.
fn id_number((year, month, day): (u64, u64, u64), made: u64, woman: bool) -> Option<IdNumber> {
    let order = made * 2 % 998 + u64::from(!woman);
    let digits = format!("330199{year}{month:02}{day:02}{order:03}");
    "10X98765432".chars().find_map(|check| format!("{digits}{check}").parse().ok())
}
