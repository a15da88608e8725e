//! Calls the command as another program does.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::process::{Command, Output};

use serde_json::Value;

/// `warstories` with `args`, in the folder of the workspace.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_warstories"));
    command.args(args).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}

/// What the call does.
pub fn call(args: &[&str]) -> Output {
    command(args).output().expect("the command starts")
}

/// Standard output of a call that succeeds without a word on standard error.
pub fn text(args: &[&str]) -> String {
    let output = call(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{args:?}: {stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The one sentence that refuses a wrong call.
pub fn refusal(args: &[&str]) -> String {
    let output = call(args);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{args:?}");
    assert!(stderr.ends_with('\n') && stderr.lines().count() == 1, "{args:?}: {stderr}");
    assert!(stderr.chars().count() <= 400, "{args:?}: {stderr}");
    stderr
}

/// Standard output of a call that succeeds, as JSON.
pub fn json(args: &[&str]) -> Value {
    serde_json::from_str(&text(args)).expect("JSON")
}

/// The same without the one field that may differ between two calls.
pub fn repeatable(args: &[&str]) -> Value {
    let mut value = json(args);
    value["wall_ms"] = Value::Null;
    value
}

/// All items of an array.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no array"))
}

/// All keys of an object, in order.
pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value} is no object")).keys().map(String::as_str).collect()
}

/// The text at `key`.
pub fn string<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value} is no text"))
}

/// The number at `key`.
pub fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} in {value} is no number"))
}
