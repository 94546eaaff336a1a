// Files: what package os does with them, and the errors it gives.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"syscall"
	"time"
)

var dir string

// show prints an error without the name of the temporary directory, its type and number.
func show(what string, err error) {
	if err == nil {
		fmt.Println(what, "ok")
		return
	}
	var errno syscall.Errno
	errors.As(err, &errno)
	fmt.Printf("%s: %s [%T errno %d] exist=%v notexist=%v perm=%v\n", what, strings.ReplaceAll(err.Error(), dir, "DIR"), err, uintptr(errno),
		errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission))
}

func main() {
	var err error
	dir, err = os.MkdirTemp("", "goloom-files-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	dir, _ = filepath.EvalSymlinks(dir)
	show("chdir", os.Chdir(dir))
	wd, err := os.Getwd()
	fmt.Println(wd == dir, err)

	show("write", os.WriteFile("a.txt", []byte("hello, world\n"), 0640))
	b, err := os.ReadFile("a.txt")
	fmt.Printf("%q %v\n", b, err)
	st, _ := os.Stat("a.txt")
	fmt.Println(st.Name(), st.Size(), st.Mode(), st.IsDir(), time.Since(st.ModTime()) < time.Minute)
	_, err = os.Open("none")
	show("open", err)
	_, err = os.Open("a.txt/b")
	show("below a file", err)
	_, err = os.OpenFile("a.txt", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0600)
	show("excl", err)
	_, err = os.OpenFile("", os.O_RDONLY, 0)
	show("empty", err)
	_, err = os.OpenFile("nul\x00", os.O_RDONLY, 0)
	show("nul", err)
	_, err = os.OpenFile(dir, os.O_WRONLY, 0)
	show("directory for writing", err)
	_, err = os.ReadFile(dir)
	show("read directory", err)
	_, err = os.Open(strings.Repeat("x", 300))
	if err != nil {
		fmt.Println(errors.Is(err, syscall.ENAMETOOLONG))
	}

	f, err := os.OpenFile("rw", os.O_RDWR|os.O_CREATE|os.O_TRUNC|os.O_SYNC, 0666)
	show("create", err)
	n, err := f.WriteString("0123456789")
	fmt.Println(n, err)
	at, err := f.Seek(3, io.SeekStart)
	fmt.Println(at, err)
	buf := make([]byte, 4)
	n, err = f.Read(buf)
	fmt.Println(n, err, string(buf))
	at, err = f.Seek(-2, io.SeekCurrent)
	fmt.Println(at, err)
	fmt.Fprint(f, "ABC")
	at, err = f.Seek(-1, io.SeekEnd)
	fmt.Println(at, err)
	_, err = f.Seek(-20, io.SeekCurrent)
	show("seek", err)
	n, err = f.ReadAt(buf, 8)
	fmt.Println(n, err, string(buf[:n]))
	n, err = f.WriteAt([]byte("xyz"), 20)
	fmt.Println(n, err)
	show("truncate", f.Truncate(15))
	show("sync", f.Sync())
	_, err = f.ReadAt(buf, -1)
	show("negative", err)
	show("close", f.Close())
	show("close again", f.Close())
	_, err = f.Read(buf)
	show("read closed", err)
	b, _ = os.ReadFile("rw")
	fmt.Printf("%q\n", b)

	f, _ = os.OpenFile("rw", os.O_APPEND|os.O_RDWR, 0)
	f.Read(buf)
	f.WriteString("end")
	at, err = f.Seek(0, io.SeekCurrent)
	fmt.Println(at, err)
	_, err = f.WriteAt([]byte("x"), 0)
	show("writeat append", err)
	f.Close()
	f, _ = os.Open("rw")
	_, err = f.Write([]byte("x"))
	show("write read-only", err)
	f.Close()

	show("mkdir", os.Mkdir("d", 0755))
	show("mkdir again", os.Mkdir("d", 0755))
	show("mkdirall", os.MkdirAll("d/e/f", 0711))
	show("mkdir below none", os.Mkdir("none/d", 0755))
	show("remove full", os.Remove("d"))
	for i := 0; i < 300; i++ {
		os.WriteFile(fmt.Sprintf("d/file%03d", i), nil, 0600)
	}
	show("symlink", os.Symlink("file000", "d/link"))
	entries, err := os.ReadDir("d")
	fmt.Println(len(entries), err, entries[0], entries[len(entries)-1])
	d, _ := os.Open("d")
	total := 0
	for {
		es, err := d.ReadDir(77)
		total += len(es)
		if err != nil {
			fmt.Println(total, err)
			break
		}
	}
	d.Seek(0, 0)
	names, err := d.Readdirnames(-1)
	sort.Strings(names)
	fmt.Println(len(names), err, names[0])
	show("chdir", d.Chdir())
	_, err = os.Stat("file001")
	show("stat", err)
	os.Chdir("..")
	d.Close()

	target, err := os.Readlink("d/link")
	fmt.Println(target, err)
	_, err = os.Readlink("a.txt")
	show("readlink", err)
	lst, _ := os.Lstat("d/link")
	fmt.Println(lst.Mode(), lst.Size())
	show("dangling", os.Symlink("nowhere", "dangling"))
	_, err = os.Stat("dangling")
	show("stat", err)
	show("loop", os.Symlink("loop", "loop"))
	_, err = os.Open("loop")
	show("open", err)
	show("link", os.Link("a.txt", "hard"))
	st2, _ := os.Stat("hard")
	st, _ = os.Stat("a.txt")
	fmt.Println(os.SameFile(st, st2))
	show("link", os.Link("none", "x"))
	show("rename", os.Rename("hard", "moved"))
	show("rename", os.Rename("none", "x"))
	show("rename over directory", os.Rename("a.txt", "d"))
	show("chmod", os.Chmod("moved", 0751|fs.ModeSticky))
	st, _ = os.Stat("moved")
	fmt.Println(st.Mode())
	old := syscall.Umask(077)
	os.WriteFile("masked", nil, 0777)
	st, _ = os.Stat("masked")
	fmt.Printf("%o %v\n", old, st.Mode())
	syscall.Umask(old)
	when := time.Unix(1500000000, 250000000)
	show("chtimes", os.Chtimes("moved", when, when.Add(time.Hour)))
	st, _ = os.Stat("moved")
	fmt.Println(st.ModTime().UTC())
	show("truncate", os.Truncate("moved", 5))
	show("truncate", os.Truncate("moved", -1))
	show("chown", os.Chown("none", 1, 1))
	b, _ = os.ReadFile("moved")
	fmt.Printf("%q\n", b)
	odd := "odd\xff\xfename"
	show("odd name", os.WriteFile(odd, nil, 0600))
	es, _ := filepath.Glob("odd*")
	fmt.Printf("%q\n", es)

	tmp, err := os.CreateTemp(dir, "t*.txt")
	fmt.Println(err, filepath.Ext(tmp.Name()))
	st, _ = tmp.Stat()
	fmt.Println(st.Mode(), st.Size())
	tmp.Close()
	show("remove", os.Remove(tmp.Name()))
	fmt.Println(errors.Is(os.Remove(tmp.Name()), fs.ErrNotExist))
	root, err := os.OpenRoot(dir)
	show("root", err)
	_, err = root.Open("../x")
	fmt.Println(err)
	show("root", root.WriteFile("in", []byte("x"), 0600))
	_, err = root.Stat("in")
	show("root", err)
	root.Close()
	var walked []string
	filepath.WalkDir("d/e", func(path string, d fs.DirEntry, err error) error { walked = append(walked, path); return err })
	fmt.Println(walked)
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	n, err2 := null.Write(make([]byte, 100))
	fmt.Println(err, n, err2)
	n, err = null.Read(buf)
	fmt.Println(n, err)
	st, _ = null.Stat()
	fmt.Println(st.Mode())
	show("removeall", os.RemoveAll(dir))
	_, err = os.Stat(dir)
	show("gone", err)
	runtime.GC()
}
