//! `packshot run …`

use std::io::Read;
use std::path::{Path, PathBuf};

use packshot::api::{Batch, path_of};
use packshot::{Code, Error, Recipe, Result};

use crate::args::{Global, Run as Args};
use crate::batch::{self, Style};
use crate::command::engine;
use crate::recipe::load;
use crate::say::Voice;

pub(crate) fn run(args: &Args, global: &Global, voice: Voice) -> Result<u8> {
    let recipe = recipe(args)?;
    if voice.stdout_taken {
        if args.table.is_some() || args.from.is_some() || args.watch {
            let message = "standard output takes one photo; --table, --from and --watch need an output folder";
            return Err(Error::new(Code::OptionInvalid, message));
        }
        return batch::filter(engine(global)?, &recipe, &args.inputs, &args.batching, Style::Recipe, voice);
    }
    batch::run(engine(global)?, &recipe, options(args)?, Style::Recipe, voice)
}

fn recipe(args: &Args) -> Result<Recipe> {
    load(&args.recipe)?.with_all(args.set.clone())
}

fn options(args: &Args) -> Result<Batch> {
    let mut inputs: Vec<PathBuf> = args.inputs.iter().filter(|input| input.as_os_str() != "-").cloned().collect();
    if args.from.is_some() || inputs.len() < args.inputs.len() {
        inputs.extend(list(args.from.as_deref().unwrap_or(Path::new("-")), args.null)?);
    }
    Ok(Batch {
        inputs,
        table: args.table.clone(),
        watch: Some(args.watch),
        protect: args.from.iter().cloned().collect(),
        ..batch::options(args.output.as_deref().unwrap_or(Path::new(".")), &args.batching)
    })
}

/// Reads paths, one per line or zero-terminated, from a file or standard input. They are bytes, as file names are.
fn list(from: &Path, null: bool) -> Result<Vec<PathBuf>> {
    let unreadable = |cause| Error::new(Code::FileUnreadable, "cannot read the list of photos").at(from).because(cause);
    let mut bytes = Vec::new();
    if from.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = std::fs::read(from).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound => Error::new(Code::FileMissing, "there is no such list of photos").at(from),
            _ => unreadable(cause),
        })?;
    }
    paths(&bytes, null).map_err(|error| error.at(from))
}

fn paths(bytes: &[u8], null: bool) -> Result<Vec<PathBuf>> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Error::new(Code::OptionInvalid, "the list of photos is UTF-16: save it as UTF-8"));
    }
    // Some editors begin UTF-8 with a byte order mark, which is not part of the first path.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut paths = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == if null { 0 } else { b'\n' }).enumerate() {
        let path = if null { line } else { line.strip_suffix(b"\r").unwrap_or(line) };
        if !path.is_empty() {
            paths.push(path_of(path.to_vec()).map_err(|cause| {
                Error::new(Code::OptionInvalid, "a path in the list is not UTF-8")
                    .with("line", index + 1)
                    .because(cause)
            })?);
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_with_a_mark_at_the_beginning_and_other_line_ends() {
        let names = |bytes, null| paths(bytes, null).unwrap();
        let ab = [PathBuf::from("a.jpg"), PathBuf::from("b c.jpg")];
        assert_eq!(names(b"\xef\xbb\xbfa.jpg\r\nb c.jpg\r\n\r\n", false), ab);
        assert_eq!(names(b"\xef\xbb\xbfa.jpg\0b c.jpg\0", true), ab);
        assert_eq!(names(b"a\nb\0", true), [PathBuf::from("a\nb")]);
        assert!(names(b"", false).is_empty());
        assert_eq!(paths(b"\xff\xfea\0", false).unwrap_err().code(), Code::OptionInvalid);
    }

    #[cfg(unix)]
    #[test]
    fn paths_of_a_list_are_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let names = paths(b"caf\xe9.jpg\0\xff\0", true).unwrap();
        assert_eq!(
            names.iter().map(|path| path.as_os_str().as_bytes()).collect::<Vec<_>>(),
            [&b"caf\xe9.jpg"[..], b"\xff"]
        );
    }
}
