//! The command line, as data.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use packshot::{Area, Edges, Instances, Margin, Output};

use crate::export::Export;

/// Cut products out of photos, on this machine.
///
/// The first cut-out needs no account, no download and no GPU. Photos never leave this machine; the network is used
/// only by `packshot models pull`.
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
    /// Say nothing but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Folder for models
    #[arg(long, global = true, value_name = "DIR", env = "PACKSHOT_CACHE")]
    pub(crate) cache: Option<PathBuf>,
    /// Never use the network
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Also use models whose licence forbids commercial use
    #[arg(long, global = true)]
    pub(crate) allow_noncommercial: bool,
    /// What runs the model
    #[arg(long, global = true, value_enum, default_value_t = BackendArg::Auto)]
    pub(crate) backend: BackendArg,
    /// The ONNX Runtime library to load
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ort_library: Option<PathBuf>,
    /// Threads for the model [default: the number of cores, at most 4]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum BackendArg {
    /// ONNX Runtime where it is installed, rten otherwise
    Auto,
    /// ONNX Runtime, or an error
    Onnxruntime,
    /// The built-in one, in pure Rust
    Rten,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Remove the background of photos
    Cutout(Box<Cutout>),
    /// List, fetch, check and remove models
    #[command(subcommand)]
    Models(Models),
    /// Show, check and describe recipes
    #[command(subcommand)]
    Recipe(crate::recipe::Action),
    /// Read, check and explain privacy policies
    #[command(subcommand)]
    Policy(crate::policy::args::Policy),
    /// Show what this machine has, and what to do about what it lacks
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
    /// List every model with its licence and whether it is here
    List,
    /// Fetch models and verify their hashes
    Pull {
        /// Ids, as `packshot models list` prints them
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Hash the models on this machine again
    Verify {
        /// Ids; all that are here if none is given
        ids: Vec<String>,
    },
    /// Delete models from this machine
    Remove {
        /// Ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Print where a model's file is, or the folder of all models
    Path {
        /// Id
        id: Option<String>,
    },
}

/// Remove the background of photos.
///
/// Without options every subject is kept, the rest becomes transparent, and DIR/STEM.png is written for each PHOTO.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  packshot cutout shoe.jpg                          writes ./shoe.png
  packshot cutout photos/ -o out --report           a folder, with an HTML sheet of before and after
  packshot cutout *.jpg -o out --background white --crop 5% --format jpeg
  packshot cutout *.jpg -o shop --background white --size 1600 --fit pad --format jpeg --max-bytes 200kB
  packshot cutout dog.jpg --edges fine               hair and fur
  packshot cutout - -o - < in.jpg > out.png         as a filter
  packshot cutout a.jpg -o out --model mine.onnx --like u2netp")]
pub(crate) struct Cutout {
    /// Photos, folders, glob patterns, or - for standard input
    #[arg(required = true, value_name = "PHOTO")]
    pub(crate) photos: Vec<String>,
    /// Folder for the results, made if it does not exist; - writes one result to standard output
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
    /// Look into the folders of folders too
    #[arg(long, short)]
    pub(crate) recursive: bool,
    /// Also write an HTML sheet of before and after [default file: DIR/report.html]
    #[arg(long, value_name = "FILE", require_equals = true)]
    pub(crate) report: Option<Option<PathBuf>>,

    /// A model's id, or an ONNX file (with --like or --descriptor)
    #[arg(long, short, value_name = "ID|FILE", help_heading = "Model")]
    pub(crate) model: Option<String>,
    /// The ONNX file takes and gives what this model of the registry does
    #[arg(long, value_name = "ID", requires = "model", conflicts_with = "descriptor", help_heading = "Model")]
    pub(crate) like: Option<String>,
    /// A TOML file that says what the ONNX file takes and gives
    #[arg(long, value_name = "FILE", requires = "model", help_heading = "Model")]
    pub(crate) descriptor: Option<PathBuf>,

    /// What to write: rgba, alpha, mask, foreground, background or trimap
    #[arg(long, value_name = "WHAT", default_value = "rgba", help_heading = "Result")]
    pub(crate) result: Output,
    /// A CSS colour or a picture to put behind the subject
    #[arg(long, short, value_name = "COLOUR|FILE", help_heading = "Result")]
    pub(crate) background: Option<String>,
    /// Crop to the subject, with a margin such as 20px, 5% or "5% 10%"
    #[arg(long, value_name = "MARGIN", num_args = 0..=1, default_missing_value = "0", help_heading = "Result")]
    #[arg(require_equals = true)]
    pub(crate) crop: Option<Margin>,

    #[command(flatten)]
    pub(crate) export: Export,

    /// How alpha is worked out along the edge: off, fast, or fine for hair, fur and glass
    #[arg(long, value_name = "HOW", default_value = "fast", help_heading = "Edges")]
    pub(crate) edges: Edges,
    /// Leave the old background's colour in half-transparent pixels
    #[arg(long, help_heading = "Edges")]
    pub(crate) keep_spill: bool,
    /// Also cut out the background seen through rings, handles, frames and letters
    #[arg(long, help_heading = "Edges")]
    pub(crate) keep_holes: bool,
    /// Make the inside of the subject opaque
    #[arg(long, help_heading = "Edges")]
    pub(crate) solidify: bool,
    /// A gray picture of the photo's size that says where the edge is: black is background, white subject, gray unknown
    /// (one photo only)
    #[arg(long, value_name = "FILE", conflicts_with = "model", help_heading = "Edges")]
    pub(crate) trimap: Option<PathBuf>,

    /// Only look at this part: "x1 y1 x2 y2", in pixels or percent
    #[arg(long, value_name = "AREA", help_heading = "Subject")]
    pub(crate) region: Option<Area>,
    /// A box around the wanted subject: "x1 y1 x2 y2", in pixels or percent
    #[arg(long, value_name = "AREA", help_heading = "Subject")]
    pub(crate) subject: Option<Area>,
    /// Which of several subjects to keep: all, largest, or positions such as 0,2
    #[arg(long, value_name = "WHICH", default_value = "all", help_heading = "Subject")]
    pub(crate) instances: Instances,
    /// A gray picture of the photo's size to use as the matte (one photo only)
    #[arg(long, value_name = "FILE", conflicts_with = "model", help_heading = "Subject")]
    pub(crate) mask: Option<PathBuf>,

    /// Keep the photo's colour profile instead of converting to sRGB
    #[arg(long, help_heading = "Photo")]
    pub(crate) keep_profile: bool,
    /// Refuse photos with more pixels than this
    #[arg(long, value_name = "N", help_heading = "Photo")]
    pub(crate) max_pixels: Option<u64>,
}
