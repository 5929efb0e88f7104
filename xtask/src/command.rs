//! Starting other programs.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::files;

/// Cargo, the same one that runs this, in the root of the checkout.
pub(crate) fn cargo<const N: usize>(words: [&str; N]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    unaware_of_xtask(&mut command).args(words).current_dir(files::root());
    command
}

/// The command without what cargo says about this program in variables. The build scripts of some dependencies read them,
/// and would run again, and everything above them would be compiled again, each time that somebody and xtask take turns.
pub(crate) fn unaware_of_xtask(command: &mut Command) -> &mut Command {
    let starts = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    let about_xtask =
        |name: &OsStr| starts.iter().any(|start| name.to_str().is_some_and(|name| name.starts_with(start)));
    env::vars_os().filter(|(name, _)| about_xtask(name)).for_each(|(name, _)| {
        command.env_remove(name);
    });
    command
}

/// A program in the root of the checkout.
pub(crate) fn program<const N: usize>(name: impl AsRef<OsStr>, words: [&str; N]) -> Command {
    let mut command = Command::new(name);
    command.args(words).current_dir(files::root());
    command
}

/// Builds the release CLI and returns its path.
pub(crate) fn release_cli() -> Result<PathBuf, String> {
    run(&mut cargo(["build", "--release", "-p", "packshot-cli"]))?;
    let path = files::target_folder()?.join("release").join(format!("packshot{}", env::consts::EXE_SUFFIX));
    if path.is_file() { Ok(path) } else { Err(format!("the build made no {}", path.display())) }
}

/// Prints the command, runs it to its end with this terminal's input and output, and demands success.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", line(command));
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", short(&name))),
        Err(cause) => Err(format!("cannot start {name}: {cause}")),
    }
}

/// What the command prints, if it runs and succeeds.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program is on the search path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// Whether this process may do anything (Unix).
pub(crate) fn is_root() -> bool {
    cfg!(unix) && answer(&mut program("id", ["-u"])).is_some_and(|id| id.trim() == "0")
}

/// Installs a Debian package when this is Debian and we are root; otherwise says what to install.
pub(crate) fn apt_install(package: &str) -> Result<(), String> {
    if find("apt-get").is_none() || !is_root() {
        return Err(format!("please install {package} with your system's package manager"));
    }
    let install = || {
        let mut command = program("apt-get", ["install", "-y", "--no-install-recommends", package]);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    // A fresh container has no package lists; fetching them when they are there would cost seconds every time.
    install().or_else(|_| {
        run(&mut program("apt-get", ["update"]))?;
        install()
    })
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| short(&word.to_string_lossy()).to_owned());
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), value?.to_string_lossy())));
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

/// `cargo` for `/home/…/bin/cargo`; other paths stay.
fn short(word: &str) -> &str {
    if word.ends_with("/bin/cargo") { "cargo" } else { word }
}
