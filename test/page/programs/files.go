// Files, standard streams, arguments, environment and random bytes, as on a system of the user's own.
package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

func show(what string, err error) {
	var errno syscall.Errno
	errors.As(err, &errno)
	fmt.Println(what, err == nil, errno, errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrExist))
}

func main() {
	fmt.Println(len(os.Args), os.Args[1:], os.Getenv("WHAT"))
	lines := 0
	for s := bufio.NewScanner(os.Stdin); s.Scan(); lines++ {
		fmt.Println("line:", s.Text())
	}
	fmt.Println("lines:", lines)

	dir, err := os.MkdirTemp("", "files")
	show("temp", err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "a.txt")
	show("write", os.WriteFile(name, []byte("one two three"), 0o640))
	st, _ := os.Stat(name)
	fmt.Println(st.Name(), st.Size(), st.Mode(), st.IsDir())
	f, _ := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
	f.WriteString(" four")
	f.ReadAt(make([]byte, 3), 4)
	f.Seek(4, 0)
	b := make([]byte, 3)
	f.Read(b)
	fmt.Println(string(b))
	show("close", f.Close())
	show("again", f.Close())
	show("truncate", os.Truncate(name, 7))
	data, _ := os.ReadFile(name)
	fmt.Printf("%q\n", data)

	show("mkdir", os.Mkdir(filepath.Join(dir, "d"), 0o755))
	show("mkdir", os.Mkdir(filepath.Join(dir, "d"), 0o755))
	show("mkdirall", os.MkdirAll(filepath.Join(dir, "x/y/z"), 0o755))
	show("rename", os.Rename(name, filepath.Join(dir, "d/b.txt")))
	show("open", func() error { _, err := os.Open(name); return err }())
	show("notdir", func() error { _, err := os.Open(filepath.Join(dir, "d/b.txt/c")); return err }())
	show("isdir", os.WriteFile(filepath.Join(dir, "d"), nil, 0o600))
	show("rmdir", os.Remove(filepath.Join(dir, "d")))
	show("into itself", os.Rename(filepath.Join(dir, "x"), filepath.Join(dir, "x/y/x")))
	show("symlink", os.Symlink("d/b.txt", filepath.Join(dir, "link")))
	show("loop", os.Symlink("loop", filepath.Join(dir, "loop")))
	show("loop", func() error { _, err := os.ReadFile(filepath.Join(dir, "loop")); return err }())
	data, err = os.ReadFile(filepath.Join(dir, "link"))
	fmt.Printf("%q\n", data)
	show("link", os.Link(filepath.Join(dir, "d/b.txt"), filepath.Join(dir, "hard")))
	filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		fmt.Println(strings.TrimPrefix(path, dir), e.Type(), err)
		return nil
	})

	// Many goroutines, on whatever threads.
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			p := filepath.Join(dir, fmt.Sprint("g", i))
			for range 10 {
				os.WriteFile(p, []byte(strings.Repeat("x", i*100)), 0o600)
			}
		})
	}
	wg.Wait()
	total := 0
	for i := range 20 {
		data, _ := os.ReadFile(filepath.Join(dir, fmt.Sprint("g", i)))
		total += len(data)
	}
	fmt.Println("total:", total)
	r := make([]byte, 100_000)
	n, err := rand.Read(r)
	zero := 0
	for _, x := range r {
		if x == 0 {
			zero++
		}
	}
	fmt.Println(n, err, zero > 200 && zero < 600)
	fmt.Fprintln(os.Stderr, "to standard error")
	println("by println")
	os.Exit(3)
}
