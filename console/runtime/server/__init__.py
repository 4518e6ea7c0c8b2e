"""The web server: uvicorn, whose HTTP protocol hands requests of the hot paths to fast handlers."""
