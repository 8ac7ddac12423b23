import type { Translation } from '../programs/program.ts';

/** The comment at the top of every decoder, one line each. */
export function headingOf({ facts, layout }: Translation): readonly string[] {
  const name = facts.name ?? layout.kind;
  return [
    `Finds the frames of ${name} in a stream, however it was cut.`,
    ...(facts.summary === undefined ? [] : [oneLine(facts.summary)]),
    ...(facts.source === undefined ? [] : [`Source: ${oneLine(facts.source)}`]),
    ...(facts.preamble === undefined ? [] : ['It reads frames: what comes before the first one is to be taken off before.']),
    'Made from a layout by socklab; change the layout rather than this.',
  ];
}

/** Text of a layout must not end a comment, or begin a line of its own. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\\]+/gu, ' ')
    .replaceAll('*/', '* /')
    .replaceAll('"""', "'''");
}

/** A valid name in every language, in lower case. */
export function identifierOf({ facts, layout }: Translation): string {
  const name = (facts.name ?? layout.kind)
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name : `layout_${name}`.replace(/_$/, '');
}

/** `isEscaped` as `is_escaped`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
