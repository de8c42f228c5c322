//! What this host calls of the fuser and of the command line, generated: `wit/world.wit` has the documentation.

wasmtime::component::bindgen!({
    path: "../wit",
    world: "wasm-fuser:host/both",
    inline: "
        package wasm-fuser:host;
        world both {
            import wasm-fuser:fuser/text@0.1.0;
            import wasm-fuser:fuser/dwarf@0.1.0;
            import wasm-fuser:fuser/carried@0.1.0;
            export wasm-fuser:fuser/fuse@0.1.0;
            export wasm-fuser:fuser/cli@0.1.0;
        }
    ",
    imports: { default: trappable },
});
