# The usual verbs. Every recipe is a command that works without just as well.

# Lists the recipes.
default:
    @just --list

# Builds, starts the server and runs a showcase.
start *arguments:
    ./scripts/start {{arguments}}

# Runs every check, or the named sections: hygiene, rust, frontend, contract, e2e.
test *sections:
    ./scripts/test {{sections}}

# Measures an area and writes target/bench/AREA.json.
bench area:
    ./scripts/bench {{area}}

# Formats Rust and TypeScript.
fmt:
    cargo fmt --all
    cd frontend && npx biome check --write .

# Checks quickly: types and lints of one crate.
check crate:
    cargo clippy --package {{crate}} --all-targets -- -D warnings

# Writes the OpenAPI and AsyncAPI documents and the TypeScript types made from the first.
openapi:
    UPDATE_OPENAPI=1 cargo test --quiet --package api --test it document
    npm --prefix frontend run api

# Serves the API and, beside it, the frontend with hot reload.
dev:
    cargo run --package server -- serve & \
    trap 'kill %1' EXIT; npm --prefix frontend run dev

# Builds the example data again from the packages it comes from.
example-data:
    python3 examples/data/make.py
