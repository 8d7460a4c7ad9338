//! Settings, by flag, environment (`ANJU_…`) and file, in this order of weight.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What the program can be told. Every field is a flag `--field-name`, a variable `ANJU_FIELD_NAME` and a key of the file.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
#[command(next_help_heading = "Settings, each a variable ANJU_… and a key of the file, too")]
pub struct Flags {
    /// A TOML file with any of the settings below
    #[arg(long, env = "ANJU_CONFIG", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to serve: ADDRESS:PORT [default: 127.0.0.1:8080]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// sqlite:PATH or postgres://… [default: sqlite:data/anju.sqlite]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// The file with the key that ID numbers are sealed with; made for a new database [default: data/anju.key]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// Database connections of this node [default: 8]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// text or json [default: text]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// Send the session cookie over https only (set it behind a TLS proxy)
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secure_cookies: Option<bool>,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, global = true, value_delimiter = ',')]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_proxies: Option<Vec<std::net::IpAddr>>,
    /// For tests: the instant at which this node's clock starts, such as 2026-11-23T18:00:00+08:00 [default: now]
    #[arg(long, global = true, hide_short_help = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<DateTime<Utc>>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// The settings in force.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub listen: String,
    pub database: String,
    pub key_file: PathBuf,
    pub connections: u32,
    pub log_format: LogFormat,
    pub secure_cookies: bool,
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// When this node's clock started, where it is not the system's.
    pub clock: Option<DateTime<Utc>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            database: "sqlite:data/anju.sqlite".to_owned(),
            key_file: PathBuf::from("data/anju.key"),
            connections: 8,
            log_format: LogFormat::Text,
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            clock: None,
        }
    }
}

impl Settings {
    /// Defaults, then the file, then the environment, then the flags.
    pub fn load(flags: &Flags) -> Result<Self, config::ConfigError> {
        Self::load_with(flags, |name| std::env::var(name).ok())
    }

    fn load_with(flags: &Flags, variable: impl Fn(&str) -> Option<String>) -> Result<Self, config::ConfigError> {
        let defaults = Self::default();
        let mut builder = config::Config::builder()
            .set_default("listen", defaults.listen)?
            .set_default("database", defaults.database)?
            .set_default("key_file", defaults.key_file.to_string_lossy().into_owned())?
            .set_default("connections", defaults.connections)?
            .set_default("log_format", "text")?
            .set_default("secure_cookies", defaults.secure_cookies)?
            .set_default("trusted_proxies", Vec::<String>::new())?;
        if let Some(file) = &flags.config {
            builder = builder.add_source(config::File::from(file.as_path()));
        }
        let mut environment = config::Config::builder();
        for name in ["listen", "database", "key_file", "connections", "log_format", "secure_cookies", "clock"] {
            if let Some(value) = variable(&format!("ANJU_{}", name.to_uppercase())) {
                environment = environment.set_override(name, value)?;
            }
        }
        if let Some(value) = variable("ANJU_TRUSTED_PROXIES") {
            let proxies: Vec<&str> = value.split(',').map(str::trim).filter(|proxy| !proxy.is_empty()).collect();
            environment = environment.set_override("trusted_proxies", proxies)?;
        }
        builder.add_source(environment.build()?).add_source(config::Config::try_from(flags)?).build()?.try_deserialize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_variables_and_variables_over_defaults() {
        let variable = |name: &str| match name {
            "ANJU_DATABASE" => Some("sqlite:from-variable".to_owned()),
            "ANJU_LISTEN" => Some("127.0.0.1:9000".to_owned()),
            _ => None,
        };
        let flags = Flags { database: Some("sqlite:from-flag".to_owned()), ..Flags::default() };
        let settings = Settings::load_with(&flags, variable).unwrap();
        assert_eq!(settings.database, "sqlite:from-flag");
        assert_eq!(settings.listen, "127.0.0.1:9000");
        assert_eq!(settings.connections, 8);
    }
}
