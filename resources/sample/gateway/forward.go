package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// Forwarder posts batches of scans to the core.
type Forwarder struct {
	core   string
	client *http.Client
}

// NewForwarder makes a forwarder to the core at an address.
func NewForwarder(core string, client *http.Client) *Forwarder {
	return &Forwarder{core: core, client: client}
}

// Forward sends one batch. The core refuses single scans by itself, so only a failed request is an error.
func (f *Forwarder) Forward(batch []Scan) error {
	body, err := json.Marshal(map[string][]Scan{"scans": batch})
	if err != nil {
		return err
	}
	response, err := f.client.Post(f.core+"/scans", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the core answered %s", response.Status)
	}
	return nil
}
