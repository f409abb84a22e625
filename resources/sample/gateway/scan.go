package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// Scan is one reading of a barcode.
type Scan struct {
	Code   string `json:"code"`
	Depot  string `json:"depot"`
	Status string `json:"status"`
	At     string `json:"at"`
}

// ErrCheckDigit tells that a scanner misread a code.
var ErrCheckDigit = errors.New("wrong check digit")

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// CheckCode computes the weighted sum of a code, as the scanners and the core do.
func CheckCode(code string) error {
	total := 0
	for i := 0; i < len(code); i++ {
		value := indexOf(code[i])
		if value < 0 {
			return ErrCheckDigit
		}
		weight := 3
		if i%2 == 1 {
			weight = 1
		}
		if i == len(code)-1 {
			weight = 1
		}
		total += weight * value
	}
	if len(code) != 12 || total%10 != 0 {
		return ErrCheckDigit
	}
	return nil
}

func indexOf(letter byte) int {
	for i := 0; i < len(alphabet); i++ {
		if alphabet[i] == letter {
			return i
		}
	}
	return -1
}

// ScanHandler takes the scanners' requests.
type ScanHandler struct {
	depot  string
	buffer *Buffer
	now    func() time.Time
}

// NewScanHandler makes a handler for the scanners of one depot.
func NewScanHandler(depot string, buffer *Buffer) *ScanHandler {
	return &ScanHandler{depot: depot, buffer: buffer, now: time.Now}
}

// ServeHTTP checks a scan and puts it into the buffer. A misread code is refused, so that the driver scans again.
func (h *ScanHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var scan Scan
	if err := json.NewDecoder(r.Body).Decode(&scan); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := CheckCode(scan.Code); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	scan.Depot = h.depot
	scan.At = h.now().UTC().Format("2006-01-02T15:04:05")
	h.buffer.Add(scan)
	w.WriteHeader(http.StatusAccepted)
}
