import socket
import sys
import time

# A tutorial's server that has something to do after each read.
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
reads = []
while chunk := connection.recv(4096):
    reads.append(len(chunk))
    time.sleep(float(sys.argv[1]))
print("reads", *reads, flush=True)
