import { framingNames, framingOf } from '@socklab/framing';
import { EXAMPLES } from '../../../src/pages/codec/examples.ts';
import { FRAMING_SUMMARIES } from '../../../src/pages/codec/framing-summaries.ts';
import { Field } from '../../controls/field.tsx';
import { FramingField } from '../../controls/framing-field.tsx';
import { t } from '../../shell/language.ts';
import { change, isLinked } from './bench/bench-address.ts';
import { bench, LARGEST_LIMIT, outcome, reading, retyped } from './bench/bench-state.ts';
import { TypedAsChoice } from './choice.tsx';
import { taken, TakenFor, takePasted } from './taken-for.tsx';
import type { JSX } from 'preact';

/** The bytes, and the codec that is to read them. */
export function BytesInput(): JSX.Element {
  const { as, typed } = bench.value;
  return (
    <>
      <Examples />
      <div class="controls codec-controls">
        <BenchFraming />
        <LimitField />
      </div>
      <TypedAsChoice
        label={t({ en: 'The bytes are typed as', zh: '字节的输入形式' })}
        value={as}
        onChange={(next) => change({ as: next, typed: retyped(bench.peek(), next) })}
      />
      <Field
        label={t({ en: 'Bytes', zh: '字节' })}
        help={as === 'hex' ? hexHelp() : textHelp()}
        refusal={'refusal' in reading.value ? t(reading.value.refusal) : undefined}
      >
        {(ties) => (
          <textarea
            {...ties}
            rows={4}
            spellcheck={false}
            autocomplete="off"
            value={typed}
            onInput={({ currentTarget }) => {
              taken.value = null;
              change({ typed: currentTarget.value });
            }}
            onPaste={(event) => takePasted(event, as)}
          />
        )}
      </Field>
      <TakenFor />
      {!isLinked.value && (
        <p class="quiet">
          {t({
            en: 'The bytes are too long for a link: the address of the page holds the framing only.',
            zh: '字节太长，放不进链接：页面地址只保留分帧方式。',
          })}
        </p>
      )}
    </>
  );
}

function BenchFraming(): JSX.Element {
  const { framing } = bench.value;
  const named = FRAMING_SUMMARIES.get(framing);
  const summary = named === undefined ? ownSummary(framing) : t(named);
  return (
    <FramingField
      names={framingNames}
      value={framing}
      help={summary}
      refusal={refusalOf('framing')}
      onChange={(next) => change({ framing: next })}
    />
  );
}

/** What a layout says of itself; nothing of one that is refused. */
function ownSummary(framing: string): string | undefined {
  return 'refusal' in outcome.value ? undefined : framingOf(framing).summary;
}

function LimitField(): JSX.Element {
  return (
    <Field
      label={t({ en: 'Longest payload', zh: '载荷上限' })}
      help={t({
        en: `in bytes, at most ${LARGEST_LIMIT}; empty: the format’s own`,
        zh: `字节，最大 ${LARGEST_LIMIT}；留空为该格式的默认值`,
      })}
      refusal={refusalOf('limit')}
    >
      {(ties) => (
        <input
          {...ties}
          class="number-input"
          type="text"
          inputMode="numeric"
          value={bench.value.limit}
          onInput={({ currentTarget }) => change({ limit: currentTarget.value.trim() })}
        />
      )}
    </Field>
  );
}

/** Why the codec cannot be asked, when it is because of this field. */
function refusalOf(field: 'framing' | 'limit'): string | undefined {
  const found = outcome.value;
  return 'refusal' in found && found.field === field ? t(found.refusal) : undefined;
}

function Examples(): JSX.Element {
  return (
    <div class="codec-examples" role="group" aria-label={t({ en: 'Examples', zh: '示例' })}>
      {EXAMPLES.map(({ label, framing, hex }) => (
        <button key={label.en} type="button" onClick={() => change({ framing, typed: hex, as: 'hex', limit: '' })}>
          {t(label)}
        </button>
      ))}
    </div>
  );
}

function hexHelp(): string {
  return t({
    en: '68 69, 0x68 or \\x68, with commas or brackets as you like; or a dump of xxd, hexdump -C, od -t x1, tcpdump -X or Wireshark',
    zh: '68 69、0x68、\\x68 均可，逗号和括号随意；也可粘贴 xxd、hexdump -C、od -t x1、tcpdump -X 或 Wireshark 的转储',
  });
}

function textHelp(): string {
  const escapes = String.raw`\n \r \t \0 \\ \xHH \u{H}`;
  return t({ en: `UTF-8, with ${escapes}; a line break is the byte 0a`, zh: `UTF-8，可用 ${escapes}；换行就是字节 0a` });
}
