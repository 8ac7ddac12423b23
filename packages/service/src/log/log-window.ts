/** Lets a few log lines of each kind pass per window, and counts the rest: a flood of datagrams must not flood the log. */
export interface LogWindow {
  /** How many lines of this kind were suppressed since the last one that passed, or `undefined` to suppress this one. */
  pass(kind: string): number | undefined;
}

/** Options of {@link createLogWindow}. */
export interface LogWindowOptions {
  readonly windowMs: number;
  /** Lines of one kind that pass in a window. */
  readonly lines: number;
  /** The time in milliseconds, from any start. */
  readonly now: () => number;
  /** Called at the end of a window, or soon after, with how many lines of a kind were suppressed in it, unless a line that passed has said so. */
  readonly heldBack?: (kind: string, lines: number) => void;
}

interface Kind {
  startedAt: number;
  passed: number;
  heldBack: number;
}

/** Makes a {@link LogWindow}. The kinds must be a closed set: each is remembered. */
export function createLogWindow({ windowMs, lines, now, heldBack: tell }: LogWindowOptions): LogWindow {
  const kinds = new Map<string, Kind>();
  let timer: NodeJS.Timeout | undefined;
  const tellAll = (): void => {
    timer = undefined;
    for (const [name, kind] of kinds) {
      if (kind.heldBack > 0) tell?.(name, kind.heldBack);
      kind.heldBack = 0;
    }
  };
  return {
    pass(name) {
      const time = now();
      const kind = kinds.get(name) ?? { startedAt: time, passed: 0, heldBack: 0 };
      kinds.set(name, kind);
      if (time - kind.startedAt >= windowMs) Object.assign(kind, { startedAt: time, passed: 0 });
      if (kind.passed >= lines) {
        kind.heldBack += 1;
        if (tell !== undefined) timer ??= setTimeout(tellAll, windowMs).unref();
        return undefined;
      }
      kind.passed += 1;
      const { heldBack } = kind;
      kind.heldBack = 0;
      return heldBack;
    },
  };
}
