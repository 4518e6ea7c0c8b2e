"""`manage.py up`: one small process that starts everything in order, keeps it running, and stops it in order.

It imports the standard library alone: what needs Django runs in the children.
"""
