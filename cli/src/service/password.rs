//! Passwords: typed without being shown, or read from standard input. Never an option, which other users of the machine see.

use std::io::{BufRead, IsTerminal};

use packshot::{Code, Error, Result};

/// More than any password has.
const LONGEST: u64 = 4096;

/// Reads a password. On a terminal it is asked for; a `new` one twice.
pub(super) fn read(is_new: bool) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return first_line(std::io::stdin().lock());
    }
    let password = ask("Password: ")?;
    if is_new && ask("Again: ")? != password {
        return Err(Error::new(Code::OptionInvalid, "the two passwords differ"));
    }
    Ok(password)
}

fn ask(prompt: &str) -> Result<String> {
    let terminal = console::Term::stderr();
    let typed = terminal.write_str(prompt).and_then(|()| terminal.read_secure_line());
    typed.map_err(|cause| Error::new(Code::FileUnreadable, "cannot read the terminal").because(cause))
}

fn first_line(input: impl BufRead) -> Result<String> {
    let mut line = String::new();
    let read = input.take(LONGEST).read_line(&mut line);
    read.map_err(|cause| Error::new(Code::FileUnreadable, "cannot read standard input").because(cause))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        let message = "there is no password: write it to standard input, or run the command in a terminal";
        return Err(Error::new(Code::OptionInvalid, message));
    }
    Ok(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_as_it_is() {
        for (input, password) in [("secret", "secret"), ("a b \r\nnext", "a b "), (" x\n", " x")] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), password);
        }
        assert_eq!(first_line(&b"\n"[..]).unwrap_err().code(), Code::OptionInvalid);
        assert_eq!(first_line(&b""[..]).unwrap_err().code(), Code::OptionInvalid);
    }
}
