//! A PostgreSQL server of one's own, in a temporary folder, without a port.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Where Debian and others put the programs of the server.
const FOLDERS: &str = "/usr/lib/postgresql";

/// A running server. It ends with this process, however that ends.
pub(crate) struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    as_user: Option<&'static str>,
    options: String,
    keeper: Child,
}

/// Waits until its input ends, then stops the server and removes its folder `$1`.
const KEEPER: &str = "cat >/dev/null; \"$@\" >/dev/null 2>&1; rm -rf \"$0\"";

impl Postgres {
    /// Whether a server is installed.
    pub(crate) fn is_installed() -> bool {
        programs().is_some()
    }

    /// Starts a server of the newest installed version. `durable` as servers are by default; without it commits do not
    /// wait for the disk.
    pub(crate) fn start(durable: bool) -> Self {
        let folder = tempfile::tempdir().map(TempDir::keep).expect("a temporary folder");
        // The server refuses to run as root.
        let programs = programs().expect("PostgreSQL is installed");
        let as_user = is_root().then_some("postgres");
        if let Some(user) = as_user {
            run(Command::new("chown").arg(user).arg(&folder));
        }
        let data = folder.join("data");
        let program = |name| as_user_of(as_user, programs.join(name));
        let initdb = ["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"];
        run(program("initdb").arg("-D").arg(&data).args(initdb));
        let fsync = if durable { "on" } else { "off" };
        let socket = folder.display();
        let options = format!("-c listen_addresses='' -k {socket} -c max_connections=200 -c fsync={fsync}");
        let options = format!("{options} -c shared_buffers=512MB");
        let stop = program("pg_ctl");
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER]).arg(&folder).arg(stop.get_program()).args(stop.get_args());
        keeper.arg("-D").arg(&data).args(["-m", "immediate", "-w", "stop"]);
        // In a group of its own: what ends this process's group must not end it.
        let keeper = keeper.process_group(0).current_dir("/").stdin(Stdio::piped()).spawn().expect("a shell");
        let server = Self { folder, programs, as_user, options, keeper };
        server.control(&["-o", &server.options, "-l", "/dev/null", "-w", "start"]);
        server
    }

    /// Ends the server without letting it write anything, and starts it again.
    pub(crate) fn crash_and_recover(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
        self.control(&["-o", &self.options, "-l", "/dev/null", "-w", "start"]);
    }

    fn control(&self, words: &[&str]) {
        let mut control = as_user_of(self.as_user, self.programs.join("pg_ctl"));
        run(control.arg("-D").arg(self.folder.join("data")).args(words));
    }

    /// Where to connect to a database of this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// All bytes of its data, its log of writes included.
    pub(crate) fn files(&self) -> Vec<u8> {
        self.files_in("data")
    }

    /// All bytes of the files in one of its folders.
    pub(crate) fn files_in(&self, folder: &str) -> Vec<u8> {
        crate::files::all(&self.folder.join(folder)).concat()
    }

    /// Makes an empty database.
    pub(crate) fn create(&self, database: &str) -> String {
        run(self.program("createdb").arg(database));
        self.url(database)
    }

    /// One of the server's programs, with the way to the server.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = as_user_of(self.as_user, self.programs.join(name));
        command.arg("-h").arg(&self.folder).args(["-U", "postgres"]);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
    }
}

fn as_user_of(user: Option<&str>, program: PathBuf) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]).arg(program);
    command
}

/// The programs of the newest version that is installed, or those on the search path. `PACKSHOT_TEST_POSTGRES` is a folder
/// with others.
fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("PACKSHOT_TEST_POSTGRES") {
        return Some(folder.into());
    }
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let installed = std::fs::read_dir(FOLDERS).into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = installed.filter(|path| path.join("bin/initdb").exists()).max_by_key(|path| version(path));
    let on_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists());
    newest.map(|path| path.join("bin")).or_else(on_path)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout == b"0\n"
}

fn run(command: &mut Command) {
    let output = command.current_dir("/").stdin(Stdio::null()).output().expect("the program runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
