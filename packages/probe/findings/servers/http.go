// The server of Go: go run http.go PORT.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(writer http.ResponseWriter, request *http.Request) {
		io.Copy(io.Discard, request.Body)
		fmt.Fprintln(writer, "seen")
	})
	http.ListenAndServe("127.0.0.1:"+os.Args[1], nil)
}
