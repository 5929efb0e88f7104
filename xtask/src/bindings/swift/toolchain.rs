//! Where Swift comes from: the host, or on a Debian that has none a root of the next Debian, which has.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::command::{self, answer, apt_install, find, is_root, program};
use crate::files;
use crate::steps::Outcome;

/// The first release of Debian with a compiler for Swift 6.
const RELEASE: &str = "trixie";

/// The compiler, and the headers of the C and C++ libraries, which it needs and does not bring.
const PACKAGES: [&str; 3] = ["swiftlang", "libc6-dev", "libstdc++-14-dev"];

/// Runs in a mount namespace of its own, so that no mount outlives it and nothing can be deleted through one. Swift finds
/// its libraries with the help of `/proc`.
const ENTER: &str = r#"
set -e
PATH=$PATH:/usr/sbin:/sbin
root=$1; folder=$2; shift 2
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --rbind "$1" "$root$1"; shift; done
shift
exec chroot "$root" /usr/bin/env -C "$folder" PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 "$@"
"#;

/// Where Debian keeps the programs of its administration.
const ADMINISTRATION: &str = "/usr/sbin";

/// What runs Swift.
pub(super) enum Toolchain {
    Host,
    Root(PathBuf),
}

impl Toolchain {
    /// A program beside this toolchain, in the root of the checkout. It sees the checkout and the target folder at their
    /// own paths, and so these folders.
    pub(super) fn command(&self, name: impl AsRef<OsStr>, folders: &[PathBuf]) -> Result<Command, String> {
        let Self::Root(root) = self else { return Ok(program(name, [])) };
        let mut command = program("unshare", ["--mount", "--propagation", "private", "sh", "-c", ENTER, "sh"]);
        command.arg(root).args([files::root(), files::root(), files::target_folder()?]).args(folders);
        command.arg("--").arg(name).env_remove("LD_LIBRARY_PATH").env_remove("TMPDIR");
        Ok(command)
    }
}

/// No toolchain, and the words for it, where Swift is missing and cannot be installed.
pub(super) fn find_or_make() -> Result<(Option<Toolchain>, Outcome), String> {
    if let Some(path) = find("swift") {
        return Ok((Some(Toolchain::Host), Outcome::Ok(format!("{} is there", path.display()))));
    }
    let Some(mirror) = debian_mirror().filter(|_| is_root()) else {
        return Ok((None, super::super::missing("please install Swift 6; Packshot can do that for root on Debian")?));
    };
    let root = match env::var_os("PACKSHOT_SWIFT_ROOT") {
        Some(folder) => std::path::absolute(folder).map_err(|cause| format!("PACKSHOT_SWIFT_ROOT: {cause}"))?,
        None => files::target_folder()?.join("swift/root"),
    };
    // A link that leads nowhere outside of the root.
    if root.join("usr/bin/swift").is_symlink() {
        let words = format!("{} is there", root.display());
        return Ok((Some(Toolchain::Root(root)), Outcome::Ok(words)));
    }
    make(&root, &mirror)?;
    let words = format!("installed into {}", root.display());
    Ok((Some(Toolchain::Root(root)), Outcome::Ok(words)))
}

/// Under another name until it is whole.
fn make(root: &Path, mirror: &str) -> Result<(), String> {
    let part = root.with_extension("part");
    let failed = |cause: std::io::Error| format!("{}: {cause}", part.display());
    if part.exists() {
        fs::remove_dir_all(&part).map_err(failed)?;
    }
    fs::create_dir_all(&part).map_err(failed)?;
    if !Path::new(ADMINISTRATION).join("debootstrap").exists() {
        apt_install("debootstrap")?;
    }
    let settings = network_settings(&answer(&mut program("apt-config", ["dump", "Acquire"])).unwrap_or_default());
    let mut debootstrap = administration("debootstrap");
    debootstrap.args(["--variant=minbase", RELEASE]);
    if let Some(proxy) = settings.lines().find_map(|line| line.strip_prefix("Acquire::http::Proxy \"")) {
        debootstrap.env("http_proxy", proxy.trim_end_matches("\";"));
    }
    command::run(debootstrap.arg(&part).arg(mirror))?;
    fs::write(part.join("etc/apt/apt.conf.d/00host"), settings).map_err(failed)?;
    let inside = |words: &[&str]| {
        let mut command = administration("chroot");
        command.arg(&part).args(["env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"]);
        command::run(command.args(words))
    };
    inside(&["apt-get", "update", "-qq"])?;
    inside(&[&["apt-get", "install", "-y", "-qq", "--no-install-recommends"], &PACKAGES[..]].concat())?;
    inside(&["apt-get", "clean"])?;
    fs::rename(&part, root).map_err(failed)
}

/// A program of the administrator's, whose folder is not on everybody's search path; it needs others of them.
fn administration(name: &str) -> Command {
    let mut command = program(Path::new(ADMINISTRATION).join(name), []);
    let path = env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:{ADMINISTRATION}:/sbin"));
    command
}

/// How this machine reaches its mirrors: what of `apt-config dump Acquire` is about that.
fn network_settings(dump: &str) -> String {
    let kept = ["Acquire::http", "Acquire::Check-", "Acquire::Retries", "Acquire::ForceIPv"];
    let lines = dump.lines().filter(|line| kept.iter().any(|start| line.starts_with(start)));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The mirror that this Debian is installed from; nothing on other systems.
fn debian_mirror() -> Option<String> {
    let about = fs::read_to_string("/etc/os-release").ok()?;
    let value = |key: &str| about.lines().find_map(|line| line.strip_prefix(key)).map(|value| value.trim_matches('"'));
    let codename = value("VERSION_CODENAME=").filter(|_| value("ID=") == Some("debian"))?;
    let mut paths = files::list(Path::new("/etc/apt/sources.list.d")).unwrap_or_default();
    paths.insert(0, "/etc/apt/sources.list".into());
    paths.iter().filter_map(|path| fs::read_to_string(path).ok()).find_map(|text| mirror(&text, codename))
}

/// The first address that serves `codename`, from a file of sources in either format.
fn mirror(text: &str, codename: &str) -> Option<String> {
    let one_line = |line: &str| {
        let rest = line.strip_prefix("deb ")?.trim_start();
        let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
        let mut words = rest.split_whitespace();
        let address = words.next()?;
        (words.next()? == codename).then(|| address.to_owned())
    };
    let stanza = |stanza: &str| {
        let words = |key: &str| stanza.lines().find_map(|line| Some(line.strip_prefix(key)?.split_whitespace()));
        words("Suites:")?.find(|suite| *suite == codename)?;
        words("URIs:")?.next().map(str::to_owned)
    };
    text.lines().find_map(one_line).or_else(|| text.split("\n\n").find_map(stanza))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_found_in_both_formats() {
        let deb822 = "Types: deb\nURIs: http://other/apt\nSuites: nodistro\n\n# comment\nTypes: deb\n\
                      URIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main\n";
        assert_eq!(mirror(deb822, "bookworm").as_deref(), Some("http://mirror/debian"));
        let lines = "# deb http://old bookworm main\ndeb http://sdk cloud-sdk-bookworm main\n\
                     deb [arch=amd64 signed-by=/k.gpg] http://mirror/debian bookworm main\n";
        assert_eq!(mirror(lines, "bookworm").as_deref(), Some("http://mirror/debian"));
        assert_eq!(mirror(lines, "sid"), None);
    }

    #[test]
    fn only_the_way_to_the_mirrors_is_taken_from_the_host() {
        let dump = "Acquire \"\";\nAcquire::http::Proxy \"http://proxy:1\";\nAcquire::Retries \"3\";\n\
                    Acquire::Languages:: \"en\";\n";
        assert_eq!(network_settings(dump), "Acquire::http::Proxy \"http://proxy:1\";\nAcquire::Retries \"3\";\n");
    }
}
