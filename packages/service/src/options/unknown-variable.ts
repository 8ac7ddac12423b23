import { ServiceError } from '../base/exit.ts';
import { environmentName } from './option.ts';

/** The variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Refuses a variable that begins as those of the program do and is none of them: whoever mistyped `TCP_ECHO_ALLOW`
 * would get a service that is open to everybody.
 *
 * @param appName - `tcp-echo`
 * @param known - The variables of all its commands.
 * @throws ServiceError `SERVICE_ERR_USAGE`. It does not repeat the value, which may be a secret.
 */
export function refuseUnknownVariable(appName: string, known: ReadonlySet<string>, environment: Variables): void {
  const prefix = environmentName(appName, '');
  for (const [name, value = ''] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || known.has(name) || isServiceLink(name, value)) continue;
    const nearest = nearestOf(name.slice(prefix.length), known, prefix);
    const hint = nearest === undefined ? `--help names those that there are` : `did you mean ${nearest}?`;
    throw new ServiceError('SERVICE_ERR_USAGE', `the environment variable ${name} is none of ${appName}: ${hint}`);
  }
}

/**
 * Whether Kubernetes set the variable, for a service whose name begins as the program's: without `enableServiceLinks: false`
 * each pod has those of every service of its namespace, `TCP_ECHO_SERVICE_HOST` and `TCP_ECHO_PORT=tcp://10.0.0.1:9000` for
 * one called tcp-echo. Source: k8s.io, "Discovering services", and the links of Docker that they are compatible with.
 */
function isServiceLink(name: string, value: string): boolean {
  if (/_SERVICE_HOST$|_PORT_\d{1,5}_(?:TCP|UDP|SCTP)_(?:PROTO|PORT|ADDR)$/.test(name)) return true;
  if (/_SERVICE_PORT(?:_[A-Z\d_]+)?$/.test(name)) return /^\d{1,5}$/.test(value);
  return /_PORT(?:_\d{1,5}_(?:TCP|UDP|SCTP))?$/.test(name) && /^(?:tcp|udp|sctp):\/\//.test(value);
}

// More than that differs in more than a slip of the finger.
const MAX_DIFFERENCE = 0.4;

function nearestOf(typed: string, known: ReadonlySet<string>, prefix: string): string | undefined {
  const distances = [...known].map((name) => ({ name, distance: editDistance(typed, name.slice(prefix.length)) }));
  const [nearest] = distances.toSorted((one, other) => one.distance - other.distance);
  return nearest !== undefined && nearest.distance <= typed.length * MAX_DIFFERENCE ? nearest.name : undefined;
}

/** Letters to insert, remove or replace, and neighbours to swap, to make one of the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_none, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const replaced = last[column - 1]! + (isSame ? 0 : 1);
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwapped ? beforeLast[column - 2]! + 1 : Infinity;
      current.push(Math.min(replaced, swapped, last[column]! + 1, current[column - 1]! + 1));
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}
