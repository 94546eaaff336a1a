// Callbacks: library functions that call back into the program's own.
package main

import (
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"testing/fstest"
)

type person struct {
	name string
	age  int
}

// byAge has what sort.Sort calls.
type byAge []person

func (p byAge) Len() int           { return len(p) }
func (p byAge) Less(i, j int) bool { return p[i].age < p[j].age }
func (p byAge) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }

func main() {
	people := []person{{"Gopher", 13}, {"Alice", 30}, {"Bob", 25}, {"Eve", 30}, {"Dave", 25}, {"Carol", 30}}

	// Equal elements keep their order: people of an age stay as they were.
	sort.SliceStable(people, func(i, j int) bool { return people[i].age < people[j].age })
	fmt.Println(people)

	sort.Sort(sort.Reverse(byAge(people)))
	fmt.Println(people[0].age, people[len(people)-1].age)

	slices.SortFunc(people, func(a, b person) int { return strings.Compare(a.name, b.name) })
	at, found := slices.BinarySearchFunc(people, "Dave", func(p person, name string) int { return strings.Compare(p.name, name) })
	fmt.Println(people[at], found)

	fmt.Println(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r == ' ':
			return -1
		}
		return r
	}, "uryyb, jbeyq"))
	fmt.Printf("%q\n", strings.FieldsFunc("one;two,,three", func(r rune) bool { return r == ';' || r == ',' }))

	tree := fstest.MapFS{"a/x.txt": {Data: []byte("x")}, "a/b/y.txt": {Data: []byte("yy")}, "c.txt": {Data: []byte("ccc")}}
	total := 0
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += int(info.Size())
			fmt.Println(path, info.Size())
		}
		return err
	})
	fmt.Println(total, err)

	// An early end: the callback says when it has seen enough.
	n := 0
	for i := range sequence(10) {
		if n++; i == 4 {
			break
		}
	}
	fmt.Println("called", n, "times")
}

// sequence calls back with 0, 1, 2… until it is told to stop.
func sequence(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}
