//! The other half: a process that does one side of a row, started, told to work, measured.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use crate::memory;
use crate::serve::Fault;

/// Threads that every side may use. More cores than these are left alone, where the system can do that.
pub(crate) const THREADS: usize = 2;

/// A program to measure, not started yet.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) words: Vec<String>,
    /// Where it runs; peers look for their modules there.
    pub(crate) folder: Option<PathBuf>,
    /// Variables besides the numbers of threads.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) kind: Kind,
}

/// How a round is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The process lives through all rounds and tells each one's time.
    Warm,
    /// A round is a process, from its start to its end; its answer is the file that it leaves here.
    Cold(PathBuf),
}

impl Launch {
    fn command(&self) -> Command {
        // A small process starts the one that is measured; see `memory::wait`.
        let mut words = self.words.clone();
        let program = match (&self.kind, std::env::current_exe()) {
            (Kind::Cold(_), Ok(me)) => {
                words.splice(0..0, ["once".to_owned(), self.program.to_string_lossy().into_owned()]);
                me
            }
            _ => self.program.clone(),
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let pinned = cfg!(target_os = "linux") && cores > THREADS;
        let mut command = if pinned {
            let mut command = Command::new("taskset");
            command.args(["-c", &format!("0-{}", THREADS - 1)]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(words);
        for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"] {
            command.env(name, THREADS.to_string());
        }
        command.env("VIPS_CONCURRENCY", THREADS.to_string());
        command.env("ORT_DISABLE_TELEMETRY", "1");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }
}

/// A side at work.
pub(crate) struct Side {
    launch: Launch,
    log: PathBuf,
    warm: Option<Warm>,
    peak: Option<u64>,
}

struct Warm {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Side {
    /// Starts the process of a warm side and waits until it is ready; its complaints go to the file `log`.
    pub(crate) fn start(launch: Launch, log: PathBuf) -> Result<Self, Fault> {
        let mut side = Self { launch, log, warm: None, peak: None };
        if side.launch.kind == Kind::Warm {
            let mut command = side.launch.command();
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(&side.log)?);
            let mut child = command.spawn().map_err(|cause| format!("cannot start: {cause}"))?;
            let (orders, answers) = child.stdin.take().zip(child.stdout.take()).ok_or("no pipes")?;
            side.warm = Some(Warm { child, orders, answers: BufReader::new(answers) });
            side.hear("ready")?;
        }
        Ok(side)
    }

    /// Does one round and returns its seconds.
    pub(crate) fn round(&mut self) -> Result<f64, Fault> {
        match &self.launch.kind {
            Kind::Warm => {
                self.say("round")?;
                Ok(self.hear("done")?.parse()?)
            }
            Kind::Cold(answer) => {
                if answer.exists() {
                    std::fs::remove_file(answer)?;
                }
                let output = self.launch.command().stdin(Stdio::null()).stderr(File::create(&self.log)?).output();
                let output = output.map_err(|cause| format!("cannot start: {cause}"))?;
                let told = String::from_utf8_lossy(&output.stdout).into_owned();
                let told = told.lines().last().and_then(|line| line.strip_prefix("once ")?.split_once(' '));
                match (output.status.success(), told) {
                    (true, Some((seconds, peak))) => {
                        self.peak = self.peak.max(peak.parse().ok());
                        Ok(seconds.parse()?)
                    }
                    _ => Err(self.last_words("it failed")),
                }
            }
        }
    }

    /// The last round's answer.
    pub(crate) fn answer(&mut self, scratch: &Path) -> Result<Vec<u8>, Fault> {
        if let Kind::Cold(answer) = &self.launch.kind {
            return Ok(std::fs::read(answer)?);
        }
        let path = scratch.join("answer");
        self.say(&format!("save {}", path.display()))?;
        self.hear("saved")?;
        let answer = std::fs::read(&path)?;
        std::fs::remove_file(&path)?;
        Ok(answer)
    }

    /// Ends the process; returns the most memory that it ever held, in bytes, where the system tells.
    pub(crate) fn end(mut self) -> Option<u64> {
        if let Some(warm) = &mut self.warm {
            self.peak = memory::peak_of(warm.child.id());
        }
        self.peak
    }

    fn say(&mut self, order: &str) -> Result<(), Fault> {
        let warm = self.warm.as_mut().ok_or("not started")?;
        writeln!(warm.orders, "{order}").map_err(|_| self.last_words("it ended"))
    }

    /// What follows the word that is expected next.
    fn hear(&mut self, word: &str) -> Result<String, Fault> {
        let warm = self.warm.as_mut().ok_or("not started")?;
        let mut line = String::new();
        warm.answers.read_line(&mut line)?;
        match line.trim_end().strip_prefix(word) {
            Some(rest) => Ok(rest.trim().to_owned()),
            None => Err(self.last_words(if line.is_empty() { "it ended" } else { line.trim_end() })),
        }
    }

    /// What happened, with the last line that the process complained with.
    fn last_words(&self, what: &str) -> Fault {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        match log.lines().rev().find(|line| !line.trim().is_empty()) {
            Some(line) => format!("{what}: {}", line.trim()).into(),
            None => what.into(),
        }
    }
}

impl Drop for Warm {
    fn drop(&mut self) {
        // It has nothing to lose; errors mean that it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a program, waits for its end, and says `once SECONDS BYTES`: how long it took and the most memory it held.
pub(crate) fn once(words: &[&str]) -> Result<(), Fault> {
    let [program, words @ ..] = words else { return Err("a program is needed".into()) };
    let begin = Instant::now();
    let child = Command::new(program).args(words).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let ended = memory::wait(child)?;
    let seconds = begin.elapsed().as_secs_f64();
    if !ended.success {
        return Err("it failed".into());
    }
    println!("once {seconds} {}", ended.peak.map_or_else(|| "?".to_owned(), |peak| peak.to_string()));
    Ok(())
}
