package net

// maxListenerBacklog is what the native port reads of the system: Linux's default.
func maxListenerBacklog() int { return 4096 }
