// Values in memory through unique.Make, which clones them.
package main

import (
	"fmt"
	"unique"
)

type pair struct {
	name  string
	parts [3]string
	n     int
}

func main() {
	a := unique.Make([4]int{7, 77, 777, 7777})
	b := unique.Make(pair{"x", [3]string{"a", "b", "c"}, 5})
	fmt.Println(a.Value(), b.Value(), unique.Make("text").Value())
	fmt.Println(a == unique.Make([4]int{7, 77, 777, 7777}), b == unique.Make(pair{name: "x"}))
}
