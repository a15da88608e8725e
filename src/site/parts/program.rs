//! What has to be known of a program before it is cut.

use anyhow::{Context, Result, bail};
use wasmparser::{
    BlockType, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, GlobalType, KnownCustom,
    MemoryType, Name, Operator, Parser, Payload, TableType, TypeRef,
};

/// A program; its functions are counted with the imported ones first, as WebAssembly does.
pub(super) struct Program<'p> {
    pub(super) types: Vec<FuncType>,
    /// How many functions are imported.
    pub(super) imported: u32,
    /// The type of each function.
    pub(super) kinds: Vec<u32>,
    /// Each function's name, demangled.
    pub(super) names: Vec<String>,
    /// The program's own functions.
    pub(super) bodies: Vec<FunctionBody<'p>>,
    /// What each of them mentions.
    pub(super) uses: Vec<Uses>,
    /// The places of the table of functions, each with its function.
    pub(super) slots: Vec<(u32, u32)>,
    /// Functions that have to be there at once: exported, or started.
    pub(super) needed: Vec<u32>,
    pub(super) globals: Vec<GlobalType>,
    pub(super) memory: MemoryType,
    /// The first is that of functions.
    pub(super) tables: Vec<TableType>,
    /// The names of what is exported.
    pub(super) exports: Vec<String>,
}

/// What a function mentions.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) functions: Vec<u32>,
    pub(super) types: Vec<u32>,
    pub(super) globals: Vec<u32>,
}

impl<'p> Program<'p> {
    /// # Errors
    /// When it is no program, or uses what none of ours does.
    pub(super) fn read(bytes: &'p [u8]) -> Result<Self> {
        let (mut types, mut kinds, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        let (mut slots, mut needed, mut globals, mut exports) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut memory, mut tables, mut imported) = (None, Vec::new(), 0);
        let mut called = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(section) => {
                    types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import?.ty {
                            TypeRef::Func(kind) => kinds.push(kind),
                            other => bail!("It imports {other:?}."),
                        }
                    }
                    imported = u32::try_from(kinds.len())?;
                }
                Payload::FunctionSection(section) => {
                    for kind in section {
                        kinds.push(kind?);
                    }
                }
                Payload::TableSection(section) => {
                    for each in section {
                        tables.push(each?.ty);
                    }
                }
                Payload::MemorySection(section) => {
                    for each in section {
                        memory = Some(each?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for each in section {
                        globals.push(each?.ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        exports.push(String::from(export.name));
                        if export.kind == ExternalKind::Func {
                            needed.push(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => needed.push(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        let ElementKind::Active { table_index: None | Some(0), offset_expr } = element.kind
                        else {
                            bail!("Its table of functions is filled in a way of its own.")
                        };
                        let first = start(&offset_expr)?;
                        let ElementItems::Functions(functions) = element.items else {
                            bail!("Its table of functions is filled by expressions.")
                        };
                        for (slot, function) in (first..).zip(functions) {
                            slots.push((slot, function?));
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for part in names {
                            if let Name::Function(functions) = part? {
                                for naming in functions {
                                    let naming = naming?;
                                    called.push((naming.index, demangled(naming.name)));
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let mut names = vec![String::new(); kinds.len()];
        for (index, name) in called {
            if let Some(place) = names.get_mut(index as usize) {
                *place = name;
            }
        }
        let uses = bodies.iter().map(uses).collect::<Result<_>>()?;
        let memory = memory.context("It has no memory.")?;
        Ok(Self {
            types,
            imported,
            kinds,
            names,
            bodies,
            uses,
            slots,
            needed,
            globals,
            memory,
            tables,
            exports,
        })
    }

    /// The position of a function among the program's own.
    pub(super) fn own(&self, function: u32) -> Option<usize> {
        function.checked_sub(self.imported).map(|own| own as usize)
    }

    /// The number of the program's own function at `own`.
    pub(super) fn function(&self, own: usize) -> u32 {
        self.imported + own as u32
    }
}

fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// The place at which a part of the table begins.
fn start(offset: &wasmparser::ConstExpr<'_>) -> Result<u32> {
    match offset.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(u32::try_from(value)?),
        other => bail!("Its table of functions begins at {other:?}."),
    }
}

fn uses(body: &FunctionBody<'_>) -> Result<Uses> {
    let mut uses = Uses::default();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => uses.functions.push(function_index),
            Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
                uses.types.push(type_index);
            }
            Operator::Block { blockty: BlockType::FuncType(kind) }
            | Operator::Loop { blockty: BlockType::FuncType(kind) }
            | Operator::If { blockty: BlockType::FuncType(kind) } => uses.types.push(kind),
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                uses.globals.push(global_index);
            }
            _ => {}
        }
    }
    Ok(uses)
}
