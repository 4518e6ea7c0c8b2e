"""Mutation testing (`make mutants`): plants small mistakes, one at a time, and runs the tests that must notice."""
