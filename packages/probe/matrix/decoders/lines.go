// Go: what bufio, io and encoding/binary have, fed by a pipe. `lines scanner|read-string|read-full`.
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

type decode func(in io.Reader, limit int, give func([]byte)) error

var decoders = map[string]decode{
	"scanner": func(in io.Reader, limit int, give func([]byte)) error {
		scanner := bufio.NewScanner(in)
		// The buffer holds the end of the line too.
		scanner.Buffer(nil, limit+1)
		for scanner.Scan() {
			give(scanner.Bytes())
		}
		return scanner.Err()
	},
	"read-string": func(in io.Reader, _ int, give func([]byte)) error {
		reader := bufio.NewReader(in)
		for {
			line, err := reader.ReadString('\n')
			if err == io.EOF && line == "" {
				return nil
			}
			if err != nil {
				return err
			}
			give([]byte(strings.TrimSuffix(line, "\n")))
		}
	},
	"read-full": func(in io.Reader, limit int, give func([]byte)) error {
		for {
			var length uint32
			if err := binary.Read(in, binary.BigEndian, &length); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			if uint64(length) > uint64(limit) {
				return fmt.Errorf("a payload of %d bytes", length)
			}
			payload := make([]byte, length)
			if _, err := io.ReadFull(in, payload); err == io.EOF {
				return io.ErrUnexpectedEOF
			} else if err != nil {
				return err
			}
			give(payload)
		}
	},
}

// chunks is a reader that reports when it is empty, so that everything read before can be reported.
type chunks struct {
	next  chan []byte
	idle  chan struct{}
	bytes []byte
}

func (c *chunks) Read(into []byte) (int, error) {
	if len(c.bytes) == 0 {
		c.idle <- struct{}{}
		next, more := <-c.next
		if !more {
			return 0, io.EOF
		}
		c.bytes = next
	}
	count := copy(into, c.bytes)
	c.bytes = c.bytes[count:]
	return count, nil
}

func main() {
	var text strings.Builder
	var current *chunks
	var done chan error
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriter(os.Stdout)
	rest := func() {
		select {
		case <-current.idle:
		case err := <-done:
			done = nil
			if err != nil {
				fmt.Fprintf(&text, "error %v\n", err)
			}
		}
	}
	for line, end := in.ReadString('\n'); end == nil; line, end = in.ReadString('\n') {
		word, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "new":
			limit, _ := strconv.Atoi(value)
			source, finished := &chunks{next: make(chan []byte), idle: make(chan struct{})}, make(chan error, 1)
			current, done = source, finished
			give := func(payload []byte) { fmt.Fprintf(&text, "payload %x\n", payload) }
			go func() { finished <- decoders[os.Args[1]](source, limit, give) }()
			rest()
		case "chunk":
			bytes, _ := hex.DecodeString(value)
			if done != nil {
				current.next <- bytes
				rest()
			}
		case "end":
			if done != nil {
				close(current.next)
				rest()
			}
		}
		out.WriteString(text.String() + "ok\n")
		text.Reset()
		out.Flush()
	}
}
