//! The program: serves, works through jobs, migrates, seeds, verifies, prints the contract.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backend::settings::{Flags, Settings};
use backend::{App, database, demo, explain, jobs, key, openapi, reports, serve, telemetry};
use clap::{Parser, Subcommand};
use common::period::Day;
use common::text::Language;
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;

/// Anju 安居: property management
#[derive(Parser)]
#[command(name = "anju", version)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application and its API
    Serve {
        /// Also work through the jobs
        #[arg(long, default_value_t = true, action = clap::ArgAction::Set, env = "ANJU_WORK")]
        work: bool,
    },
    /// Work through the jobs, without serving
    Work,
    /// Bring the database's schema up to date
    Migrate,
    /// Re-add every figure from the postings and name any difference
    Verify,
    /// Print the OpenAPI document
    Openapi,
    /// Fill an empty database
    Seed(Seed),
    /// Compute the bills of a scenario, or of run inputs (what GET /api/billing/run-inputs answers), say how each came about, and where a scenario
    /// states something else
    Explain {
        /// A scenario (docs/scenarios.md) or the answer as JSON
        file: std::path::PathBuf,
        /// zh-CN or en
        #[arg(long, default_value = "zh-CN")]
        language: String,
    },
    /// Write sample workbooks to import into the demonstration, sound ones and such with mistakes
    Samples {
        /// The folder, made where it is missing
        #[arg(long)]
        to: PathBuf,
        /// The day on which the demonstration ends [default: the present day in China]
        #[arg(long)]
        today: Option<Day>,
    },
}

#[derive(clap::Args)]
struct Seed {
    /// With the demonstration: two communities, fourteen months
    #[arg(long, required_unless_present = "units", conflicts_with = "units")]
    demo: bool,
    /// With one community of so many units, for load
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    units: Option<u32>,
    /// Months of bills with `--units`
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=60))]
    months: u32,
    /// The day on which the demonstration ends, such as 2026-11-23 [default: the present day in China]
    #[arg(long)]
    today: Option<Day>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("anju: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Outcome {
    let settings = Settings::load(&arguments.flags)?;
    let quiet = matches!(arguments.command, Command::Seed(_));
    telemetry::start(&settings, if quiet { telemetry::QUIET } else { telemetry::SERVING });
    match arguments.command {
        Command::Serve { work } => serve(settings, work).await,
        Command::Work => work(settings).await,
        Command::Migrate => {
            migrate(&settings).await?;
            println!("The schema is current.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => verify(settings).await,
        Command::Seed(ask) => seed(settings, ask).await,
        Command::Explain { file, language } => {
            let language = Language::from_tag(&language).ok_or("the language is zh-CN or en")?;
            let told = explain::explain(&file, language)?;
            print!("{}", told.said);
            for difference in &told.differences {
                eprintln!("{difference}");
            }
            Ok(if told.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Samples { to, today } => samples(&to, today),
        Command::Openapi => {
            let document = serde_json::to_string_pretty(&openapi::document())?;
            match writeln!(std::io::stdout(), "{document}") {
                // Whoever reads its beginning only, as `head` does, has what they want.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
                written => Ok(written.map(|()| ExitCode::SUCCESS)?),
            }
        }
    }
}

/// Brings the schema up to date, where the key file is the database's: one that was restored without it stays as it is.
async fn migrate(settings: &Settings) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let db = database::connect(&settings.database, 1).await?;
    key::check(&db, &settings.key_file).await?;
    db.close().await?;
    Ok(database::migrate(&settings.database).await?)
}

async fn serve(settings: Settings, also_work: bool) -> Outcome {
    migrate(&settings).await?;
    let listener = tokio::net::TcpListener::bind(&settings.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", settings.listen))?;
    let app = App::open(settings).await?;
    tracing::info!(address = %format!("http://{}", listener.local_addr()?), "serving");
    let stop = stop_signal();
    let worker = also_work.then(|| tokio::spawn(jobs::work(app.clone(), stop.clone().cancelled_owned())));
    axum::serve(listener, serve::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop.cancelled_owned())
        .await?;
    if let Some(worker) = worker {
        worker.await?;
    }
    app.close().await?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn work(settings: Settings) -> Outcome {
    migrate(&settings).await?;
    let app = App::open(settings).await?;
    tracing::info!("working");
    jobs::work(app.clone(), stop_signal().cancelled_owned()).await;
    app.close().await?;
    Ok(ExitCode::SUCCESS)
}

async fn verify(settings: Settings) -> Outcome {
    if let Some(file) = database::missing_file(&settings.database) {
        return Err(format!("there is no database at {}: nothing was looked at, and none was made", file.display()).into());
    }
    let db = database::connect(&settings.database, settings.connections).await?;
    if !database::is_current(&db).await? {
        return Err("the schema of this database is not current: run `anju migrate` first".into());
    }
    let report = reports::verify::verify(&db).await.map_err(|failure| failure.into_problem())?;
    db.close().await?;
    for (check, found) in &report.checks {
        println!("{} {check}", if *found == 0 { "ok  " } else { "DIFF" });
    }
    for line in &report.differences {
        println!("{line}");
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn seed(settings: Settings, ask: Seed) -> Outcome {
    migrate(&settings).await?;
    let listen = settings.listen.clone();
    let app = App::open(settings).await?;
    let outcome = fill(&app, ask, &listen).await;
    app.close().await?;
    outcome
}

/// What it does goes to stderr, the accounts to stdout: `tools/run` keeps them.
async fn fill(app: &App, ask: Seed, listen: &str) -> Outcome {
    let start = std::time::Instant::now();
    let say = |line: &str| eprintln!("  {line}");
    const IN_USE: &str = "The database is in use already: it has employees. Such data goes into an empty one.";
    if let Some(units) = ask.units {
        match demo::load(app, units, ask.months, say).await? {
            Some(()) => println!("  admin    {}  administers everything", demo::PASSWORD),
            None => eprintln!("{IN_USE}"),
        }
        return Ok(ExitCode::SUCCESS);
    }
    let Some(counts) = demo::seed(app, ask.today, demo::Size::Whole, say).await? else {
        eprintln!("{IN_USE}");
        return Ok(ExitCode::SUCCESS);
    };
    let demo::Counts { units, residents, readings, bills, payments } = counts;
    eprintln!(
        "  {units} units, {residents} residents, {readings} readings, {bills} bills, {payments} payments in {} s",
        start.elapsed().as_secs()
    );
    println!("http://{listen} after `anju serve`; demo accounts:");
    for (account, may) in demo::ACCOUNTS {
        println!("  {account:<8} {}  {may}", demo::PASSWORD);
    }
    Ok(ExitCode::SUCCESS)
}

fn samples(folder: &Path, today: Option<Day>) -> Outcome {
    std::fs::create_dir_all(folder)?;
    let mut mistakes = String::new();
    for sample in demo::samples(today.unwrap_or_else(demo::present_day))? {
        println!("{}", folder.join(&sample.name).display());
        std::fs::write(folder.join(&sample.name), &sample.bytes)?;
        for cell in &sample.wrong {
            mistakes.push_str(&format!("{}\t{cell}\n", sample.name));
        }
    }
    std::fs::write(folder.join("mistakes.tsv"), mistakes)?;
    Ok(ExitCode::SUCCESS)
}

/// Cancelled by Ctrl+C or SIGTERM: requests and the job in hand are finished first.
fn stop_signal() -> CancellationToken {
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        let interrupt = tokio::signal::ctrl_c();
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! { _ = interrupt => {}, () = terminate => {} }
        stop.cancel();
    });
    token
}
