import { useEffect } from 'preact/hooks';
import { t } from '../../shell/language.ts';
import { Attempts } from './attempts-table.tsx';
import { followAddress } from './bench/bench-address.ts';
import { outcome } from './bench/bench-state.ts';
import { BytesInput } from './bytes-input.tsx';
import { CaptureInput, WirePicture } from './capture/capture.tsx';
import { Encoder } from './encoder.tsx';
import { Result } from './result.tsx';
import type { JSX } from 'preact';

/** Bytes taken apart by a framing, and put together. */
export function Bench(): JSX.Element {
  useEffect(followAddress, []);
  const found = outcome.value;
  return (
    <div class="codec">
      <p>
        {t({
          en: 'Paste bytes of a protocol, or drop a capture, and see where its frames begin and end. Nothing leaves this page.',
          zh: '粘贴某个协议的字节，或拖入抓包文件，看看每一帧从哪里开始、到哪里结束。数据不会离开本页面。',
        })}
      </p>
      <BytesInput />
      <CaptureInput />
      {'frames' in found && (
        <>
          <WirePicture dissection={found} />
          <h2>{t({ en: 'Frames', zh: '帧' })}</h2>
          <Result dissection={found} />
          <Attempts />
          <Encoder dissection={found} />
        </>
      )}
    </div>
  );
}
