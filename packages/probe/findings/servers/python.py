# A server of a Python package: python.py WHICH PORT.
import sys

which, port = sys.argv[1], int(sys.argv[2])
HOST = '127.0.0.1'


def wsgi(environ, start_response):
    environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '5')])
    return [b'seen\n']


def python_http_server():
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def do_GET(self):
            self.rfile.read(int(self.headers.get('Content-Length') or 0))
            self.send_response(200)
            self.send_header('Content-Length', '5')
            self.end_headers()
            if self.command != 'HEAD':
                self.wfile.write(b'seen\n')

        do_HEAD = do_POST = do_GET

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    Server((HOST, port), Handler).serve_forever()


def aiohttp():
    from aiohttp import web

    async def seen(request):
        await request.read()
        return web.Response(text='seen\n')

    app = web.Application()
    app.router.add_route('*', '/', seen)
    web.run_app(app, host=HOST, port=port, print=None, access_log=None)


def aiohttp_websocket():
    from aiohttp import web

    async def socket(request):
        response = web.WebSocketResponse()
        await response.prepare(request)
        async for _ in response:
            pass
        return response

    app = web.Application()
    app.router.add_get('/', socket)
    web.run_app(app, host=HOST, port=port, print=None, access_log=None)


def tornado():
    import tornado.ioloop
    import tornado.web

    class Seen(tornado.web.RequestHandler):
        def get(self):
            self.finish('seen\n')

        post = head = get

    tornado.web.Application([('/', Seen)]).listen(port, HOST)
    tornado.ioloop.IOLoop.current().start()


def tornado_websocket():
    import tornado.ioloop
    import tornado.web
    import tornado.websocket

    tornado.web.Application([('/', tornado.websocket.WebSocketHandler)]).listen(port, HOST)
    tornado.ioloop.IOLoop.current().start()


def reactor(factory):
    from twisted.internet import reactor

    reactor.listenTCP(port, factory, interface=HOST, backlog=128)
    reactor.run()


def twisted_web():
    from twisted.web import resource, server

    class Seen(resource.Resource):
        isLeaf = True

        def render_GET(self, request):
            return b'seen\n'

        render_POST = render_GET

    reactor(server.Site(Seen()))


def twisted_imap():
    from twisted.internet.protocol import Factory
    from twisted.mail.imap4 import IMAP4Server

    factory = Factory()
    factory.buildProtocol = lambda _: IMAP4Server()
    reactor(factory)


def twisted_pop3():
    from twisted.internet.protocol import Factory
    from twisted.mail.pop3 import POP3

    factory = Factory()

    def build(_):
        protocol = POP3()
        protocol.factory = factory
        return protocol

    factory.buildProtocol = build
    factory.challengers = {}
    reactor(factory)


def twisted_smtp():
    from twisted.mail.smtp import ESMTP, SMTPFactory

    factory = SMTPFactory()
    factory.protocol = ESMTP
    reactor(factory)


def waitress():
    from waitress import serve

    serve(wsgi, host=HOST, port=port)


def cheroot():
    from cheroot.wsgi import Server

    Server((HOST, port), wsgi, request_queue_size=128).start()


def aiosmtpd():
    import asyncio

    from aiosmtpd.smtp import SMTP

    async def main():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(object(), hostname='mail.example'), HOST, port)
        await server.serve_forever()

    asyncio.run(main())


def python_smtpd():
    import asyncore
    import smtpd

    smtpd.SMTPServer((HOST, port), None)
    asyncore.loop()


def pyftpdlib():
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    FTPHandler.authorizer = DummyAuthorizer()
    FTPHandler.authorizer.add_anonymous('/tmp')
    FTPServer((HOST, port), FTPHandler).serve_forever()


def pymodbus():
    from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
    from pymodbus.server import StartTcpServer

    registers = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, [0] * 10), zero_mode=True)
    StartTcpServer(context=ModbusServerContext(slaves=registers, single=True), address=(HOST, port))


globals()[which.replace('-', '_')]()
