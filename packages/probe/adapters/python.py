# The torture suite, spoken in Python: put your decoder in the place of this one.
import sys


class Decoder:
    def __init__(self, limit):
        self.limit = limit
        self.waiting = b""

    def feed(self, chunk):
        self.waiting += chunk
        while len(self.waiting) >= 4:
            length = int.from_bytes(self.waiting[:4], "big")
            if length > self.limit:
                raise ValueError(f"a payload of {length} bytes, limit {self.limit}")
            if len(self.waiting) < 4 + length:
                return
            payload, self.waiting = self.waiting[4 : 4 + length], self.waiting[4 + length :]
            yield payload

    def end(self):
        if self.waiting:
            raise ValueError(f"{len(self.waiting)} bytes are left")


# adapter
for line in sys.stdin:
    word, _, value = line.strip().partition(" ")
    try:
        if word == "new":
            decoder = Decoder(int(value))
        if word == "chunk":
            for payload in decoder.feed(bytes.fromhex(value)):
                print("payload", payload.hex())
        if word == "end":
            decoder.end()
    except Exception as error:
        print("error", repr(error))
    print("ok", flush=True)
