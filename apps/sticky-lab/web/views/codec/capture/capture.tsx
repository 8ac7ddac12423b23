import { useEffect } from 'preact/hooks';
import { Field } from '../../../controls/field.tsx';
import { t } from '../../../shell/language.ts';
import { open, opened } from './opened.ts';
import type { Dissection } from '../../../../src/pages/codec/dissect.ts';
import type { JSX } from 'preact';

/** Takes a capture of tcpdump or Wireshark, chosen or dropped anywhere on the page, and lets one of its connections be chosen. */
export function CaptureInput(): JSX.Element {
  useEffect(takeDropped, []);
  const file = opened.value;
  return (
    <div class="capture">
      <Field
        label={t({ en: 'Or a capture', zh: '或抓包文件' })}
        help={t({
          en: 'pcap or pcapng, of tcpdump or Wireshark; drop it anywhere here',
          zh: 'tcpdump 或 Wireshark 的 pcap / pcapng 文件；可拖放到本页任意位置',
        })}
        refusal={file?.refusal}
      >
        {(ties) => (
          <input
            {...ties}
            type="file"
            accept=".pcap,.pcapng,.cap"
            onChange={({ currentTarget }) => {
              const given = currentTarget.files?.[0];
              if (given !== undefined) void open(given);
            }}
          />
        )}
      </Field>
      {file?.Streams !== undefined && <file.Streams />}
    </div>
  );
}

/** Files that are dropped are not opened by the browser in place of the page. @returns what ends that. */
function takeDropped(): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  document.addEventListener('dragover', (event) => event.preventDefault(), { signal });
  document.addEventListener(
    'drop',
    (event) => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      void open(file);
    },
    { signal },
  );
  return () => ending.abort();
}

/** The messages against the segments that brought them; nothing of bytes that were typed. */
export function WirePicture({ dissection }: { readonly dissection: Dissection }): JSX.Element | null {
  const Shown = opened.value?.Wire;
  return Shown === undefined ? null : <Shown dissection={dissection} />;
}
