// Exprs prints what go/types records about every expression of packages for GOOS=js GOARCH=wasm, and their initialization
// order, in the form of ../expr-parity.ts: file, offset, kind, mode, type and constant value.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
)

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
}

func main() {
	fset := token.NewFileSet()
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for _, p := range list(os.Args[1:]) {
		if p.ImportPath == "unsafe" {
			continue
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				log.Fatal(err)
			}
			files = append(files, f)
		}
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
		}
		conf := types.Config{
			Importer: importerFunc(func(path string) (*types.Package, error) {
				if q := p.ImportMap[path]; q != "" {
					path = q
				}
				return done[path], nil
			}),
			Sizes:     types.SizesFor("gc", "wasm"),
			GoVersion: "go1.26",
		}
		pkg, err := conf.Check(p.ImportPath, fset, files, info)
		if err != nil {
			log.Fatalf("%s: %v", p.ImportPath, err)
		}
		done[p.ImportPath] = pkg
		fmt.Fprintf(w, "package %s\n", p.ImportPath)
		for _, init := range info.InitOrder {
			fmt.Fprint(w, "init")
			for _, v := range init.Lhs {
				fmt.Fprintf(w, " %s", v.Name())
			}
			fmt.Fprintln(w)
		}
		for _, f := range files {
			file := fset.File(f.Pos())
			fmt.Fprintf(w, "file %s\n", file.Name())
			ast.Inspect(f, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					print(w, file, info, e)
				}
				return true
			})
		}
	}
}

func print(w io.Writer, file *token.File, info *types.Info, e ast.Expr) {
	pos := e.Pos()
	kind := ""
	switch e := e.(type) {
	case *ast.Ident:
		kind = "Ident"
		if _, ok := info.ObjectOf(e).(*types.Label); ok {
			return // gc's checker leaves labels to the parser
		}
		// An embedded field's identifier is both.
		if def := info.Defs[e]; def != nil {
			fmt.Fprintf(w, "%d def %s %s\n", file.Offset(pos), def.Name(), def.Type())
		} else if use := info.Uses[e]; use != nil {
			fmt.Fprintf(w, "%d use %s\n", file.Offset(pos), use.Name())
		}
		if inst, ok := info.Instances[e]; ok {
			fmt.Fprintf(w, "%d inst", file.Offset(pos))
			for i := range inst.TypeArgs.Len() {
				fmt.Fprintf(w, " %s", inst.TypeArgs.At(i))
			}
			fmt.Fprintf(w, " %s\n", inst.Type)
		}
	case *ast.BasicLit:
		kind = "BasicLit"
	case *ast.CompositeLit:
		kind, pos = "CompositeLit", e.Lbrace
	case *ast.FuncLit:
		kind = "FuncLit"
	case *ast.ParenExpr:
		kind = "ParenExpr"
	case *ast.SelectorExpr:
		kind, pos = "SelectorExpr", e.Sel.Pos()
		if s := info.Selections[e]; s != nil {
			fmt.Fprintf(w, "%d sel %d %v %v %s\n", file.Offset(pos), s.Kind(), s.Index(), s.Indirect(), s.Recv())
		}
	case *ast.IndexExpr:
		kind, pos = "IndexExpr", e.Lbrack
	case *ast.IndexListExpr:
		kind, pos = "IndexExpr", e.Lbrack
	case *ast.SliceExpr:
		kind, pos = "SliceExpr", e.Lbrack
	case *ast.TypeAssertExpr:
		kind, pos = "TypeAssertExpr", e.Lparen
	case *ast.CallExpr:
		kind, pos = "CallExpr", e.Lparen
	case *ast.StarExpr:
		kind = "StarExpr"
	case *ast.UnaryExpr:
		kind = "UnaryExpr"
	case *ast.BinaryExpr:
		kind, pos = "BinaryExpr", e.OpPos
	default:
		return
	}
	tv, ok := info.Types[e]
	if !ok {
		return
	}
	if tv.IsNil() {
		// go/types and types2 differ about the type of nil.
		fmt.Fprintf(w, "%d %s nil\n", file.Offset(pos), kind)
		return
	}
	val := ""
	if tv.Value != nil {
		val = " = " + tv.Value.ExactString()
	}
	fmt.Fprintf(w, "%d %s %s %s%s\n", file.Offset(pos), kind, mode(tv), tv.Type, val)
}

func mode(tv types.TypeAndValue) string {
	switch {
	case tv.IsVoid():
		return "void"
	case tv.IsType():
		return "type"
	case tv.IsBuiltin():
		return "builtin"
	case tv.Value != nil:
		return "const"
	case tv.IsNil():
		return "nil"
	case tv.Addressable():
		return "var"
	default:
		return "value"
	}
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func list(patterns []string) []*listed {
	args := append([]string{"list", "-deps", "-e", "-json=ImportPath,Dir,GoFiles,ImportMap"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
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
