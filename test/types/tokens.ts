// The tokens of a Go file as byte ranges, for tools that look at or change its text.
import { SourceFile } from '../../src/source/fileset.ts';
import { Scanner } from '../../src/syntax/scanner.ts';
import { Token } from '../../src/syntax/token.ts';

export interface TokenAt {
  readonly tok: Token;
  /** Byte offsets. */
  readonly start: number;
  readonly end: number;
}

class TokenReader extends Scanner {
  readonly list: TokenAt[] = [];
  constructor(source: SourceFile) {
    super(source);
    for (this.next(); this.tok !== Token.EOF; this.next()) {
      if (this.tok === Token.Semicolon && this.lit !== 'semicolon') continue;
      this.list.push({ tok: this.tok, start: this.pos - 1, end: this.tokEnd - 1 });
    }
    this.finishLines();
  }
  commentOffsets(): number[] {
    return Array.from(this.commentPairs(), (p) => p - 1);
  }
  protected errorAt(): void {}
  protected onDirective(): void {}
}

/** The tokens without automatic semicolons, the comments as start, end, start, end..., and the source with its lines. */
export function tokensOf(name: string, bytes: Uint8Array): { tokens: TokenAt[]; comments: number[]; source: SourceFile } {
  const source = new SourceFile(name, 1, bytes);
  const reader = new TokenReader(source);
  return { tokens: reader.list, comments: reader.commentOffsets(), source };
}
