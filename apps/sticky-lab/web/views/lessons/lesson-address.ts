import { addressOf, query } from '../../shell/address.ts';

/** Names in the address that are not parameters of an experiment. */
const OWN_NAMES = new Set(['page', 'experiment', 'run', 'seed']);

/** What the address asks for, as it is written there. */
export interface AskedRun {
  readonly id: string | undefined;
  /** Present when the address requests a run, not only a lesson. */
  readonly run: TypedRun | undefined;
}

/** How an experiment is to be run, as it was typed. */
export interface TypedRun {
  readonly params: Readonly<Record<string, string>>;
}

/** Reads the address of the page. */
export function askedRun(): AskedRun {
  const params = Object.fromEntries([...query.value].filter(([name]) => !OWN_NAMES.has(name)));
  // A seed also requests a run: old addresses have one.
  const isRun = query.value.has('run') || query.value.has('seed') || Object.keys(params).length > 0;
  return { id: query.value.get('experiment') ?? undefined, run: isRun ? { params } : undefined };
}

/** What an address has to say to run the same again. */
export function runParameters(id: string, { params }: TypedRun): Readonly<Record<string, string>> {
  return { experiment: id, run: '1', ...params };
}

/** The same as one text, to tell runs apart. */
export function runKey(id: string, run: TypedRun): string {
  return addressOf(runParameters(id, run));
}
