// What a process needs to start and to find its files, and nothing that configures a service.
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'USERPROFILE'];

/**
 * Environment for a started process: where programs and the home folder are, `NO_COLOR=1`, and `extra`.
 * Everything else stays out, so that a developer's own `TCP_ECHO_*` or `NODE_OPTIONS` cannot change a test.
 */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = { NO_COLOR: '1' };
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...extra };
}
