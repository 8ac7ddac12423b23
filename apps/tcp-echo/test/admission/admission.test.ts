import { createAddressRule, createTokenBucket, parseCidr } from '@socklab/service';
import { expect, test } from 'vitest';
import { REFUSE_REASONS, createAdmission } from '../../src/admission/admission.ts';
import type { Admission, AdmissionRules, Permit, RefuseReason, Situation } from '../../src/admission/admission.ts';

const everybody = { isAllowed: () => true, acceptRate: { take: () => true } };
const admissionOf = (rules: Partial<AdmissionRules> = {}) =>
  createAdmission({ maxConnections: 10, maxPerIp: 2, ipv6PrefixBits: 56, queueMax: 3, once: false, ...everybody, ...rules });
/** Why each of these is refused; `undefined` for who is let in, and stays. */
const refusalsOf = (admission: Admission, ...hosts: readonly string[]): readonly (RefuseReason | undefined)[] =>
  hosts.map((host) => admission.admit(host)).map((answer) => (typeof answer === 'string' ? answer : undefined));
/** Lets one in. */
function permitOf(admission: Admission, host: string): Permit {
  const answer = admission.admit(host);
  if (typeof answer === 'string') throw new Error(`${host} is refused: ${answer}`);
  return answer;
}
const quiet: Situation = { nowMs: 0, open: 0, waiting: 0, accepted: 0, isDraining: false };

test.each<[RefuseReason | undefined, Partial<Situation>, Partial<AdmissionRules>]>([
  [undefined, {}, {}],
  [undefined, { open: 9 }, {}],
  ['max-connections', { open: 10 }, {}],
  ['max-connections', { open: 11 }, {}],
  ['max-connections', {}, { maxConnections: 0 }],
  [undefined, { waiting: 2 }, {}],
  ['queue-full', { waiting: 3 }, {}],
  [undefined, {}, { once: true }],
  ['once', { accepted: 1 }, { once: true }],
  [undefined, { accepted: 1 }, {}],
  ['draining', { isDraining: true }, {}],
  ['accept-rate', {}, { acceptRate: { take: () => false } }],
  // Of several reasons, the one that no client can change.
  ['draining', { isDraining: true, open: 10, waiting: 3, accepted: 1 }, { once: true }],
  ['once', { open: 10, waiting: 3, accepted: 1 }, { once: true }],
  ['max-connections', { open: 10, waiting: 3 }, { acceptRate: { take: () => false } }],
])('%s is the answer at %j with the rules %j', (reason, situation, rules) => {
  expect(admissionOf(rules).enter({ ...quiet, ...situation })).toBe(reason);
});

test('whoever is refused for another reason takes nothing from the accept rate', () => {
  const admission = admissionOf({ acceptRate: createTokenBucket({ ratePerSecond: 2 }) });
  for (let attempt = 0; attempt < 100; attempt++) admission.enter({ ...quiet, open: 10 });
  const answers = Array.from({ length: 3 }, () => admission.enter(quiet));
  expect(answers).toEqual([undefined, undefined, 'accept-rate']);
  expect(admission.enter({ ...quiet, nowMs: 500 })).toBeUndefined();
});

test('one address has max-per-ip connections at a time, and again when one of them leaves', () => {
  const admission = admissionOf();
  const permit = permitOf(admission, '10.0.0.1');
  expect(refusalsOf(admission, '10.0.0.1', '10.0.0.1', '10.0.0.2')).toEqual([undefined, 'max-per-ip', undefined]);
  permit.leave();
  expect(refusalsOf(admission, '10.0.0.1', '10.0.0.1')).toEqual([undefined, 'max-per-ip']);
});

test('a permit gives one place back, however often it leaves', () => {
  const admission = admissionOf();
  const permit = permitOf(admission, '10.0.0.1');
  expect(refusalsOf(admission, '10.0.0.1')).toEqual([undefined]);
  permit.leave();
  permit.leave();
  expect(refusalsOf(admission, '10.0.0.1', '10.0.0.1')).toEqual([undefined, 'max-per-ip']);
});

test.each<[string, readonly string[]]>([
  ['every address of an IPv6 network', ['2001:db8::1', '2001:db8::2', '2001:db8:0:ff:ffff::9']],
  ['an IPv4 address, mapped to IPv6 or not, however it is spelled', ['10.0.0.1', '::ffff:10.0.0.1', '::ffff:a00:1']],
])('%s is one address for max-per-ip', (_, hosts) => {
  const admission = admissionOf();
  const permit = permitOf(admission, hosts[0]!);
  expect(refusalsOf(admission, ...hosts.slice(1))).toEqual([undefined, 'max-per-ip']);
  // Whichever of them leaves, its place is one of theirs.
  permit.leave();
  expect(refusalsOf(admission, ...hosts.slice(1))).toEqual([undefined, 'max-per-ip']);
});

test('the length of the IPv6 networks is what it is told, and a neighbour counts on its own', () => {
  const admission = admissionOf({ maxPerIp: 1, ipv6PrefixBits: 64 });
  expect(refusalsOf(admission, '2001:db8::1', '2001:db8::2', '2001:db8:0:1::1')).toEqual([undefined, 'max-per-ip', undefined]);
  const whole = admissionOf({ maxPerIp: 1, ipv6PrefixBits: 128 });
  expect(refusalsOf(whole, '2001:db8::1', '2001:db8::2', '2001:db8::2')).toEqual([undefined, undefined, 'max-per-ip']);
});

test('without a max-per-ip an address has any number, and the peers of a unix socket have no address to count', () => {
  const any = admissionOf({ maxPerIp: Infinity });
  const local = admissionOf({ maxPerIp: 1 });
  for (let nth = 0; nth < 100; nth++) {
    expect(refusalsOf(any, '10.0.0.1')).toEqual([undefined]);
    expect(refusalsOf(local, '')).toEqual([undefined]);
  }
  permitOf(local, '').leave();
});

test('denied is not counted for its address', () => {
  const deny = [parseCidr('10.0.0.0/8')];
  const admission = admissionOf({ isAllowed: createAddressRule({ deny }) });
  expect(refusalsOf(admission, '10.1.2.3', '10.1.2.3', '10.1.2.3')).toEqual(['denied', 'denied', 'denied']);
  expect(refusalsOf(admission, '::ffff:10.1.2.3', '11.0.0.1')).toEqual(['denied', undefined]);
});

test('every reason is in the list of reasons, once', () => {
  const reasons: Record<RefuseReason, true> = {
    'max-connections': true,
    'max-per-ip': true,
    'accept-rate': true,
    denied: true,
    'queue-full': true,
    once: true,
    draining: true,
  };
  expect(REFUSE_REASONS).toEqual(Object.keys(reasons));
});
