import type { Cut, Piece, Segmentation } from '../../types.ts';

/**
 * The pieces between `cuts` in `byteLength` bytes. Cuts may come in any order and repeatedly; those outside `0 <
 * cut < byteLength` are dropped. No bytes give no piece.
 */
export function piecesOf(cuts: Iterable<Cut>, byteLength: number): readonly Piece[] {
  if (byteLength === 0) return [];
  const pieces: Piece[] = [];
  let start = 0;
  for (const cut of sortedCuts(cuts, byteLength)) {
    pieces.push({ start, end: cut });
    start = cut;
  }
  pieces.push({ start, end: byteLength });
  return pieces;
}

/** The cuts inside `byteLength` bytes, ascending, without duplicates. */
export function sortedCuts(cuts: Iterable<Cut>, byteLength: number): readonly Cut[] {
  const inside: Cut[] = [];
  for (const cut of cuts) if (cut > 0 && cut < byteLength) inside.push(cut);
  if (inside.every((cut, index) => index === 0 || cut > inside[index - 1]!)) return inside;
  return inside.toSorted((left, right) => left - right).filter((cut, index, sorted) => cut !== sorted[index - 1]);
}

/** Where the pieces of a segmentation end, but for the last: the inverse of {@link piecesOf}. */
export function cutsOf({ pieces }: Segmentation): readonly Cut[] {
  return pieces.slice(0, -1).map(({ end }) => end);
}
