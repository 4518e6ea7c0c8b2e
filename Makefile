PY = .venv/bin/python

.PHONY: setup run check test bench

setup:
	test -x $(PY) || python3 -m venv .venv
	.venv/bin/pip install --quiet uv==0.13.9
	.venv/bin/uv pip sync --quiet --python $(PY) --require-hashes requirements-dev.txt

test: setup
	$(PY) -m pytest
