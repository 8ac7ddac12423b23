# The one-shot UDP client of a socket tutorial: udp_once.py HOST PORT TEXT
import socket, sys
host, port, text = sys.argv[1:]
peer = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
peer.sendto(text.encode(), (host, int(port)))
payload, source = peer.recvfrom(1024)
print("recv", payload.hex(), file=sys.stderr, flush=True)
print(payload.decode("utf-8", "backslashreplace"), flush=True)
peer.close()
