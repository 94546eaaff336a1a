// Child processes: output, input, errors, statuses, signals.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

func main() {
	out, err := exec.Command("echo", "hello", "world").Output()
	fmt.Printf("%q %v\n", out, err)
	path, err := exec.LookPath("sh")
	fmt.Println(strings.HasSuffix(path, "/sh"), err)
	_, err = exec.LookPath("no-such-command")
	fmt.Println(err, errors.Is(err, exec.ErrNotFound))
	err = exec.Command("/none/at/all").Run()
	fmt.Println(err, errors.Is(err, fs.ErrNotExist))
	err = exec.Command("/etc/passwd").Run()
	fmt.Println(err, errors.Is(err, fs.ErrPermission))

	c := exec.Command("cat")
	c.Stdin = strings.NewReader(strings.Repeat("line\n", 50000))
	out, err = c.Output()
	fmt.Println(len(out), err)
	c = exec.Command("sh", "-c", "echo out; echo err >&2; exit 3")
	out, err = c.CombinedOutput()
	var exit *exec.ExitError
	fmt.Printf("%q %v %v %d\n", out, err, errors.As(err, &exit), exit.ExitCode())
	c = exec.Command("sh", "-c", "echo $X-$Y; pwd")
	c.Env = []string{"X=1", "Y=ä"}
	c.Dir = "/usr"
	out, err = c.Output()
	fmt.Printf("%q %v\n", out, err)

	c = exec.Command("sh", "-c", "while read x; do echo got $x; done")
	in, _ := c.StdinPipe()
	stdout, _ := c.StdoutPipe()
	fmt.Println(c.Start())
	io.WriteString(in, "a\n")
	buf := make([]byte, 100)
	n, err := stdout.Read(buf)
	fmt.Printf("%q %v\n", buf[:n], err)
	io.WriteString(in, "b\n")
	in.Close()
	rest, err := io.ReadAll(stdout)
	fmt.Printf("%q %v %v\n", rest, err, c.Wait())

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	err = exec.CommandContext(ctx, "sleep", "20").Run()
	fmt.Println(err, time.Since(start) < 10*time.Second)
	c = exec.Command("sleep", "20")
	c.Start()
	c.Process.Signal(syscall.SIGTERM)
	fmt.Println(c.Wait(), c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	fmt.Println(c.Process.Kill())
	// A child that does not read what it is given.
	c = exec.Command("true")
	c.Stdin = bytes.NewReader(make([]byte, 1<<20))
	fmt.Println(c.Run())
	// The program's own streams.
	c = exec.Command("sh", "-c", "cat; echo to stderr >&2")
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	fmt.Println(c.Run())
	f, _ := os.CreateTemp("", "exec")
	defer os.Remove(f.Name())
	c = exec.Command("echo", "to a file")
	c.Stdout = f
	fmt.Println(c.Run())
	f.Close()
	b, _ := os.ReadFile(f.Name())
	fmt.Printf("%q\n", b)
	p, err := os.StartProcess("/bin/sh", []string{"sh", "-c", "exit 5"}, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr}})
	if err != nil {
		fmt.Println(err)
		return
	}
	st, err := p.Wait()
	fmt.Println(st, err, st.Success())
	_, err = p.Wait()
	fmt.Println(err)
}
