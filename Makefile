# The project's commands. CARGO_TARGET_DIR moves what is compiled; fuser.wasm is always in target/.
#
#   make demo    build everything, fuse the example composition and run it
#   make test    all tests but the next
#   make test-polyglot   guests in Python, JavaScript, C and AssemblyScript: installs what that needs
#   make check   formatting, lints and documentation
#   make spec SPEC=FOLDER [TASKS=apart]   the component model's own tests, before and after
#                fusing: a table
#   make bench   what crossings and fusing cost: prints it, and writes docs/benchmarks.md
#   make fuser   the components: target/fuser.wasm, target/cli.wasm for command lines, target/extras.wasm for
#                what few compositions need, and target/wac.wasm for WAC files
#   make provider   WASI 0.2 on preview 1, which the component takes along: target/wasip1.wasm
#   make host    the native command: target/release/wasm-fuser; and the one that is a component,
#                target/wasm-fuser.wasm
#   make web     the npm package: web/dist (needs Node.js 20.19 or later)
#   make test-web    the tests of the package alone: in Chromium, other runtimes and bundlers, too
#   make bench-web   what crossings cost in JavaScript, composed and fused; what the package costs
#   make playground [PORT=8080]   the page that does it in a browser: builds and serves it
#   make test-playground          its tests alone, in Chromium
#
# Everything native is built in the release profile and for the whole workspace, so that wasmtime is
# compiled once for all of these. The component has a target folder of its own: the toolchain that
# compiles to wasm need not be the one that compiles natively.

TARGET ?= $(or $(CARGO_TARGET_DIR),target)
WASI_TARGET ?= target/wasi
WASI_CARGO = CARGO_TARGET_DIR=$(WASI_TARGET) cargo $$(scripts/wasi-toolchain.sh)
COMPONENT = --package wasm-fuser-component --features extras-imported --profile component --target wasm32-wasip2
COMMAND_LINE = --package wasm-fuser-cli --features extras-imported --profile component --target wasm32-wasip2
EXTRA = --package wasm-fuser-extras --profile component --target wasm32-wasip2
OPTIMISED = "-Clink-arg=--wasm-ld-path=$(CURDIR)/scripts/wasm-ld.sh"
BUILT = $(WASI_TARGET)/wasm32-wasip2/component
FUSER = target/fuser.wasm
CLI = target/cli.wasm
EXTRAS = target/extras.wasm
RUNNABLE = target/wasm-fuser.wasm
WAC = target/wac.wasm
PROVIDER = target/wasip1.wasm
PLAYGROUND = web/playground
PORT ?= 8080

.PHONY: all demo test test-polyglot bench check spec fuser provider native host clean
.PHONY: web test-web bench-web playground test-playground playground-page
all: host

# Two builds at once: that of the component ends with one long step on one core.
demo:
	$(MAKE) --jobs=2 host
	scripts/demo.sh
	@printf '\nThe same in a browser, with graphs, code and times: make playground\n'

# Two builds at once, as above.
test:
	$(MAKE) --jobs=2 fuser native
	cargo test --release --workspace
	cargo build --quiet --release --workspace --example bench
	$(TARGET)/release/examples/bench smoke >/dev/null
	$(MAKE) test-web
	$(MAKE) test-playground

test-polyglot:
	cargo test --release --workspace --test polyglot

# The text parser's strictness about indices is that of the components in the wild.
spec:
	WAST_STRICT_COMPONENT_INDICES=0 cargo run --release --example spec -- $(SPEC) $(TASKS)

# Not `cargo bench`, whose profile is another: wasmtime would be compiled again.
# What the package brings is measured in Node.js, too; a recent wasm-opt is used where there is one.
bench: web/node_modules/.package-lock.json
	cargo build --release --workspace --example bench
	PATH="$(CURDIR)/web/node_modules/.bin:$$PATH" $(TARGET)/release/examples/bench

# The host is linted by itself, without the component in it: otherwise the component would have to be
# built for lints, and all of wasmtime, to compile it.
check:
	cargo fmt --all --check
	cargo clippy --release --workspace --exclude wasm-fuser-host --all-targets -- -D warnings
	cargo clippy --release --manifest-path host/Cargo.toml --no-default-features --all-targets \
		-- -D warnings
	$(WASI_CARGO) clippy $(COMPONENT) --lib -- -D warnings
	$(WASI_CARGO) clippy $(COMMAND_LINE) --lib -- -D warnings
	$(WASI_CARGO) clippy $(EXTRA) --lib -- -D warnings
	cargo fmt --check --manifest-path crates/wasip1/Cargo.toml
	cargo fmt --check --manifest-path crates/engines/Cargo.toml
	$(WASI_CARGO) clippy --release --target wasm32-wasip2 \
		--manifest-path crates/wasip1/Cargo.toml -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --exclude wasm-fuser-host --no-deps

# As a component alone: cargo does not optimise across crates what is to be linked by others, too.
# Copied only when it has changed: the host's build script compiles it anew whenever it is newer.
fuser: provider $(WAC)
	$(WASI_CARGO) rustc $(COMPONENT) --lib --crate-type cdylib -- $(OPTIMISED)
	$(WASI_CARGO) rustc $(COMMAND_LINE) --lib --crate-type cdylib -- $(OPTIMISED)
	$(WASI_CARGO) rustc $(EXTRA) --lib --crate-type cdylib -- $(OPTIMISED)
	@cmp -s $(BUILT)/wasm_fuser_component.wasm $(FUSER) || cp $(BUILT)/wasm_fuser_component.wasm $(FUSER)
	@cmp -s $(BUILT)/wasm_fuser_cli.wasm $(CLI) || cp $(BUILT)/wasm_fuser_cli.wasm $(CLI)
	@cmp -s $(BUILT)/wasm_fuser_extras.wasm $(EXTRAS) || cp $(BUILT)/wasm_fuser_extras.wasm $(EXTRAS)

# Cargo knows what it is made of. It is copied only when it has changed, as above. The folder is not there yet where
# cargo compiles to another one.
provider:
	@$(WASI_CARGO) build --quiet --locked --release --target wasm32-wasip2 \
		--manifest-path crates/wasip1/Cargo.toml
	@mkdir -p $(dir $(PROVIDER))
	@cmp -s $(WASI_TARGET)/wasm32-wasip2/release/wasip1.wasm $(PROVIDER) || \
		cp $(WASI_TARGET)/wasm32-wasip2/release/wasip1.wasm $(PROVIDER)

# All that is native and does without the component
native:
	cargo build --release --workspace --exclude wasm-fuser-host

# The command for runners of components is fused of its parts, and exports the fuser, too.
host: fuser native
	cargo build --release --workspace
	@$(TARGET)/release/wasm-fuser fuse $(CLI) $(FUSER) $(EXTRAS) \
		--export fuser:wasm-fuser:fuser/fuse@0.1.0 --memory split -o $(RUNNABLE) --quiet
	@echo "the command is $(TARGET)/release/wasm-fuser, and $(RUNNABLE)"

web: fuser web/node_modules/.package-lock.json
	cd web && npm run --silent build
	@echo "the package is web/, built into web/dist"

test-web: host web
	cargo build --quiet --release --workspace --example run
	cd web && npm test --silent

bench-web: web
	cd web && node bench/crossings.mjs && node bench/sizes.mjs

# WAC, for the hosts
$(WAC): crates/wac/Cargo.toml crates/wac/Cargo.lock crates/wac/build.rs crates/wac/src/lib.rs crates/wac/wit/wac.wit
	$(WASI_CARGO) rustc --locked --release --target wasm32-wasip2 --manifest-path crates/wac/Cargo.toml -- $(OPTIMISED)
	cp $(WASI_TARGET)/wasm32-wasip2/release/wac.wasm $(WAC)

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

playground: playground-page
	node $(PLAYGROUND)/scripts/serve.mjs $(PORT)

test-playground: playground-page
	cd $(PLAYGROUND) && npm test --silent

playground-page: web $(PLAYGROUND)/node_modules/.package-lock.json
	cd $(PLAYGROUND) && npm run --silent examples && npm run --silent check && npm run --silent build

$(PLAYGROUND)/node_modules/.package-lock.json: $(PLAYGROUND)/package-lock.json
	cd $(PLAYGROUND) && npm ci --no-audit --no-fund
	@touch $@

clean:
	cargo clean
	rm -rf $(WASI_TARGET) $(FUSER) $(CLI) $(EXTRAS) $(RUNNABLE) $(WAC) $(PROVIDER) web/dist web/src/generated web/node_modules \
		$(PLAYGROUND)/dist $(PLAYGROUND)/public/examples $(PLAYGROUND)/node_modules
