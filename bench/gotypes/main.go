// Type-checks the packages listed on standard input (lines "path<TAB>dir<TAB>file file ...", dependencies first) with
// go/types on one core, and prints the processor time for parsing and for checking, in milliseconds. For bench/types.ts.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

type importer map[string]*types.Package

func (m importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := m[path]; p != nil {
		return p, nil
	}
	if p := m["vendor/"+path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("no package %s", path)
}

// cpu is the processor time used so far, as bench/types.ts counts it.
func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func main() {
	runtime.GOMAXPROCS(1)
	fset := token.NewFileSet()
	pkgs := importer{}
	var parse, check time.Duration
	errors := 0
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		f := strings.Split(in.Text(), "\t")
		t0 := cpu()
		var files []*ast.File
		for _, name := range strings.Fields(f[2]) {
			file, err := parser.ParseFile(fset, filepath.Join(f[1], name), nil, parser.SkipObjectResolution)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			files = append(files, file)
		}
		t1 := cpu()
		conf := types.Config{Importer: pkgs, Sizes: types.SizesFor("gc", "wasm"), GoVersion: "go1.26", Error: func(err error) {
			if errors++; errors < 10 {
				fmt.Fprintln(os.Stderr, err)
			}
		}}
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
			Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes: map[ast.Node]*types.Scope{},
		}
		pkg, _ := conf.Check(f[0], fset, files, info)
		pkgs[f[0]] = pkg
		parse += t1 - t0
		check += cpu() - t1
	}
	fmt.Printf("%d %d %d\n", parse.Milliseconds(), check.Milliseconds(), errors)
}
