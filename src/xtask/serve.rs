//! A web server for one folder on this machine: what `cargo xtask play` and the browser tests show.

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow, bail};
use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response, Server};

/// Requests answered at the same time: one slow reader must not hold up the others.
const THREADS: usize = 4;
/// Ports tried, from the asked one on.
const PORTS: u16 = 20;

/// Serves a folder until it is dropped.
pub struct StaticServer {
    server: Arc<Server>,
    threads: Vec<JoinHandle<()>>,
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
        let server = Arc::new(Server::from_listener(listener, None).map_err(|error| anyhow!(error))?);
        let threads = (0..THREADS).map(|_| {
            let (server, folder) = (Arc::clone(&server), folder.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // A browser that closes the connection early has only changed its mind.
                    let _ = answer(&folder, request);
                }
            })
        });
        Ok(Self { threads: threads.collect(), server, address })
    }

    /// The address of the folder, as in `http://127.0.0.1:8080`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
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
    for thread in server.threads.drain(..) {
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

fn answer(folder: &Path, request: Request) -> io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("Only GET and HEAD").with_status_code(405));
    }
    let Some((file, kind)) = find(folder, request.url()).and_then(|path| {
        let kind = content_type(&path);
        File::open(path).ok().map(|file| (file, kind))
    }) else {
        return request.respond(Response::from_string("Not found").with_status_code(404));
    };
    // With its length, never in chunks: the page shows how much of its program has arrived.
    let mut response = Response::from_file(file).with_chunked_threshold(usize::MAX);
    for (name, value) in [
        ("Content-Type", kind.as_str()),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ] {
        response.add_header(Header::from_bytes(name, value).map_err(|()| io::ErrorKind::InvalidData)?);
    }
    request.respond(response)
}

/// The file that an address names: nothing above the folder, behind a link out of it, or hidden.
fn find(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let path = percent_decode_str(path).decode_utf8().ok()?;
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
        let mut stream = TcpStream::connect(server.address)?;
        write!(stream, "GET {target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    #[test]
    fn serves_the_folder_with_the_right_types() -> Result<()> {
        let outer = folder()?;
        let server = StaticServer::start(&outer.path().join("dist"))?;
        for (target, kind) in [
            ("/", "Content-Type: text/html; charset=utf-8"),
            ("/index.html?x#y", "Content-Type: text/html; charset=utf-8"),
            ("/sub/a%20b.js", "Content-Type: text/javascript; charset=utf-8"),
            ("/app.wasm", "Content-Type: application/wasm"),
            ("/app.wasm", "Content-Length: 100000"),
        ] {
            let answer = get(&server, target)?;
            assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(kind), "{target}: {answer:.300}");
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
