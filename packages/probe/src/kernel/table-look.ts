import { addRow, readTable, removeRow, wantedRow } from './tcp-table.ts';
import type { TableName } from './address-digits.ts';
import type { Sight } from './sight.ts';
import type { RowAddress, RowIndex, WantedRow } from './tcp-table.ts';

const ABSENT_CODES: ReadonlySet<unknown> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'ESRCH', 'ENOTDIR']);

interface Table {
  readonly path: string;
  readonly name: TableName;
  readonly index: RowIndex;
  readonly sights: Set<Sight>;
}

/** The rows of one connection in the tables that may have them. */
export interface WatchedRows {
  /** No look finds them any more. */
  stop(): void;
}

const tables = new Map<string, Table>();

/** An IPv4 client may be connected to a dual-stack server, so each end is looked up in both tables. */
export function watchRows(sight: Sight, own: RowAddress, peer: RowAddress, peerPid: number | undefined): WatchedRows {
  const rows: { readonly table: Table; readonly row: WantedRow }[] = [];
  const watch = (table: Table, row: WantedRow | undefined): void => {
    if (row === undefined) return;
    addRow(table.index, row);
    table.sights.add(sight);
    rows.push({ table, row });
  };
  // Node makes an IPv6 socket for a v4-mapped address, and shows it as one.
  const ownTable = own.localAddress.includes(':') ? 'tcp6' : 'tcp';
  watch(
    tableAt('self', ownTable),
    wantedRow(own, ownTable, (unacknowledgedBytes) => sight.seeOwn(unacknowledgedBytes)),
  );
  for (const name of ['tcp', 'tcp6'] as const) {
    watch(
      tableAt(peerPid ?? 'self', name),
      wantedRow(peer, name, (_unacknowledgedBytes, unreadBytes) => sight.seePeer(unreadBytes)),
    );
  }
  return {
    stop() {
      for (const { table, row } of rows) {
        removeRow(table.index, row);
        table.sights.delete(sight);
        if (table.sights.size === 0) tables.delete(table.path);
      }
    },
  };
}

function tableAt(process: number | 'self', name: TableName): Table {
  const path = `/proc/${process}/net/${name}`;
  const known = tables.get(path);
  if (known !== undefined) return known;
  const table: Table = { path, name, index: new Map(), sights: new Set() };
  tables.set(path, table);
  return table;
}

/** Reads each table once for all connections that are watched, our own ends first: they must be seen empty before the peer's. */
export function lookAtTables(): void {
  for (const table of [...tables.values()].toSorted((one, other) => orderOf(one) - orderOf(other))) readFor(table);
}

function orderOf({ path, name }: Table): number {
  return (path.startsWith('/proc/self/') ? 0 : 2) + (name === 'tcp' ? 0 : 1);
}

function readFor(table: Table): void {
  const isEnough = (): boolean => {
    for (const { isOwnSeen, isPeerSeen } of table.sights) if (!isOwnSeen || !isPeerSeen) return false;
    return true;
  };
  if (isEnough()) return;
  try {
    readTable(table.path, table.name, table.index, isEnough);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && ABSENT_CODES.has(error.code))) throw error;
    // IPv6 may be disabled; the other table still counts.
    if (table.name === 'tcp') for (const sight of table.sights) sight.isUnavailable = true;
  }
}
