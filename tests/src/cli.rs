//! The command line `kanglian`, as one of its users.

use std::{path::PathBuf, process::Command, time::Duration};

use serde_json::Value;

use crate::{
    Consortium, bin_dir,
    process::{Finished, finish},
};

/// How long one command may take.
const LIMIT: Duration = Duration::from_secs(120);
/// What could lead a command elsewhere.
const VARIABLES: [&str; 6] = [
    "KANGLIAN_NODE",
    "KANGLIAN_VAULT",
    "KANGLIAN_HOME",
    "KANGLIAN_PORT_BASE",
    "KANGLIAN_REGISTRARS",
    "KANGLIAN_PASSPHRASE_FILE",
];

/// A user of the command line, with a home folder and a passphrase file of their own.
pub struct Cli {
    who: String,
    home: PathBuf,
    passphrase: PathBuf,
    port_base: String,
    registrars: String,
}

impl Cli {
    /// A user with an empty home in the consortium's folder.
    pub fn new(consortium: &Consortium, who: &str) -> Self {
        let home = consortium.folder().join(format!("home-{who}"));
        std::fs::create_dir(&home).expect("every user has another name");
        let passphrase = consortium.folder().join(format!("passphrase-{who}"));
        std::fs::write(&passphrase, format!("the passphrase of {who}\n"))
            .expect("the passphrase file is written");
        let port_base = consortium.port_base().to_string();
        let registrars = consortium.registrar_set();
        Self { who: who.to_owned(), home, passphrase, port_base, registrars }
    }

    /// A file in the home folder, as an argument.
    pub fn file(&self, name: &str) -> String {
        self.home.join(name).to_str().expect("paths are UTF-8").to_owned()
    }

    /// A command with the options of this user, for a process that goes on.
    pub fn args(&self, args: &[&str]) -> Vec<String> {
        let text = |path: &PathBuf| path.to_str().expect("paths are UTF-8").to_owned();
        let (home, passphrase) = (text(&self.home), text(&self.passphrase));
        let own = ["--home", &home, "--passphrase-file", &passphrase];
        let place = ["--port-base", &self.port_base, "--registrars", &self.registrars, "--json"];
        [&own[..], &place, args].concat().into_iter().map(str::to_owned).collect()
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Answer {
        self.run_with_input(args, "")
    }

    /// The same, with a text on standard input.
    pub fn run_with_input(&self, args: &[&str], input: &str) -> Answer {
        let mut command = Command::new(bin_dir().join("kanglian"));
        VARIABLES.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.args(self.args(args));
        let words = args.join(" ");
        let what = format!("{}: kanglian {words}", self.who);
        Answer { finished: finish(&mut command, input, LIMIT, &what), what }
    }
}

/// What a command said.
pub struct Answer {
    what: String,
    finished: Finished,
}

impl Answer {
    /// The exit code.
    pub fn code(&self) -> Option<i32> {
        self.finished.code
    }

    /// What it printed for people.
    pub fn errors(&self) -> &str {
        &self.finished.errors
    }

    /// Panics unless the command ended with this code.
    pub fn ends_with(&self, code: i32) -> &Self {
        let Self { what, finished } = self;
        let Finished { output, errors, .. } = finished;
        assert_eq!(finished.code, Some(code), "{what}\n{output}\n{errors}");
        self
    }

    /// What it printed, as JSON; panics unless it succeeded.
    pub fn json(&self) -> Value {
        self.ends_with(0);
        let output = &self.finished.output;
        serde_json::from_str(output)
            .unwrap_or_else(|error| panic!("{}: no JSON ({error}): {output}", self.what))
    }

    /// A text in what it printed.
    pub fn text(&self, name: &str) -> String {
        let json = self.json();
        let text = json.get(name).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("{}: no {name} in {json}", self.what)).to_owned()
    }
}
