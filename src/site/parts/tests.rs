use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    MemorySection, MemoryType, Module, NameMap, NameSection, RefType, TableSection, TableType, TypeSection,
    ValType,
};
use wasmparser::{ElementItems, ElementKind, ExternalKind, Operator, Parser, Payload, TypeRef};

use super::*;

/// The functions of the program, in their order: its name, the number that it adds, and what it calls.
const FUNCTIONS: [(&str, i32, &[u32]); 9] = [
    ("a::shared", 10, &[]),
    ("<a::scenarios::one::Story as a::Scenario>::start", 11, &[0, 2]),
    ("core::helper", 12, &[0]),
    ("<a::scenarios::two::Story as a::Scenario>::start", 13, &[0, 7]),
    ("main", 14, &[0, 5]),
    ("a::scenarios::one::called_by_main", 15, &[]),
    ("a::in_the_table", 16, &[]),
    // The same as the first one.
    ("a::scenarios::two::like_shared", 10, &[]),
    ("a::run::<a::scenarios::one::Story, a::scenarios::two::Story>", 17, &[]),
];
/// The table of functions.
const TABLE: [u32; 4] = [1, 3, 6, 8];
/// The first place of the table that holds a function.
const FIRST: u32 = 1;

fn program() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let (mut functions, mut code, mut names) = (FunctionSection::new(), CodeSection::new(), NameMap::new());
    for ((name, adds, calls), index) in FUNCTIONS.iter().zip(0..) {
        functions.function(0);
        names.append(index, name);
        let mut function = Function::new([]);
        let mut body = function.instructions();
        body.i32_const(*adds);
        for called in *calls {
            body.call(*called).i32_add();
        }
        body.end();
        code.function(&function);
    }
    let mut tables = TableSection::new();
    let (minimum, maximum) = (5, Some(5));
    let kind = TableType { element_type: RefType::FUNCREF, table64: false, minimum, maximum, shared: false };
    tables.table(kind);
    let mut memories = MemorySection::new();
    let (minimum, maximum) = (1, None);
    memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None });
    let mut exports = ExportSection::new();
    // A part must not take a name that there is.
    exports.export("A", ExportKind::Func, 4);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(FIRST as i32), Elements::Functions(TABLE[..].into()));
    let mut sections = NameSection::new();
    sections.functions(&names);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&tables).section(&memories).section(&exports);
    module.section(&elements).section(&code).section(&sections);
    module.finish()
}

/// What there is to be seen of a module.
#[derive(Default)]
struct Seen {
    /// The numbers that its own functions add.
    adds: Vec<i32>,
    /// The places of the table that it fills, each with the number that the function there adds.
    slots: BTreeMap<u32, i32>,
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
    has_names: bool,
}

fn seen(module: &[u8]) -> Result<Seen> {
    wasmparser::validate(module)?;
    let (mut seen, mut imported, mut slots) = (Seen::default(), 0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    imported += usize::from(matches!(import.ty, TypeRef::Func(_)));
                    seen.imports.insert(import.name.to_owned());
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    assert!(seen.exports.insert(export.name.to_owned()), "{} is there twice", export.name);
                    assert!(export.name != "A" || export.kind == ExternalKind::Func);
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(items)) =
                        (element.kind, element.items)
                    else {
                        panic!("another sort of elements")
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                        panic!("another sort of offset")
                    };
                    for (slot, function) in (value as u32..).zip(items) {
                        slots.push((slot, function? as usize));
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                if let Operator::I32Const { value } = body.get_operators_reader()?.read()? {
                    seen.adds.push(value);
                }
            }
            Payload::CustomSection(section) => seen.has_names |= section.name() == "name",
            _ => {}
        }
    }
    for (slot, function) in slots {
        seen.slots.insert(slot, seen.adds[function - imported]);
    }
    Ok(seen)
}

/// What comes of the program: the rest of it and its two parts.
fn cut_up(is_told_apart: bool) -> Result<Vec<Seen>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("x_bg.wasm"), program())?;
    let parts = ["one", "two"].map(|name| Part::of("scenarios", name));
    let files = cut(folder.path(), "x", &parts, is_told_apart)?;
    assert_eq!(files[1..], ["one", "two"].map(|part| folder.path().join(file("x", part))));
    files.iter().map(|file| seen(&fs::read(file)?)).collect()
}

#[test]
fn each_story_lies_in_a_part_of_its_own_with_all_that_nobody_else_calls() -> Result<()> {
    let cuts = cut_up(true)?;
    let [rest, one, two] = &cuts[..] else { panic!("{} files", cuts.len()) };
    assert_eq!(rest.adds, [10, 14, 15, 16, 17], "shared, called by the program, of two stories, or of none");
    assert_eq!(one.adds, [11, 12]);
    assert_eq!(two.adds, [13], "what is the same as a function of the program is not there twice");
    Ok(())
}

#[test]
fn every_place_of_the_table_is_filled_once_and_everything_lent_is_there() -> Result<()> {
    let cuts = cut_up(true)?;
    let rest = &cuts[0];
    let mut filled = BTreeMap::new();
    for (slot, adds) in cuts.iter().flat_map(|seen| &seen.slots) {
        assert!(filled.insert(*slot, *adds).is_none(), "place {slot} is filled twice");
    }
    let should = TABLE.iter().map(|function| FUNCTIONS[*function as usize].1);
    assert_eq!(filled, (FIRST..).zip(should).collect());
    for part in &cuts[1..] {
        assert!(!part.imports.is_empty() && part.imports.is_subset(&rest.exports), "{:?}", part.imports);
        assert!(!part.imports.contains("A"), "a name that the program had");
        assert!(!part.has_names && !rest.has_names);
    }
    Ok(())
}

#[test]
fn a_program_whose_functions_cannot_be_told_apart_stays_whole() -> Result<()> {
    let cuts = cut_up(false)?;
    assert_eq!(cuts[0].slots.len(), TABLE.len());
    assert_eq!(cuts[0].adds.len(), FUNCTIONS.len() - 1, "one function stands for two that are the same");
    assert!(cuts[1..].iter().all(|part| part.adds.is_empty() && part.slots.is_empty()));
    Ok(())
}
