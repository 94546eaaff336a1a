// Describe prints what go/types makes of packages for GOARCH=wasm: one line per package-level object, method and size, in
// the form of ../describe.ts.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
}

var (
	goos   = flag.String("goos", "js", "GOOS")
	bodies = flag.Bool("bodies", false, "check function bodies and print the time it took, nothing else")
)

func main() {
	flag.Parse()
	pkgs := list(flag.Args())
	fset := token.NewFileSet()
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	sizes := types.SizesFor("gc", "wasm")
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	var parseTime, checkTime time.Duration
	for _, p := range pkgs {
		if p.ImportPath == "unsafe" {
			continue
		}
		t0 := time.Now()
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				log.Fatal(err)
			}
			files = append(files, f)
		}
		t1 := time.Now()
		conf := types.Config{
			Importer:         importerFunc(func(path string) (*types.Package, error) { return lookup(done, p, path) }),
			Sizes:            sizes,
			IgnoreFuncBodies: !*bodies,
			GoVersion:        "go1.26",
		}
		info := &types.Info{}
		if *bodies {
			info = &types.Info{
				Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
				Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{}, Implicits: map[ast.Node]types.Object{},
			}
		}
		pkg, err := conf.Check(p.ImportPath, fset, files, info)
		if err != nil {
			log.Fatalf("%s: %v", p.ImportPath, err)
		}
		parseTime += t1.Sub(t0)
		checkTime += time.Since(t1)
		done[p.ImportPath] = pkg
		if !*bodies {
			describe(w, pkg, sizes)
		}
	}
	if *bodies {
		fmt.Fprintf(w, "go/types: %d packages, parse %d ms, check %d ms\n", len(done)-1, parseTime.Milliseconds(), checkTime.Milliseconds())
	}
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func lookup(done map[string]*types.Package, from *listed, path string) (*types.Package, error) {
	if p := from.ImportMap[path]; p != "" {
		path = p
	}
	if pkg := done[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("not loaded")
}

func list(patterns []string) []*listed {
	args := append([]string{"list", "-deps", "-e", "-json=ImportPath,Dir,GoFiles,ImportMap"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS="+*goos, "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	var pkgs []*listed
	dec := json.NewDecoder(out)
	for {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if err := cmd.Wait(); err != nil {
		log.Fatal(err)
	}
	return pkgs
}

func describe(w io.Writer, pkg *types.Package, sizes types.Sizes) {
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		line := pkg.Path() + ": " + types.ObjectString(obj, nil)
		if c, ok := obj.(*types.Const); ok {
			line += " = " + exact(c.Val())
		}
		fmt.Fprintln(w, line)
		tname, ok := obj.(*types.TypeName)
		if !ok || tname.IsAlias() {
			continue
		}
		named, ok := tname.Type().(*types.Named)
		if !ok || named.TypeParams().Len() > 0 {
			continue
		}
		if !types.IsInterface(named) {
			fmt.Fprintf(w, "%s: size %s %d %d\n", pkg.Path(), name, sizes.Sizeof(named), sizes.Alignof(named))
		}
		if s, ok := named.Underlying().(*types.Struct); ok {
			var fields []*types.Var
			for i := range s.NumFields() {
				fields = append(fields, s.Field(i))
			}
			fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%s: offsets %s %s", pkg.Path(), name, strings.Trim(fmt.Sprint(sizes.Offsetsof(fields)), "[]")), " "))
		}
		for _, recv := range []types.Type{named, types.NewPointer(named)} {
			ms := types.NewMethodSet(recv)
			for i := range ms.Len() {
				s := ms.At(i)
				if !s.Obj().Exported() {
					continue
				}
				index := strings.ReplaceAll(strings.Trim(fmt.Sprint(s.Index()), "[]"), " ", ".")
				// A method value's type has no receiver, the method's own type does; neither is printed.
				fmt.Fprintf(w, "%s: method (%s) %s %s %v %s\n", pkg.Path(), recv, s.Obj().Name(), index, s.Indirect(), s.Obj().Type())
			}
		}
	}
}

func exact(v constant.Value) string { return v.ExactString() }
