import socketserver
import struct
import sys


class Handler(socketserver.BaseRequestHandler):
    """The bug: the header is read with one recv, and missing bytes count as zeros."""

    def receive_all(self, count):
        received = b""
        while len(received) < count:
            more = self.request.recv(count - len(received))
            if not more:
                break
            received += more
        return received

    def handle(self):
        while header := self.request.recv(4):
            (length,) = struct.unpack(">I", header.ljust(4, b"\0"))
            payload = self.receive_all(length)
            self.request.sendall(struct.pack(">I", len(payload)) + payload)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
