export { InvalidArgumentError } from 'commander';
export type { Command, Option } from 'commander';
export { addressOptions, createAddressRule, parseCidr } from './limits/address-list.ts';
export type { AddressFlags, Cidr } from './limits/address-list.ts';
export { packetWriter } from './capture/packet-writer.ts';
export { pcapng } from './capture/pcapng.ts';
export type { CapturedPeer } from './capture/packet.ts';
export type { Pcapng, PcapngConnection } from './capture/pcapng.ts';
export { bindUdp, udpType } from './listen/bind.ts';
export type { BindOptions } from './listen/bind.ts';
export { commandHelp, commandUsage, completeCommand, parseConsoleLine } from './console/command.ts';
export type { ConsoleCommand, ConsoleLine } from './console/command.ts';
export type { LineListener } from './console/line-router.ts';
export { operatorOption } from './console/listen.ts';
export { createOperatorConsole } from './console/console.ts';
export type { OperatorConsole } from './console/console.ts';
export type { ControlAnswer, ControlRoute } from './admin/control-route.ts';
export { clampConnections, openFilesLimit } from './base/descriptors.ts';
export { formatEndpoint, hostPort, isWildcard, parseEndpoint } from './base/endpoint.ts';
export type { Endpoint } from './base/endpoint.ts';
export { ServiceError } from './base/exit.ts';
export { withInterrupt } from './run/interrupt.ts';
export { runService } from './run/lifecycle.ts';
export type { RunningService, ServiceContext } from './service.ts';
export { openLink } from './connection/link.ts';
export type { Link, LinkReader } from './connection/link.ts';
export { createMemoryBudget } from './limits/memory-budget.ts';
export type { MemoryBudget } from './limits/memory-budget.ts';
export { resetSocket } from './connection/reset-socket.ts';
export { readSendQueues } from './connection/send-queues.ts';
export type { SocketRow } from './connection/send-queues.ts';
export { listenTcp } from './listen/listen.ts';
export type { ListenOptions } from './listen/listen.ts';
export { httpTimeouts, limitHttp } from './admin/http-limits.ts';
export { createLogWindow } from './log/log-window.ts';
export type { LogWindow } from './log/log-window.ts';
export { createLogger } from './log/logger.ts';
export type { Logger } from './log/logger.ts';
export { createMetrics } from './admin/metrics.ts';
export type { Counter, Metrics } from './admin/metrics.ts';
export { option } from './options/option.ts';
export type { OptionExtra } from './options/option.ts';
export { packageVersion } from './base/manifest.ts';
export { busyPolicy, portBusyOptions } from './listen/port-busy.ts';
export type { PortBusyFlags } from './listen/port-busy.ts';
export { prefixOf } from './limits/prefix.ts';
export { printable } from './base/printable.ts';
export { createProgram, parseWords, runProgram } from './run/program.ts';
export {
  countBetween,
  parseCount,
  parseDuration,
  parseHostPort,
  parseJitter,
  parseLimit,
  parsePercent,
  parsePositiveSize,
  parseRate,
  parseSeed,
  parseSize,
  parseTimeout,
} from './options/values.ts';
export type { ConnectTarget, Jitter } from './options/values.ts';
export { createQuitListener, QUIT_PAUSE_MS, quitMatcher, withoutLineEnding } from './console/quit-word.ts';
export type { QuitListener, QuitVerdict } from './console/quit-word.ts';
export { serviceOptions } from './run/service-options.ts';
export type { ServiceFlags } from './run/service-options.ts';
export { acceptRelayEnd, dialRelayEnd } from './connection/relay-end.ts';
export type { RelayEnd, RelayReader } from './connection/relay-end.ts';
export { createSpeaker } from './console/speaker.ts';
export type { Speaker } from './console/speaker.ts';
export { defaultListen, resolveEndpoints } from './listen/systemd.ts';
export type { Environment } from './listen/systemd.ts';
export { createBucketRule, createTokenBucket } from './limits/token-bucket.ts';
export type { RateLimit, BucketRule, TokenBucket } from './limits/token-bucket.ts';
export { openServiceConsole } from './console/service-console.ts';
export type { ServiceConsole } from './console/service-console.ts';
export type { Streams } from './console/streams.ts';
export { workersOption } from './workers/option.ts';
export type { WorkersFlags } from './workers/option.ts';
export { formatIpv4, formatIpv6, ipv6Groups } from './limits/address-bits.ts';
export { readPort } from './base/port.ts';
export { ownSocketInodes, readProc, socketInode } from './base/proc.ts';
export { codeOf } from './base/system-error.ts';
