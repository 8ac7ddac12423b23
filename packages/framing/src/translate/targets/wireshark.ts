import { untranslatable } from '../programs/parts/errors.ts';
import { headingOf, identifierOf } from './heading.ts';
import { print } from './printer.ts';
import type { Expression, Statement } from '../programs/language.ts';
import type { Translation } from '../programs/program.ts';
import type { Words } from './printer.ts';

const BITS: Readonly<Record<string, string>> = { '^': 'bxor', '&': 'band' };

/** Programs use reserved words of Lua as names. */
const NAMES: Readonly<Record<string, string>> = { end: 'finish', start: 'start', eof: '0', max: 'MAX_PAYLOAD_BYTES' };

const WORDS: Words = {
  name: (word) => NAMES[word] ?? word,
  byte: (at) => `byte_at(${at})`,
  operation: (operator, left, right) => {
    if (operator === '/' || operator === '>>') return `math.floor(${left} / ${operator === '/' ? right : 2 ** Number(right)})`;
    if (operator === '<<') return `(${left} * ${2 ** Number(right)})`;
    const word = { '||': 'or', '&&': 'and', '!=': '~=' }[operator as string];
    if (word !== undefined) return `(${left} ${word} ${right})`;
    return BITS[operator] === undefined ? undefined : `${BITS[operator]}(${left}, ${right})`;
  },
  statement: lines,
  open: (word, condition) => `${word} ${condition} ${word === 'if' ? 'then' : 'do'}`,
  otherwise: 'else',
  close: 'end',
  indent: '  ',
};

// A statement that returns must be the last of its block in Lua.
function lines(statement: Statement, text: (expression: Expression) => string): readonly string[] {
  switch (statement.type) {
    case 'set':
      return [`${WORDS.name(statement.name)} = ${text(statement.value)}`];
    case 'put':
      return [`bytes:set_index(${text(statement.at)}, ${text(statement.value)})`];
    case 'move':
      return [
        `for index = 0, ${text(statement.count)} - 1 do`,
        `  bytes:set_index(${text(statement.to)} + index, bytes:get_index(${text(statement.from)} + index))`,
        'end',
      ];
    case 'need':
      return [`if n < ${text(statement.end)} then return nil, ${text(statement.end)} - n end`];
    case 'more':
      return ['do return nil, DESEGMENT_ONE_MORE_SEGMENT end'];
    case 'fail':
      return [`do return nil, nil, "${statement.code}" end`];
    case 'frame':
      return [`do return { start, ${text(statement.next)}, ${text(statement.from)}, ${text(statement.to)}, parts, bytes } end`];
    case 'part':
      return [`parts[#parts + 1] = { ${JSON.stringify(statement.name)}, ${text(statement.from)}, ${text(statement.to)} }`];
    case 'if':
    case 'while':
    default:
      return [];
  }
}

/** Options of {@link wireshark}. */
export interface WiresharkOptions {
  /** The TCP port whose streams are dissected; without it they are chosen with "Decode As". */
  readonly port?: number;
}

/** A dissector sees a packet, and nothing of what came before it. */
function refuseUnseen({ facts, program }: Translation): void {
  if (facts.preamble !== undefined)
    throw untranslatable('preamble', 'a dissector sees the connection from its first byte, and frames begin after it');
  if (program.kept.length > 0)
    throw untranslatable('ending any', 'a dissector does not know whether the bytes before those that it sees ended with a CR');
}

/** The decoder as a Lua dissector, which reassembles segments. */
export function wireshark(translation: Translation, { port }: WiresharkOptions = {}): string {
  const { program, maxPayloadBytes } = translation;
  refuseUnseen(translation);
  // Wireshark already has many protocols under these names.
  const name = `${identifierOf(translation)}_frames`;
  const variables = [...program.locals, ...program.state].map((each) => `  local ${WORDS.name(each)} = 0\n`).join('');
  const where = port === undefined ? ':add_for_decode_as(protocol)' : `:add(${port}, protocol)`;
  return `${headingOf(translation)
    .map((line) => `-- ${line}\n`)
    .join('')}-- Put it into the folder of Wireshark's personal plugins, or run: tshark -X lua_script:FILE

local protocol = Proto("${name}", "${name}: made from a layout")
local f_part = ProtoField.bytes("${name}.part", "Part")
local f_payload = ProtoField.bytes("${name}.payload", "Payload")
local f_length = ProtoField.uint32("${name}.frame_bytes", "Bytes of the frame")
local e_fault = ProtoExpert.new("${name}.fault", "Not a frame", expert.group.MALFORMED, expert.severity.ERROR)
protocol.fields = { f_part, f_payload, f_length }
protocol.experts = { e_fault }

local MAX_PAYLOAD_BYTES = ${maxPayloadBytes}
local function bxor(a, b) return bit.bxor(a, b) % 4294967296 end
local function band(a, b) return bit.band(a, b) % 4294967296 end

-- The frame that begins at \`start\`; or how many more bytes are needed; or what is wrong.
local function measure(bytes, start, n)
  local seen = start
  local parts = {}
  local function byte_at(at) return bytes:get_index(at) end
${variables}${print(program.statements, WORDS, 1)}end

function protocol.dissector(tvb, pinfo, tree)
  local n = tvb:len()
  local bytes = tvb:range(0, n):bytes()
  local at, count = 0, 0
  while at < n do
    local frame, missing, fault = measure(bytes, at, n)
    if fault then
      pinfo.cols.protocol = protocol.name
      tree:add(protocol, tvb(at)):add_proto_expert_info(e_fault, fault)
      return n
    end
    if not frame then
      pinfo.desegment_offset = at
      pinfo.desegment_len = missing
      return n
    end
    local from, to = frame[1], frame[2]
    local branch = tree:add(protocol, tvb(from, to - from))
    branch:add(f_length, to - from):set_generated()
    for _, part in ipairs(frame[5]) do
      if part[3] > part[2] then branch:add(f_part, tvb(part[2], part[3] - part[2])):prepend_text(part[1] .. " ") end
    end
    if frame[4] > frame[3] then branch:add(f_payload, ${payloadOf(program.changesBytes)}) end
    count = count + 1
    at = to
  end
  pinfo.cols.protocol = protocol.name
  pinfo.cols.info = count .. (count == 1 and " frame" or " frames")
  return n
end

DissectorTable.get("tcp.port")${where}
`;
}

/** Where stuffing was removed, the payload differs from the bytes in the packet. */
function payloadOf(isStuffed: boolean): string {
  const range = 'frame[3], frame[4] - frame[3]';
  return isStuffed ? `frame[6]:subset(${range}):tvb("Payload")()` : `tvb(${range})`;
}
