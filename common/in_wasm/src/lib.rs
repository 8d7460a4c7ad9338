//! In wasm32 the standard test harness can neither name a test nor survive a failing one, so the tests are run by wasm-bindgen's.
//! With `#[macro_use(test)] extern crate in_wasm;` every `#[test]` of the crate is one of those, and no test says so itself.

use proc_macro::TokenStream;

/// Stands before the standard `test` where this crate is named with `macro_use`.
#[proc_macro_attribute]
pub fn test(_: TokenStream, function: TokenStream) -> TokenStream {
    let mut marked: TokenStream = "#[::wasm_bindgen_test::wasm_bindgen_test]".parse().unwrap_or_default();
    marked.extend(function);
    marked
}
