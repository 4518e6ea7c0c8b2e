"""Ours beside its reference, in one run on one machine: `make bench`, or `python -m benchmarks ingest rollup`."""
