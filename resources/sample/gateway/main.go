// The gateway stands in a depot. It listens for the hand scanners on the local network,
// collects their scans and sends them to the core in batches.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"
)

func main() {
	core := flag.String("core", "http://127.0.0.1:8080", "address of the core")
	depot := flag.String("depot", "HAM", "code of this depot")
	listen := flag.String("listen", ":9000", "where the scanners connect")
	flag.Parse()

	forwarder := NewForwarder(*core, &http.Client{Timeout: 10 * time.Second})
	buffer := NewBuffer(200, forwarder.Forward)
	go buffer.FlushEvery(2*time.Second, make(chan struct{}))

	http.Handle("/scan", NewScanHandler(*depot, buffer))
	log.Fatal(http.ListenAndServe(*listen, nil))
}
