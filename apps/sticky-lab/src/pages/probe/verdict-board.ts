import { CELLS } from '@socklab/probe';
import type { ProbeEvent, ToldCell } from './contract.ts';
import type { Sends } from './sends.ts';
import type { PlannedCount, ProbeProgress, Trial, Verdict, VerdictKind } from '@socklab/probe';

/** Options of {@link VerdictBoard}. */
export interface BoardOptions {
  readonly sends: Sends;
  readonly plans: readonly PlannedCount[];
  readonly emit: (event: ProbeEvent) => void;
}

/** Shortest time between two events. */
const LEAST_MS = 100;
const ORDER = CELLS.map(({ cell }) => cell).join('');
const UNTRIED = ORDER[0] ?? '-';

/** The verdicts of a campaign so far: one cell for each cut, one tally for each plan. Reports news in batches. */
export class VerdictBoard {
  readonly #sends: Sends;
  readonly #cells: string[];
  readonly #failures = new Map<number, Extract<Verdict, { readonly kind: 'fail' | 'flaky' }>>();
  readonly #tallies: Map<string, Record<VerdictKind, number>>;
  readonly #emit: BoardOptions['emit'];
  readonly #changed = new Set<number>();
  #progress: Pick<ProbeProgress, 'phase' | 'total' | 'leftMs'> = { phase: 'control', total: 0, leftMs: undefined };
  #timer: NodeJS.Timeout | undefined;
  #isDirty = false;

  constructor({ sends, plans, emit }: BoardOptions) {
    this.#sends = sends;
    this.#cells = Array.from({ length: Math.max(0, sends.byteLength - 1) }, () => UNTRIED);
    this.#tallies = new Map(plans.map(({ plan }) => [plan, noVerdicts()]));
    this.#emit = emit;
  }

  /** Counts a verdict. */
  add(trial: Trial, verdict: Verdict): void {
    const tally = this.#tallies.get(trial.plan) ?? noVerdicts();
    tally[verdict.kind] += 1;
    this.#tallies.set(trial.plan, tally);
    const cut = this.#sends.onlyCut(trial);
    if (cut !== undefined) this.#mark(cut, verdict);
    this.#tellSoon();
  }

  /** Records the progress of the campaign. */
  progress({ phase, total, leftMs }: ProbeProgress): void {
    this.#progress = { phase, total, leftMs };
    this.#tellSoon();
  }

  /** Reports the rest; nothing follows it. */
  end(): void {
    clearTimeout(this.#timer);
    if (this.#isDirty) this.#tell();
  }

  /** Everything known about a cut. */
  at(cut: number): { readonly cell: string; readonly failure: Extract<Verdict, { readonly kind: 'fail' | 'flaky' }> | undefined } {
    return { cell: this.#cells[cut - 1] ?? UNTRIED, failure: this.#failures.get(cut) };
  }

  /** Of several verdicts on one cut the worst counts. */
  #mark(cut: number, verdict: Verdict): void {
    const cell = cellOf(verdict);
    const before = this.#cells[cut - 1];
    if (before === undefined || ORDER.indexOf(before) >= ORDER.indexOf(cell)) return;
    this.#cells[cut - 1] = cell;
    this.#changed.add(cut);
    if (verdict.kind === 'fail' || verdict.kind === 'flaky') this.#failures.set(cut, verdict);
  }

  #tellSoon(): void {
    this.#isDirty = true;
    this.#timer ??= setTimeout(() => this.#tell(), LEAST_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    this.#isDirty = false;
    const { leftMs, ...progress } = this.#progress;
    const plans = [...this.#tallies].map(([plan, tally]) => ({ plan, ...tally }));
    const done = plans.reduce((sum, { pass, fail, unconfirmed, flaky }) => sum + pass + fail + unconfirmed + flaky, 0);
    const cells = [...this.#changed].map((cut): ToldCell => [cut, this.#cells[cut - 1] ?? UNTRIED]);
    this.#changed.clear();
    this.#emit({ type: 'told', ...progress, done, leftMs: leftMs ?? null, plans, cells });
  }
}

function noVerdicts(): Record<VerdictKind, number> {
  return { pass: 0, fail: 0, unconfirmed: 0, flaky: 0 };
}

function cellOf(verdict: Verdict): string {
  const meaning = verdict.kind === 'fail' ? verdict.failure : verdict.kind;
  return CELLS.find((each) => each.meaning === meaning)?.cell ?? UNTRIED;
}
