"""Liquid with nothing but its data: no includes, no files, bounded in size and work, and run in a process of its own.

`asking` is what the application calls; `child` is the process that reads and renders templates (`environment`,
`bounds`, `comparing`, `templates` run there only); `pool` starts, limits and replaces such processes.
"""

from messaging.liquid.asking import faults, fill, fill_all, paths, paths_of

__all__ = ["faults", "fill", "fill_all", "paths", "paths_of"]
