// The torture suite, spoken in Go: put your decoder in the place of this one. Run it with `go run go.go`.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

type decoder struct {
	limit   uint32
	waiting []byte
}

func newDecoder(limit string) decoder {
	most, _ := strconv.ParseUint(limit, 10, 32)
	return decoder{limit: uint32(most)}
}

func (d *decoder) feed(chunk []byte, give func([]byte)) error {
	d.waiting = append(d.waiting, chunk...)
	for len(d.waiting) >= 4 {
		length := binary.BigEndian.Uint32(d.waiting)
		if length > d.limit {
			return fmt.Errorf("a payload of %d bytes, limit %d", length, d.limit)
		}
		if uint64(len(d.waiting)) < 4+uint64(length) {
			return nil
		}
		give(d.waiting[4 : 4+length])
		d.waiting = d.waiting[4+length:]
	}
	return nil
}

func (d *decoder) end() error {
	if len(d.waiting) > 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// adapter
func main() {
	var d decoder
	in := bufio.NewReader(os.Stdin)
	for line, end := in.ReadString('\n'); end == nil; line, end = in.ReadString('\n') {
		word, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		bytes, err := hex.DecodeString(value)
		if word == "new" {
			d = newDecoder(value)
		} else if word == "chunk" {
			err = d.feed(bytes, func(payload []byte) { fmt.Printf("payload %x\n", payload) })
		} else if word == "end" {
			err = d.end()
		}
		if err != nil && word != "new" {
			fmt.Println("error", err)
		}
		fmt.Println("ok")
	}
}
