package main

import (
	"sync"
	"time"
)

// Buffer collects scans and hands them on in batches. While the core cannot be reached they stay here.
type Buffer struct {
	mutex   sync.Mutex
	scans   []Scan
	limit   int
	forward func([]Scan) error
}

// NewBuffer makes a buffer that flushes by itself at limit scans.
func NewBuffer(limit int, forward func([]Scan) error) *Buffer {
	return &Buffer{limit: limit, forward: forward}
}

// Add keeps a scan; a full buffer is flushed.
func (b *Buffer) Add(scan Scan) {
	b.mutex.Lock()
	b.scans = append(b.scans, scan)
	full := len(b.scans) >= b.limit
	b.mutex.Unlock()
	if full {
		b.Flush()
	}
}

// Flush sends what is there. What could not be sent goes back to the front, in its order.
func (b *Buffer) Flush() error {
	b.mutex.Lock()
	batch := b.scans
	b.scans = nil
	b.mutex.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := b.forward(batch)
	if err != nil {
		b.mutex.Lock()
		b.scans = append(batch, b.scans...)
		b.mutex.Unlock()
	}
	return err
}

// FlushEvery flushes until done is closed.
func (b *Buffer) FlushEvery(interval time.Duration, done <-chan struct{}) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			b.Flush()
		case <-done:
			return
		}
	}
}
