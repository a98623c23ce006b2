//! nginx and Varnish with a configuration of this crate.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use sentry_ssr::{TraceOptions, edge};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    Varnish,
}

/// A running proxy with a cache, until it is dropped.
pub(crate) struct Proxy {
    kind: Kind,
    pub(crate) address: SocketAddr,
    root: PathBuf,
    processes: Vec<Child>,
}

/// What a `server` of nginx needs besides the configuration.
const NGINX_SERVER: &str = "set $sentry_started $sentry_values;";

/// What a location with a `proxy_set_header` line of its own repeats.
const NGINX_LOCATION: &str =
    "proxy_set_header sentry-trace $sentry_trace; proxy_set_header baggage $sentry_origin_baggage;";

/// What the tests append to the configuration that this crate prints for Varnish.
pub(crate) const VCL_FOR_TESTS: &str = r#"
sub vcl_backend_response {
    set beresp.do_esi = bereq.url == "/fragments";
}
sub vcl_deliver {
    if (req.http.restart && req.restarts == 0) {
        return (restart);
    }
    if (req.http.rollback && req.restarts == 0) {
        std.rollback(req);
        return (restart);
    }
    if (obj.hits > 0) {
        set resp.http.x-cache = "HIT";
    } else {
        set resp.http.x-cache = "MISS";
    }
}
"#;

const VCL_WITHOUT_TRACES: &str = r#"vcl 4.1;
import std;
backend default {
    .host = "127.0.0.1";
    .port = "3000";
}
"#;

impl Kind {
    pub(crate) fn print(self, options: &TraceOptions) -> String {
        match self {
            Self::Nginx => edge::nginx(options),
            Self::Varnish => edge::varnish(options),
        }
    }

    /// The same proxy without traces.
    pub(crate) fn without_traces(self) -> String {
        match self {
            Self::Nginx => String::new(),
            Self::Varnish => VCL_WITHOUT_TRACES.to_owned(),
        }
    }
}

impl Proxy {
    /// Starts the proxy before a service.
    pub(crate) fn start(kind: Kind, config: &str, origin: SocketAddr) -> Self {
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("edge-{}", address.port()));
        let _missing = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let mut proxy = Self {
            kind,
            address,
            root,
            processes: Vec::new(),
        };
        match kind {
            Kind::Nginx => proxy.start_nginx(config, origin),
            Kind::Varnish => proxy.start_varnish(config, origin),
        }
        proxy
    }

    fn start_nginx(&mut self, traces: &str, origin: SocketAddr) {
        let (log, started, values) = if traces.is_empty() {
            ("-", "", "")
        } else {
            ("$sentry_trace_id", NGINX_SERVER, NGINX_LOCATION)
        };
        let root = self.root.display().to_string();
        let config = include_str!("nginx.conf")
            .replace("@root@", &root)
            .replace("@listen@", &self.address.to_string())
            .replace("@origin@", &origin.to_string())
            .replace("@log@", log)
            .replace("@started@", started)
            .replace("@values@", values);
        fs::write(self.root.join("nginx.conf"), config).unwrap();
        fs::write(self.root.join("traces.conf"), traces).unwrap();
        fs::create_dir(self.root.join("static")).unwrap();
        fs::write(
            self.root.join("static/page.html"),
            "<!doctype html><title>t</title>",
        )
        .unwrap();
        self.spawn("nginx", &["-e", "stderr", "-p", &root, "-c", "nginx.conf"]);
        self.wait();
    }

    fn start_varnish(&mut self, vcl: &str, origin: SocketAddr) {
        let port = format!(".port = \"{}\"", origin.port());
        let vcl = vcl.replace(".port = \"3000\"", &port);
        let path = self.root.join("default.vcl");
        fs::write(&path, vcl + VCL_FOR_TESTS).unwrap();
        let (listen, name) = (self.address.to_string(), self.root.display().to_string());
        let vcl = path.display().to_string();
        self.spawn("varnishd", &["-F", "-n", &name, "-a", &listen, "-f", &vcl]);
        self.wait();
    }

    fn spawn(&mut self, program: &str, arguments: &[&str]) {
        let child = Command::new(program)
            .args(arguments)
            .stdout(Stdio::null())
            .spawn();
        self.processes.push(child.unwrap());
    }

    /// Varnish compiles its configuration first.
    fn wait(&mut self) {
        for _ in 0..600 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            let ended = self.processes[0].try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}");
            sleep(Duration::from_millis(100));
        }
        panic!("the proxy does not listen");
    }

    /// The trace ids that the access log names, once it has this many lines.
    pub(crate) fn logged(&self, count: usize) -> Vec<String> {
        for _ in 0..600 {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            if lines.len() >= count {
                return lines.iter().map(|line| line[..32].to_owned()).collect();
            }
            sleep(Duration::from_millis(100));
        }
        panic!("the log has fewer than {count} lines");
    }

    fn log(&self) -> String {
        if self.kind == Kind::Nginx {
            return fs::read_to_string(self.root.join("access.log")).unwrap();
        }
        let name = self.root.display().to_string();
        let log = Command::new("varnishncsa")
            .args(["-n", &name, "-d", "-F", "%{sentry-trace}i"])
            .output()
            .unwrap();
        String::from_utf8(log.stdout).unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        for child in &mut self.processes {
            // Varnish's manager stops its child only when it is asked to end.
            let _ended = Command::new("kill").arg(child.id().to_string()).status();
            let _ended = child.wait();
        }
        let _gone = fs::remove_dir_all(&self.root);
    }
}
