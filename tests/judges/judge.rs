use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::answer::Answer;
use crate::request::Request;

/// An SDK of Sentry's that is asked what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    JavaScript,
    Python,
}

impl Judge {
    pub(crate) const ALL: [Self; 2] = [Self::JavaScript, Self::Python];

    /// Its answers, in the order of the requests.
    pub(crate) fn answers(self, requests: &[Request]) -> Vec<Answer> {
        let mut process = self
            .command()
            .spawn()
            .expect("tests/judges/run installs it");
        let mut questions = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        let answers: Vec<Answer> = thread::scope(|scope| {
            scope.spawn(move || {
                for request in requests {
                    let line = serde_json::to_string(request).unwrap();
                    writeln!(questions, "{line}").expect("it reads to the end");
                }
            });
            let lines = answers.lines().map(|line| line.unwrap());
            lines
                .map(|line| serde_json::from_str(&line).unwrap())
                .collect()
        });
        assert!(process.wait().unwrap().success());
        assert_eq!(answers.len(), requests.len());
        answers
    }

    fn command(self) -> Command {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges");
        let (program, script) = match self {
            Self::JavaScript => ("node".into(), "judge.js"),
            Self::Python => (home.join("venv/bin/python"), "judge.py"),
        };
        let mut command = Command::new(program);
        command.arg(script).current_dir(home);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }
}
