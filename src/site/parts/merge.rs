//! Equal functions that can stand for each other, as a compiler would have found them.

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::Result;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, Encode};

use super::place::Place;
use super::program::Program;

/// By function: the one that stands for it, which may be itself. One of the program stands for those of all parts, one of
/// a part for those of the same part.
///
/// # Errors
/// When a function cannot be read.
pub(super) fn equals(program: &Program<'_>, places: &[Place]) -> Result<Vec<u32>> {
    let mut names = Names { stands_for: (0..program.kinds.len() as u32).collect() };
    loop {
        let mut first: HashMap<(Place, u32, Vec<u8>), u32> = HashMap::new();
        let mut is_changed = false;
        let written: Vec<Vec<u8>> =
            program.bodies.iter().map(|body| names.written(body)).collect::<Result<_>>()?;
        let mut order: Vec<usize> = (0..program.bodies.len()).collect();
        order.sort_by_key(|own| places[*own] != Place::Program);
        for own in order {
            let function = program.function(own);
            if names.stands_for[function as usize] != function {
                continue;
            }
            let mut key = (Place::Program, program.kinds[function as usize], written[own].clone());
            let mut known = first.get(&key);
            if known.is_none() {
                key.0 = places[own];
                known = first.get(&key);
            }
            if let Some(known) = known {
                names.stands_for[function as usize] = *known;
                is_changed = true;
            } else {
                first.insert(key, function);
            }
        }
        if !is_changed {
            return Ok(names.settled());
        }
    }
}

struct Names {
    stands_for: Vec<u32>,
}

impl Reencode for Names {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        Ok(self.last(index))
    }
}

impl Names {
    fn last(&self, mut function: u32) -> u32 {
        while let Some(next) = self.stands_for.get(function as usize).filter(|next| **next != function) {
            function = *next;
        }
        function
    }

    fn written(&mut self, body: &wasmparser::FunctionBody<'_>) -> Result<Vec<u8>> {
        let mut code = CodeSection::new();
        self.parse_function_body(&mut code, body.clone())?;
        let mut written = Vec::new();
        code.encode(&mut written);
        Ok(written)
    }

    fn settled(self) -> Vec<u32> {
        (0..self.stands_for.len() as u32).map(|function| self.last(function)).collect()
    }
}
