//! What `make bench` measures. Each command is a process of its own, so that its peak memory is its own, and prints one
//! line of JSON; tools/bench.mjs puts the commands in order and writes docs/benchmarks.md.

mod desk;
mod floor;
mod lists;
mod preview;
mod readings;
mod run;
mod town;
mod trial;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Parser, Subcommand};

/// As the server has it: what is measured is what runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An outcome whose error is only read by people.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a community of so many units with three fee items
    Town { database: String, units: u32 },
    /// Look at a month's run, as the browser would, and put the request to generate it into a file
    Plan { database: String, month: String, file: PathBuf },
    /// Generate what was looked at
    Run { database: String, file: PathBuf },
    /// Insert the rows of bills of one database into another in the fastest way
    Floor {
        from: String,
        into: String,
        /// Bound values of one statement on SQLite
        #[arg(long, default_value_t = 6_000)]
        values: usize,
    },
    /// Read and check a workbook of readings, against calamine reading it
    Readings { rows: u32 },
    /// Put a run's inputs into a file, and plan them here
    Preview { database: String, file: PathBuf },
    /// Price lines of each mode, and put the inputs into a folder
    Pricing { folder: PathBuf },
    /// Try other prices or schemes on a community of so many units, and put its inputs into a file
    Trial { units: u32, what: trial::What, file: PathBuf },
    /// Pay most bills of the past, so that lists have something to leave out
    Settle { database: String },
    /// Page, filter and search the bills, against queries written by hand
    Lists {
        database: String,
        #[arg(long, default_value_t = 200)]
        times: u32,
    },
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let line = match Arguments::parse().command {
        Command::Town { database, units } => town::build(&database, units).await?,
        Command::Plan { database, month, file } => run::plan(&database, month.parse().map_err(|_| "not a month")?, &file).await?,
        Command::Run { database, file } => run::run(&database, &file).await?,
        Command::Floor { from, into, values } => floor::insert(&from, &into, values).await?,
        Command::Readings { rows } => readings::read(rows)?,
        Command::Preview { database, file } => preview::plan(&database, &file).await?,
        Command::Pricing { folder } => trial::pricing(&folder)?,
        Command::Trial { units, what, file } => trial::trial(units, what, &file)?,
        Command::Settle { database } => lists::settle(&database).await?,
        Command::Lists { database, times } => lists::measure(&database, times).await?,
    };
    println!("{line}");
    Ok(())
}

/// The most memory that this process ever held, in KB.
pub(crate) fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

/// Microseconds since then.
pub(crate) fn micros(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// The value below which `percent` of these lie.
pub(crate) fn percentile(times: &mut [u64], percent: usize) -> u64 {
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or(0)
}
