"""A plain Django + DRF project, as one would write it in an afternoon: what ours is measured against."""
