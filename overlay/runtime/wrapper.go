package runtime

// panicwrapText is called by the wrapper of a value method whose receiver is a nil pointer.
func panicwrapText(text string) { panic(plainError(text)) }
