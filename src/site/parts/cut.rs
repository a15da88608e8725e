//! Writes the program without its parts, and each part.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    FunctionSection, ImportSection, Module, TypeSection,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, ElementSectionReader, ExportSectionReader, FunctionSectionReader,
    Parser,
};

use super::place::Place;
use super::program::Program;

/// What a part calls the program.
const PROGRAM: &str = "p";

/// The program without its parts, then the parts. `stands_for` says which function stands for which.
///
/// # Errors
/// When a part would need what the program cannot lend.
pub(super) fn apart(
    program: &Program<'_>,
    bytes: &[u8],
    places: &[Place],
    stands_for: &[u32],
    parts: usize,
) -> Result<Vec<Vec<u8>>> {
    let cut = Cut { program, places, stands_for };
    let parts: Vec<Content> = (0..parts).map(|part| cut.content(Place::Part(part))).collect();
    let lent = Lent::new(program, &parts);
    let mut written = vec![cut.rest(bytes, &lent)?];
    for content in &parts {
        written.push(cut.part(content, &lent)?);
    }
    Ok(written)
}

struct Cut<'c> {
    program: &'c Program<'c>,
    places: &'c [Place],
    stands_for: &'c [u32],
}

/// What is in a part, and what it takes from the program.
struct Content {
    own: Vec<u32>,
    functions: BTreeSet<u32>,
    types: BTreeSet<u32>,
    globals: BTreeSet<u32>,
    place: Place,
}

/// What the program lends to its parts, by name.
struct Lent {
    functions: HashMap<u32, String>,
    globals: HashMap<u32, String>,
    memory: String,
    tables: Vec<String>,
}

impl Lent {
    fn new(program: &Program<'_>, parts: &[Content]) -> Self {
        let taken: BTreeSet<&str> = program.exports.iter().map(String::as_str).collect();
        let mut names = (0..).map(short).filter(|name| !taken.contains(name.as_str()));
        let mut next = || names.next().unwrap_or_default();
        let memory = next();
        let tables = program.tables.iter().map(|_| next()).collect();
        let globals: BTreeSet<u32> = parts.iter().flat_map(|part| part.globals.iter().copied()).collect();
        let functions: BTreeSet<u32> = parts.iter().flat_map(|part| part.functions.iter().copied()).collect();
        Self {
            memory,
            tables,
            globals: globals.into_iter().map(|global| (global, next())).collect(),
            functions: functions.into_iter().map(|function| (function, next())).collect(),
        }
    }
}

/// The name of a thing by its number: as short as may be.
fn short(mut number: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[number % LETTERS.len()]));
        number /= LETTERS.len();
        if number == 0 {
            return name;
        }
        number -= 1;
    }
}

impl Cut<'_> {
    /// Whether a function is the program's own and is written here.
    fn lies(&self, function: u32, place: Place) -> bool {
        let own = self.program.own(function);
        own.is_some_and(|own| self.places[own] == place) && self.stands_for[function as usize] == function
    }

    fn all(&self, place: Place) -> impl Iterator<Item = u32> + '_ {
        let functions = (0..self.program.bodies.len()).map(|own| self.program.function(own));
        functions.filter(move |function| self.lies(*function, place))
    }

    fn content(&self, place: Place) -> Content {
        let own: Vec<u32> = self.all(place).collect();
        let (mut functions, mut types, mut globals) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for function in &own {
            let uses = &self.program.uses[self.program.own(*function).unwrap_or_default()];
            types.insert(self.program.kinds[*function as usize]);
            types.extend(&uses.types);
            globals.extend(&uses.globals);
            let called = uses.functions.iter().map(|called| self.stands_for[*called as usize]);
            functions.extend(called.filter(|called| !self.lies(*called, place)));
        }
        types.extend(functions.iter().map(|function| self.program.kinds[*function as usize]));
        Content { own, functions, types, globals, place }
    }

    /// The places of the table that a part fills, as runs: where each begins, and its functions.
    fn slots(&self, place: Place, number: impl Fn(u32) -> u32) -> Vec<(u32, Vec<u32>)> {
        let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
        for (slot, function) in &self.program.slots {
            let function = self.stands_for[*function as usize];
            let is_here = self.lies(function, place)
                || (place == Place::Program && self.program.own(function).is_none());
            if !is_here {
                continue;
            }
            match runs.last_mut() {
                Some((first, run)) if *first + run.len() as u32 == *slot => run.push(number(function)),
                _ => runs.push((*slot, vec![number(function)])),
            }
        }
        runs
    }

    fn rest(&self, bytes: &[u8], lent: &Lent) -> Result<Vec<u8>> {
        let imported = 0..self.program.imported;
        let functions = imported.chain(self.all(Place::Program)).zip(0..).collect();
        let mut rest = Rest { cut: self, lent, functions };
        let mut module = Module::new();
        rest.parse_core_module(&mut module, Parser::new(0), bytes)?;
        Ok(module.finish())
    }

    fn part(&self, content: &Content, lent: &Lent) -> Result<Vec<u8>> {
        let Program { types: all_types, kinds, bodies, globals, memory, tables, .. } = self.program;
        let mut numbers = Numbers {
            stands_for: self.stands_for,
            types: content.types.iter().copied().zip(0..).collect(),
            globals: content.globals.iter().copied().zip(0..).collect(),
            functions: content.functions.iter().chain(&content.own).copied().zip(0..).collect(),
        };
        let (mut types, mut imports, mut functions) =
            (TypeSection::new(), ImportSection::new(), FunctionSection::new());
        for kind in &content.types {
            let kind = all_types[*kind as usize].clone();
            types.ty().func_type(&numbers.func_type(kind)?);
        }
        let mut import = |name: &str, kind: EntityType| _ = imports.import(PROGRAM, name, kind);
        let mut memory = numbers.memory_type(*memory)?;
        memory.maximum = None;
        import(&lent.memory, memory.into());
        for (table, name) in tables.iter().zip(&lent.tables) {
            let mut table = numbers.table_type(*table)?;
            table.maximum = None;
            import(name, table.into());
        }
        for global in &content.globals {
            let kind = globals[*global as usize];
            import(&lent.globals[global], numbers.global_type(kind)?.into());
        }
        for function in &content.functions {
            import(
                &lent.functions[function],
                EntityType::Function(numbers.types[&kinds[*function as usize]]),
            );
        }
        let (mut elements, mut code) = (ElementSection::new(), CodeSection::new());
        for (first, run) in self.slots(content.place, |function| numbers.functions[&function]) {
            elements.active(None, &ConstExpr::i32_const(first as i32), Elements::Functions(run.into()));
        }
        for function in &content.own {
            functions.function(numbers.types[&kinds[*function as usize]]);
            let body = bodies[self.program.own(*function).unwrap_or_default()].clone();
            numbers.parse_function_body(&mut code, body)?;
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
        Ok(module.finish())
    }
}

type Written<T = ()> = Result<T, reencode::Error<Infallible>>;

/// The numbers by which a part knows what it has and what it takes.
struct Numbers<'n> {
    stands_for: &'n [u32],
    functions: HashMap<u32, u32>,
    types: HashMap<u32, u32>,
    globals: HashMap<u32, u32>,
}

impl Reencode for Numbers<'_> {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Written<u32> {
        Ok(self.functions[&self.stands_for[index as usize]])
    }

    fn type_index(&mut self, index: u32) -> Written<u32> {
        Ok(self.types[&index])
    }

    fn global_index(&mut self, index: u32) -> Written<u32> {
        Ok(self.globals[&index])
    }
}

/// Writes the program without its parts.
struct Rest<'r> {
    cut: &'r Cut<'r>,
    lent: &'r Lent,
    /// The new number of each function that stays.
    functions: HashMap<u32, u32>,
}

impl Reencode for Rest<'_> {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Written<u32> {
        Ok(self.functions[&self.cut.stands_for[index as usize]])
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Written {
        let kinds = self.cut.all(Place::Program).map(|function| self.cut.program.kinds[function as usize]);
        kinds.for_each(|kind| _ = section.function(kind));
        Ok(())
    }

    fn parse_code_section(&mut self, section: &mut CodeSection, _: CodeSectionReader<'_>) -> Written {
        let (program, cut) = (self.cut.program, self.cut);
        let mut bodies =
            cut.all(Place::Program).filter_map(|function| program.bodies.get(program.own(function)?));
        bodies.try_for_each(|body| self.parse_function_body(section, body.clone()))
    }

    fn parse_element_section(
        &mut self,
        section: &mut ElementSection,
        _: ElementSectionReader<'_>,
    ) -> Written {
        for (first, run) in self.cut.slots(Place::Program, |function| self.functions[&function]) {
            section.active(None, &ConstExpr::i32_const(first as i32), Elements::Functions(run.into()));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        section: &mut ExportSection,
        reader: ExportSectionReader<'_>,
    ) -> Written {
        utils::parse_export_section(self, section, reader)?;
        section.export(&self.lent.memory, ExportKind::Memory, 0);
        for (name, table) in self.lent.tables.iter().zip(0..) {
            section.export(name, ExportKind::Table, table);
        }
        for (global, name) in sorted(&self.lent.globals) {
            section.export(name, ExportKind::Global, *global);
        }
        for (function, name) in sorted(&self.lent.functions) {
            section.export(name, ExportKind::Func, self.functions[function]);
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Written {
        // Names have told where to cut, and nobody reads them any more.
        if section.name() != "name" {
            module.section(&CustomSection { name: section.name().into(), data: section.data().into() });
        }
        Ok(())
    }
}

fn sorted(lent: &HashMap<u32, String>) -> Vec<(&u32, &String)> {
    let mut sorted: Vec<_> = lent.iter().collect();
    sorted.sort_unstable();
    sorted
}
