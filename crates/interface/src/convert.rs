//! Conversions between the library's types and those that are generated of WIT.
//!
//! Nothing happens here. The compiler refuses a field that one side lacks. (The library does not use the generated
//! types itself: they exist only where it is compiled to a component, and their names are those of an ABI.)
//!
//! A crate that uses these macros has the generated types in a module `wit`, and the library's in `own`, by the names
//! that WIT has for them:
//!
//! ```text
//! record! { Port { input, name } }     wit::Port <-> own::Port
//! ```

/// What `From` would be, were it allowed for `Vec` and `Option`.
pub trait Convert<T>: Sized {
    /// The same as the other type.
    fn convert(self) -> T;

    /// The same for each of them. Of bytes there are many, which need not be looked at.
    fn convert_all(all: Vec<Self>) -> Vec<T> {
        all.into_iter().map(Convert::convert).collect()
    }
}

impl<T: Convert<U>, U> Convert<Vec<U>> for Vec<T> {
    fn convert(self) -> Vec<U> {
        T::convert_all(self)
    }
}

impl<T: Convert<U>, U> Convert<Option<U>> for Option<T> {
    fn convert(self) -> Option<U> {
        self.map(Convert::convert)
    }
}

macro_rules! same {
    ($($name:ty)+) => {$(
        impl Convert<$name> for $name {
            fn convert(self) -> $name {
                self
            }

            fn convert_all(all: Vec<$name>) -> Vec<$name> {
                all
            }
        }
    )+};
}

same! { bool u8 u32 u64 String }

/// Conversions of records of one name in `wit` and `own`, both ways.
#[macro_export]
macro_rules! record {
    ($($name:ident { $($field:ident),+ })+) => {$(
        impl $crate::Convert<own::$name> for wit::$name {
            fn convert(self) -> own::$name {
                own::$name { $($field: $crate::Convert::convert(self.$field)),+ }
            }
        }
        impl $crate::Convert<wit::$name> for own::$name {
            fn convert(self) -> wit::$name {
                wit::$name { $($field: $crate::Convert::convert(self.$field)),+ }
            }
        }
    )+};
}

/// The same for variants: those with one payload, then those without.
#[macro_export]
macro_rules! variant {
    ($($name:ident { $($with:ident(_)),* ; $($without:ident),* })+) => {$(
        impl $crate::Convert<own::$name> for wit::$name {
            fn convert(self) -> own::$name {
                match self {
                    $(wit::$name::$with(payload) => own::$name::$with($crate::Convert::convert(payload)),)*
                    $(wit::$name::$without => own::$name::$without,)*
                }
            }
        }
        impl $crate::Convert<wit::$name> for own::$name {
            fn convert(self) -> wit::$name {
                match self {
                    $(own::$name::$with(payload) => wit::$name::$with($crate::Convert::convert(payload)),)*
                    $(own::$name::$without => wit::$name::$without,)*
                }
            }
        }
    )+};
}

/// The conversions of what is in the interface `fuse`.
#[macro_export]
macro_rules! fuse_types {
    () => {
        $crate::record! {
            Input { name, bytes }
            Options {
                emit, names, debug, memory, capacity, capacities, store, regions, trusted, tables, features, prefer, simd, validate, share_handles, tasks, wires, chain,
                fallbacks, leave_open, also_export, open, core_imports, only_core_imports, start, limits, dumps
            }
            Capacity { guest, bytes }
            CoreImports { interface, module }
            CoreName { module, name }
            Start { export, exit, if_exported }
            Wire { importer, import_name, provider, export_name }
            Port { input, name }
            Composition { bytes, warnings, notes }
            Limits { instances, definitions, types, depth, shim_bytes, output_bytes }
            Artifact { bytes, shims, report }
            Shim { name, bytes }
            Report { before, after, debug, crossings, resources, blocks, memories, boundary, warnings, notes, dumps }
            DebugSizes { before, after }
            Totals { bytes, components, core_modules, core_instances, functions }
            Crossing { from, to, interface, function, strategy, reason, size }
            ResourceHandles { name, owner, policy, reason }
            Block { name, instances, bytes, functions, features, imported, reason }
            Memory { owner, module, index, base, initial, maximum }
            BoundaryItem {
                direction, core_module, core_name, interface, function, memory, realloc, encoding,
                post_return
            }
            Dump { stage, text }
            Graph { totals, nodes, edges, imports, exports }
            Node { kind, label, parent, size }
            Edge { kind, from, to, labels }
        }

        $crate::variant! {
            Emit { ; Component, Module, RawModule, Flat }
            Names { ; Keep, Drop }
            DebugInfo { ; Keep, Lines, Drop }
            MemoryPlan { ; Multi, Split, Single }
            Regions { ; Checked, Trusting }
            Tables { ; Multi, Single }
            Prefer { ; Speed, Size }
            Features { ; Any, Mvp }
            OpenImports { ; Any, Wasi, None }
            Tasks { ; Refuse, Apart }
            Stage { ; Plan, Facts }
            RemedyPart { Text(_), Setting(_) ; }
            Setting {
                Emit(_), Memory(_), Tasks(_), Wire(_), LeaveOpen(_), AlsoExport(_), Open(_), Limit(_),
                Budget(_) ; Capacity
            }
            Limit { ; Instances, Definitions, Types, Depth, ShimBytes, OutputBytes }
            Spending { ; MemoryMb, Seconds }
            Strategy { ; Direct, Adapt, Engine }
            HandlePolicy { ; Internal, Passthrough, Bridged }
            Direction { ; Imported, Exported }
            NodeKind { ; ComponentInstance, CoreInstance, Imported, Exported }
            EdgeKind { ; Crossing, Boundary, Core }
        }

        impl $crate::Convert<wit::Error> for own::Error {
            fn convert(self) -> wit::Error {
                let place = self.place().clone();
                wit::Error {
                    code: self.code().to_string(),
                    message: self.message().to_owned(),
                    input: place.input,
                    instance_path: place.instance_path,
                    function: place.function,
                    offset: place.offset,
                    remedy: $crate::Convert::convert(self.remedy().parts().to_vec()),
                }
            }
        }

        impl $crate::Convert<own::Error> for wit::Error {
            fn convert(self) -> own::Error {
                let code = wasm_fuser::Code::from_name(&self.code).unwrap_or(wasm_fuser::Code::Internal);
                let place = wasm_fuser::error::Place {
                    input: self.input,
                    instance_path: self.instance_path,
                    function: self.function,
                    offset: self.offset,
                };
                let remedy: Vec<own::RemedyPart> = $crate::Convert::convert(self.remedy);
                let remedy: own::Remedy = remedy.into_iter().collect();
                let mut lines = self.message.split('\n');
                let first = lines.next().unwrap_or_default();
                own::Error::new(code, first).with_lines(lines).in_place(place).with_help(remedy)
            }
        }
    };
}
