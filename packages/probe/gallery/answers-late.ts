import { setTimeout as pause } from 'node:timers/promises';
import { FRAMED, frame } from './requests.ts';
import { runAsProgram } from './run.ts';
import type { GalleryServer } from './gallery-server.ts';

/** Slow but correct: each answer is delayed. */
export const answersLate: GalleryServer = {
  name: 'answers-late',
  isCorrect: true,
  framing: 'u32be',
  request: FRAMED,
  plans: 'every-cut',
  serve: async ({ socket, recvAll }) => {
    for (;;) {
      const header = await recvAll(4);
      if (header.length < 4) return;
      const payload = await recvAll(header.readUInt32BE());
      await pause(60);
      socket.write(frame(payload));
    }
  },
};

runAsProgram(import.meta, answersLate);
