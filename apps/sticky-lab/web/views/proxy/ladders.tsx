import { useEffect } from 'preact/hooks';
import { flowOf, MAX_RECORDED_BYTES, MAX_RECORDED_EVENTS } from '../../../src/pages/proxy/recorded.ts';
import { firstRequest, recordingFile } from '../../../src/pages/proxy/recording-file.ts';
import { download } from '../../controls/download.ts';
import { PageLink } from '../../controls/page-link.tsx';
import { Picture } from '../../picture/picture.tsx';
import { t } from '../../shell/language.ts';
import { playRecording } from '../probe/draft.ts';
import { formatCount } from './throughput/units.ts';
import type { FlowUpdate } from '../../../src/pages/proxy/recorded.ts';
import type { KnownRecording, WatchedProxy } from './watched-proxy.ts';
import type { Direction } from '@socklab/proxy';
import type { JSX } from 'preact';

/** What {@link Ladders} shows. */
export interface LaddersProps {
  readonly watched: WatchedProxy;
  readonly connection: number;
  /** The recording when the picture was frozen; `undefined` while it is not. */
  readonly frozen: ReadonlyMap<number, KnownRecording> | undefined;
}

/** What passed through a connection, one ladder for each direction. */
export function Ladders({ watched, connection, frozen }: LaddersProps): JSX.Element {
  const live = watched.recordings.value.get(connection);
  const isKnown = live?.up !== undefined && live.down !== undefined;
  useEffect(() => {
    if (!isKnown) watched.askRecording(connection);
  }, [watched, connection, isKnown]);
  const recording = (frozen ?? watched.recordings.value).get(connection);
  const { up, down } = recording ?? {};
  const isLive = frozen === undefined && watched.connections.value.get(connection)?.closed === null;
  const save = (): void => download(`connection-${connection}.json`, 'application/json', JSON.stringify({ up, down }, null, 2));
  return (
    <section aria-label={t({ en: `What passed through connection ${connection}`, zh: `连接 ${connection} 上经过的内容` })}>
      <h3>{t({ en: `Connection ${connection}`, zh: `连接 ${connection}` })}</h3>
      <p class="quiet">
        {t({
          en: 'This is what the proxy saw, not what your programs did: “came in” is one read of the proxy a box, “sent on” one write. “Confirmed read” says by when the receiver had read a piece, and not by how many reads; the paces drain and auto find it out.',
          zh: '这里是代理看到的，不是两端程序的调用：“代理收到”每个方框是代理的一次读取，“代理转发”是一次写入；“已确认被读走”表示此刻接收方已读走这一段，但不知道它读了几次，由节奏 drain 和 auto 得知。',
        })}
      </p>
      <div class="proxy-ladders">
        {up !== undefined && <Ladder recording={up} connection={connection} direction="up" isLive={isLive} />}
        {down !== undefined && <Ladder recording={down} connection={connection} direction="down" isLive={isLive} />}
      </div>
      <div class="controls">
        <TakeAlong watched={watched} connection={connection} recording={recording} />
        <button type="button" disabled={recording === undefined} onClick={save}>
          {t({ en: 'Save as JSON', zh: '保存为 JSON' })}
        </button>
      </div>
    </section>
  );
}

interface TakeAlongProps extends Pick<LaddersProps, 'watched' | 'connection'> {
  readonly recording: KnownRecording | undefined;
}

/** What passed, for the cut test: as a recording for the command line, and its first request for the page. */
function TakeAlong({ watched, connection, recording }: TakeAlongProps): JSX.Element | null {
  const proxy = watched.proxy.value;
  const { up, down } = recording ?? {};
  if (proxy === undefined || up === undefined || down === undefined) return null;
  const { target, framing } = proxy;
  const file = recordingFile({ up, down }, { target, framing });
  const request = firstRequest({ up, down });
  return (
    <>
      {request !== undefined && (
        <PageLink to={{ page: 'probe', target, ...request, ...(framing === null ? {} : { framing }) }} isCurrent={false}>
          {t({ en: 'Test the target with its first request, cut everywhere', zh: '用第一个请求对目标做切分测试（每处都切）' })}
        </PageLink>
      )}
      <button type="button" disabled={file === undefined} onClick={() => playRecording(target, file ?? '')}>
        {t({ en: 'Play it to the target, cut everywhere', zh: '向目标重放（每处都切）' })}
      </button>
      <button
        type="button"
        disabled={file === undefined}
        title={t({
          en: 'For sticky-lab probe --recording and probe-client. Only what was recorded whole can be played back.',
          zh: '供 sticky-lab probe --recording 和 probe-client 使用。只有完整记录的内容才能重放。',
        })}
        onClick={() => download(`connection-${connection}.jsonl`, 'application/jsonl', file ?? '')}
      >
        {t({ en: 'Save as a recording', zh: '保存为录制文件' })}
      </button>
    </>
  );
}

interface LadderProps {
  readonly recording: FlowUpdate;
  readonly connection: number;
  readonly direction: Direction;
  readonly isLive: boolean;
}

function Ladder({ recording, connection, direction, isLive }: LadderProps): JSX.Element {
  const flow = flowOf(recording, connection, direction);
  return (
    <div class="proxy-ladder" data-direction={direction}>
      <Picture flow={flow} isLive={isLive} />
      <Limits recording={recording} />
    </div>
  );
}

/** What is not shown, so that the picture is not taken for everything. */
function Limits({ recording: { omittedEvents, totalBytes } }: { readonly recording: FlowUpdate }): JSX.Element {
  return (
    <>
      {omittedEvents > 0 && (
        <p class="quiet">
          {t({
            en: `A recording keeps the first ${formatCount(MAX_RECORDED_EVENTS)} events of a direction; ${formatCount(omittedEvents)} more are not shown. Start the ladders anew to see what passes now.`,
            zh: `每个方向只记录最初 ${formatCount(MAX_RECORDED_EVENTS)} 个事件，另有 ${formatCount(omittedEvents)} 个未显示。清空并重新记录即可看到现在经过的内容。`,
          })}
        </p>
      )}
      {totalBytes > MAX_RECORDED_BYTES && (
        <p class="quiet">
          {t({
            en: `Of ${formatCount(totalBytes)} bytes, the first ${formatCount(MAX_RECORDED_BYTES)} can be looked at.`,
            zh: `共 ${formatCount(totalBytes)} 字节，可查看最初 ${formatCount(MAX_RECORDED_BYTES)} 字节。`,
          })}
        </p>
      )}
    </>
  );
}
