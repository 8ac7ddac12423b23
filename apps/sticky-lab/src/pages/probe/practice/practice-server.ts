import type { PracticeOffer } from './offer.ts';
import type { GalleryServer } from '@socklab/probe/gallery';

/** A server of the probe's gallery to practise on, with its description. */
export interface PracticeServer extends PracticeOffer {
  readonly server: GalleryServer;
}

/** Offers a server of the gallery, with its own request and plans by default. */
export function practiceServer(
  server: GalleryServer,
  told: Pick<PracticeOffer, 'title' | 'fault'> & Partial<Pick<PracticeOffer, 'plans'>>,
): PracticeServer {
  const { name, framing, request, plans } = server;
  return { name, framing, request: written(request, framing), plans, ...told, server };
}

/** A request in the form's format. */
function written(request: Uint8Array, framing: GalleryServer['framing']): PracticeOffer['request'] {
  const bytes = Buffer.from(request);
  if (framing === 'u32be') return { hex: bytes.toString('hex') };
  return { text: bytes.toString('utf8').replace(/[\\\r\n]/g, (character) => ESCAPES[character]!) };
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': String.raw`\\`, '\r': String.raw`\r`, '\n': String.raw`\n` };
