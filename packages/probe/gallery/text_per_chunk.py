import socketserver
import sys


class Handler(socketserver.BaseRequestHandler):
    """The bug: each chunk is decoded separately, and a character that is cut in two is lost."""

    def handle(self):
        text = ""
        while chunk := self.request.recv(65536):
            text += chunk.decode("utf-8", errors="replace")
            while "\n" in text:
                line, text = text.split("\n", 1)
                self.request.sendall(f"hello {line}\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
