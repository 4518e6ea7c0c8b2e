"""Liquid with nothing but its data: no includes, no files, bounded in size and loops."""

from messaging.liquid.templates import fill, paths

__all__ = ["fill", "paths"]
