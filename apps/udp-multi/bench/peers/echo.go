// One goroutine, one buffer.
package main

import (
	"fmt"
	"net"
	"net/netip"
)

func main() {
	address := net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0"))
	socket, err := net.ListenUDP("udp4", address)
	if err != nil {
		panic(err)
	}
	if err := socket.SetReadBuffer(4 << 20); err != nil {
		panic(err)
	}
	fmt.Println(socket.LocalAddr().(*net.UDPAddr).Port)
	buffer := make([]byte, 65536)
	for {
		count, peer, err := socket.ReadFromUDPAddrPort(buffer)
		if err != nil {
			panic(err)
		}
		if _, err := socket.WriteToUDPAddrPort(buffer[:count], peer); err != nil {
			panic(err)
		}
	}
}
