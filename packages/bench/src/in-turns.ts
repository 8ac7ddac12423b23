/** Samples by cell and contender. */
export type Samples<Cell, Sample> = ReadonlyMap<Cell, ReadonlyMap<string, readonly Sample[]>>;

/** What {@link inTurns} measures. */
export interface Turns<Cell, Contender, Sample> {
  readonly cells: readonly Cell[];
  readonly rounds: number;
  /** The contenders of a cell, in this order. */
  readonly contenders: (cell: Cell) => readonly Contender[];
  readonly describe: (cell: Cell) => string;
  readonly measure: (cell: Cell, contender: Contender) => Promise<Sample>;
}

/**
 * Measures every cell once a round. Within a round the contenders of a cell take turns, so that a slow minute of the machine
 * affects all of them. Prints its progress on standard error.
 */
export async function inTurns<Cell, Contender extends { readonly name: string }, Sample>(
  turns: Turns<Cell, Contender, Sample>,
): Promise<Samples<Cell, Sample>> {
  const { cells, rounds, contenders, describe, measure } = turns;
  const samples = new Map(cells.map((cell) => [cell, new Map(contenders(cell).map(({ name }) => [name, [] as Sample[]]))]));
  for (let round = 1; round <= rounds; round++) {
    for (const [cell, byName] of samples) {
      process.stderr.write(`round ${round} of ${rounds}: ${describe(cell)}\n`);
      for (const contender of contenders(cell)) byName.get(contender.name)?.push(await measure(cell, contender));
    }
  }
  return samples;
}
