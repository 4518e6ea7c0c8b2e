# make run | dev | test | check | bench | mutants. Needs python3 (3.11 or newer) alone; all else is fetched once, by its hash.
# Steps of set-up are skipped while their inputs (lock files, SDK sources) have not changed.

PY = .venv/bin/python
UV = .venv/bin/uv
TOOL = DATABASE_URL=postgres:///none REDIS_URL=redis://127.0.0.1:1/0
STRICT = SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') EARSHOT_URL=https://earshot.example.org \
	EARSHOT_HOSTS=earshot.example.org EARSHOT_BEHIND_PROXY=true

# Behind a proxy with certificates of its own: pip takes SSL_CERT_FILE too (bin/npm as well), uv the system's store.
ifdef SSL_CERT_FILE
export PIP_CERT ?= $(SSL_CERT_FILE)
endif
export UV_SYSTEM_CERTS ?= true

.PHONY: run dev test check bench mutants setup setup-dev

run: setup
	@exec $(PY) manage.py up

# Templates and scripts are read anew for every request; a change of Python starts everything again, with its data.
dev: setup-dev
	@EARSHOT_DEBUG=true .venv/bin/watchfiles --filter python --sigint-timeout 30 "$(PY) manage.py up" console messaging tracking

# Two at once, a module in one of them. In order, since Django's ORM refuses to work where a browser has been.
SPREAD = --numprocesses 2 --dist loadscope --no-loadscope-reorder

# T=<a module or a test>: only the narrow tests of it (tests/map.toml).
test: setup-dev
ifdef T
	@$(PY) -m tests.narrow $(T)
else
	bin/npm test
	$(PY) -m pytest $(SPREAD)
endif

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	git ls-files -z 'templates/*.html' | xargs -0r .venv/bin/djade --check --target-version 5.2
	$(TOOL) $(PY) -W ignore manage.py makemigrations --check --dry-run
	$(TOOL) $(STRICT) $(PY) manage.py check --deploy --fail-level WARNING

bench: setup-dev
	$(PY) -m benchmarks

# Plants mistakes that tests must notice (docs/mutants.md). MUTANTS=all, AREA=, T=, SEED=, MINUTES=, JOBS=.
mutants: setup-dev
	@$(foreach name,MUTANTS AREA T SEED MINUTES JOBS,$(if $($(name)),$(name)=$($(name)))) $(PY) -m tests.mutants

setup: .venv/run.stamp node_modules/.stamp static/sdk/earshot.js static/css/tabler.css
setup-dev: .venv/dev.stamp node_modules/.stamp tests/clients/node_modules/.stamp static/sdk/earshot.js static/css/tabler.css

.venv/made.stamp: requirements-uv.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Earshot needs python3 3.11 or newer." >&2; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null || { echo "python3 has no venv: apt install python3-venv." >&2; exit 1; }
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/run.stamp: .venv/made.stamp requirements.txt
	$(UV) pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: .venv/made.stamp requirements-dev.txt
	$(UV) pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run.stamp

node_modules/.stamp: package.json package-lock.json | .venv/run.stamp
	bin/npm ci --no-fund --no-audit --loglevel=error
	@touch $@

tests/clients/node_modules/.stamp: tests/clients/package.json tests/clients/package-lock.json | .venv/run.stamp
	bin/npm ci --prefix tests/clients --no-fund --no-audit --ignore-scripts --loglevel=error
	@touch $@

static/sdk/earshot.js: $(shell find static/sdk/src -name '*.js' 2>/dev/null) node_modules/.stamp
	@if [ -e static/sdk/src/index.js ]; then bin/npm run --silent build:sdk && touch $@; fi

static/css/tabler.css: bin/build-css.mjs $(shell find templates static/js static/css console messaging tracking \( -name '*.html' -o -name '*.js' -o -name '*.py' -o -name '*.css' \) ! -path static/css/tabler.css) node_modules/.stamp
	@bin/npm run --silent build:css
