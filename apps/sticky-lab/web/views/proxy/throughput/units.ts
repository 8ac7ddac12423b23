import { language } from '../../../shell/language.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A whole number as the reader writes it. */
export function formatCount(count: number): string {
  return count.toLocaleString(language.value === 'zh' ? 'zh-CN' : 'en');
}

/** A number of bytes with a unit that keeps it short: `12.3 KiB`. */
export function formatBytes(byteLength: number): string {
  const step = byteLength < 1024 ? 0 : Math.min(Math.floor(Math.log2(byteLength) / 10), UNITS.length - 1);
  const amount = byteLength / 1024 ** step;
  return `${amount.toFixed(step === 0 || amount >= 100 ? 0 : 1)} ${UNITS[step] ?? ''}`;
}
