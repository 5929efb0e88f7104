//! A PostgreSQL server of one's own, in a temporary folder, without a port.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Where Debian and others put the programs of the server.
const FOLDERS: &str = "/usr/lib/postgresql";

/// A running server; it ends with this value.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    as_user: Option<&'static str>,
}

impl Postgres {
    /// Starts a server of the newest installed version. `durable` as servers are by default; without it commits do not
    /// wait for the disk.
    pub fn start(durable: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // The server refuses to run as root.
        let as_user = is_root().then_some("postgres");
        let server = Self { folder, programs: programs(), as_user };
        if let Some(user) = as_user {
            run(Command::new("chown").arg(user).arg(server.folder.path()));
        }
        run(server
            .program("initdb")
            .arg("-D")
            .arg(server.data())
            .args(["-A", "trust", "-U", "postgres", "--no-sync"])
            .args(["-E", "UTF8", "--locale=C.UTF-8"]));
        let socket = server.folder.path().display();
        let options = format!(
            "-c listen_addresses='' -k {socket} -c max_connections=200 -c fsync={}",
            if durable { "on" } else { "off" }
        );
        run(server.program("pg_ctl").arg("-D").arg(server.data()).args([
            "-o",
            &options,
            "-l",
            "/dev/null",
            "-w",
            "start",
        ]));
        server
    }

    /// Where to connect to a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.path().display())
    }

    /// Makes an empty database.
    pub fn create(&self, database: &str) -> String {
        run(self.program("createdb").arg("-h").arg(self.folder.path()).args(["-U", "postgres", database]));
        self.url(database)
    }

    /// One of the server's programs.
    pub fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        match self.as_user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(path);
                command
            }
            None => Command::new(path),
        }
    }

    /// The folder of its socket.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.program("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-m", "immediate", "-w", "stop"])
            .stdout(Stdio::null())
            .status()
            .ok();
    }
}

/// The programs of the newest version that is installed.
fn programs() -> PathBuf {
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let installed = std::fs::read_dir(FOLDERS).into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = installed.filter(|path| path.join("bin/initdb").exists()).max_by_key(|path| version(path));
    newest.map(|path| path.join("bin")).unwrap_or_else(|| panic!("PostgreSQL is needed (Debian: postgresql)"))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout == b"0\n"
}

fn run(command: &mut Command) {
    let output = command.current_dir("/").stdin(Stdio::null()).output().expect("the program runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
