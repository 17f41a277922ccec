// With which flags does Crossdock's own Node run? Every starter takes them from here (the Dockerfile repeats them).

/**
 * New objects get 2 × 8 MB, where V8 by itself takes 2 × 64 MB on a large machine and lets an import fill all of it with
 * garbage; the old generation is collected when it has grown by 60 % over what lived, where V8 waits until it is four
 * times as large. Neither limits what may live. Measured in docs/decisions/0011-memory.md.
 */
export const nodeFlags = ['--max-semi-space-size=8', '--heap-growing-percent=60'];
