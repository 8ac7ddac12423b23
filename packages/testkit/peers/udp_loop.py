# The UDP client in a loop of a socket tutorial: udp_loop.py HOST PORT QUIT (the word that ends it)
import socket, sys
host, port, quit_word = sys.argv[1:]
peer = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    text = line.rstrip("\n")
    peer.sendto(text.encode(), (host, int(port)))
    if quit_word and text == quit_word: break
    payload, source = peer.recvfrom(1024)
    print("recv", payload.hex(), file=sys.stderr, flush=True)
    print(payload.decode("utf-8", "backslashreplace"), flush=True)
    if quit_word and payload == quit_word.encode(): break
peer.close()
