//! Smaller downloads: brotli writes a function that resembles the one before it in fewer bytes, so functions go where they
//! resemble their neighbours. Nothing else in a program changes; a download shrinks by one part in a hundred.

use std::cmp::Reverse;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// Bytes of the pieces by which two functions are compared: an instruction and what it is about.
const PIECE: usize = 3;
/// Samples of a function's pieces. The share of samples that two functions have in common estimates the share of pieces
/// (Broder, "On the resemblance and containment of documents", 1997).
const SAMPLES: usize = 64;
/// Functions before a place that are compared with the one that may come there; the nearer one, the more it counts.
const BACK: usize = 3;
/// What having the type of the function before counts for, in samples: types in a row compress as well.
const SAME_TYPE: usize = 6;

/// Orders the functions of the program `file`.
///
/// # Errors
/// When it cannot be read, understood or written.
pub(crate) fn by_resemblance(file: &Path) -> Result<()> {
    let program = fs::read(file).with_context(|| format!("{} cannot be read.", file.display()))?;
    let ordered = ordered(&program).with_context(|| format!("{} is no program.", file.display()))?;
    fs::write(file, ordered).with_context(|| format!("{} cannot be written.", file.display()))
}

fn ordered(program: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut functions) = (0, Vec::new());
    let mut types = Vec::new();
    for payload in Parser::new(0).parse_all(program) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::FunctionSection(section) => types = section.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => functions.push(samples(body.as_bytes())),
            _ => {}
        }
    }
    let functions: Vec<Function> =
        functions.into_iter().zip(types).map(|(samples, kind)| Function { samples, kind }).collect();
    let mut order = Order { imported, old: order(&functions), new: vec![0; functions.len()] };
    for (new, old) in (0..).zip(&order.old) {
        order.new[*old] = new;
    }
    let mut module = Module::new();
    order.parse_core_module(&mut module, Parser::new(0), program)?;
    Ok(module.finish())
}

struct Function {
    samples: [u32; SAMPLES],
    kind: u32,
}

/// The least of each of so many hashes of the pieces of `body`.
fn samples(body: &[u8]) -> [u32; SAMPLES] {
    let mut least = [u32::MAX; SAMPLES];
    for piece in body.windows(PIECE) {
        let mut hash = piece.iter().fold(1_u64, |hash, byte| hash << 8 | u64::from(*byte));
        for least in &mut least {
            // Steps of a generator whose upper half is well mixed: Knuth's MMIX.
            hash = hash.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *least = (*least).min((hash >> 32) as u32);
        }
    }
    least
}

/// Positions of `functions` in the order in which each comes next that resembles the latest ones most, the first one first.
fn order(functions: &[Function]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut order: Vec<usize> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let resemblance = |at: usize| {
            let latest = order.iter().rev().take(BACK).zip(1..);
            let shared = latest.map(|(before, far)| 6 * common(&functions[*before], &functions[at]) / far);
            let same_type = order.last().is_some_and(|before| functions[*before].kind == functions[at].kind);
            shared.sum::<usize>() + if same_type { 6 * SAME_TYPE } else { 0 }
        };
        // Where two are as good, the one that the compiler has put nearer.
        let far = |at: usize| Reverse(order.last().map_or(at, |before| before.abs_diff(at)));
        let next = (0..left.len()).max_by_key(|place| (resemblance(left[*place]), far(left[*place])));
        order.extend(next.map(|place| left.remove(place)));
    }
    order
}

fn common(one: &Function, other: &Function) -> usize {
    one.samples.iter().zip(&other.samples).filter(|(one, other)| one == other).count()
}

/// Writes a program with its own functions in another order, and every mention of them accordingly.
struct Order {
    /// Imported functions, which are counted before the program's own.
    imported: u32,
    /// By new position: the old one.
    old: Vec<usize>,
    /// By old position: the new one.
    new: Vec<u32>,
}

type Written<T = ()> = Result<T, reencode::Error<Infallible>>;

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Written<u32> {
        let own = index.checked_sub(self.imported).and_then(|own| self.new.get(own as usize));
        Ok(own.map_or(index, |new| self.imported + new))
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        reader: FunctionSectionReader<'_>,
    ) -> Written {
        let types: Vec<u32> = reader.into_iter().collect::<Result<_, _>>()?;
        self.old.iter().filter_map(|old| types.get(*old)).for_each(|kind| _ = section.function(*kind));
        Ok(())
    }

    fn parse_code_section(&mut self, section: &mut CodeSection, reader: CodeSectionReader<'_>) -> Written {
        let bodies: Vec<_> = reader.into_iter().collect::<Result<_, _>>()?;
        let moved: Vec<_> = self.old.iter().filter_map(|old| bodies.get(*old).cloned()).collect();
        moved.into_iter().try_for_each(|body| self.parse_function_body(section, body))
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
        TypeSection, ValType,
    };
    use wasmparser::{ExternalKind, Operator};

    use super::*;

    /// A program whose functions `long` and `like` resemble each other, with `other` between them.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("host", "ask", EntityType::Function(0));
        let (mut functions, mut exports, mut code) =
            (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        let sum = |called: u32, last: i32| {
            let mut function = Function::new([]);
            let mut body = function.instructions();
            body.call(called);
            (0..40).for_each(|term| _ = body.i32_const(term).i32_add());
            body.i32_const(last).i32_add().end();
            function
        };
        let mut other = Function::new([]);
        let mut body = other.instructions();
        body.i32_const(7);
        (0..40).for_each(|_| _ = body.i32_clz());
        body.end();
        for (position, (name, function)) in
            (1..).zip([("long", sum(0, 1)), ("other", other), ("like", sum(2, 2))])
        {
            functions.function(0);
            exports.export(name, ExportKind::Func, position);
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// Each exported function with its body's length and the names of what it calls, by position.
    fn read(program: &[u8]) -> Result<Vec<(String, usize, Vec<String>)>> {
        let mut names = vec![String::from("ask"); 4];
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        assert_eq!(export.kind, ExternalKind::Func);
                        names[export.index as usize] = String::from(export.name);
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        let read = |(position, body): (usize, &wasmparser::FunctionBody<'_>)| {
            let mut called = Vec::new();
            for operator in body.get_operators_reader()? {
                if let Operator::Call { function_index } = operator? {
                    called.push(names[function_index as usize].clone());
                }
            }
            Ok((names[position + 1].clone(), body.as_bytes().len(), called))
        };
        bodies.iter().enumerate().map(read).collect()
    }

    #[test]
    fn what_resembles_each_other_comes_together_and_calls_what_it_called() -> Result<()> {
        let before = program();
        let after = ordered(&before)?;
        let names = |program: &[u8]| -> Result<Vec<String>> {
            Ok(read(program)?.into_iter().map(|(name, ..)| name).collect())
        };
        assert_eq!(names(&before)?, ["long", "other", "like"]);
        assert_eq!(names(&after)?, ["long", "like", "other"]);
        let (mut was, mut is) = (read(&before)?, read(&after)?);
        was.sort();
        is.sort();
        assert_eq!(was, is);
        assert_eq!(ordered(&after)?, after, "it is in order by now");
        wasmparser::validate(&after)?;
        Ok(())
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(ordered(b"<!doctype html>").is_err());
    }
}
