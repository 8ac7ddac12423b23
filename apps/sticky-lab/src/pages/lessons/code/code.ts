import type { RecordedFlow } from '@socklab/lab/picture';

/** A short program of a lesson. */
export interface LessonProgram {
  /** Its file, such as `server.py`. */
  readonly name: string;
  /**
   * Its lines. After a `¦` stands what a line does: `connect`, `connected`, `accepted`, `write`, `read`, `eof`, `end`, `message`, `fault`, with a number when it does only
   * the first, the second and so on, and several with commas. Where it does so in one flow only, its number or the first word of
   * its label stand before: `c2 write 1`, `naive read`. `$name` is the value of a parameter of the lesson, and `$cut` where the shown
   * flow was cut.
   */
  readonly text: string;
}

/** The languages of the programs. */
export type ProgramLanguage = 'python' | 'node';

/** The programs of a lesson in each language, the waiting one first. */
export type LessonCode = Readonly<Record<ProgramLanguage, readonly LessonProgram[]>>;

/** One line of a program. */
export interface CodeLine {
  readonly text: string;
  /** What it does, for example `read` or `write 2`. */
  readonly marks: readonly string[];
}

/** The lines of a program, with the values of the run. */
export function linesOf({ text }: LessonProgram, params: Readonly<Record<string, number>>): readonly CodeLine[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [shown = '', marks = ''] = line.split('¦');
      return {
        text: shown.trimEnd().replaceAll(/\$(\w+)/g, (_, name: string) => String(params[name])),
        marks: marks === '' ? [] : marks.split(',').map((mark) => mark.trim()),
      };
    });
}

/** Where the first write of a flow ended: what `$cut` stands for. */
export function cutOf({ events }: Pick<RecordedFlow, 'events'>): number {
  const first = events.find(({ type }) => type === 'write');
  return first?.type === 'write' ? first.end : 0;
}

/** What is needed of a flow to find the lines of its events. */
export type MarkedFlow = Pick<RecordedFlow, 'id' | 'label' | 'events' | 'transport'>;

/** What an event is called in the marks of lines, the most exact first: `c1 read 2`, `c1 read`, `naive read`, `read 2`, `read`. */
export function marksOf(flow: MarkedFlow, at: number): readonly string[] {
  const names = namesOf(flow, at);
  const kind = /^[a-z]+/i.exec(flow.label.en)?.[0] ?? '';
  return [`c${flow.id} `, `${kind} `, ''].flatMap((where) => names.map((name) => `${where}${name}`));
}

function namesOf({ events, transport }: Pick<MarkedFlow, 'events' | 'transport'>, at: number): readonly string[] {
  const event = events[at];
  if (event === undefined) return [];
  if (transport === 'tcp' && event.type === 'read' && event.start === event.end) return ['eof', 'read'];
  if (event.type === 'handshake') return [event.step];
  // The kernel sends a segment: it is due to the write of its last byte.
  if (event.type === 'segment') {
    return namesOf(
      { events, transport },
      events.findIndex((each) => each.type === 'write' && each.end >= event.end),
    );
  }
  const before = events.slice(0, at + 1).filter(({ type }) => type === event.type);
  return [`${event.type} ${before.length}`, event.type];
}

/** The line of several programs that caused an event; `undefined` without one. */
export function litLine(programs: readonly (readonly CodeLine[])[], marks: readonly string[]): readonly [number, number] | undefined {
  for (const mark of marks) {
    for (const [program, lines] of programs.entries()) {
      const line = lines.findIndex((each) => each.marks.includes(mark));
      if (line !== -1) return [program, line];
    }
  }
  return undefined;
}
