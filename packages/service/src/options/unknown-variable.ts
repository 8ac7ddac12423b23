import { ServiceError } from '../base/exit.ts';
import { nearestOf } from './nearest.ts';
import { environmentName } from './option.ts';

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Refuses a variable that begins like those of the program and is none of them: a mistyped `TCP_ECHO_ALLOW` would
 * start a service that is open to everybody.
 *
 * @param appName - `tcp-echo`
 * @param known - The variables of all its commands.
 * @throws ServiceError `SERVICE_ERR_USAGE`. It does not quote the value, which may be a secret.
 */
export function refuseUnknownVariable(appName: string, known: ReadonlySet<string>, environment: Variables): void {
  const prefix = environmentName(appName, '');
  for (const [name, value = ''] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || known.has(name) || isServiceLink(name, value)) continue;
    const names = [...known].map((each) => each.slice(prefix.length));
    const nearest = nearestOf(name.slice(prefix.length), names);
    const hint = nearest === undefined ? `--help lists them` : `did you mean ${prefix}${nearest}?`;
    throw new ServiceError('SERVICE_ERR_USAGE', `the environment variable ${name} is not an option of ${appName}: ${hint}`);
  }
}

/**
 * Whether Kubernetes set the variable, for a service whose name begins like the program's: without `enableServiceLinks:
 * false` each pod has those of every service of its namespace, `TCP_ECHO_SERVICE_HOST` and
 * `TCP_ECHO_PORT=tcp://10.0.0.1:9000` for one called tcp-echo. Source: k8s.io, "Discovering services", and the Docker
 * links that they are compatible with.
 */
function isServiceLink(name: string, value: string): boolean {
  if (/_SERVICE_HOST$|_PORT_\d{1,5}_(?:TCP|UDP|SCTP)_(?:PROTO|PORT|ADDR)$/.test(name)) return true;
  if (/_SERVICE_PORT(?:_[A-Z\d_]+)?$/.test(name)) return /^\d{1,5}$/.test(value);
  return /_PORT(?:_\d{1,5}_(?:TCP|UDP|SCTP))?$/.test(name) && /^(?:tcp|udp|sctp):\/\//.test(value);
}
