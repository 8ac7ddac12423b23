# The TCP client of a socket tutorial: tcp_client.py HOST PORT recv|send QUIT (what is first, the word that ends it)
import socket, sys
host, port, first, quit_word = sys.argv[1:]
peer = socket.create_connection((host, int(port)))
turn = first
while True:
    if turn == "recv":
        chunk = peer.recv(1024)
        print("recv", chunk.hex(), file=sys.stderr, flush=True)
        if not chunk: break
        print(chunk.decode("utf-8", "backslashreplace"), flush=True)
        if quit_word and chunk == quit_word.encode(): break
    else:
        line = sys.stdin.readline()
        if not line: break
        peer.sendall(line.rstrip("\n").encode())
        if quit_word and line.rstrip("\n") == quit_word: break
    turn = "send" if turn == "recv" else "recv"
peer.close()
