package unix

import (
	"syscall"
	_ "unsafe" // for linkname
)

// Sending and receiving with addresses of one kind are package syscall's.

//go:linkname RecvfromInet4 syscall.recvfromInet4
func RecvfromInet4(fd int, p []byte, flags int, from *syscall.SockaddrInet4) (int, error)

//go:linkname RecvfromInet6 syscall.recvfromInet6
func RecvfromInet6(fd int, p []byte, flags int, from *syscall.SockaddrInet6) (n int, err error)

//go:linkname RecvmsgInet4 syscall.recvmsgInet4
func RecvmsgInet4(fd int, p, oob []byte, flags int, from *syscall.SockaddrInet4) (n, oobn int, recvflags int, err error)

//go:linkname RecvmsgInet6 syscall.recvmsgInet6
func RecvmsgInet6(fd int, p, oob []byte, flags int, from *syscall.SockaddrInet6) (n, oobn int, recvflags int, err error)

//go:linkname SendmsgNInet4 syscall.sendmsgInet4
func SendmsgNInet4(fd int, p, oob []byte, to *syscall.SockaddrInet4, flags int) (n int, err error)

//go:linkname SendmsgNInet6 syscall.sendmsgInet6
func SendmsgNInet6(fd int, p, oob []byte, to *syscall.SockaddrInet6, flags int) (n int, err error)

func SendtoInet4(fd int, p []byte, flags int, to *syscall.SockaddrInet4) (err error) {
	_, err = SendmsgNInet4(fd, p, nil, to, flags)
	return err
}

func SendtoInet6(fd int, p []byte, flags int, to *syscall.SockaddrInet6) (err error) {
	_, err = SendmsgNInet6(fd, p, nil, to, flags)
	return err
}
