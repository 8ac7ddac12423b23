import { t } from '../../shell/language.ts';
import { formatCount } from './throughput/units.ts';
import type { ProxyOfJob } from '../../../src/pages/proxy/contract.ts';
import type { JSX } from 'preact';

/** What passed through a proxy in all. */
export function ProxyTotals({ totals: { up, down } }: Pick<ProxyOfJob, 'totals'>): JSX.Element {
  const rows = [
    { label: t({ en: 'client → target', zh: '客户端 → 目标' }), flow: up },
    { label: t({ en: 'target → client', zh: '目标 → 客户端' }), flow: down },
  ];
  return (
    <table class="proxy-totals">
      <caption>{t({ en: 'Passed in all', zh: '累计通过' })}</caption>
      <thead>
        <tr>
          <th scope="col">{t({ en: 'Direction', zh: '方向' })}</th>
          <th scope="col">{t({ en: 'Bytes', zh: '字节' })}</th>
          <th scope="col">{t({ en: 'Pieces', zh: '片段' })}</th>
          <th scope="col">{t({ en: 'Known to be read', zh: '已确认被读走' })}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, flow }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{formatCount(flow.bytes)}</td>
            <td>{formatCount(flow.pieces)}</td>
            <td>{formatCount(flow.confirmed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
