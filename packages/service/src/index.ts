export { InvalidArgumentError } from 'commander';
export type { Command, Option } from 'commander';
export { addressOptions, createAddressRule, parseCidr } from './address-list.ts';
export type { AddressFlags, AddressRuleOptions, Cidr } from './address-list.ts';
export type { AdminListen, AdminOptions, AdminRoutes, Readiness } from './admin.ts';
export { bindUdp, udpType } from './bind.ts';
export type { BindOptions } from './bind.ts';
export { createAttachedConsole } from './console-attached.ts';
export type { AttachedConsole, AttachedConsoleOptions } from './console-attached.ts';
export { commandHelp, commandUsage, completeCommand, parseConsoleLine } from './console-command.ts';
export type { Completion, ConsoleCommand, ConsoleLine } from './console-command.ts';
export type { LineListener } from './console-hearing.ts';
export { listenForOperator, parseConsoleEndpoint } from './console-listen.ts';
export type { OperatorListenOptions } from './console-listen.ts';
export { createOperatorConsole } from './console.ts';
export type { ConsoleOptions, OperatorConsole } from './console.ts';
export type { ControlAnswer, ControlRequest, ControlRoute } from './control-route.ts';
export { clampConnections, openFilesLimit } from './descriptors.ts';
export type { ConnectionLimit } from './descriptors.ts';
export { formatEndpoint, isWildcard, parseEndpoint } from './endpoint.ts';
export type { Endpoint, Transport } from './endpoint.ts';
export { EXIT, ServiceError } from './exit.ts';
export type { ServiceErrorCode } from './exit.ts';
export { createKeyedBuckets } from './keyed-buckets.ts';
export type { KeyedBuckets, KeyedBucketsOptions } from './keyed-buckets.ts';
export { withInterrupt } from './interrupt.ts';
export { runService } from './lifecycle.ts';
export type { RunningService, ServiceContext, ServiceOptions } from './lifecycle.ts';
export { openLink } from './link.ts';
export type { Link, LinkOptions, LinkReader } from './link.ts';
export { listenTcp } from './listen.ts';
export type { ListenOptions } from './listen.ts';
export { createPace } from './load-pace.ts';
export { amendedCount, formatLoadRows, latencyRows } from './load-table.ts';
export type { LoadRow } from './load-table.ts';
export { createLoadTurns } from './load-turns.ts';
export type { LoadSender, LoadTurns } from './load-turns.ts';
export type { Pace, PaceOptions } from './load-pace.ts';
export { httpTimeouts, limitHttp } from './http-limits.ts';
export { MAX_RATE_PER_SECOND, countBetween, parseLoadRate, parseTimeout, sizesBetween } from './load-values.ts';
export type { SizeRange } from './load-values.ts';
export { createLogWindow } from './log-window.ts';
export type { LogWindow, LogWindowOptions } from './log-window.ts';
export { createLogger, logFormats, logLevels } from './logger.ts';
export type { LogFormat, Logger, LoggerOptions } from './logger.ts';
export { createMetrics } from './metrics.ts';
export type { Counter, Gauge, Histogram, Metrics, Registry } from './metrics.ts';
export { option } from './option.ts';
export type { OptionExtra } from './option.ts';
export type { ReadyMessage } from './parent.ts';
export { packageVersion } from './manifest.ts';
export { formatMicroseconds, summarizeLatency } from './percentiles.ts';
export type { LatencySummary } from './percentiles.ts';
export { busyPolicy, portBusyOptions } from './port-busy.ts';
export type { BusyOptions, BusyPolicy, PortBusyFlags } from './port-busy.ts';
export { portHolder } from './port-holder.ts';
export type { Holder } from './port-holder.ts';
export { prefixOf } from './prefix.ts';
export { printable } from './printable.ts';
export { showProgress } from './progress.ts';
export type { Progress, ProgressStream } from './progress.ts';
export { createProgram, runProgram } from './program.ts';
export type { ProgramOptions } from './program.ts';
export {
  parseCount,
  parseDuration,
  parseHostPort,
  parseJitter,
  parseLimit,
  parsePercent,
  parsePort,
  parsePositiveSize,
  parseRate,
  parseSize,
} from './values.ts';
export type { ConnectTarget, Jitter } from './values.ts';
export { ProxyHeaderError } from './proxy-header.ts';
export type { ProxyAddress, ProxyHeader, ProxyHeaderErrorCode } from './proxy-header.ts';
export { createProxyHeaderReader } from './proxy-protocol.ts';
export type { ProxyHeaderDone, ProxyHeaderProgress, ProxyHeaderReader, ProxyHeaderReaderOptions } from './proxy-protocol.ts';
export { createQuitListener, QUIT_PAUSE_MS, quitMatcher, withoutLineEnding } from './quit-word.ts';
export type { QuitListener, QuitVerdict } from './quit-word.ts';
export { serviceOptions } from './service-options.ts';
export type { ServiceFlags } from './service-options.ts';
export { acceptRelayEnd, dialRelayEnd } from './relay-end.ts';
export type { RelayEnd, RelayEndOptions, RelayReader } from './relay-end.ts';
export { createSpeaker } from './speaker.ts';
export type { Speaker } from './speaker.ts';
export { defaultListen, inheritedEndpoints, resolveEndpoints } from './systemd.ts';
export type { Environment, InheritedEndpoint } from './systemd.ts';
export { loadTlsIdentity } from './tls-identity.ts';
export type { TlsIdentity, TlsServerOptions } from './tls-identity.ts';
export { tlsFiles, tlsOptions } from './tls-options.ts';
export type { TlsFiles, TlsFlags } from './tls-options.ts';
export { createTokenBucket } from './token-bucket.ts';
export type { RateLimit, TokenBucket } from './token-bucket.ts';
export { besideConsole, openConsole } from './streams.ts';
export type { Streams } from './streams.ts';
export { formatCount, threeDigits } from './units.ts';
export type { WorkersOptions } from './workers.ts';
export { WORKER_METRICS } from './workers-answers.ts';
export { workersOption } from './workers-option.ts';
export type { WorkersFlags } from './workers-option.ts';
export type { WorkerPost } from './workers-post.ts';
