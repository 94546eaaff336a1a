// Command runner runs a WASI module on wazero: runner file.wasm [arguments]. The module gets this process's streams, environment,
// working directory and, as "/", its whole file system, as a program built natively would. The exit status is the module's.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

func main() {
	status, err := run(context.Background(), os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "runner:", err)
		os.Exit(125)
	}
	os.Exit(status)
}

func run(ctx context.Context, file string, args []string) (int, error) {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	runtime := wazero.NewRuntime(ctx)
	defer runtime.Close(ctx)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, runtime); err != nil {
		return 0, err
	}
	module, err := runtime.CompileModule(ctx, wasm)
	if err != nil {
		return 0, err
	}
	name := strings.TrimSuffix(filepath.Base(file), ".wasm")
	config := wazero.NewModuleConfig().
		WithArgs(append([]string{name}, args...)...).
		WithStdin(os.Stdin).WithStdout(os.Stdout).WithStderr(os.Stderr).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader).
		WithFSConfig(wazero.NewFSConfig().WithDirMount("/", "/"))
	for _, setting := range os.Environ() {
		if name, value, _ := strings.Cut(setting, "="); name != "PWD" && name != "" {
			config = config.WithEnv(name, value)
		}
	}
	if dir, err := os.Getwd(); err == nil {
		config = config.WithEnv("PWD", dir)
	}
	_, err = runtime.InstantiateModule(ctx, module, config)
	if exit := new(sys.ExitError); errors.As(err, &exit) {
		return int(exit.ExitCode()), nil
	}
	return 0, err
}
