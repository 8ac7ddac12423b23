import { resolveParameters } from './base/parameters.ts';
import type { Text } from '../text.ts';
import type { Parameters, ParameterSpecs } from './base/parameters.ts';
import type { Lab } from './lab.ts';

/** The answer to an experiment's question. */
export type Answer = 'yes' | 'no';

/** One line of an experiment's result, as tables show it. */
export interface Row {
  readonly label: Text;
  readonly value: Text;
}

/** Something to bring about by choosing parameters; the run is judged. */
export interface Challenge<Facts> {
  readonly text: Text;
  isMet(facts: Facts): boolean;
}

/** How an experiment is written down: one file each, its name is the id. See {@link defineExperiment}. */
export interface ExperimentDefinition<Specs extends ParameterSpecs, Facts> {
  /** The name of its file, and of the experiment everywhere. */
  readonly id: string;
  /** Its place in the order of the lessons. */
  readonly lesson: number;
  readonly title: Text;
  /** One sentence, to be answered with yes or no. */
  readonly question: Text;
  /** Why the answer is what it is, in two sentences. */
  readonly why: Text;
  readonly params: Specs;
  /** Measures and never judges. Facts are plain JSON. */
  run(lab: Lab, params: Parameters<Specs>): Promise<Facts>;
  /** Judges and never measures. */
  verdict(facts: Facts): Answer;
  /** What the verdict will be when the claim of the lesson is true. */
  expected(params: Parameters<Specs>): Answer;
  /** What to try after it, if there is something. */
  readonly challenges?: readonly Challenge<Facts>[];
  /** What the sockets did, for people. */
  rows(facts: Facts): readonly Row[];
}

/** An experiment as the runner, the command line and the page see it. */
export type Experiment<Facts = unknown> = ExperimentDefinition<ParameterSpecs, Facts>;

/** What is told of an experiment before it runs. Plain JSON. */
export type ExperimentSummary = Pick<Experiment, 'id' | 'lesson' | 'title' | 'question' | 'why' | 'params'> & {
  /** The answer with the usual parameters, which `why` is about. */
  readonly usual: Answer;
  readonly challenges: readonly Text[];
};

/** What there is to know of an experiment before it runs. */
export function describeExperiment(experiment: Experiment): ExperimentSummary {
  const { id, lesson, title, question, why, params, challenges = [] } = experiment;
  const usual = experiment.expected(resolveParameters(experiment, {}));
  return { id, lesson, title, question, why, params, usual, challenges: challenges.map(({ text }) => text) };
}

/**
 * Writes an experiment down.
 *
 * ```ts
 * const experiment: Experiment<Facts> = defineExperiment({
 *   id: 'two-sends-merge',                                  // = file name
 *   question: { en: 'Do two sends arrive as one read?', zh: '两次发送会合成一次读取吗？' }, // a yes/no question
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
