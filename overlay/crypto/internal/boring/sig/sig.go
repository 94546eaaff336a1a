// Package sig has the markers for binaries with certified crypto; here they do nothing.
package sig

// BoringCrypto marks code that uses BoringCrypto.
func BoringCrypto() {}

// FIPSOnly marks code that allows FIPS-approved settings only.
func FIPSOnly() {}

// StandardCrypto marks code that uses the standard library's crypto.
func StandardCrypto() {}
