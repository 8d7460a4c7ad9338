# Each target is one deed; what it takes several lines to do stands in tools/.
SHELL := bash
export PATH := $(CURDIR)/.tools/bin:$(PATH)
# Chromium comes from the system, never from a download of npm's.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

sources = $(shell find $(1) -type f -not -path '*/styles/dist/*' -not -name '*.ftl.snap' 2>/dev/null)
workspace := Cargo.toml Cargo.lock .cargo/config.toml rust-toolchain.toml
packages := node_modules/.package-lock.json

.PHONY: help run test check fuzz mutants dev bench demo-data fmt dist server tools
help: ## What there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

run: server ## Build everything and serve http://127.0.0.1:8080 with demo data
	@tools/run

test: ## Everything that is checked: lints, unit, server and browser tests
	@node tools/test.mjs

check: ## The fast part of it: lints, unit tests, server tests on SQLite
	@node tools/test.mjs --fast

fuzz: ## Broken formulas and workbooks for ten minutes each; make test does it for some seconds
	@ANJU_FUZZ_SECONDS=600 cargo test --locked --release -p common --features sheet --test fuzz

mutants: ## Mutation testing of common, narrowed by MUTANTS='--shard 0/40'; all of it takes hours
	@tools/mutants

dev: tools $(packages) ## Rebuild and reload on every change
	@node tools/dev.mjs

bench: dist $(packages) ## Measure, into docs/benchmarks.md
	@node tools/bench.mjs

demo-data: server ## Sample workbooks, into demo-data/
	@target/release/anju samples --to demo-data

fmt: ## Format
	@cargo fmt --all

dist: dist/built.json ## The browser's part, into dist/
server: target/release/anju

tools:
	@tools/install-tools

$(packages): package.json package-lock.json
	@echo '▸ Fetching npm packages'
	@npm ci --silent --no-progress
	@touch $@

dist/built.json: $(call sources,frontend common) $(workspace) Trunk.toml tools/build-spa.mjs tools/chunks.mjs tools/encodings.mjs tools/swagger-ui $(packages) | tools
	@node tools/build-spa.mjs

target/release/anju: dist/built.json $(call sources,backend common migrations) $(workspace)
	@echo '▸ Building the server'
	@cargo build --quiet --locked --release --package backend --bin anju
	@touch $@
