// Concurrent programs whose results any lost wake-up, goroutine run twice, broken queue or freed object would change. The first
// argument says which; what it prints and its exit status are the same on every schedule, and native Go's.
package main

import (
	"fmt"
	"os"
	"sort"
)

var scenarios = map[string]func(){
	"answers":    answers,
	"buffered":   buffered,
	"cond":       cond,
	"contexts":   contexts,
	"coroutines": coroutines,
	"deadlock":   deadlock,
	"ends":       ends,
	"files":      files,
	"fifo":       fifo,
	"finalizers": finalizers,
	"goexit":     goexitMain,
	"hot":        hot,
	"idle":       idle,
	"locks":      locks,
	"maps":       maps,
	"osthread":   osthread,
	"outside":    outside,
	"pipeline":   pipeline,
	"procs":      procs,
	"recursion":  recursion,
	"selects":    selects,
	"spawn":      spawn,
	"stacks":     stacks,
	"stuck":      stuck,
	"timers":     timers,
	"turns":      turns,
	"unbuffered": unbuffered,
	"workers":    workers,
	"world":      world,
}

func main() {
	if len(os.Args) > 1 {
		if run := scenarios[os.Args[1]]; run != nil {
			run()
			return
		}
	}
	names := make([]string, 0, len(scenarios))
	for name := range scenarios {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(name)
	}
}

// check ends the program if a condition that must hold does not.
func check(ok bool, format string, args ...any) {
	if !ok {
		panic("wrong: " + fmt.Sprintf(format, args...))
	}
}
