import { useEffect, useMemo, useState } from 'preact/hooks';
import { download } from '../../controls/download.ts';
import { addressOf, query, replaceAddress } from '../../shell/address.ts';
import { t } from '../../shell/language.ts';
import { addressParameters, draftFromAddress, draftOf, settingsOf } from './draft.ts';
import { PRESETS } from './presets.ts';
import { RunModel } from './run-model.ts';
import { SettingsForm } from './settings-form.tsx';
import { Side } from './side.tsx';
import type { PlaygroundResult } from '../../../src/pages/playground/result.ts';
import type { Text } from '../../shell/language.ts';
import type { Draft } from './draft.ts';
import type { RunState } from './run-model.ts';
import type { JSX } from 'preact';

/** Messages sent twice: as they are, and framed. */
export function Playground(): JSX.Element {
  const linked = useMemo(() => draftFromAddress(query.value), []);
  const model = useMemo(() => new RunModel(), []);
  const [draft, setDraft] = useState(linked.draft);
  const state = model.state.value;
  const result = model.result.value;
  const run = (): void => {
    replaceAddress(addressParameters(draft).parameters);
    void model.run(settingsOf(draft));
  };
  useEffect(() => {
    // A link shows what it was made of; without the messages it cannot.
    if (linked.isComplete) run();
    return () => model.leave();
  }, []);
  useEffect(() => {
    if (state.phase === 'refused') document.querySelector<HTMLElement>('.playground-form [aria-invalid="true"]')?.focus();
  }, [state]);
  return (
    <>
      <p>
        {t({
          en: 'The same messages over two real loopback connections: without framing, and framed. See what each receiver makes of the bytes.',
          zh: '把同样的消息通过两个真实的本机连接发送：一个不分帧，一个分帧。看看两个接收方各自把字节读成了什么。',
        })}
      </p>
      {linked.isGiven && !linked.isComplete && (
        <p>
          {t({
            en: 'The link has no messages, they were too long for it; these are others.',
            zh: '链接里没有消息（太长放不下），这里显示的是默认消息。',
          })}
        </p>
      )}
      <Presets onChoose={setDraft} />
      <SettingsForm draft={draft} onChange={setDraft} onRun={run} refusal={fieldRefusalOf(state)}>
        <button class="primary" type="submit" disabled={model.isBusy}>
          {t({ en: 'Run', zh: '运行' })}
        </button>
        <button type="button" disabled={!model.isBusy} onClick={() => void model.stop()}>
          {t({ en: 'Stop', zh: '停止' })}
        </button>
        <span role="status">{statusOf(state)}</span>
      </SettingsForm>
      {result !== undefined && <Result result={result} />}
    </>
  );
}

function Presets({ onChoose }: { readonly onChoose: (draft: Draft) => void }): JSX.Element {
  return (
    <div class="controls" role="group" aria-label={t({ en: 'Examples', zh: '示例' })}>
      {PRESETS.map(({ id, title, settings }) => (
        <button key={id} type="button" onClick={() => onChoose(draftOf(settings))}>
          {t(title)}
        </button>
      ))}
    </div>
  );
}

function fieldRefusalOf(state: RunState): { readonly field: string; readonly text: string } | undefined {
  if (state.phase !== 'refused' || state.error.field === undefined) return undefined;
  return { field: state.error.field, text: state.error.text };
}

function statusOf(state: RunState): string {
  if (state.phase === 'running') return t({ en: `runs: ${state.framing}`, zh: `正在运行：${state.framing}` });
  if (state.phase === 'failed') return t({ en: `failed: ${state.reason ?? FORGOTTEN.en}`, zh: `失败：${state.reason ?? FORGOTTEN.zh}` });
  if (state.phase === 'refused' && state.error.field === undefined) return state.error.text;
  return t(PHASES[state.phase]);
}

const FORGOTTEN: Text = { en: 'the service does not know the run any more', zh: '服务器上已找不到这次运行' };
const PHASES: Readonly<Record<Exclude<RunState['phase'], 'running' | 'failed'>, Text>> = {
  idle: { en: '', zh: '' },
  waiting: { en: 'waits for its turn', zh: '等待轮到它' },
  done: { en: 'done', zh: '完成' },
  stopped: { en: 'stopped', zh: '已停止' },
  refused: { en: 'a setting was refused', zh: '有一项设置不被接受' },
};

function Result({ result }: { readonly result: PlaygroundResult }): JSX.Element {
  const { raw, framed, settings } = result;
  const { parameters, isComplete } = addressParameters(draftOf(settings));
  const save = (): void => download('playground.json', 'application/json', JSON.stringify(result, null, 2));
  return (
    <section aria-labelledby="playground-result">
      <h2 id="playground-result">{t({ en: 'What happened', zh: '结果' })}</h2>
      <div class="controls playground-actions">
        <a href={addressOf(parameters)}>{t({ en: 'Link to this run', zh: '这次运行的链接' })}</a>
        {!isComplete && (
          <span class="quiet">
            {t({ en: 'The messages are too long for an address: the link leaves them out.', zh: '消息太长，链接里不含消息。' })}
          </span>
        )}
        <button type="button" onClick={save}>
          {t({ en: 'Save as JSON', zh: '导出 JSON' })}
        </button>
      </div>
      <div class="playground-sides">
        <Side id="playground-raw" side={raw} />
        <Side id="playground-framed" side={framed} />
      </div>
    </section>
  );
}
