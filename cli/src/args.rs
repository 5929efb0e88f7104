//! The command line, as data.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use packshot::Margin;

use crate::flags::{Flags, Forms};
use crate::forms::{
    BatchForms, CropForms, CutoutForms, EngineForms, FileForms, PhotoForms, SizedFileForms, UpscaleForms,
};

/// Cut products out of photos and make photos larger, on this machine.
///
/// Needs no account, no download and no GPU. Photos never leave this machine; only `packshot models pull` and the commands of
/// the hosted service (`login`, `account`, `credits`, `hold`, `keys`, `serve`) use the network.
#[derive(Debug, Parser)]
#[command(name = "packshot", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 all done, 1 some photos failed, 2 wrong usage, 3 nothing could be done, \
                        130 interrupted.\nMore: packshot help cutout, packshot doctor, man packshot.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "General")]
pub(crate) struct Global {
    /// Print one JSON object per line instead of text for people
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print only errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Folder for models
    #[arg(long, global = true, value_name = "DIR", env = "PACKSHOT_CACHE")]
    pub(crate) cache: Option<PathBuf>,
    /// The ONNX Runtime library to load
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ort_library: Option<PathBuf>,
    /// The one that the host has found.
    #[arg(skip)]
    pub(crate) offered_ort_library: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: Flags<EngineForms>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Cutout(Box<Cutout>),
    /// Make photos larger
    ///
    /// Without options both sides are doubled, and DIR/STEM.png is written for each PHOTO, with the photo's depth and
    /// channels.
    #[command(after_long_help = "Examples:
  packshot upscale shoe.jpg -o out                  twice as large
  packshot upscale photos/ -o out --size 2000 --format jpeg
  packshot upscale old.jpg -o out --scale 3 --denoise 0.7
  packshot upscale a.png -o out --scale 4 --model net.onnx --like realesr-general-x4v3")]
    Upscale(Box<SizedTool<UpscaleForms>>),
    /// Keep a part of photos: an area, an aspect, or the subject with a margin
    ///
    /// DIR/STEM.png is written for each PHOTO, with the photo's depth and channels.
    #[command(after_long_help = "Examples:
  packshot crop shoe.jpg -o out --aspect 4:5        the largest part of 4:5, from the middle
  packshot crop shoe.jpg -o out --margin 5%         the product and a little around it
  packshot crop photos/ -o out --margin 10% --aspect 1:1 --size 2000
  packshot crop shoe.jpg -o out --area \"10% 0 90% 100%\"")]
    Crop(Box<SizedTool<CropForms>>),
    Run(Box<Run>),
    /// List, download, verify and remove models
    #[command(subcommand)]
    Models(Models),
    /// Show, check and describe recipes
    #[command(subcommand)]
    Recipe(crate::recipe::Action),
    /// Read, check and explain privacy policies
    #[command(subcommand)]
    Policy(crate::policy::args::Policy),
    #[cfg(feature = "client")]
    Login(crate::service::args::Login),
    #[cfg(feature = "client")]
    Logout(crate::service::args::Logout),
    #[cfg(feature = "client")]
    Account(Box<crate::service::args::Account>),
    #[cfg(feature = "client")]
    Credits(Box<crate::service::args::Credit>),
    #[cfg(feature = "client")]
    Hold(Box<crate::service::args::Hold>),
    #[cfg(feature = "client")]
    Keys(Box<crate::service::args::Keys>),
    #[cfg(feature = "client")]
    Assets(Box<crate::service::args::Assets>),
    #[cfg(feature = "client")]
    Retention(Box<crate::service::args::Retention>),
    /// Run the hosted service: accounts, credits, and a privacy policy that it obeys
    ///
    /// `packshot serve --help` describes it.
    #[command(disable_help_flag = true)]
    Serve {
        /// Options of the service
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
        words: Vec<OsString>,
    },
    /// Check this machine, and suggest what to install
    Doctor,
    /// Print a completion script for a shell
    ///
    /// For bash: packshot completions bash > ~/.local/share/bash-completion/completions/packshot
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    ///
    /// To read it: packshot man | man -l -
    Man,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Models {
    /// List every model with its size and licence, and whether it is installed
    List,
    /// Download models and verify their hashes
    Pull {
        /// Ids, as `packshot models list` prints them
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Verify the hashes of installed models
    Verify {
        /// Ids [default: all installed models]
        ids: Vec<String>,
    },
    /// Delete models from this machine
    Remove {
        /// Ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Print the path of a model's file, or of the folder for all models
    Path {
        /// Id
        id: Option<String>,
    },
}

/// Remove the background of photos.
///
/// Without options every subject is kept, the rest becomes transparent, and DIR/STEM.png is written for each PHOTO.
/// Photos are never overwritten, and other files only with --existing replace. Finished work is not repeated: it is
/// recorded in DIR/.packshot-journal.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot cutout shoe.jpg                          writes ./shoe.png
  packshot cutout photos/ -o out --sheet            a folder, with before and after in out/sheet.html
  packshot cutout *.jpg -o out --background white --crop 5% --format jpeg
  packshot cutout *.jpg -o shop --size 1600 --fit pad --format jpeg --max-bytes 200kB
  packshot cutout dog.jpg --edges fine              hair and fur
  packshot cutout shoe.jpg --existing replace       overwrites your own shoe.png
  packshot cutout - -o - < in.jpg > out.png         as a filter
  packshot cutout a.jpg -o out --model mine.onnx --like u2netp")]
pub(crate) struct Cutout {
    #[command(flatten)]
    pub(crate) photos: Photos,

    #[command(flatten)]
    pub(crate) model: Model,

    #[command(flatten)]
    pub(crate) options: Flags<CutoutForms>,
    /// A CSS colour or a picture to put behind the subject
    #[arg(long, short, value_name = "COLOUR|FILE", help_heading = "Result")]
    pub(crate) background: Option<OsString>,

    #[command(flatten)]
    pub(crate) file: Flags<FileForms>,

    /// A gray picture of the photo's size: black is background, white subject, gray the unknown band along the edge
    /// (one photo only)
    #[arg(long, value_name = "FILE", conflicts_with = "model", help_heading = "Edges")]
    pub(crate) trimap: Option<PathBuf>,
    /// A gray picture of the photo's size to use as the matte (one photo only)
    #[arg(long, value_name = "FILE", conflicts_with = "model", help_heading = "Subject")]
    pub(crate) mask: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) batching: Batching,
}

/// A tool with its own options for the size of the result.
#[derive(Debug, Args)]
pub(crate) struct SizedTool<F: Forms> {
    #[command(flatten)]
    pub(crate) photos: Photos,

    #[command(flatten)]
    pub(crate) model: Model,

    #[command(flatten)]
    pub(crate) options: Flags<F>,
    #[command(flatten)]
    pub(crate) file: Flags<SizedFileForms>,

    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) batching: Batching,
}

/// The photos, and the output folder.
#[derive(Debug, Args)]
pub(crate) struct Photos {
    /// Photos, folders, glob patterns, or - for standard input
    #[arg(required = true, value_name = "PHOTO")]
    pub(crate) photos: Vec<PathBuf>,
    /// Output folder, created if it does not exist; - writes one result to standard output
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
}

/// The model.
#[derive(Debug, Args)]
#[command(next_help_heading = "Model")]
pub(crate) struct Model {
    /// A model's id, or an ONNX file (with --like or --descriptor)
    #[arg(long, short, value_name = "ID|FILE")]
    pub(crate) model: Option<OsString>,
    /// The registry model whose input and output formats the ONNX file shares
    #[arg(long, value_name = "ID", requires = "model", conflicts_with = "descriptor")]
    pub(crate) like: Option<String>,
    /// A TOML file that describes the input and output formats of the ONNX file
    #[arg(long, value_name = "FILE", requires = "model")]
    pub(crate) descriptor: Option<PathBuf>,
}

/// How photos are read, and how large they may be.
#[derive(Debug, Args)]
#[command(next_help_heading = "Photo")]
pub(crate) struct Reading {
    /// Keep the photo's colour profile instead of converting to sRGB
    #[arg(long)]
    pub(crate) keep_profile: bool,
    #[command(flatten)]
    pub(crate) limits: Flags<PhotoForms>,
}

/// Run a recipe on photos: one, a folder, or a hundred thousand.
///
/// Results are written to DIR. A batch that was stopped in any way resumes where it was when the same command is run
/// again: results of the same photo and the same recipe are not made again.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot run white-background photos/ -o out      a folder, with a preset
  packshot run mine.toml photos/ -o out -r --sheet sheet.html
  packshot run web --table shop.csv -o out           a row for each photo, with its own settings
  find . -name '*.jpg' -print0 | packshot run web - -0 -o out
  packshot run web drop/ -o out --watch              until Ctrl-C
  packshot run web shoe.jpg -o - > small.webp        one photo to standard output")]
pub(crate) struct Run {
    /// A preset or a file
    pub(crate) recipe: PathBuf,
    /// Photos, folders, glob patterns, or - for a list of paths on standard input
    #[arg(value_name = "PHOTO")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Output folder, created if it does not exist; - writes one result to standard output
    #[arg(long, short, value_name = "DIR", required = true)]
    pub(crate) output: Option<PathBuf>,
    /// Set a variable of the recipe; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = crate::recipe::assignment)]
    pub(crate) set: Vec<(String, String)>,

    /// A CSV file (with commas, semicolons or tabs): the column `input`, optionally `output`, and variables of the
    /// recipe
    #[arg(long, value_name = "FILE", help_heading = "Photos")]
    pub(crate) table: Option<PathBuf>,
    /// A file with the path of a photo on each line; - is standard input
    #[arg(long, value_name = "FILE", help_heading = "Photos")]
    pub(crate) from: Option<PathBuf>,
    /// Paths in the list end with a zero byte instead of a line break
    #[arg(long, short = '0', help_heading = "Photos")]
    pub(crate) null: bool,
    /// Keep watching the folders for new photos until interrupted
    #[arg(long, help_heading = "Photos", conflicts_with_all = ["table", "from"])]
    pub(crate) watch: bool,

    #[command(flatten)]
    pub(crate) batching: Batching,
}

/// How a batch runs: the same options for one photo and for many, in each command.
#[derive(Debug, Args)]
pub(crate) struct Batching {
    #[command(flatten)]
    pub(crate) options: Flags<BatchForms>,
    /// Also write a report as JSON [default file: DIR/report.json]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, help_heading = "Results")]
    pub(crate) report: Option<Option<PathBuf>>,
    /// Also write a contact sheet as HTML, before and after of each photo [default file: DIR/sheet.html]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, help_heading = "Results")]
    pub(crate) sheet: Option<Option<PathBuf>>,
}

/// Joins values to options with an optional value. `--crop 5%` has a margin and `--crop shoe.jpg` has none; the file of
/// a report or a sheet is not an option, a folder or a photo.
pub(crate) fn joined(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut open = true;
    for word in words {
        open &= word != "--";
        match joined.last_mut() {
            Some(last) if open && is_value(last, &word) => {
                last.push("=");
                last.push(word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn is_value(option: &OsStr, word: &OsStr) -> bool {
    match option.to_str() {
        Some("--crop" | "--margin") => word.to_str().is_some_and(|word| word.parse::<Margin>().is_ok()),
        Some("--report" | "--sheet") => {
            let path = Path::new(word);
            let is_option = word.as_encoded_bytes().starts_with(b"-");
            !is_option && !path.is_dir() && !packshot::looks_like_a_photo(path)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn values_are_joined_where_there_can_be_no_doubt() {
        let words = |text: &str| joined(text.split(' ').map(OsString::from));
        let text = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (given, meant) in [
            ("cutout a.jpg --crop 5% -o out", "cutout a.jpg --crop=5% -o out"),
            ("cutout --crop a.jpg", "cutout --crop a.jpg"),
            ("crop a.jpg --margin 5% --margin b.jpg", "crop a.jpg --margin=5% --margin b.jpg"),
            ("cutout --crop=2px a.jpg", "cutout --crop=2px a.jpg"),
            ("cutout --sheet a.jpg -o out", "cutout --sheet a.jpg -o out"),
            ("cutout a.jpg --sheet s.html --report -q", "cutout a.jpg --sheet=s.html --report -q"),
            ("run web --report /tmp --sheet", "run web --report /tmp --sheet"),
            ("cutout -- --crop 5%", "cutout -- --crop 5%"),
        ] {
            assert_eq!(words(given), text(meant), "{given}");
        }
    }
}
