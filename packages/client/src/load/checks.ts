import { openFilesLimit, ServiceError } from '@socklab/service';
import { MAX_RATE_PER_SECOND } from './values.ts';

/** Descriptors that a process needs besides those of a load. */
const RESERVED_DESCRIPTORS = 32;

/** The error for an impossible load: what was given, and what is allowed. */
export function refuseLoad(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}

/** @throws ServiceError `SERVICE_ERR_USAGE` unless the value is a whole number from `min` to `max`. */
export function checkRange(what: string, value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw refuseLoad(`${what}: ${value}; allowed: whole numbers from ${min} to ${max}`);
  }
}

/** @throws ServiceError `SERVICE_ERR_USAGE` unless a load can send this many of `what` per second. */
export function checkRate(what: string, perSecond: number): void {
  if (perSecond > 0 && perSecond <= MAX_RATE_PER_SECOND) return;
  throw refuseLoad(`rate: ${perSecond} ${what} a second; allowed: more than 0 and at most ${MAX_RATE_PER_SECOND}`);
}

/**
 * Otherwise those beyond the limit of open files would fail one by one, and late.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when this process may not have this many of `what` open.
 */
export function checkDescriptors(what: string, count: number): void {
  const limit = openFilesLimit();
  if (limit === undefined || count + RESERVED_DESCRIPTORS <= limit) return;
  const most = Math.max(1, limit - RESERVED_DESCRIPTORS);
  throw refuseLoad(`${count} ${what}: this process may open ${limit} files, so at most ${most}; "ulimit -n" raises the limit`);
}
