export type {
  Await,
  Bug,
  Burst,
  Bytes,
  Capture,
  Confidence,
  Cut,
  Diagnosis,
  Ending,
  Exchange,
  ExpectStep,
  Fail,
  FailureKind,
  FrameSpan,
  Observation,
  Outcome,
  Piece,
  PieceObservation,
  Reply,
  Segmentation,
  SendStep,
  Slot,
  Span,
  Step,
  Trial,
  TrialStep,
  Until,
  Verdict,
  VerdictKind,
} from './types.ts';
export { FAILURE_KINDS, VERDICT_KINDS } from './types.ts';
export { PROBE_ERROR_CODES, ProbeError } from './errors.ts';
export type { ProbeErrorCode } from './errors.ts';
export { BUGS } from './diagnosis/bugs.ts';
export { createExchange, requestExchange } from './exchange/create.ts';
export type { CaptureInput, ExchangeOptions, StepInput } from './exchange/create.ts';
export { framesOf, framingsWithFrames } from './exchange/frames.ts';
export { parseConversation } from './exchange/conversation.ts';
export type { ConversationOptions, ReadFile } from './exchange/conversation.ts';
export { exchangeOf, readRecording, recordingHead, recordingLine } from './exchange/recording.ts';
export type { RecordedEvent, Recording, RecordingHead, Side } from './exchange/recording.ts';
export { PROTOCOLS, protocolExchange } from './exchange/protocols/index.ts';
export type { ReadyExchange } from './exchange/protocols/base/ready-exchange.ts';
export { parseHex, parseRequest, parseText } from './exchange/source.ts';
export type { RequestSource } from './exchange/source.ts';
export { parseUntil } from './exchange/until.ts';
export { PLANS } from './plans/registry.ts';
export { PRESETS } from './plans/presets.ts';
export type { Preset } from './plans/presets.ts';
export { parsePlan } from './plans/parse.ts';
export type { Draft, Drafts, Plan, PlanContext, PlanEntry } from './plans/base/plan.ts';
export { parseShard, planTrials, shardOf } from './plans/base/sequence.ts';
export type { Campaign, PlannedCount, PlanOptions, Shard, TrialSequence } from './plans/base/sequence.ts';
export { cutsOf, piecesOf } from './plans/base/segmentation.ts';
export { shapeOf } from './plans/base/shape.ts';
export { burstBytes, controlTrial, untilOf } from './plans/base/steps.ts';
export { applyMasks, DEFAULT_MASKS, MASKS, parseIgnored, parseMask } from './trial/masks.ts';
export type { Mask } from './trial/masks.ts';
export { compare, expectationOf } from './trial/compare.ts';
export type { Expectation } from './trial/compare.ts';
export { judgeControl } from './trial/control.ts';
export type { ControlJudgement } from './trial/control.ts';
export { shrink } from './shrink/shrink.ts';
export type { IsFailing, ShrinkOptions, Shrunk } from './shrink/shrink.ts';
export { diagnose } from './diagnosis/diagnose.ts';
export type { CutEvidence, Evidence } from './diagnosis/diagnose.ts';
export type { GlueTally } from './diagnosis/diagnose-glue.ts';
export { explain, replayCommand } from './diagnosis/explain.ts';
export type { Explanation } from './diagnosis/explain.ts';
export { CELLS } from './trial/cells.ts';
export { headlineOf } from './report/headline.ts';
export { htmlReport } from './report/html/html.ts';
export { readReport, writeReport } from './report/json.ts';
export { junitReport } from './report/junit.ts';
export { mergeReports } from './report/merge.ts';
export { REPORT_VERSION } from './report/model.ts';
export type { CaseReport, ControlSummary, Excerpt, PlanTally, ProbeReport, SendSummary, TrialSummary } from './report/model.ts';
export { exitCodeOf, outcomeOf } from './report/outcome.ts';
export { textReport } from './report/text.ts';
export { probe } from './probe.ts';
export type { ProbeOptions, ProbeProgress } from './probe.ts';
export { probeClient } from './client-probe.ts';
export type { ClientProbeOptions } from './client-probe.ts';
export { probeDatagrams } from './datagram-probe.ts';
export type { DatagramProbeOptions, DatagramProgress } from './datagrams/options.ts';
export { datagramExchange, datagramExchangeOf, parseDatagramId } from './datagrams/base/exchange.ts';
export { DATAGRAM_PLANS, DEFAULT_DATAGRAM_PLANS, parseDatagramPlans } from './datagrams/plans/registry.ts';
export { DATAGRAM_PROTOCOLS, datagramProtocol } from './datagrams/protocols.ts';
export { datagramHtml } from './datagrams/report/html.ts';
export { datagramJunit } from './datagrams/report/junit.ts';
export { datagramHeadline, datagramText } from './datagrams/report/text.ts';
export type { DatagramReport } from './datagrams/report/model.ts';
export { ALLOWABLE_FAILURES, DATAGRAM_FAILURES, DATAGRAM_VERDICTS } from './datagrams/base/types.ts';
export type { AllowableFailure, DatagramFailure, DatagramId, DatagramTrial, DatagramVerdict } from './datagrams/base/types.ts';
export { freePort } from './runner/target/free-port.ts';
export { createProgram } from './runner/target/program.ts';
export type { ProgramOptions, StartedProgram } from './runner/target/program.ts';
export { splitWords } from './runner/target/words.ts';
export { torture } from './torture/torture.ts';
export type { TortureOptions } from './torture/options.ts';
export { tortureCorpus } from './torture/corpus/create-corpus.ts';
export type { CorpusOptions } from './torture/corpus/create-corpus.ts';
export { CORPUS_VERSION, testsOf, TORTURE_PLANS } from './torture/corpus/corpus.ts';
export type {
  Cutting,
  DuePayload,
  StreamEnding,
  TortureCorpus,
  TortureGroup,
  TorturePlan,
  TorturePlanName,
  TortureStream,
  TortureTest,
} from './torture/corpus/corpus.ts';
export { writeCorpus } from './torture/corpus/corpus-file.ts';
export { deliver, untilPeerRead } from './delivery/deliver.ts';
export type { DeliverOptions, DeliverySocket } from './delivery/deliver.ts';
export { formatPace, parsePace, parseServerPace } from './delivery/pace.ts';
export type { Pace, PreloadPace, ReadObserver } from './delivery/pace.ts';
export type { ReadState } from './kernel/queue-poller.ts';
export { areQueuesShown } from './kernel/queue-check.ts';
export { createConnector } from './transports/connector.ts';
export type { Connector, ConnectorOptions } from './transports/connector.ts';
export { isOwnAddress, resolveOwn } from './transports/ownership.ts';
export { formatTarget, parseTarget } from './transports/target.ts';
export type { Target, TlsTarget } from './transports/target.ts';
