/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly pieces: number;
}
