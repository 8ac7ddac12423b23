import type { ConnectionState } from '../connection/connection.ts';

/** A row of `/who`. */
export interface ListedConnection {
  readonly id: number;
  /** Empty on a unix socket. */
  readonly address: string;
  readonly state: ConnectionState;
  readonly ageMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
}

/** Connections shown: further ones are counted. */
const MAX_SHOWN = 100;

const HEADINGS = ['id', 'address', 'state', 'place', 'age', 'bytes in', 'bytes out', 'messages in', 'messages out'] as const;

/** A table of the first 100 connections. They come in order of arrival, which is the order of the queue. */
export function whoTable(connections: readonly ListedConnection[]): string {
  if (connections.length === 0) return 'nobody is connected';
  let place = 0;
  const rows = connections
    .slice(0, MAX_SHOWN)
    .map((connection) => [
      String(connection.id),
      connection.address === '' ? 'unix' : connection.address,
      connection.state,
      connection.state === 'waiting' ? String(++place) : '',
      formatAge(connection.ageMs),
      ...[connection.bytesIn, connection.bytesOut, connection.messagesIn, connection.messagesOut].map(String),
    ]);
  const table = aligned([HEADINGS, ...rows]);
  const more = connections.length - rows.length;
  return more === 0 ? table : `${table}\n… and ${more} more`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** `7s`, `3m07s`, `2h03m`, `4d02h` */
export function formatAge(ageMs: number): string {
  const seconds = Math.floor(ageMs / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m${twoDigits(seconds % 60)}s`;
  if (hours < 24) return `${hours}h${twoDigits(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${twoDigits(hours % 24)}h`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
