// Package server answers requests; written to show what Go says about names.
//
// More of it.
package server

import (
	"fmt"
	"net/http"

	. "example.com/dsl"
	_ "example.com/driver"
	yaml "gopkg.in/yaml.v3"
	"example.com/tool/v2"
)

const Limit = 10

const (
	Idle State = iota
	Running
)

// State of a server.
type State int

var defaults, fallback = newOptions(), &Options{Name: "x", Run: run}

// Server answers.
type Server struct {
	Base
	*http.Client
	name    string
	routes  map[string][]Route
	onClose func(err error) error
	mu, rw  Mutex
}

type (
	// Handler handles.
	Handler interface {
		http.Handler
		Serve(req *Request) (Response, error)
	}
	Alias    = Server
	Function func(*Request) error
)

// New makes a server.
func New(name string, options ...Option) (*Server, error) {
	server := &Server{name: name, onClose: func(err error) error { return wrap(err) }}
	for _, option := range options {
		option.apply(server)
	}
	table := map[string]Function{"run": run, "stop": server.Stop}
	list := []Handler{first, second}
	table["run"](nil)
	return server, nil
}

// Serve answers one request.
func (s *Server) Serve(req *Request) (response Response, err error) {
	defer s.rw.Unlock()
	go func(id int) { s.log(id) }(1)
	if handler, ok := req.Value.(Handler); ok {
		return handler.Serve(req)
	}
	switch value := req.Value.(type) {
	case *Server:
		value.Stop()
	case Function, nil:
		fmt.Println(value)
	}
	var next Handler = s.routes["/"][0].handler
	s.name, err = next.Name(), check(req)
	result, err := s.load(req, run)
	s.queue <- result
	data := <-s.queue
	return Response{data}, err
}

func (s Server) Stop() { http.HandleFunc("/", s.handle); new(Server).Close(); yaml.Marshal(tool.Options{}) }

func run[T any](input T, filter func(T) bool) Set[T] { return Set[T]{} }
