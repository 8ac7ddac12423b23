// What most relays in Go are: two goroutines a connection, io.Copy in each.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			target, err := net.Dial("tcp", "127.0.0.1:"+os.Args[1])
			if err != nil {
				client.Close()
				return
			}
			go func() { io.Copy(target, client); target.(*net.TCPConn).CloseWrite() }()
			io.Copy(client, target)
			client.Close()
			target.Close()
		}()
	}
}
