use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use flate2::read::GzDecoder;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpStream;
use tokio::time::sleep;

/// A caching proxy before an app, both on ports of their own, until dropped.
pub(crate) struct Proxy {
    process: Child,
    root: PathBuf,
    address: SocketAddr,
    client: reqwest::Client,
}

/// What a visitor gets.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) page: String,
}

impl Proxy {
    /// nginx as Debian installs it, with a cache and these directives about it.
    pub(crate) async fn nginx(app: Router, directives: &str) -> Self {
        let (root, address, upstream) = (fresh_folder(), free_address(), serve(app).await);
        fs::write(
            root.join("nginx.conf"),
            nginx_config(&root, address, upstream, directives),
        )
        .unwrap();
        let mut nginx = Command::new("nginx");
        nginx.args(["-e", "stderr", "-p"]).arg(&root);
        nginx.args(["-c", "nginx.conf"]);
        Self::start(&mut nginx, root, address).await
    }

    /// Varnish as Debian installs it: without a word of VCL.
    pub(crate) async fn varnish(app: Router) -> Self {
        let (root, address, upstream) = (fresh_folder(), free_address(), serve(app).await);
        let mut varnish = Command::new("varnishd");
        varnish.args(["-F", "-s", "malloc,64m", "-j", "none", "-n"]);
        varnish.arg(&root);
        varnish.args(["-a", &address.to_string(), "-b", &upstream.to_string()]);
        Self::start(&mut varnish, root, address).await
    }

    async fn start(command: &mut Command, root: PathBuf, address: SocketAddr) -> Self {
        let proxy = Self {
            process: command.spawn().unwrap(),
            root,
            address,
            client: reqwest::Client::new(),
        };
        for _ in 0..200 {
            if TcpStream::connect(address).await.is_ok() {
                return proxy;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{command:?} does not listen");
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let answer = self.visit(path, "identity").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer
    }

    /// As a browser asks for a page.
    pub(crate) async fn visit(&self, path: &str, encoding: &str) -> Answer {
        let request = self.client.get(format!("http://{}{path}", self.address));
        let request = request.header("accept", "text/html,*/*;q=0.8");
        let request = request.header("accept-encoding", encoding);
        let response = request.send().await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            page: decoded(&response.bytes().await.unwrap()),
        }
    }
}

fn decoded(page: &[u8]) -> String {
    let mut text = String::new();
    if page.starts_with(&[0x1F, 0x8B]) {
        GzDecoder::new(page).read_to_string(&mut text).unwrap();
    } else {
        (&*page).read_to_string(&mut text).unwrap();
    }
    text
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    /// The trace ids in the page and in its headers: every run of 32 hex digits.
    pub(crate) fn traces(&self) -> HashSet<String> {
        let text = format!("{:?}{}", self.headers, self.page);
        let runs = text.split(|c: char| !c.is_ascii_hexdigit());
        let runs = runs.filter(|run| run.len() == 32);
        runs.map(str::to_owned).collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        fs::remove_dir_all(&self.root).unwrap();
    }
}

async fn serve(app: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn fresh_folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("proxy{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _missing = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    root
}

fn nginx_config(
    root: &Path,
    address: SocketAddr,
    upstream: SocketAddr,
    directives: &str,
) -> String {
    let root = root.display();
    format!(
        "daemon off;
        master_process off;
        pid {root}/pid;
        events {{}}
        http {{
            access_log off;
            client_body_temp_path {root}/body;
            fastcgi_temp_path {root}/fastcgi;
            proxy_temp_path {root}/proxy;
            scgi_temp_path {root}/scgi;
            uwsgi_temp_path {root}/uwsgi;
            proxy_cache_path {root}/cache keys_zone=pages:1m;
            upstream app {{
                server {upstream};
                keepalive 8;
            }}
            server {{
                listen {address};
                location / {{
                    proxy_pass http://app;
                    proxy_http_version 1.1;
                    proxy_set_header connection \"\";
                    proxy_cache pages;
                    proxy_cache_background_update on;
                    proxy_cache_revalidate on;
                    {directives}
                    add_header x-cache $upstream_cache_status always;
                }}
            }}
        }}"
    )
}
