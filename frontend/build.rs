//! `strip` would drop the section that says which features of wasm the binary uses, and wasm-bindgen needs it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
        // The chunks are cut out along the relocations.
        if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
            println!("cargo::rustc-link-arg-bin=frontend=--emit-relocs");
        }
    }
}
