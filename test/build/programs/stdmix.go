// A walk through the larger packages of std: json, template, regexp, big, hashes, compression, time, text, sort, bufio.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"container/heap"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"hash/crc32"
	"hash/fnv"
	"html/template"
	"io"
	"log/slog"
	"math"
	"math/big"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	ttemplate "text/template"
	"time"
	"unicode"
)

type Person struct {
	Name    string            `json:"name" xml:"name,attr"`
	Age     int               `json:"age,omitempty" xml:"age"`
	Tags    []string          `json:"tags" xml:"tags>tag"`
	Extra   map[string]any    `json:"extra,omitempty" xml:"-"`
	Friend  *Person           `json:"friend,omitempty" xml:"friend"`
	private int
	When    time.Time         `json:"when" xml:"when"`
}

func (p Person) Greet(s string) string { return s + ", " + p.Name }

type Celsius float64

func (c Celsius) MarshalText() ([]byte, error) { return []byte(strconv.FormatFloat(float64(c), 'f', 1, 64) + "C"), nil }

type IntHeap []int

func (h IntHeap) Len() int           { return len(h) }
func (h IntHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h IntHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *IntHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *IntHeap) Pop() any {
	o := *h
	x := o[len(o)-1]
	*h = o[:len(o)-1]
	return x
}

func check(err error) {
	if err != nil {
		fmt.Println("error:", err)
	}
}

func main() {
	when := time.Date(2024, 2, 29, 13, 4, 5, 600, time.UTC)
	p := Person{Name: "Ann", Age: 30, Tags: []string{"a", "b"}, Extra: map[string]any{"x": 1.5, "y": []int{1}, "t": Celsius(21.55)}, Friend: &Person{Name: "Bob"}, When: when}
	b, err := json.MarshalIndent(p, "", " ")
	check(err)
	fmt.Println(string(b))
	var q Person
	check(json.Unmarshal(b, &q))
	fmt.Printf("%+v %v\n", q.Extra, q.Friend.Name)
	var syn *json.SyntaxError
	fmt.Println(errors.As(json.Unmarshal([]byte(`{"a":}`), &q), &syn), syn)
	x, err := xml.Marshal(p)
	check(err)
	fmt.Println(string(x))
	t := ttemplate.Must(ttemplate.New("t").Funcs(ttemplate.FuncMap{"up": strings.ToUpper}).Parse("{{range $i, $t := .Tags}}{{$i}}={{$t | up | printf \"%q\"}} {{end}}{{.Greet \"Hi\"}} {{with .Friend}}{{.Name}}{{end}} {{len .Tags}} {{index .Tags 1}}\n"))
	check(t.Execute(os.Stdout, p))
	ht := template.Must(template.New("h").Parse("<a href=\"/?q={{.Name}}\">{{.Name}}</a>\n"))
	check(ht.Execute(os.Stdout, Person{Name: "<b>&'x'"}))
	re := regexp.MustCompile(`(?i)(\w+)@(\w+)\.com`)
	fmt.Println(re.FindAllStringSubmatch("Foo@bar.com, x@y.COM", -1), re.ReplaceAllString("a@b.com", "$2 at $1"))
	f := new(big.Int).MulRange(1, 60)
	r := new(big.Rat).SetFrac64(355, 113)
	fl, _ := new(big.Float).SetPrec(200).SetString("1.5e100")
	fmt.Println(f, new(big.Int).Exp(big.NewInt(3), big.NewInt(200), big.NewInt(1000007)), r.FloatString(20), fl.Text('g', 40), new(big.Int).Sqrt(f))
	fmt.Printf("%x %08x %x\n", sha256.Sum256([]byte("abc")), crc32.ChecksumIEEE([]byte("abc")), fnv.New64a().Sum(nil))
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	io.WriteString(zw, strings.Repeat("hello gzip ", 100))
	zw.Close()
	zr, err := gzip.NewReader(&buf)
	check(err)
	data, err := io.ReadAll(zr)
	fmt.Println(len(data), err, base64.StdEncoding.EncodeToString(data[:9]), hex.EncodeToString(data[:4]))
	buf.Reset()
	check(gob.NewEncoder(&buf).Encode(map[string][]float64{"pi": {math.Pi, math.E}}))
	var g map[string][]float64
	check(gob.NewDecoder(&buf).Decode(&g))
	fmt.Println(g)
	h := &IntHeap{5, 2, 8}
	heap.Init(h)
	heap.Push(h, 3)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
	u, err := url.Parse("https://user:pw@host:8080/a%20b/c?x=1&y=2#frag")
	fmt.Println(u.Host, u.Path, u.Query()["y"], u.Fragment, err, filepath.Join("a", "../b", "c"))
	fmt.Println(when.Format(time.RFC1123), when.AddDate(0, 1, 1).Weekday(), when.Sub(when.Add(-90*time.Minute)), when.YearDay())
	d, err := time.ParseDuration("1h15m30.918s")
	fmt.Println(d, err, d.Round(time.Minute))
	rng := rand.New(rand.NewPCG(1, 2))
	fmt.Println(rng.IntN(1000), rng.Float64(), rng.Perm(5))
	tw := tabwriter.NewWriter(os.Stdout, 0, 8, 1, '.', tabwriter.AlignRight)
	fmt.Fprintln(tw, "a\tbbb\tc")
	fmt.Fprintln(tw, "aaaa\tb\tccccc")
	tw.Flush()
	sc := bufio.NewScanner(strings.NewReader("one two\nthree"))
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		fmt.Print(sc.Text(), ";")
	}
	fmt.Println(strings.FieldsFunc("a1b2", unicode.IsDigit), strings.Map(func(r rune) rune { return r + 1 }, "HAL"))
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", "package x; func f(a int)int{return a+1}", 0)
	check(err)
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			fmt.Print(id.Name, " ")
		}
		return true
	})
	printer.Fprint(os.Stdout, fset, file)
	bs := binary.BigEndian.AppendUint32(nil, 0xdeadbeef)
	fmt.Println(bs, slices.Compact([]int{1, 1, 2, 2, 1}), strconv.Quote("tab\t\u2028é"), math.Sqrt(2), math.Inf(1), -0.0)
	slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "time" {
			return slog.Attr{}
		}
		return a
	}})).Info("msg", "k", 1, "d", d)
	var n int
	var s string
	fmt.Sscanf("42 abc", "%d %s", &n, &s)
	fmt.Printf("%d %s %6.2f|%-8s|%+d|%#x|%v|%08b|%e|%t|%U|%c|%p\n", n, s, math.Pi, "ab", 5, "hi", &p.Tags, 5, 12345.678, true, 'é', 'x', nil)
}
