import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { parse } from 'yaml';

const require = createRequire(import.meta.url);

/** The compiler has no types of its own. */
const compiler = require('kaitai-struct-compiler') as {
  compile(language: string, ksy: unknown, importer: undefined, isDebug: boolean): Promise<Readonly<Record<string, string>>>;
};

/** A frame as the compiled class has it; its bodies are read when they are asked for. */
export type KaitaiFrame = Readonly<Record<string, unknown>> & { readonly payload: Uint8Array };

/** Compiles a .ksy file to JavaScript, and returns what reads a whole stream with it. */
export async function kaitaiParser(ksy: string): Promise<(stream: Uint8Array) => readonly KaitaiFrame[]> {
  const sources = await compiler.compile('javascript', parse(ksy), undefined, false);
  const [source] = Object.values(sources);
  // What the compiler wrote is a module of the old kind.
  const module: { exports: Record<string, unknown> } = { exports: {} };
  compileFunction(source!, ['exports', 'require', 'module'])(module.exports, require, module);
  const [Parser] = Object.values(module.exports) as readonly (new (io: unknown) => { readonly frames: readonly KaitaiFrame[] })[];
  const KaitaiStream = require('kaitai-struct/KaitaiStream') as new (buffer: ArrayBufferLike) => unknown;
  return (stream) => new Parser!(new KaitaiStream(stream.slice().buffer)).frames;
}
