import { useEffect, useState } from 'preact/hooks';
import { visited } from '../../shell/address.ts';
import { ask, AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { campaign, unwatch, watch } from './campaign.ts';
import { campaignOf, draft, draftOf, FormError, keepAddress, parametersOf, saysSomething } from './draft.ts';
import { CampaignForm } from './form.tsx';
import { Result } from './result.tsx';
import type { ProbeOffer } from '../../../src/pages/probe/contract.ts';
import type { JSX } from 'preact';

/** Cuts the requests to a server at every position, and shows which cuts change its answers. */
export function ProbeView(): JSX.Element {
  const [offer, setOffer] = useState<ProbeOffer>();
  const [failure, setFailure] = useState<AskError>();
  useEffect(() => {
    const leaving = new AbortController();
    ask('GET /api/probe', { signal: leaving.signal }).then(setOffer, (reason: unknown) => {
      if (reason instanceof AskError) setFailure(reason);
    });
    return () => leaving.abort();
  }, []);
  return (
    <>
      <p>
        {t({
          en: 'Does a server give the same answer however TCP cuts its requests? The probe sends one request again and again, cut at another position each time; the next piece goes out only when the one before was read.',
          zh: '无论 TCP 怎样拆分请求，服务器的响应都一样吗？切分测试反复发送同一个请求，每次切在不同的地方；上一个片段被读走之后，才发出下一个。',
        })}
      </p>
      {failure !== undefined && <p role="alert">{failure.text}</p>}
      {offer !== undefined && <Campaign offer={offer} />}
    </>
  );
}

/** Why a request was refused. */
interface Refused {
  /** Empty when it concerns no field. */
  readonly field: string;
  readonly text: string;
}

function Campaign({ offer }: { readonly offer: ProbeOffer }): JSX.Element {
  const [refused, setRefused] = useState<Refused>();
  const [isAsking, setAsking] = useState(false);
  useAddress(offer);
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    setAsking(true);
    try {
      await what();
      setRefused(undefined);
    } catch (error) {
      if (!(error instanceof AskError || error instanceof FormError)) throw error;
      const text = error instanceof AskError ? error.text : error.message;
      setRefused({ field: error.field?.split('.')[0] ?? '', text });
    } finally {
      setAsking(false);
    }
  };
  const start = (): Promise<void> =>
    attempt(async () => {
      const form = draft.peek();
      const { target } = form.practice === '' ? form : await ask('POST /api/probe/practice', { body: { name: form.practice } });
      const { job } = await ask('POST /api/probe/campaigns', { body: campaignOf(form, target) });
      show(offer, job.id);
    });
  const refusalOf = (field: string): string | undefined => (refused?.field === field ? refused.text : undefined);
  return (
    <>
      <CampaignForm
        offer={offer}
        refusalOf={refusalOf}
        onChange={() => keepAddress(offer, campaign.peek()?.job)}
        onSubmit={() => {
          if (!isAsking && !isRunning()) void start();
        }}
      >
        <Buttons offer={offer} isAsking={isAsking} attempt={attempt} />
        {refused?.field === '' && (
          <p class="bad" role="alert">
            {refused.text}
          </p>
        )}
      </CampaignForm>
      <Result />
    </>
  );
}

interface ButtonsProps {
  readonly offer: ProbeOffer;
  readonly isAsking: boolean;
  readonly attempt: (what: () => Promise<void>) => Promise<void>;
}

function Buttons({ offer, isAsking, attempt }: ButtonsProps): JSX.Element {
  const shown = campaign.value;
  const path = { id: shown?.job ?? '' };
  const stop = (): Promise<void> =>
    attempt(async () => {
      await ask('POST /api/jobs/:id/stop', { path });
    });
  const resume = (): Promise<void> =>
    attempt(async () => {
      const { job } = await ask('POST /api/probe/campaigns/:id/resume', { path });
      show(offer, job.id);
    });
  const isUnfinished = shown?.told === undefined || shown.told.done < shown.told.total;
  const canResume = shown?.state === 'stopped' || shown?.state === 'failed' || (shown?.state === 'done' && isUnfinished);
  return (
    <div class="controls">
      <button type="submit" class="primary" disabled={isAsking || isRunning()}>
        {t({ en: 'Start', zh: '开始' })}
      </button>
      <button type="button" disabled={!isRunning()} onClick={() => void stop()}>
        {t({ en: 'Stop', zh: '停止' })}
      </button>
      <button type="button" disabled={isAsking || !canResume} onClick={() => void resume()}>
        {t({ en: 'Go on', zh: '继续' })}
      </button>
    </div>
  );
}

function isRunning(): boolean {
  return campaign.value?.state === 'running' || campaign.value?.state === 'waiting';
}

function show(offer: ProbeOffer, job: string): void {
  watch(job);
  keepAddress(offer, job);
}

/** Shows the campaign of the address: at first, and on back and forward. */
function useAddress(offer: ProbeOffer): void {
  const parameters = visited.value;
  useEffect(() => {
    if (parameters.get('page') !== 'probe') return;
    const job = parameters.get('campaign');
    const shownJob = campaign.peek()?.job;
    const isEmpty = !saysSomething(parameters) && job === null;
    // The navigation link has no parameters: the previous state is shown again.
    if (isEmpty && draft.peek().plans !== '' && (draft.peek().practice !== '' || draft.peek().target !== '')) {
      keepAddress(offer, shownJob);
      return;
    }
    const asked = draftOf(parameters, offer);
    if (JSON.stringify(parametersOf(asked, offer)) !== JSON.stringify(parametersOf(draft.peek(), offer))) draft.value = asked;
    if (job !== null && job !== shownJob) watch(job);
    if (job === null && shownJob !== undefined) unwatch();
  }, [parameters, offer]);
}
