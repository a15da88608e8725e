//! A web server for one folder on this machine: what `cargo xtask play` and the browser tests show.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::copies::{Coding, Copies};

/// What a browser is told of a file that it need never ask for again.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Ports tried, from the asked one on.
const PORTS: u16 = 20;

/// What is served.
struct Folder {
    path: PathBuf,
    copies: Copies,
}

/// Serves a folder until it is dropped.
pub struct StaticServer {
    thread: Option<JoinHandle<()>>,
    stop: Option<oneshot::Sender<()>>,
    address: SocketAddr,
}

impl StaticServer {
    /// Serves `folder` on a port that the system picks.
    ///
    /// # Errors
    /// When the folder is missing or no port is free.
    pub fn start(folder: &Path) -> Result<Self> {
        Self::on(folder, bind(0)?)
    }

    fn on(folder: &Path, listener: TcpListener) -> Result<Self> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("{} is missing: run `cargo xtask dist`.", folder.display()))?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let folder = Arc::new(Folder { path: folder, copies: Copies::default() });
        let app = Router::new().fallback(get(answer)).with_state(folder);
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                // Whichever ends first: connections that a browser keeps open must not keep the server.
                tokio::select! {
                    _ = axum::serve(listener, app) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { thread: Some(thread), stop: Some(stop), address })
    }

    /// The address of the folder, as in `http://127.0.0.1:8080`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves `folder` on the asked port or the next free one, and says where, until the person stops it.
///
/// # Errors
/// When the folder is missing or no port is free.
pub fn forever(folder: &Path, port: u16) -> Result<()> {
    let listener = first_free(port)?;
    let taken = listener.local_addr()?.port();
    if taken != port && port != 0 {
        println!("Port {port} is in use, so this takes {taken}.");
    }
    let mut server = StaticServer::on(folder, listener)?;
    println!("War Stories plays at {}/ (Ctrl+C stops it)", server.origin());
    if let Some(thread) = server.thread.take() {
        let _ = thread.join();
    }
    bail!("The web server has stopped by itself: start it again.");
}

fn first_free(port: u16) -> Result<TcpListener> {
    let mut ports = port..=port.saturating_add(PORTS - 1);
    ports.find_map(|port| bind(port).ok()).with_context(|| {
        format!("The {PORTS} ports from {port} on are all in use: choose others with `--port`.")
    })
}

fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

async fn answer(State(folder): State<Arc<Folder>>, address: Uri, headers: HeaderMap) -> Response {
    let said =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let file = find(&folder.path, address.path());
    let coding = Coding::accepted(said(header::ACCEPT_ENCODING));
    let Some((path, copy)) =
        file.and_then(|path| Some((path.clone(), folder.copies.get(&path, coding).ok()?)))
    else {
        return (StatusCode::NOT_FOUND, "Not found").into_response();
    };
    let is_known = said(header::IF_NONE_MATCH).split(',').any(|tag| tag.trim() == copy.tag);
    let mut answer =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { copy.content.into_response() };
    let mut say = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    };
    say(header::CONTENT_TYPE, &content_type(&path));
    say(header::CACHE_CONTROL, if is_kept_forever(&folder.path, &path) { FOREVER } else { "no-cache" });
    say(header::ETAG, &copy.tag);
    say(header::VARY, "accept-encoding");
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(name) = copy.coding.name() {
        say(header::CONTENT_ENCODING, name);
    }
    answer
}

/// Whether what lies at `path` can never change: the folder of an edition is named by what is in it.
fn is_kept_forever(folder: &Path, path: &Path) -> bool {
    let first = path.strip_prefix(folder).ok().and_then(|inner| inner.components().next());
    first.is_some_and(|first| first.as_os_str().to_string_lossy().starts_with("edition-"))
}

/// The file that an address names: nothing above the folder, behind a link out of it, or hidden.
fn find(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok()?;
    let plain = |part| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
    if !Path::new(path.as_ref()).components().all(plain) {
        return None;
    }
    let mut file = folder.join(path.as_ref());
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(folder) && file.is_file()).then_some(file)
}

fn content_type(path: &Path) -> String {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn folder() -> Result<tempfile::TempDir> {
        let outer = tempfile::tempdir()?;
        fs::write(outer.path().join("secret"), "secret")?;
        let dist = outer.path().join("dist");
        fs::create_dir_all(dist.join("sub"))?;
        fs::write(dist.join("index.html"), "<p>hello")?;
        fs::write(dist.join("sub/a b.js"), "1")?;
        fs::write(dist.join("app.wasm"), vec![0; 100_000])?;
        fs::write(dist.join(".stamp"), "hidden")?;
        Ok(outer)
    }

    fn get(server: &StaticServer, target: &str) -> Result<String> {
        get_with(server, target, "")
    }

    fn get_with(server: &StaticServer, target: &str, headers: &str) -> Result<String> {
        let mut stream = TcpStream::connect(server.address)?;
        write!(stream, "GET {target} HTTP/1.1\r\nHost: here\r\n{headers}Connection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    #[test]
    fn serves_the_folder_with_the_right_types() -> Result<()> {
        let outer = folder()?;
        let server = StaticServer::start(&outer.path().join("dist"))?;
        for (target, kind) in [
            ("/", "content-type: text/html; charset=utf-8"),
            ("/index.html?x", "content-type: text/html; charset=utf-8"),
            ("/sub/a%20b.js", "content-type: text/javascript; charset=utf-8"),
            ("/app.wasm", "content-type: application/wasm"),
            ("/app.wasm", "content-length: 100000"),
        ] {
            let answer = get(&server, target)?;
            assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(kind), "{target}: {answer:.300}");
        }
        Ok(())
    }

    #[test]
    fn files_travel_compressed_where_the_browser_can_read_that() -> Result<()> {
        let outer = folder()?;
        let server = StaticServer::start(&outer.path().join("dist"))?;
        for (accepted, coding) in [("gzip, deflate, br", Some("br")), ("gzip", Some("gzip")), ("zstd", None)]
        {
            let answer = get_with(&server, "/app.wasm", &format!("Accept-Encoding: {accepted}\r\n"))?;
            let named =
                answer.split("content-encoding: ").nth(1).and_then(|rest| rest.split_whitespace().next());
            assert_eq!(named, coding, "{accepted}: {answer:.400}");
            assert_eq!(answer.len() > 100_000, coding.is_none(), "{accepted}");
        }
        Ok(())
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() -> Result<()> {
        let outer = folder()?;
        let dist = outer.path().join("dist");
        let server = StaticServer::start(&dist)?;
        let tag = |answer: &str| {
            answer.split("etag: ").nth(1).and_then(|rest| rest.split("\r\n").next()).map(str::to_owned)
        };
        let first = tag(&get(&server, "/")?).context("no tag")?;
        let again = get_with(&server, "/", &format!("If-None-Match: {first}\r\n"))?;
        assert!(again.starts_with("HTTP/1.1 304") && !again.contains("hello"), "{again}");
        fs::write(dist.join("index.html"), "<p>hello again")?;
        let changed = get_with(&server, "/", &format!("If-None-Match: {first}\r\n"))?;
        assert!(changed.starts_with("HTTP/1.1 200") && changed.contains("hello again"), "{changed}");
        Ok(())
    }

    #[test]
    fn only_what_lies_in_the_folder_of_an_edition_is_kept_forever() -> Result<()> {
        let outer = folder()?;
        let dist = outer.path().join("dist");
        fs::create_dir(dist.join("edition-1"))?;
        fs::write(dist.join("edition-1/app.js"), "1")?;
        let server = StaticServer::start(&dist)?;
        assert!(get(&server, "/edition-1/app.js")?.contains("immutable"));
        for target in ["/", "/sub/a%20b.js"] {
            assert!(get(&server, target)?.contains("cache-control: no-cache"), "{target}");
        }
        Ok(())
    }

    #[test]
    fn nothing_outside_the_folder_can_be_had() -> Result<()> {
        let outer = folder()?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.path().join("secret"), outer.path().join("dist/link"))?;
        let server = StaticServer::start(&outer.path().join("dist"))?;
        for target in [
            "/../secret",
            "/%2e%2e/secret",
            "/sub/..%2f..%2fsecret",
            "//etc/passwd",
            "/.stamp",
            "/link",
            "/sub",
            "/%00",
        ] {
            let answer = get(&server, target)?;
            assert!(!answer.contains("200 OK") && !answer.contains("secret"), "{target}: {answer:.300}");
        }
        Ok(())
    }

    #[test]
    fn a_taken_port_gives_the_next() -> Result<()> {
        let taken = bind(0)?;
        let port = taken.local_addr()?.port();
        assert!(first_free(port)?.local_addr()?.port() > port);
        Ok(())
    }
}
