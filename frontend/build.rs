//! What the linker is told: to keep what the tools of the build read afterwards.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_default();
    if variable("CARGO_CFG_TARGET_ARCH") == "wasm32" {
        // `strip` would drop the section that says which features of wasm the binary uses, and wasm-bindgen needs it.
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
        // The chunks are cut out along the relocations.
        if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
            println!("cargo::rustc-link-arg-bin=frontend=--emit-relocs");
        }
        // Where each table of the reader of workbooks lies, for tools/encodings.mjs: in target/<target>/<profile>/, above build/<crate>/out.
        if let Some(profile) = Path::new(&variable("OUT_DIR")).ancestors().nth(3) {
            println!("cargo::rustc-link-arg-bin=workbooks=-Map={}", profile.join("workbooks.map").display());
        }
    }
}
