// Frames of u32be through bufio: a goroutine and one payload's memory a connection; what is written leaves once no whole read is left.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

const (
	bufferBytes     = 65536
	maxPayloadBytes = 1048576
)

func echo(peer net.Conn) {
	defer peer.Close()
	reader := bufio.NewReaderSize(peer, bufferBytes)
	writer := bufio.NewWriterSize(peer, bufferBytes)
	var prefix [4]byte
	var payload []byte
	for {
		if _, err := io.ReadFull(reader, prefix[:]); err != nil {
			return
		}
		length := int(binary.BigEndian.Uint32(prefix[:]))
		if length > maxPayloadBytes {
			return
		}
		if length > cap(payload) {
			payload = make([]byte, length)
		}
		payload = payload[:length]
		if _, err := io.ReadFull(reader, payload); err != nil {
			return
		}
		writer.Write(prefix[:])
		if _, err := writer.Write(payload); err != nil {
			return
		}
		if reader.Buffered() == 0 && writer.Flush() != nil {
			return
		}
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		peer, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go echo(peer)
	}
}
