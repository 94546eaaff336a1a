// Command gc-oracle runs gc's own parser over the files named on standard input, one a line, and prints for each file a line
// "= name" followed by its errors as "line:col: message",
// with the position that line directives give behind it. With -exprs it prints every expression of the files that
// parse, as "line:col line:col kind text" (start, gc's position, node type, short form), instead.
//
// It is built by ../gc.ts in a copy of GOROOT/src/cmd/compile/internal/syntax, which can't be imported from outside.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"gcoracle/syntax"
)

func main() {
	exprs := len(os.Args) > 1 && os.Args[1] == "-exprs"
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		name := in.Text()
		f, err := os.Open(name)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(out, "= %s\n", name)
		errs := 0
		file, _ := syntax.Parse(syntax.NewFileBase(name), f, func(err error) {
			e := err.(syntax.Error)
			errs++
			if !exprs {
				fmt.Fprintf(out, "%d:%d: %s", e.Pos.Line(), e.Pos.Col(), strings.ReplaceAll(e.Msg, "\n", "\\n"))
				if e.Pos.RelFilename() != name || e.Pos.RelLine() != e.Pos.Line() {
					fmt.Fprintf(out, " (%s:%d:%d)", e.Pos.RelFilename(), e.Pos.RelLine(), e.Pos.RelCol())
				}
				fmt.Fprintln(out)
			}
		}, nil, syntax.CheckBranches)
		f.Close()
		if exprs && file != nil && errs == 0 {
			syntax.Inspect(file, func(n syntax.Node) bool {
				x, ok := n.(syntax.Expr)
				if !ok {
					return true
				}
				switch x.(type) {
				case *syntax.ListExpr, *syntax.TypeSwitchGuard, *syntax.DotsType, *syntax.KeyValueExpr:
					return true
				}
				start := syntax.StartPos(x)
				kind := strings.TrimPrefix(fmt.Sprintf("%T", x), "*syntax.")
				fmt.Fprintf(out, "%d:%d %d:%d %s %s\n", start.Line(), start.Col(), x.Pos().Line(), x.Pos().Col(), kind, strings.ReplaceAll(syntax.String(x), "\n", "\\n"))
				return true
			})
		}
	}
}
