import type { Lab } from './lab.ts';
import type { Parameters, ParameterSpecs } from './parameters.ts';

/** The answer to an experiment's question. */
export type Answer = 'yes' | 'no';

/** One line of an experiment's result, as tables show it. */
export interface Row {
  readonly label: string;
  readonly value: string;
}

/** How an experiment is written down: one file each, its name is the id. See {@link defineExperiment}. */
export interface ExperimentDefinition<Specs extends ParameterSpecs, Facts> {
  /** The name of its file, and of the experiment everywhere. */
  readonly id: string;
  /** Its place in the order of the lessons. */
  readonly lesson: number;
  readonly title: string;
  /** One sentence, to be answered with yes or no. */
  readonly question: string;
  readonly params: Specs;
  /** Measures and never judges. Facts are plain JSON. */
  run(lab: Lab, params: Parameters<Specs>): Promise<Facts>;
  /** Judges and never measures. */
  verdict(facts: Facts): Answer;
  /** What the verdict will be when the claim of the lesson is true. */
  expected(params: Parameters<Specs>): Answer;
  /** What the sockets did, for people. */
  rows(facts: Facts): readonly Row[];
}

/** An experiment as the runner, the command line and the page see it. */
export type Experiment<Facts = unknown> = ExperimentDefinition<ParameterSpecs, Facts>;

/**
 * Writes an experiment down.
 *
 * ```ts
 * const experiment: Experiment<Facts> = defineExperiment({
 *   id: 'two-sends-merge',                                  // = file name
 *   question: 'Do two sends arrive as one read?',           // a yes/no question
 *   async run(lab, { readBytes }) { ... return { reads }; }, // measures, never judges
 *   verdict: ({ reads }) => (reads.length < 2 ? 'yes' : 'no'), // judges, never measures
 *   ...
 * });
 * export default experiment;
 * ```
 */
export function defineExperiment<const Specs extends ParameterSpecs, Facts>(
  definition: ExperimentDefinition<Specs, Facts>,
): Experiment<Facts> {
  // The runner passes a value for each of `params`, which is all that `Specs` promises.
  return definition;
}
