//! The release build embeds `dist/`: a new build of the browser's part is a new build of the server.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // An empty folder embeds as well: the server then says that the browser's part has not been built.
    if let Err(problem) = std::fs::create_dir_all("../dist") {
        println!("cargo::warning=the folder for the browser's part could not be made: {problem}");
    }
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../dist");
    }
}
