//! The parts of the program that only one story or one room needs, and the module that reads rule files. Page and worker
//! each fetch them for themselves when they are needed; `src/site` cuts them off.

use std::cell::RefCell;

use warstories_sim::scenarios::rule_engine::reading::provide;
use warstories_sim::{ScenarioSpec, scenarios};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen]
extern "C" {
    /// Of `boot.js`, and of `worker_loader.js`: adds the part called so to the program.
    #[wasm_bindgen(catch, js_name = loadPart)]
    async fn load_part(name: &str) -> Result<(), JsValue>;

    /// Of the same: loads the module that reads YAML and starts it.
    #[wasm_bindgen(catch, js_name = loadYaml)]
    async fn load_yaml() -> Result<(), JsValue>;

    /// That module's own.
    #[wasm_bindgen(catch, js_namespace = yaml, js_name = read)]
    fn read(question: &[u8]) -> Result<Vec<u8>, JsValue>;
}

/// Something that must be there before the page goes on.
#[derive(Clone, Copy)]
pub enum Need {
    /// The part of the room called so: nothing of it may be called before.
    Room(&'static str),
    /// All that a run of this scenario needs, likewise.
    Story(&'static ScenarioSpec),
}

/// The room of lessons.
pub const LESSON: Need = Need::Room("lesson");
/// The interview room.
pub const INTERVIEW: Need = Need::Room("interview");

thread_local! {
    /// The parts that are there.
    static LOADED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

impl Need {
    /// Whether it is there.
    pub fn is_met(self) -> bool {
        let is_loaded = LOADED.with_borrow(|loaded| loaded.contains(&self.part()));
        is_loaded && self.has_reader()
    }

    /// Loads it, and calls back with whether it is there.
    pub fn load(self, done: impl FnOnce(bool) + 'static) {
        spawn_local(async move {
            let _ = self.fetch().await;
            done(self.is_met());
        });
    }

    async fn fetch(self) -> Result<(), JsValue> {
        let part = self.part();
        if !LOADED.with_borrow(|loaded| loaded.contains(&part)) {
            load_part(part).await?;
            LOADED.with_borrow_mut(|loaded| loaded.push(part));
        }
        if !self.has_reader() {
            load_yaml().await?;
            provide(|question| read(question).unwrap_or_default());
        }
        Ok(())
    }

    fn part(self) -> &'static str {
        match self {
            Self::Room(name) => name,
            Self::Story(spec) => scenarios::story(spec),
        }
    }

    /// Whether the module is there that reads rule files, if they are read; the story itself says so.
    fn has_reader(self) -> bool {
        match self {
            Self::Room(_) => true,
            Self::Story(spec) => scenarios::is_ready(spec),
        }
    }
}
