//! What people type and send is broken in every way for a while: nothing may panic, nothing may take long.
//!
//! A test run breaks the same inputs each time, so that it ends as it ended before; `ANJU_FUZZ_SECONDS` goes on for so
//! long instead, as `make fuzz` does for ten minutes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what the test makes itself fits, or the test fails")]

use std::time::{Duration, Instant};

use common::formula::{Exact, Formula, FormulaPlace, Named};
use common::sheet;
use common::text::{Language, of_code};
use rust_xlsxwriter::Workbook;

/// How long one input may take, unoptimised.
const BOUND: Duration = Duration::from_secs(5);

/// How many of each a test run breaks: about ten seconds.
const FORMULAS: usize = 100_000;
const WORKBOOKS: usize = 4_000;

/// SplitMix64: the same inputs in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    /// Changes, removes, doubles or inserts a few of a list's pieces.
    fn mutate<T: Clone>(&mut self, list: &mut Vec<T>, other: impl Fn(&mut Self) -> T) {
        for _ in 0..=self.below(6) {
            let at = self.below(list.len() + 1);
            match self.below(4) {
                0 if at < list.len() => list[at] = other(self),
                1 if at < list.len() => drop(list.remove(at)),
                2 if at < list.len() => {
                    let end = (at + 1 + self.below(20)).min(list.len());
                    let piece = list[at..end].to_vec();
                    list.splice(at..at, piece);
                }
                _ => list.insert(at, other(self)),
            }
        }
    }
}

/// One turn for each input that is to be broken: `most` of them, or as many as fit in the time that was asked for.
fn turns(most: usize) -> impl Iterator<Item = usize> {
    let asked = std::env::var("ANJU_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let start = Instant::now();
    (0..).take_while(move |turn| asked.map_or(*turn < most, |asked| start.elapsed() < asked))
}

/// Formulas that people typed into another system, sound ones and others.
const TYPED: &[&str] = &[
    "T/F * R",
    "Tadsasdf",
    "12",
    "0.15j;*F*120重新更新的",
    "(T/(C/R))*X",
    "T/F*R*0.3",
    "15616515646156",
    "T+C",
    "t/f*r",
    "房屋面积*单价+附加费",
    "房屋面积*单价 附加费 +",
    "房屋面积*单价+附加费）",
    "F/D*8",
    "（房屋面积×单价）÷２",
    "if(用量 > 100, 100 + (用量 - 100) × 1.2, 用量)",
];

#[test]
fn no_formula_panics_and_each_problem_says_where() {
    let letters: Vec<char> = "0123456789.+-*/×÷（）(),<>=% 面积单价用量TFRifmaxroundand[]，；\u{0}\u{feff}😀".chars().collect();
    let fields = ["附加费".to_owned()];
    let mut numbers = Numbers(7);
    for _ in turns(FORMULAS) {
        let mut typed: Vec<char> = TYPED[numbers.below(TYPED.len())].chars().collect();
        numbers.mutate(&mut typed, |numbers| letters[numbers.below(letters.len())]);
        let typed: String = typed.into_iter().collect();
        let began = Instant::now();
        let places = [FormulaPlace::Tariff, FormulaPlace::Weight];
        let read = Formula::read(&typed, places[numbers.below(2)], &fields);
        let value = Exact::whole(i64::try_from(numbers.below(3)).unwrap());
        match read.and_then(|formula| formula.value(&|_: &Named| Some(value))) {
            Ok(_) => {}
            Err(problem) => {
                assert!(problem.at.from <= problem.at.to, "{typed:?} {problem:?}");
                for language in Language::ALL {
                    assert!(!of_code(language, &problem.code, &problem.args).contains("problem-"), "{typed:?} {problem:?}");
                }
            }
        }
        assert!(began.elapsed() < BOUND, "{typed:?} took {:?}", began.elapsed());
    }
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (col, head) in (0_u16..).zip(["房号", "收费科目", "开始日期", "结束日期", "应收金额"]) {
        sheet.write(0, col, head).unwrap();
        for row in 1..6 {
            sheet.write(row, col, "1栋-101").unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn no_workbook_panics_or_takes_long() {
    let csv = "房号,收费科目,开始日期\n1-101,\"物业\"\"费\",2026-10-01\n".as_bytes().to_vec();
    let corpus = [workbook(), csv];
    let mut numbers = Numbers(11);
    for _ in turns(WORKBOOKS) {
        let mut bytes = corpus[numbers.below(corpus.len())].clone();
        numbers.mutate(&mut bytes, |numbers| u8::try_from(numbers.below(256)).unwrap());
        let began = Instant::now();
        if let Ok(read) = sheet::read(&bytes) {
            for sheet in &read.sheets {
                let _ = sheet.table(common::billing::past::COLUMNS);
            }
            let _ = common::billing::past::read(&read);
        }
        assert!(began.elapsed() < BOUND, "{} bytes took {:?}", bytes.len(), began.elapsed());
    }
}
