//! Writing to a disk that is too small.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{events, tiff};
use crate::command::{is_root, program};
use crate::files::{self, Scratch};
use crate::steps::{Outcome, StepResult};

/// Less than any cut-out of the photo below, even an empty one.
const DISK: &str = "16k";
const PHOTO: (u32, u32) = (3000, 2000);

/// Cuts out a large photo into a tiny file system: the program must fail, say `disk_full`, and leave nothing behind but its
/// journal.
pub(super) fn run(cli: &Path) -> StepResult {
    if !cfg!(target_os = "linux") || !is_root() {
        return Ok(Outcome::Skipped("mounting a small disk takes Linux and root".to_owned()));
    }
    let scratch = Scratch::new("full-disk")?;
    let photo = scratch.path().join("large.tiff");
    tiff::write_disc(&photo, PHOTO.0, PHOTO.1)?;
    let Some(disk) = Disk::mount(scratch.folder("disk")?, DISK) else {
        return Ok(Outcome::Skipped("this container may not mount anything".to_owned()));
    };
    let mut command = Command::new(cli);
    command.arg("cutout").arg(&photo).arg("-o").arg(&disk.0).arg("--json").stderr(Stdio::inherit());
    let output = command.output().map_err(|cause| format!("cannot start: {cause}"))?;
    let lines = String::from_utf8_lossy(&output.stdout);
    print!("{lines}");

    if output.status.success() {
        return Err("the program says that it succeeded".to_owned());
    }
    if !lines.lines().any(|line| events::text(line, "code") == Some("disk_full")) {
        return Err("no line has the code disk_full".to_owned());
    }
    let mut left = files::list(&disk.0)?;
    left.retain(|path| files::name(path) != ".packshot-journal");
    if !left.is_empty() {
        return Err(format!("files are left behind: {left:?}"));
    }
    Ok(Outcome::Ok(format!("disk_full, {}", output.status)))
}

/// A file system in memory, unmounted when dropped.
pub(super) struct Disk(PathBuf);

impl Disk {
    /// `size` as `mount` writes it, such as `16k`.
    pub(super) fn mount(folder: PathBuf, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let status = program("mount", ["-t", "tmpfs", "-o", &options, "packshot-soak"]).arg(&folder).status();
        status.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    /// Makes it larger or smaller while it is in use.
    pub(super) fn resize(&self, size: &str) -> Result<(), String> {
        let options = format!("remount,size={size}");
        let status = program("mount", ["-o", &options]).arg(&self.0).status();
        if status.is_ok_and(|status| status.success()) { Ok(()) } else { Err("cannot resize the disk".to_owned()) }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if !program("umount", []).arg(&self.0).status().is_ok_and(|status| status.success()) {
            eprintln!("could not unmount {}", self.0.display());
        }
    }
}
