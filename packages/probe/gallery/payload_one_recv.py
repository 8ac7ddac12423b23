import socketserver
import struct
import sys


class Handler(socketserver.BaseRequestHandler):
    """The bug: the payload is read with one recv."""

    def handle(self):
        while True:
            header = self.request.recv(4)
            while 0 < len(header) < 4:
                more = self.request.recv(4 - len(header))
                if not more:
                    return
                header += more
            if not header:
                return
            payload = self.request.recv(struct.unpack(">I", header)[0])
            self.request.sendall(struct.pack(">I", len(payload)) + payload)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
