// The process and its surroundings.
package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/user"
	"syscall"
	"time"
)

func main() {
	fmt.Printf("%q\n", os.Args[1:])
	fmt.Printf("%q %q\n", os.Getenv("ODD"), os.Getenv("EMPTY"))
	_, set := os.LookupEnv("EMPTY")
	fmt.Println(set)
	os.Setenv("NEW", "x")
	fmt.Println(os.ExpandEnv("$NEW ${HOME}"))
	host, err := os.Hostname()
	fmt.Println(host, err)
	home, err := os.UserHomeDir()
	fmt.Println(home, err)
	fmt.Println(os.Getpid() > 0, os.Getppid() > 0, os.Getuid(), os.Getegid())
	groups, err := os.Getgroups()
	fmt.Println(groups, err)
	u, err := user.Current()
	fmt.Println(u.Username, u.HomeDir, err)
	exe, err := os.Executable()
	fmt.Println(exe != "", err)
	fmt.Println(os.TempDir())
	var tv syscall.Timeval
	fmt.Println(syscall.Gettimeofday(&tv), time.Since(time.Unix(tv.Sec, tv.Usec*1000)) < time.Minute)

	big := make([]byte, 200_000)
	n, err := rand.Read(big)
	zeros := 0
	for _, b := range big {
		if b == 0 {
			zeros++
		}
	}
	fmt.Println(n, err, zeros > 500 && zeros < 1100)

	fmt.Println(time.Local, time.Unix(1_700_000_000, 0))
	ny, err := time.LoadLocation("America/New_York")
	fmt.Println(time.Unix(1_700_000_000, 0).In(ny), err)
	_, err = time.LoadLocation("No/Where")
	fmt.Println(err)
}
