import { signal } from '@preact/signals';
import { noWholeNumber, wholeNumber } from '../../controls/number-field.tsx';
import { goTo, query, replaceAddress } from '../../shell/address.ts';
import { aimAt } from '../../shell/target.ts';
import type { CampaignRequest, PracticeOffer, ProbeOffer } from '../../../src/pages/probe/contract.ts';

/** How the request is written. */
export type RequestKind = 'text' | 'hex' | 'recording';

/** The form as it is filled in. */
export interface Draft {
  /** The practice server; empty for a server of the reader's own. */
  readonly practice: string;
  readonly target: string;
  readonly kind: RequestKind;
  readonly request: string;
  readonly framing: string;
  readonly until: string;
  readonly plans: string;
  readonly seed: string;
  readonly pace: string;
  readonly concurrency: string;
  /** Milliseconds; empty for the time from the control. */
  readonly hang: string;
  readonly silence: string;
  /** Seconds. */
  readonly time: string;
  /** Names, joined with commas. */
  readonly masks: string;
}

const EMPTY: Draft = {
  practice: '',
  target: '',
  kind: 'text',
  request: '',
  framing: '',
  until: '',
  plans: 'thorough',
  seed: '1',
  pace: 'auto',
  concurrency: '32',
  hang: '',
  silence: '200',
  time: '600',
  masks: 'http-date',
};

/** A request that any server can get: a line. */
const OWN_REQUEST = 'hello\\n';

const PLAIN = ['target', 'framing', 'until', 'plans', 'seed', 'pace', 'concurrency', 'hang', 'silence', 'time', 'masks'] as const;

/** What is in the form; kept while other pages are shown. */
export const draft = signal<Draft>(EMPTY);

/** Changes fields of the form. */
export function fill(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
}

/** The form for a practice server, ready to start. */
export function practiceDraft({ name, request, framing, plans }: PracticeOffer): Draft {
  const { hex } = request;
  return { ...EMPTY, practice: name, kind: hex === undefined ? 'text' : 'hex', request: hex ?? request.text ?? '', framing, plans };
}

/** The form for a server of the reader's own: only typed values are kept of a practice server's. */
export function ownDraft(form: Draft, { practice }: ProbeOffer): Draft {
  const named = practice.find(({ name }) => name === form.practice);
  if (named === undefined) return form;
  const usual = practiceDraft(named);
  const kept = Object.entries(form).filter(([name, value]) => value !== usual[name as keyof Draft]);
  return { ...EMPTY, request: OWN_REQUEST, ...(Object.fromEntries(kept) as Partial<Draft>), practice: '' };
}

/** Plays the client of a recording to a server of the reader's own, cut everywhere. */
export function playRecording(target: string, recording: string): void {
  draft.value = { ...EMPTY, target, kind: 'recording', request: recording };
  goTo({ page: 'probe' });
}

/** The form with another server of the reader's own: what is to be sent and how stays as it is. */
function aimedAt(form: Draft, parameters: URLSearchParams, offer: ProbeOffer): Draft {
  const own = ownDraft(form, offer);
  const change = { target: parameters.get('target') ?? '', framing: parameters.get('framing') ?? own.framing };
  return { ...own, ...change, request: own.request === '' ? OWN_REQUEST : own.request };
}

/** Whether an address says which server, and not what to send: a link from the views beside. */
function isTargetAlone(parameters: URLSearchParams): boolean {
  return parameters.has('target') && [...parameters.keys()].every((name) => ['page', 'target', 'framing'].includes(name));
}

/** The form of an address: by default that of the first practice server. */
export function draftOf(parameters: URLSearchParams, offer: ProbeOffer): Draft {
  if (isTargetAlone(parameters)) return aimedAt(draft.peek(), parameters, offer);
  const { practice } = offer;
  const named = practice.find(({ name }) => name === parameters.get('practice'));
  const isOwn = parameters.has('target') || parameters.has('text') || parameters.has('hex');
  const first = named ?? (isOwn ? undefined : practice[0]);
  let read = first === undefined ? EMPTY : practiceDraft(first);
  for (const name of PLAIN) read = { ...read, [name]: parameters.get(name) ?? read[name] };
  const hex = parameters.get('hex');
  const text = parameters.get('text');
  if (hex !== null) return { ...read, kind: 'hex', request: hex };
  return text === null ? read : { ...read, kind: 'text', request: text };
}

/** Whether an address says anything about the form. */
export function saysSomething(parameters: URLSearchParams): boolean {
  return ['practice', 'text', 'hex', ...PLAIN].some((name) => parameters.has(name));
}

/** The parameters of the address for a form, without defaults. */
export function parametersOf(form: Draft, offer: ProbeOffer): Readonly<Record<string, string>> {
  const named = offer.practice.find(({ name }) => name === form.practice);
  const usual = named === undefined ? EMPTY : practiceDraft(named);
  const isUsualRequest = named !== undefined && form.kind === usual.kind && form.request === usual.request;
  const plain = PLAIN.filter((name) => form[name] !== usual[name]).map((name) => [name, form[name]]);
  return {
    ...(form.practice === '' ? {} : { practice: form.practice }),
    // A recording is too long for an address.
    ...(isUsualRequest || form.kind === 'recording' ? {} : { [form.kind]: form.request }),
    ...(Object.fromEntries(plain) as Record<string, string>),
  };
}

/** Writes the form, and the current campaign, into the address. */
export function keepAddress(offer: ProbeOffer, campaign: string | undefined): void {
  if (query.peek().get('page') !== 'probe') return;
  const { practice, target, framing } = draft.peek();
  if (practice === '') aimAt(target, framing);
  replaceAddress({ page: 'probe', ...parametersOf(draft.peek(), offer), ...(campaign === undefined ? {} : { campaign }) });
}

/** An invalid number. */
export class FormError extends Error {
  readonly field: string;

  constructor(field: string, typed: string) {
    super(noWholeNumber(typed));
    this.field = field;
  }
}

/**
 * What the service is asked for.
 *
 * @throws FormError for the first invalid number.
 */
export function campaignOf(form: Draft, target: string): CampaignRequest {
  const { kind, request, framing, until, plans, pace, hang, masks } = form;
  return {
    target,
    request: { [kind]: request },
    plans,
    pace,
    seed: numberOf('seed', form.seed),
    concurrency: numberOf('concurrency', form.concurrency),
    quietMs: numberOf('quietMs', form.silence),
    maxTimeMs: numberOf('maxTimeMs', form.time) * 1000,
    masks: masks === '' ? [] : masks.split(','),
    ...(framing === '' ? {} : { framing }),
    ...(until === '' ? {} : { until }),
    ...(hang === '' ? {} : { hangMs: numberOf('hangMs', hang) }),
  };
}

function numberOf(field: string, typed: string): number {
  const value = wholeNumber(typed);
  if (value === undefined) throw new FormError(field, typed);
  return value;
}
