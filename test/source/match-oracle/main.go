// Command match-oracle prints, for each file named on standard input, "1" if go/build would build it for GOOS/GOARCH given as
// arguments, "0" if not, "e" if its build line is malformed.
package main

import (
	"bufio"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
)

func main() {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH = os.Args[1], os.Args[2]
	ctx.CgoEnabled = os.Args[3] == "cgo"
	ctx.BuildTags = os.Args[4:]
	ctx.ToolTags = nil
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		ok, err := ctx.MatchFile(filepath.Dir(in.Text()), filepath.Base(in.Text()))
		switch {
		case err != nil:
			fmt.Fprintln(out, "e")
		case ok:
			fmt.Fprintln(out, "1")
		default:
			fmt.Fprintln(out, "0")
		}
	}
}
