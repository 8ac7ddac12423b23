import { expect, test } from 'vitest';
import { compileLayout } from '../../src/frame/layout.ts';
import { layoutReader } from '../../src/layout/codec-of.ts';
import { frameOptionsOf } from '../../src/layout/frame-layout.ts';
import { AMQP, GRPC, MODBUS, MONGODB, MQTT, MYSQL, POSTGRES, TPKT, WEBSOCKET } from '../../src/protocols/protocol-layouts.ts';
import type { FramedLayout } from '../../src/index.ts';

// Widths as the specifications draw them: header bytes, and bytes that the length counts besides the payload.
test.each<[FramedLayout, readonly [number, number], number]>([
  [TPKT, [4, 4], 4],
  [MODBUS, [7, 7], 1],
  [GRPC, [5, 5], 0],
  [MQTT, [2, 5], 0],
  [POSTGRES, [5, 5], 4],
  [MYSQL, [4, 4], 0],
  [MONGODB, [16, 16], 16],
  [AMQP, [7, 7], 0],
  [WEBSOCKET, [2, 14], 0],
])('$0.name', (options, [min, max], adjustment) => {
  const layout = compileLayout(frameOptionsOf(layoutReader(options, 'layout')));
  expect([layout.minHeaderBytes, layout.maxHeaderBytes, layout.adjustment]).toEqual([min, max, adjustment]);
});
