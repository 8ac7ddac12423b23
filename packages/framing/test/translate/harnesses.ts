/** Programs that read lines `layout limit cut hex`, and print the payloads and how it ended. */

function each(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

export function pythonHarness(count: number): string {
  return `import sys
modules = [__import__("d%d" % i) for i in range(${count})]
for line in sys.stdin:
    index, limit, cut, hexed = line.split()
    module = modules[int(index)]
    decoder = module.Decoder(int(limit))
    wire = b"" if hexed == "-" else bytes.fromhex(hexed)
    cut = int(cut)
    chunks = [wire[i : i + 1] for i in range(len(wire))] if cut == 0 else [wire[:cut], wire[cut:]]
    seen = []
    try:
        for chunk in chunks:
            decoder.push(chunk)
            payload = decoder.next()
            while payload is not None:
                seen.append(payload.hex() or "-")
                payload = decoder.next()
        payload = decoder.end()
        while payload is not None:
            seen.append(payload.hex() or "-")
            payload = decoder.end()
        seen.append("ok")
    except module.FrameError as error:
        seen.append(error.code)
    print(" ".join(seen))
`;
}

export function goHarness(count: number): string {
  return `package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
${each(count, (index) => `\t"translated/d${index}"\n`)})

type decoder interface {
	Push([]byte)
	Next() ([]byte, error)
	End() ([]byte, error)
}

func made(index int, limit int64) decoder {
	switch index {
${each(count, (index) => `\tcase ${index}:\n\t\td := d${index}.NewDecoder()\n\t\td.MaxPayloadBytes = limit\n\t\treturn d\n`)}	}
	panic("no decoder")
}

func shown(payload []byte) string {
	if len(payload) == 0 {
		return "-"
	}
	return hex.EncodeToString(payload)
}

func outcome(d decoder, chunks [][]byte) string {
	seen := []string{}
	drain := func(next func() ([]byte, error)) error {
		for {
			payload, err := next()
			if err != nil || payload == nil {
				return err
			}
			seen = append(seen, shown(payload))
		}
	}
	for _, chunk := range chunks {
		d.Push(chunk)
		if err := drain(d.Next); err != nil {
			return strings.Join(append(seen, err.Error()), " ")
		}
	}
	if err := drain(d.End); err != nil {
		return strings.Join(append(seen, err.Error()), " ")
	}
	return strings.Join(append(seen, "ok"), " ")
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		var index, cut int
		var limit int64
		var hexed string
		fmt.Sscan(lines.Text(), &index, &limit, &cut, &hexed)
		wire := []byte{}
		if hexed != "-" {
			wire, _ = hex.DecodeString(hexed)
		}
		chunks := [][]byte{}
		if cut == 0 {
			for at := range wire {
				chunks = append(chunks, wire[at:at+1])
			}
		} else {
			chunks = [][]byte{wire[:cut], wire[cut:]}
		}
		fmt.Fprintln(out, outcome(made(index, limit), chunks))
	}
}
`;
}

export function cHarness(count: number): string {
  return `#include <stdio.h>
${each(count, (index) => `#include "d${index}.h"\n`)}
static uint8_t wire[1 << 16];
static const uint8_t *payload;
static size_t payload_bytes;

static void show(void) {
    if (payload_bytes == 0) printf("-");
    for (size_t at = 0; at < payload_bytes; at++) printf("%02x", payload[at]);
    printf(" ");
}

#define RUN(NAME) static void NAME##_run(long long limit, size_t cut, size_t n) { \\
    NAME##_decoder d; \\
    NAME##_init(&d); \\
    d.max_payload_bytes = limit; \\
    int found = 0; \\
    size_t at = 0; \\
    while (at < n && found >= 0) { \\
        size_t end = cut == 0 ? at + 1 : at == 0 ? cut : n; \\
        NAME##_push(&d, wire + at, end - at); \\
        at = end; \\
        while ((found = NAME##_next(&d, &payload, &payload_bytes)) == 1) show(); \\
    } \\
    while (found >= 0 && (found = NAME##_end(&d, &payload, &payload_bytes)) == 1) show(); \\
    printf("%s\\n", found < 0 ? d.error : "ok"); \\
    NAME##_free(&d); \\
}
${each(count, (index) => `RUN(d${index})\n`)}
int main(void) {
    static char hexed[1 << 17];
    int index;
    long long limit;
    size_t cut;
    while (scanf("%d %lld %zu %131071s", &index, &limit, &cut, hexed) == 4) {
        size_t n = hexed[0] == '-' ? 0 : strlen(hexed) / 2;
        for (size_t at = 0; at < n; at++) sscanf(hexed + 2 * at, "%2hhx", &wire[at]);
        switch (index) {
${each(count, (index) => `        case ${index}: d${index}_run(limit, cut, n); break;\n`)}        }
    }
    return 0;
}
`;
}
