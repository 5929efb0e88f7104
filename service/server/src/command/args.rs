//! What the command is told.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Subcommand;
use packshot_api::service::Time;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::settings::{Network, S3Bucket, Scanner, Settings};

/// Run the hosted service: accounts, credits, and a privacy policy that it obeys
///
/// Without options it keeps everything in ./packshot-data and answers on this machine only. Each option is also a variable
/// of the environment.
#[derive(Debug, Clone, clap::Args)]
#[command(
    args_conflicts_with_subcommands = false,
    after_long_help = "Examples:
  packshot serve                                     on this machine, with SQLite
  packshot serve --policy picphoto --listen 0.0.0.0:8080 --public-url https://api.example.org
  packshot serve --database postgres://packshot@db/packshot
  packshot serve --ephemeral --test-clock            for tests: prints one line of JSON
  packshot serve config                              what is set, and where"
)]
pub struct Args {
    #[command(subcommand)]
    pub(super) action: Option<Action>,
    /// The folder for the database, the key and mails
    #[arg(long, global = true, value_name = "DIR", env = "PACKSHOT_DATA", default_value = "packshot-data")]
    pub(super) data: PathBuf,
    /// A PostgreSQL database instead of SQLite in the data folder; any number of copies can share it
    #[arg(long, global = true, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub(super) database: Option<String>,
    /// The privacy policy: narpix, neximage, upixel, picphoto, nanaimg, or a file
    #[arg(long, global = true, value_name = "NAME", env = "PACKSHOT_POLICY", default_value = "narpix")]
    pub(super) policy: String,
    /// Plans and prices; the policies that come with the program have their own
    #[arg(long, global = true, value_name = "FILE", env = "PACKSHOT_PLANS")]
    pub(super) plans: Option<PathBuf>,
    /// Where to listen; port 0 is any free one
    #[arg(long, global = true, value_name = "ADDRESS", env = "PACKSHOT_LISTEN", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// How people reach the service, for links in mails
    #[arg(long, global = true, value_name = "URL", env = "PACKSHOT_PUBLIC_URL")]
    pub(super) public_url: Option<String>,
    /// Where mail goes: smtp://user:password@host:587 [default: files in the folder `mail` of the data]
    #[arg(long, global = true, value_name = "URL", env = "PACKSHOT_SMTP", hide_env_values = true)]
    pub(super) smtp: Option<String>,
    /// The sender of mails
    #[arg(
        long,
        global = true,
        value_name = "ADDRESS",
        env = "PACKSHOT_MAIL_FROM",
        default_value = "packshot@localhost"
    )]
    pub(super) mail_from: String,
    /// Proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8
    #[arg(long, global = true, value_name = "NETWORK", env = "PACKSHOT_TRUSTED_PROXIES", value_delimiter = ',')]
    pub(super) trusted_proxies: Vec<Network>,
    /// The service's key, 64 hexadecimal digits, for copies that share a database [default: a file in the data]
    #[arg(long, global = true, value_name = "HEX", env = "PACKSHOT_SERVICE_KEY", hide_env_values = true)]
    pub(super) service_key: Option<String>,
    /// A PostgreSQL database for the keys of content [default: the folder `keys` of the data, or the database]
    #[arg(long, global = true, value_name = "URL", env = "PACKSHOT_KEYS", hide_env_values = true)]
    pub(super) keys: Option<String>,
    /// The vault's key, 64 hexadecimal digits, for copies that share a database [default: a file in the data]
    #[arg(long, global = true, value_name = "HEX", env = "PACKSHOT_VAULT_KEY", hide_env_values = true)]
    pub(super) vault_key: Option<String>,
    /// A bucket of S3 for content [default: the folder `content` of the data]
    #[arg(long, global = true, value_name = "NAME", env = "PACKSHOT_BUCKET", requires_all = ["bucket_endpoint", "bucket_access_key", "bucket_secret_key"])]
    pub(super) bucket: Option<String>,
    /// The URL of the bucket's server
    #[arg(long, global = true, value_name = "URL", env = "PACKSHOT_BUCKET_ENDPOINT")]
    pub(super) bucket_endpoint: Option<String>,
    /// The bucket's region
    #[arg(long, global = true, value_name = "NAME", env = "PACKSHOT_BUCKET_REGION", default_value = "us-east-1")]
    pub(super) bucket_region: String,
    /// The id of the bucket's access key
    #[arg(long, global = true, value_name = "ID", env = "PACKSHOT_BUCKET_ACCESS_KEY", hide_env_values = true)]
    pub(super) bucket_access_key: Option<String>,
    /// The bucket's secret key
    #[arg(long, global = true, value_name = "KEY", env = "PACKSHOT_BUCKET_SECRET_KEY", hide_env_values = true)]
    pub(super) bucket_secret_key: Option<String>,
    /// Who looks for viruses: clamd's socket or address, or `off` [default: clamd where the policy promises it, else off]
    #[arg(long, global = true, value_name = "WHERE", env = "PACKSHOT_SCANNER")]
    pub(super) scanner: Option<Scanner>,
    /// The most bytes of one asset
    #[arg(long, global = true, value_name = "N", env = "PACKSHOT_LARGEST_ASSET", default_value = "67108864")]
    pub(super) largest_asset: u64,
    /// Requests a minute from one address
    #[arg(long, global = true, value_name = "N", env = "PACKSHOT_LIMIT_ADDRESS", default_value = "3000")]
    pub(super) limit_address: NonZeroU32,
    /// Requests a minute of one account or API key
    #[arg(long, global = true, value_name = "N", env = "PACKSHOT_LIMIT_ACCOUNT", default_value = "1200")]
    pub(super) limit_account: NonZeroU32,
    /// Requests a minute from one address that check a password or send a mail
    #[arg(long, global = true, value_name = "N", env = "PACKSHOT_LIMIT_COSTLY", default_value = "30")]
    pub(super) limit_costly: NonZeroU32,
    /// Write the log as JSON
    #[arg(long, global = true, env = "PACKSHOT_JSON_LOGS")]
    pub(super) json_logs: bool,
    /// Send spans of requests to the OpenTelemetry collector at this address
    #[cfg(feature = "traces")]
    #[arg(long, global = true, value_name = "URL", env = "PACKSHOT_TRACES")]
    pub(super) traces: Option<String>,
    /// A whole service in a temporary folder, on a free port, until the input ends; prints one line of JSON
    #[arg(long)]
    pub(super) ephemeral: bool,
    /// A clock that stands until POST /v1/test/clock moves it, and faults on request; never for real data
    #[arg(long)]
    pub(super) test_clock: bool,
    /// Fill an empty service with an account, an organisation and credits to look at
    #[arg(long)]
    pub(super) demo: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Action {
    /// Bring the database to this version, and end
    Migrate,
    /// Show every setting and where it comes from; secrets are masked
    Config,
    /// Print the OpenAPI document
    Openapi,
    /// Check the machine: folder, clock, database, key, policy, mail
    Doctor,
    /// Ask the running service whether it works, for container orchestrators
    Healthcheck,
    /// Make a new link for the operator; the one before ends
    AdminLink,
    /// Copy the database, the sealed content and, apart from them, the latest keys; the service may run meanwhile
    Backup {
        /// The folder for backups, best on another disk
        #[arg(value_name = "DIR")]
        to: PathBuf,
    },
    /// Put a backup where there is no database; `replay` comes next
    Restore {
        /// The folder of one backup
        #[arg(value_name = "DIR")]
        from: PathBuf,
    },
    /// After a restore: remove again what was removed since the backup, and hold again what was held
    Replay,
    /// Compare what the database knows with what is stored; orphans are removed, and what is missing is told
    Reconcile,
    /// Exchange the vault's key, while no service runs; interrupted, it goes on when it is called again
    RotateVaultKey,
}

impl Args {
    /// The settings that they mean.
    pub(super) fn settings(&self) -> Result<Settings> {
        if self.test_clock && !self.ephemeral {
            let why = "a test clock lets everybody move time and break requests: it needs --ephemeral";
            return Err(Error::Setting(why.to_owned()));
        }
        let start = Clock::system().now();
        // Whole seconds: times of answers are shorter, and easier to compare.
        let start = Time::from_micros(start.as_micros() / 1_000_000 * 1_000_000);
        Ok(Settings {
            data: self.data.clone(),
            database: self.database.clone(),
            policy: self.policy.clone(),
            plans: self.plans.clone(),
            listen: self.listen,
            public_url: self.public_url.clone(),
            smtp: self.smtp.clone(),
            mail_from: self.mail_from.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            service_key: self.service_key.clone(),
            keys: self.keys.clone(),
            vault_key: self.vault_key.clone(),
            bucket: self.bucket(),
            scanner: self.scanner.clone(),
            largest_asset: self.largest_asset,
            limit_address: self.limit_address,
            limit_account: self.limit_account,
            limit_costly: self.limit_costly,
            test_clock: self.test_clock.then_some(start),
        })
    }

    fn bucket(&self) -> Option<S3Bucket> {
        Some(S3Bucket {
            name: self.bucket.clone()?,
            endpoint: self.bucket_endpoint.clone()?,
            region: self.bucket_region.clone(),
            access_key: self.bucket_access_key.clone()?,
            secret_key: self.bucket_secret_key.clone()?,
        })
    }
}
