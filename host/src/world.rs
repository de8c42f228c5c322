//! The fuser's world, generated: `wit/world.wit` has the documentation.

wasmtime::component::bindgen!({
    path: "../wit",
    world: "fuser",
    imports: { default: trappable },
});
