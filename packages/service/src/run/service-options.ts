import { adminOption } from '../admin/admin.ts';
import { logFormats, logLevels } from '../log/logger.ts';
import { option } from '../options/option.ts';
import { parseDuration } from '../options/values.ts';
import type { AdminListen } from '../admin/admin.ts';
import type { LogFormat } from '../log/logger.ts';
import type { Option } from 'commander';

/** The values of {@link serviceOptions}. */
export interface ServiceFlags {
  /** Milliseconds. */
  readonly drainTimeout: number;
  /** Milliseconds. */
  readonly drainDelay: number;
  readonly admin: AdminListen;
  readonly logLevel: string;
  readonly logFormat: LogFormat;
}

/** The options that every service has: how it stops, how it is watched, how it logs. */
export function serviceOptions(appName: string): readonly Option[] {
  return [
    option<number>(
      appName,
      '--drain-timeout <duration>',
      'how long a stop waits for work in flight before it is cut; 0: it is cut at once',
      {
        default: 10_000,
        defaultText: '10s',
        parse: parseDuration,
      },
    ),
    option<number>(appName, '--drain-delay <duration>', 'how long to accept clients after SIGTERM, while no longer ready; 0: not at all', {
      default: 0,
      defaultText: '0s',
      parse: parseDuration,
    }),
    adminOption(appName),
    option(appName, '--log-level <level>', 'the lowest level that is logged', { default: 'info', choices: logLevels }),
    option(appName, '--log-format <format>', 'auto is pretty on a terminal, else json', { default: 'auto', choices: logFormats }),
  ];
}
