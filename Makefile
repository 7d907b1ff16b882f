# Two commands do everything: `make demo` shows the product, `make test` checks it.

DIR ?= demo-company
DEALS ?= 20000
BIN := .venv/bin

# What is installed is known by the sum of the files that say what to install.
RUN_STAMP := .venv/installed-$(shell cat requirements.lock pyproject.toml | cksum | tr ' ' '-')
DEV_STAMP := .venv/installed-dev-$(shell cat requirements.lock requirements-dev.lock pyproject.toml | cksum | tr ' ' '-')

.PHONY: help demo test check docs picture screenshots lock clean

help:
	@echo "make demo      a made-up company: import, review, the room on loopback   (DIR=$(DIR) DEALS=$(DEALS))"
	@echo "make test      format, lint, types, layers, dependencies, docs, tests   (THOROUGH=1: elsewhere once more)"
	@echo "make check STEP=lint   one of these steps"
	@echo "make docs      write what the commands print now into the pages, and the pages made from code"
	@echo "make picture   the README's picture, from the demo's own report (needs Chromium)"
	@echo "make screenshots   pictures of the room's main pages (needs Chromium; ONLY=balance takes one)"
	@echo "make lock      write the lock files anew (needs uv; UPGRADE=1 takes newer versions)"
	@echo "make clean     remove what the other commands made"

demo: $(RUN_STAMP)
	@$(BIN)/counterpoise demo $(DIR) --deals $(DEALS)

test: $(DEV_STAMP)
	@$(BIN)/python scripts/check.py

check: $(DEV_STAMP)
	@$(BIN)/python scripts/check.py $(STEP)

docs: $(DEV_STAMP)
	@$(BIN)/python -m scripts.reference
	@$(BIN)/python -m scripts.pages README.md docs

picture: $(DEV_STAMP)
	@$(BIN)/python -m scripts.picture

screenshots: $(DEV_STAMP)
	@DEALS=$(DEALS) $(BIN)/python -m scripts.screenshots $(ONLY)

lock:
	@sh scripts/lock.sh

clean:
	rm -rf .venv build demo-company .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(RUN_STAMP):
	@sh scripts/install.sh requirements.lock
	@touch $@

$(DEV_STAMP):
	@sh scripts/install.sh requirements.lock requirements-dev.lock
	@touch $(RUN_STAMP) $@
