// How does a file of unknown encoding become text without being held in memory? Bytes are unpacked when gzipped, hashed,
// cut into blocks of whole lines and decoded; the encoding is found from the bytes. Used by channels/amazon/settlement-file.ts.
import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RecordError } from '../core/errors.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'shift_jis';

/**
 * Whole lines: the text, and its code units for fast scanning (bytes when the block is pure ASCII). Valid until the next
 * block is asked for; a text that was made stays.
 */
export interface LineBlock {
  /** Made when it is first asked for: summing a block needs its codes only. */
  text(): string;
  readonly codes: Uint8Array | Uint16Array;
}

export interface LineBlocks extends AsyncIterable<LineBlock> {
  readonly encoding: () => TextEncoding;
  /** Of the unpacked bytes; complete after the last block. */
  readonly sha256: () => string;
  readonly bytes: () => number;
}

/** A line longer than this is no line of a text file (the longest seen in Amazon's reports has under 2 kB). */
const lineBytesMax = 1 << 20;

/** `japanese` says, from the first block's ASCII parts, whether bytes that are not UTF-8 are Shift-JIS. */
export function readLineBlocks(
  source: AsyncIterable<Uint8Array>,
  japanese: (head: string) => boolean,
): LineBlocks {
  const hash = createHash('sha256');
  let total = 0;
  let encoding: TextEncoding | undefined;
  let digest: string | undefined;

  // One buffer for all blocks: what lies behind the last line end is moved to its front for the next piece.
  let store = Buffer.allocUnsafeSlow(1 << 18);
  let generation = 0;

  async function* blocks(): AsyncGenerator<LineBlock> {
    let kept = 0;
    let wide: InstanceType<typeof TextDecoder> | undefined;
    let first = true;
    let looksJapanese = false;
    for await (const chunk of readAhead(unpack(source))) {
      hash.update(chunk);
      total += chunk.length;
      let bytes: Uint8Array = chunk;
      if (first) {
        first = false;
        const mark = byteOrder(bytes);
        if (mark) {
          encoding = mark;
          wide = new TextDecoder(mark);
        }
      }
      if (wide) bytes = Buffer.from(wide.decode(bytes, { stream: true }));
      const filled = append(bytes, kept);
      const end = store.subarray(0, filled).lastIndexOf(10) + 1;
      if (end === 0 && filled > lineBytesMax) throw notText();
      if (end > 0) {
        yield decode(store.subarray(0, end));
        store.copyWithin(0, end, filled);
      }
      kept = filled - end;
    }
    if (wide) kept = append(Buffer.from(wide.decode()), kept);
    if (kept > 0) yield decode(store.subarray(0, kept));
    generation++;

    function append(bytes: Uint8Array, at: number): number {
      if (store.length < at + bytes.length) {
        const larger = Buffer.allocUnsafeSlow((at + bytes.length) * 2);
        store.copy(larger, 0, 0, at);
        store = larger;
      }
      store.set(bytes, at);
      return at + bytes.length;
    }

    function decode(bytes: Buffer): LineBlock {
      const mine = ++generation;
      if (!looksJapanese && encoding !== 'utf-8')
        looksJapanese = japanese(bytes.toString('latin1', 0, Math.min(bytes.length, 4096)));
      if (isAscii(bytes))
        return {
          text: once(() => {
            if (generation !== mine) throw new TypeError('A block is read before the next one is asked for.');
            return bytes.toString('latin1');
          }),
          codes: bytes,
        };
      if (bytes.includes(0)) throw notText();
      if (encoding === undefined || encoding === 'utf-8') {
        if (isUtf8(bytes)) encoding = 'utf-8';
        else if (encoding === 'utf-8') throw mixed();
        else encoding = looksJapanese ? 'shift_jis' : 'windows-1252';
      }
      const name = encoding === 'utf-16le' || encoding === 'utf-16be' ? 'utf-8' : encoding;
      const text = new TextDecoder(name, { ignoreBOM: true }).decode(bytes);
      const codes = new Uint16Array(text.length);
      for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
      return { text: () => text, codes };
    }
  }

  const iterator = blocks();
  return {
    [Symbol.asyncIterator]: () => iterator,
    encoding: () => encoding ?? 'utf-8',
    sha256: () => {
      digest ??= hash.digest('hex');
      return digest;
    },
    bytes: () => total,
  };
}

/** Makes a value when it is first asked for. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** UTF-16 shows by its mark, or by zero bytes beside ASCII letters. */
function byteOrder(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes.length >= 4 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0) return 'utf-16le';
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[2] === 0 && bytes[1] !== 0) return 'utf-16be';
  return undefined;
}

async function* unpack(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < 4) {
    const next = await iterator.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  }
  if (head[0] === 0x50 && head[1] === 0x4b)
    throw new RecordError('FILE_PACKED', 'This is a ZIP archive or a spreadsheet, not a text file.', {
      nextSteps: ['Unpack it, or download the report again as a flat file (.txt), and upload that.'],
    });
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* all();
  try {
    for await (const chunk of Readable.from(all()).pipe(createGunzip())) yield chunk as Uint8Array;
  } catch (cause) {
    throw new RecordError(
      'FILE_TRUNCATED',
      'The file is gzip, but it cannot be unpacked to its end: it is damaged or was cut off.',
      { nextSteps: ['Download the report again.'], cause },
    );
  }
}

/** Asks for the next piece before the last one is worked on: reading and working overlap. */
async function* readAhead(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let next = source.next();
  for (;;) {
    const piece = await next;
    if (piece.done) return;
    next = source.next();
    // Whoever stops early never looks at it; its failure must not end the process.
    next.catch(() => undefined);
    yield piece.value;
  }
}

const notText = () =>
  new RecordError('FILE_NOT_TEXT', 'This is not a text file: it has bytes that no text has.', {
    nextSteps: ['Upload the report as Amazon gives it (.txt, tab separated).'],
  });
const mixed = () =>
  new RecordError('FILE_ENCODING', 'The file begins as UTF-8 and has bytes further on that are not UTF-8.', {
    nextSteps: ['Download the report again; do not save it with an editor in between.'],
  });
