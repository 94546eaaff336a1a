// Struct tags and package reflect: text outside ASCII.
package main

import (
	"fmt"
	"reflect"
)

type u struct {
	W string `json:"Ελλάδα"`
	X int    "いろはx"
}

func main() {
	t := reflect.TypeOf(u{})
	fmt.Printf("%q %q\n", string(t.Field(0).Tag), string(t.Field(1).Tag))
	fmt.Printf("%T\n", struct {
		A int `é"`
	}{})
}
