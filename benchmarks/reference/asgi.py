from django.core.wsgi import get_wsgi_application

from console.runtime.server.wsgi import WSGIBridge

application = WSGIBridge(get_wsgi_application(), threads=8, body_limit=lambda path: 1024 * 1024)
