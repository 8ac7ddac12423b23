// Package socklab fails a test with the smallest cut of its bytes that breaks a server. It is one file: copy it into your module, as
// socklab/socklab_probe.go.
//
//	func TestSurvivesAnySegmentation(t *testing.T) {
//		socklab.Survives(t, "--target", address, "--framing", "u32be", "--request", socklab.Hex("\x00\x00\x00\x05hello"))
//	}
//
// It needs Go 1.19 and Node.js. The probe is `npx --yes @socklab/probe`; the variable SOCKLAB_PROBE is another command for it, words
// with spaces between them, such as `npx --yes @socklab/probe@1.2.3` or `/opt/bin/socklab-probe`.
package socklab

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

const defaultCommand = "npx --yes @socklab/probe"

// What is left of a test's time when the probe is told to end, so that it ends the server that it has started.
const stopTime = 5 * time.Second

var (
	// ErrBreaks: the server answers otherwise, or not at all, where its bytes are cut or joined.
	ErrBreaks = errors.New("the server does not survive")
	// ErrUnconfirmed: no fault was seen, but the server may have read the pieces in one go, or trials are missing. Ignore it where no
	// kernel's table confirms them: on macOS, for servers in other hosts.
	ErrUnconfirmed = errors.New("nothing is proven")
	// ErrNothingLearnt: the uncut request has no stable answer, or the probe could not run. This says nothing about segmentation.
	ErrNothingLearnt = errors.New("nothing was learnt about segmentation")
)

// Report is what the probe prints with --json, as far as messages need it; JSON is all of it.
type Report struct {
	Outcome string
	Target  string
	Totals  struct{ Pass, Fail, Unconfirmed, Flaky int }
	Control struct{ Kind, Detail string }
	// Diagnosis is nil when the failures have no likely cause.
	Diagnosis *struct{ Bug, Confidence, Sentence string }
	Cases     []Case
	JSON      json.RawMessage `json:"-"`
}

// Case is one trial that failed.
type Case struct {
	Trial              Trial
	Kind, Detail, Dump string
	Verdict            struct{ Failure string }
	Shrunk             *struct{ Trial Trial }
	Where              []string
	Expected, Received Excerpt
	Replay             string
}

// Excerpt is a part of some bytes.
type Excerpt struct {
	Offset, TotalBytes int
	Hex                string
}

// Trial is one way to cut the request.
type Trial struct {
	ID     string
	Pieces int
}

// Hex is bytes as --request takes them.
func Hex[Bytes ~string | ~[]byte](request Bytes) string {
	return "hex:" + hex.EncodeToString([]byte(request))
}

// Survives fails the test unless the server survives every cut. Options are those of `probe`, in words.
func Survives(t testing.TB, options ...string) *Report {
	t.Helper()
	deadline := time.Time{}
	if limited, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		deadline, _ = limited.Deadline()
	}
	report, err := Probe(deadline, options...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Probe probes a server, until the deadline unless that is zero. The error is ErrBreaks, ErrUnconfirmed or ErrNothingLearnt, with the
// smallest failing cut in its text; the report is nil when there is none.
func Probe(deadline time.Time, options ...string) (*Report, error) {
	command := os.Getenv("SOCKLAB_PROBE")
	if command == "" {
		command = defaultCommand
	}
	words := append(strings.Fields(command), "probe", "--json")
	stdout, stderr, err := run(append(words, options...), deadline)
	report := &Report{JSON: stdout}
	if json.Unmarshal(stdout, report) != nil || report.Outcome == "" {
		return nil, fmt.Errorf("%w: %s ended without a report: %v\n%s", ErrNothingLearnt, command, err, stderr)
	}
	switch report.Outcome {
	case "pass":
		return report, nil
	case "fail":
		err = ErrBreaks
	case "unconfirmed":
		err = ErrUnconfirmed
	default:
		err = ErrNothingLearnt
	}
	return report, fmt.Errorf("%w\n%s", err, report.text(command))
}

func run(words []string, deadline time.Time) (stdout []byte, stderr string, err error) {
	var out, complaints bytes.Buffer
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	isGroup := ownGroup(cmd)
	interrupts := make(chan os.Signal, 1)
	if isGroup {
		// Ctrl-C does not reach it any more by itself.
		signal.Notify(interrupts, os.Interrupt)
		defer signal.Stop(interrupts)
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	deadlines := make(<-chan time.Time)
	if !deadline.IsZero() {
		timer := time.NewTimer(time.Until(deadline) - stopTime)
		defer timer.Stop()
		deadlines = timer.C
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
	case <-deadlines:
		interrupt(cmd, isGroup)
		err = <-ended
	case <-interrupts:
		interrupt(cmd, isGroup)
		<-ended
		os.Exit(1)
	}
	return out.Bytes(), strings.TrimSpace(complaints.String()), err
}

// ownGroup starts a command in a process group of its own, on systems that have them: npx hands no signal on to the probe.
func ownGroup(cmd *exec.Cmd) bool {
	attributes := &syscall.SysProcAttr{}
	field := reflect.ValueOf(attributes).Elem().FieldByName("Setpgid")
	if !field.IsValid() {
		return false
	}
	field.SetBool(true)
	cmd.SysProcAttr = attributes
	return true
}

func interrupt(cmd *exec.Cmd, isGroup bool) {
	process := cmd.Process
	if isGroup {
		// As kill(2) takes it.
		process, _ = os.FindProcess(-process.Pid)
	}
	process.Signal(os.Interrupt)
}

func (report *Report) text(command string) string {
	totals := report.Totals
	lines := []string{fmt.Sprintf("%s  %s: %d pass, %d fail, %d unconfirmed, %d flaky", strings.ToUpper(report.Outcome), report.Target,
		totals.Pass, totals.Fail, totals.Unconfirmed, totals.Flaky)}
	if report.Control.Kind != "ok" {
		lines = append(lines, report.Control.Detail)
	} else if report.Outcome == "unconfirmed" {
		lines = append(lines, "no fault was seen, but the server may have read the pieces in one go, or trials are missing")
	}
	if report.Diagnosis != nil {
		lines = append(lines, fmt.Sprintf("likely bug: %s (%s)\n  %s", report.Diagnosis.Bug, report.Diagnosis.Confidence, report.Diagnosis.Sentence))
	}
	if smallest := report.smallest(); smallest != nil {
		lines = append(lines, "", smallest.text(command))
	}
	return strings.Join(lines, "\n")
}

func (report *Report) smallest() (smallest *Case) {
	for index := range report.Cases {
		if each := &report.Cases[index]; smallest == nil || each.size() < smallest.size() {
			smallest = each
		}
	}
	return smallest
}

// A case that was shrunk has few cuts.
func (each *Case) size() int {
	if each.Shrunk != nil {
		return 2 * each.Shrunk.Trial.Pieces
	}
	return 2*each.Trial.Pieces + 1
}

func (each *Case) text(command string) string {
	failure := each.Verdict.Failure
	if failure == "" {
		failure = each.Kind
	}
	lines := append([]string{fmt.Sprintf("%s  %s: %s", each.Trial.ID, failure, each.Detail)}, each.Where...)
	lines = append(lines, each.Dump, "expected  "+each.Expected.String(), "received  "+each.Received.String())
	if each.Replay != "" {
		_, words, _ := strings.Cut(each.Replay, " ")
		lines = append(lines, "replay    "+command+" "+words)
	}
	return strings.Join(lines, "\n")
}

func (of Excerpt) String() string {
	data, _ := hex.DecodeString(of.Hex)
	if len(data) > 60 {
		data = data[:60]
	}
	if of.TotalBytes == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%+q (%d bytes, from %d)", data, of.TotalBytes, of.Offset)
}
