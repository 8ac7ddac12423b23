import { createAddressRule, createTokenBucket, parseCidr } from '@socklab/service';
import { expect, test } from 'vitest';
import { REFUSE_REASONS, createAdmission } from '../../src/admission/admission.ts';
import type { AdmissionRules, RefuseReason, Situation } from '../../src/admission/admission.ts';

const everybody = { isAllowed: () => true, acceptRate: { take: () => true } };
const admissionOf = (rules: Partial<AdmissionRules> = {}) =>
  createAdmission({ maxConnections: 10, maxPerIp: 2, ipv6PrefixBits: 56, queueMax: 3, once: false, ...everybody, ...rules });
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
  const admit = (): RefuseReason | undefined => admission.admit('10.0.0.1');
  expect([admit(), admit(), admit()]).toEqual([undefined, undefined, 'max-per-ip']);
  expect(admission.admit('10.0.0.2')).toBeUndefined();
  admission.leave('10.0.0.1');
  expect([admit(), admit()]).toEqual([undefined, 'max-per-ip']);
  // Who was not let in is not there to leave.
  admission.leave('10.0.0.3');
  expect(admission.admit('10.0.0.3')).toBeUndefined();
});

test.each<[string, readonly string[]]>([
  ['every address of an IPv6 network', ['2001:db8::1', '2001:db8::2', '2001:db8:0:ff:ffff::9']],
  ['an IPv4 address, mapped to IPv6 or not, however it is spelled', ['10.0.0.1', '::ffff:10.0.0.1', '::ffff:a00:1']],
])('%s is one address for max-per-ip', (_, hosts) => {
  const admission = admissionOf();
  expect(hosts.map((host) => admission.admit(host))).toEqual([undefined, undefined, 'max-per-ip']);
  // Whichever of them leaves, its place is one of theirs.
  admission.leave(hosts[1]!);
  expect(hosts.slice(1).map((host) => admission.admit(host))).toEqual([undefined, 'max-per-ip']);
});

test('the length of the IPv6 networks is what it is told, and a neighbour counts on its own', () => {
  const admission = admissionOf({ maxPerIp: 1, ipv6PrefixBits: 64 });
  expect(['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].map((host) => admission.admit(host))).toEqual([
    undefined,
    'max-per-ip',
    undefined,
  ]);
  const whole = admissionOf({ maxPerIp: 1, ipv6PrefixBits: 128 });
  expect(['2001:db8::1', '2001:db8::2', '2001:db8::2'].map((host) => whole.admit(host))).toEqual([undefined, undefined, 'max-per-ip']);
});

test('without a max-per-ip an address has any number, and the peers of a unix socket have no address to count', () => {
  const any = admissionOf({ maxPerIp: Infinity });
  const local = admissionOf({ maxPerIp: 1 });
  for (let nth = 0; nth < 100; nth++) {
    expect(any.admit('10.0.0.1')).toBeUndefined();
    expect(local.admit('')).toBeUndefined();
  }
});

test('denied is not counted for its address', () => {
  const deny = [parseCidr('10.0.0.0/8')];
  const admission = admissionOf({ isAllowed: createAddressRule({ deny }) });
  expect([1, 2, 3].map(() => admission.admit('10.1.2.3'))).toEqual(['denied', 'denied', 'denied']);
  expect(admission.admit('::ffff:10.1.2.3')).toBe('denied');
  expect(admission.admit('11.0.0.1')).toBeUndefined();
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
