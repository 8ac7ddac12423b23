import type { FramedLayout } from '../../src/index.ts';

/** DL/T 645-2007, 5.2: FE bytes wake the line; the control code and the address come back in the answer; data is 33 more than it means. */
export const DLT645: FramedLayout = {
  kind: 'frame',
  name: 'dlt645',
  summary: 'DL/T 645-2007 electricity meters, whole frames',
  idle: 'fe',
  header: [
    { name: 'start', bytes: '68' },
    { name: 'address', opaque: 6 },
    { name: 'start2', bytes: '68' },
    { name: 'control', field: 'u8' },
    { name: 'length', field: 'u8' },
  ],
  trailer: [{ checksum: 'sum', covers: 'headerAndPayload', field: 'u8' }, { bytes: '16' }],
  examples: ['68 12 34 56 78 90 00 68 11 04 33 33 34 33 56 16', '68 12 34 56 78 90 00 68 91 08 33 33 34 33 78 56 34 12 ee 16'],
};
