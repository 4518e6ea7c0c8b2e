"""The web server: uvicorn, whose HTTP protocol hands the hot paths to their doors."""
