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

/** A goal to reach by choosing parameters; each run is checked against it. */
export interface Challenge<Facts> {
  readonly text: Text;
  isMet(facts: Facts): boolean;
}

/** Definition of an experiment: one file each, named after its id. See {@link defineExperiment}. */
export interface ExperimentDefinition<Specs extends ParameterSpecs, Facts> {
  /** Id, and name of the file. */
  readonly id: string;
  /** Number of the lesson. */
  readonly lesson: number;
  readonly title: Text;
  /** A question in one sentence, answered by yes or no. */
  readonly question: Text;
  /** Why the answer is what it is with the usual parameters, in two sentences. */
  readonly why: Text;
  /** Why it is the other one, in two sentences; needed where parameters can bring it about. */
  readonly whyOtherwise?: Text;
  readonly params: Specs;
  /** Measures without judging. Facts are plain JSON. */
  run(lab: Lab, params: Parameters<Specs>): Promise<Facts>;
  /** Judges without measuring. */
  verdict(facts: Facts): Answer;
  /** The verdict if the claim of the lesson is true. */
  expected(params: Parameters<Specs>): Answer;
  /** What to try next. */
  readonly challenges?: readonly Challenge<Facts>[];
  /** The facts as lines of a table. */
  rows(facts: Facts): readonly Row[];
}

/** An experiment as the runner, the command line and the page see it. */
export type Experiment<Facts = unknown> = ExperimentDefinition<ParameterSpecs, Facts>;

/** Description of an experiment before it runs. Plain JSON. */
export type ExperimentSummary = Pick<Experiment, 'id' | 'lesson' | 'title' | 'question' | 'why' | 'params'> & {
  /** The answer with the default parameters, which `why` explains. */
  readonly usual: Answer;
  readonly challenges: readonly Text[];
};

/** Description of the experiment before it runs. */
export function describeExperiment(experiment: Experiment): ExperimentSummary {
  const { id, lesson, title, question, why, params, challenges = [] } = experiment;
  const usual = usualAnswer(experiment);
  return { id, lesson, title, question, why, params, usual, challenges: challenges.map(({ text }) => text) };
}

/** The reason for an answer: the usual one, or the other. */
export function reasonFor(experiment: Experiment, answer: Answer): Text {
  return answer === usualAnswer(experiment) ? experiment.why : (experiment.whyOtherwise ?? experiment.why);
}

function usualAnswer(experiment: Experiment): Answer {
  return experiment.expected(resolveParameters(experiment, {}));
}

/**
 * Defines an experiment.
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
  // The runner passes a value for each of `params`, as `Specs` requires.
  return definition;
}
