// Decoders of u32be (and of varint) as tutorials have them, each with one fault; the fault is the argument.
import { createInterface } from 'node:readline';

const [fault = ''] = process.argv.slice(2);

class Decoder {
  waiting = Buffer.alloc(0);
  constructor(limit) {
    this.limit = fault === 'no-limit' ? Number.POSITIVE_INFINITY : limit;
  }
  push(chunk) {
    this.waiting = Buffer.concat([this.waiting, chunk]);
    const payloads = [];
    for (let payload = this.take(); payload !== undefined; payload = this.take()) {
      payloads.push(payload);
      if (fault === 'first-message-only') this.waiting = Buffer.alloc(0);
    }
    if (fault === 'leftover-lost' && payloads.length > 0) this.waiting = Buffer.alloc(0);
    return payloads;
  }
  take() {
    const header = this.header();
    if (header === undefined) return undefined;
    const { length, size } = header;
    if (length > this.limit) throw new Error(`a payload of ${length} bytes`);
    const end = size + length;
    if (this.waiting.length < end) return undefined;
    const payload = this.waiting.subarray(size, end);
    this.waiting = this.waiting.subarray(end);
    return payload;
  }
  header() {
    if (fault.startsWith('varint')) return varint(this.waiting);
    return this.waiting.length < 4 ? undefined : { length: this.waiting.readUInt32BE(0), size: 4 };
  }
  end() {
    if (this.waiting.length > 0 && fault !== 'end-unnoticed') throw new Error(`${this.waiting.length} bytes are left`);
  }
}

/** With the fault of netty before 2026: of a prefix that is cut behind its third byte the first three are thrown away. */
function varint(bytes) {
  let length = 0;
  for (let size = 1; size <= 5; size++) {
    const byte = bytes[size - 1];
    if (byte === undefined) return size === 4 && fault === 'varint-cut' ? { length: 0, size: 3 } : undefined;
    length += (byte & 0x7f) * 2 ** (7 * (size - 1));
    if (byte < 0x80) {
      if (size > 1 && byte === 0) throw new Error('a length with a byte too many');
      return { length, size };
    }
  }
  throw new Error('a length of more than five bytes');
}

/** What comes with one recv is a message, or a part of one. */
class OneRecv extends Decoder {
  push(chunk) {
    if (fault === 'recv-is-message') return [chunk.subarray(4, 4 + chunk.readUInt32BE(0))];
    if (fault === 'payload-one-recv' && this.waiting.length >= 4) {
      const payload = chunk.subarray(0, this.waiting.readUInt32BE(0));
      this.waiting = Buffer.alloc(0);
      return [payload];
    }
    if (fault === 'header-one-recv' && this.waiting.length === 0 && chunk.length < 4) throw new Error('a short header');
    const payloads = super.push(chunk);
    if (fault !== 'payload-one-recv' || this.waiting.length <= 4) return payloads;
    const payload = this.waiting.subarray(4);
    this.waiting = Buffer.alloc(0);
    return [...payloads, payload];
  }
}

let decoder;
let held = [];
for await (const line of createInterface({ input: process.stdin })) {
  const [word, value] = line.split(' ');
  let answers = [];
  if (fault === 'hangs' && value === '0000') await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  if (fault === 'dies' && value === '0000') process.exit(7);
  if (fault === 'babbles') answers.push('hello\n');
  try {
    if (word === 'new') decoder = new (fault.endsWith('one-recv') || fault.startsWith('recv') ? OneRecv : Decoder)(Number(value));
    if (word === 'chunk')
      for (const payload of decoder.push(Buffer.from(value, 'hex'))) answers.push(`payload ${payload.toString('hex')}\n`);
    if (word === 'end') decoder.end();
  } catch (error) {
    answers.push(`error ${error.message}\n`);
  }
  // Each payload is given with the next command.
  if (fault === 'late') [held, answers] = [answers, held];
  process.stdout.write(`${answers.join('')}ok\n`);
}
