// Variables that stay in the function's own memory: what is known of their contents after bulk operations.
package main

import (
	"fmt"
	"slices"
)

func main() {
	mem := []*int{new(int), new(int), new(int), new(int), new(int), new(int)}
	s := slices.Delete(mem[0:5], 2, 4)
	fmt.Println(len(s), mem[2] != nil, mem[3] != nil, mem[4] != nil, mem[5] != nil)

	words := [4]string{"a", "b", "c", "d"}
	tail := words[1:]
	clear(tail[:len(s)-1])
	fmt.Println(words[0] == "a", words[1] == "", words[2] == "", words[3] == "d")

	nums := [4]int{1, 2, 3, 4}
	copy(nums[1:], nums[:len(s)])
	fmt.Println(nums[0], nums[1], nums[2], nums[3])
}
