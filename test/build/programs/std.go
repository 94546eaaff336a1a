package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"html/template"
	"io"
	"iter"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	ttemplate "text/template"
	"time"
	"unicode"
)

type P struct {
	Name string            `json:"name" xml:"name,attr"`
	Age  int               `json:"age,omitempty"`
	Tags []string          `json:"tags"`
	M    map[string]float64 `json:"m" xml:"-"`
	Sub  *P                `json:"sub,omitempty"`
}

func seq(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range n {
			if !yield(i, strconv.Itoa(i*i)) {
				return
			}
		}
	}
}

func main() {
	p := P{"bob", 5, []string{"x", "y"}, map[string]float64{"pi": 3.14, "e": 2.7}, &P{Name: "kid"}}
	b, err := json.MarshalIndent(p, "", " ")
	fmt.Println(string(b), err)
	var q P
	fmt.Println(json.Unmarshal(b, &q), reflect.DeepEqual(p, q))
	var anyv any
	json.Unmarshal([]byte(`{"a":[1,2,{"b":null}],"c":"d"}`), &anyv)
	fmt.Println(anyv)
	x, err := xml.Marshal(p)
	fmt.Println(string(x), err)
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	fmt.Println(re.FindAllStringSubmatch("a@b.com, foo@bar.com", -1), re.ReplaceAllString("a@b.com", "$2.$1"))
	fmt.Printf("%x\n", sha256.Sum256([]byte("hello")))
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	zw.Write(bytes.Repeat([]byte("hello "), 1000))
	zw.Close()
	zr, _ := gzip.NewReader(&buf)
	d, err := io.ReadAll(zr)
	fmt.Println(len(d), err)
	f := new(big.Int)
	f.MulRange(1, 50)
	fmt.Println(f, new(big.Int).Exp(big.NewInt(3), big.NewInt(200), big.NewInt(1000007)))
	t := ttemplate.Must(ttemplate.New("x").Parse("{{range $i, $t := .Tags}}{{$i}}={{$t}};{{end}}{{.Name | printf \"%q\"}} {{with .Sub}}{{.Name}}{{end}}\n"))
	t.Execute(os.Stdout, p)
	ht := template.Must(template.New("h").Parse("<a href=\"{{.}}\">{{.}}</a>\n"))
	ht.Execute(os.Stdout, "<script>&")
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", "package x\nfunc  f(a int)int{return a+1}", 0)
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			fmt.Print(id.Name, " ")
		}
		return true
	})
	src, err := format.Source([]byte("package x\nfunc  f(a int)int{return a+1}"))
	fmt.Println(string(src), err)
	var g bytes.Buffer
	fmt.Println(gob.NewEncoder(&g).Encode(p))
	var pg P
	fmt.Println(gob.NewDecoder(&g).Decode(&pg), pg.Sub.Name)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	for i, s := range seq(10) {
		if i == 4 {
			break
		}
		fmt.Print(i, s, " ")
	}
	keys := slices.Sorted(maps.Keys(p.M))
	fmt.Println(keys, slices.Index(keys, "pi"))
	next, stop := iter.Pull2(seq(3))
	a1, a2, ok := next()
	fmt.Println(a1, a2, ok)
	stop()
	r := rand.New(rand.NewPCG(1, 2))
	fmt.Println(r.IntN(100), r.IntN(100), r.Float64())
	fmt.Println(math.Sqrt(2), math.Sin(1), math.Pow(2, 0.5), math.Inf(1), math.NaN(), math.MaxInt64)
	sc := bufio.NewScanner(strings.NewReader("l1\nl2 w\n"))
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	var cnt atomic.Int64
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { cnt.Add(1) })
	}
	wg.Wait()
	fmt.Println(cnt.Load(), hex.EncodeToString(binary.BigEndian.AppendUint32(nil, 0xdeadbeef)), unicode.IsUpper('É'))
	v := reflect.ValueOf(&p).Elem()
	for i := range v.NumField() {
		fmt.Print(v.Type().Field(i).Name, ":", v.Field(i).Kind(), " ")
	}
	m := reflect.ValueOf(strings.ToUpper).Call([]reflect.Value{reflect.ValueOf("abc")})
	fmt.Println(m[0])
	fn := reflect.MakeFunc(reflect.TypeOf(func(int, string) string { return "" }), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint(args[0].Int()*2, args[1]))}
	}).Interface().(func(int, string) string)
	fmt.Println(fn(21, "z"))
	fmt.Println(time.Date(2024, 2, 29, 1, 2, 3, 0, time.UTC).Format(time.RFC1123), time.Duration(1234567890))
	fmt.Println(strconv.Quote("a\tb☺"), strconv.FormatFloat(1.0/3, 'g', -1, 32))
	_, e2 := strconv.Atoi("zz")
	var ne *strconv.NumError
	fmt.Println(e2, errors.As(e2, &ne), ne.Func)
	fmt.Println(errors.Join(e2, io.EOF))
}
