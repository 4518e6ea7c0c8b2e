"""Backup and restore of everything that an installation is: the database, SECRET_KEY and the demo's credentials.

Both programs run without Django, whose settings would make a key in the data folder that is being restored, and use
the tools of the embedded server: those of the machine are missing on many, and refuse a newer server's database.
"""
