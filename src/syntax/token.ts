// Tokens: the vocabulary shared by scanner, parser, printer and checker. Operators that can be binary are contiguous and
// in the order of the tables below, so precedence is an array look-up. Names are those of go/token.

export const Token = {
  EOF: 0,
  Ident: 1,
  Int: 2, Float: 3, Imag: 4, Char: 5, String: 6,

  // binary operators
  OrOr: 7, AndAnd: 8,
  Eql: 9, Neq: 10, Lss: 11, Leq: 12, Gtr: 13, Geq: 14,
  Add: 15, Sub: 16, Or: 17, Xor: 18,
  Mul: 19, Quo: 20, Rem: 21, And: 22, AndNot: 23, Shl: 24, Shr: 25,
  // unary only
  Not: 26, Tilde: 27, Arrow: 28,

  // assignment; AssignOp carries the binary operator beside it
  Assign: 29, Define: 30, AssignOp: 31, Inc: 32, Dec: 33,

  Lparen: 34, Lbrack: 35, Lbrace: 36, Rparen: 37, Rbrack: 38, Rbrace: 39,
  Comma: 40, Semicolon: 41, Colon: 42, Period: 43, Ellipsis: 44,

  Break: 45, Case: 46, Chan: 47, Const: 48, Continue: 49, Default: 50, Defer: 51, Else: 52, Fallthrough: 53, For: 54,
  Func: 55, Go: 56, Goto: 57, If: 58, Import: 59, Interface: 60, Map: 61, Package: 62, Range: 63, Return: 64,
  Select: 65, Struct: 66, Switch: 67, Type: 68, Var: 69,
} as const;
export type Token = (typeof Token)[keyof typeof Token];

const names: readonly string[] = [
  'EOF', 'name', 'literal', 'literal', 'literal', 'literal', 'literal',
  '||', '&&', '==', '!=', '<', '<=', '>', '>=', '+', '-', '|', '^', '*', '/', '%', '&', '&^', '<<', '>>',
  '!', '~', '<-', '=', ':=', 'op=', '++', '--',
  '(', '[', '{', ')', ']', '}', ',', ';', ':', '.', '...',
  'break', 'case', 'chan', 'const', 'continue', 'default', 'defer', 'else', 'fallthrough', 'for',
  'func', 'go', 'goto', 'if', 'import', 'interface', 'map', 'package', 'range', 'return',
  'select', 'struct', 'switch', 'type', 'var',
];

/** The text of an operator or keyword; the class name of other tokens. */
export function tokenText(t: Token): string {
  return names[t];
}

/** Lowest precedence: not a binary operator. */
export const LowestPrec = 0;

const precedences = new Uint8Array(70);
precedences[Token.OrOr] = 1;
precedences[Token.AndAnd] = 2;
for (let t = Token.Eql as number; t <= Token.Geq; t++) precedences[t] = 3;
for (let t = Token.Add as number; t <= Token.Xor; t++) precedences[t] = 4;
for (let t = Token.Mul as number; t <= Token.Shr; t++) precedences[t] = 5;

/** The precedence of a binary operator, 1 to 5; 0 for any other token. */
export function precedence(t: Token): number {
  return precedences[t];
}

/** Tells whether t is a keyword. */
export function isKeyword(t: Token): boolean {
  return t >= Token.Break;
}

/** The keywords by their text. */
export const keywords: ReadonlyMap<string, Token> = new Map(
  names.slice(Token.Break).map((name, i) => [name, (Token.Break + i) as Token]),
);
