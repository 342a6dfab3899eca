// Which values of a fully connected network contradict each other. Ranges of single values are the parser's business.

import { InputError } from '../../../src/core/errors.ts';
import { choiceOf, numberOf, type Values } from '../../../src/core/parameter.ts';
import { NO_SCALING } from '../../../src/core/scalings.ts';

const fail = (parameter: string, what: string, hint = ''): never => {
  throw new InputError(`fully-connected: ${parameter}`, what, hint);
};

/** Throws InputError where the values describe no network. */
export function checkValues(values: Values): void {
  const depth = numberOf(values, 'depth');
  const start = choiceOf(values, 'initialisation');
  const scaling = choiceOf(values, 'scaling');
  if (start === 'balanced' || start === 'aligned') checkStructured(values, start);
  if (start === 'low-rank') checkLowRank(values);
  else checkNoDirection(values, start);
  if (start === 'gaussian' && numberOf(values, 'initRank') > 0) {
    fail(
      'initRank',
      `expected a start of low rank, balanced or aligned, got ${start}`,
      'Set initRank to 0 for Gaussian weights.',
    );
  }
  const correlation = numberOf(values, 'weightCorrelation');
  if (correlation !== 0 && (start !== 'gaussian' || depth > 1)) {
    const got = start === 'gaussian' ? `${depth} hidden layers` : `a start that is ${start}`;
    fail('weightCorrelation', `expected a Gaussian start of one hidden layer, got ${got}`, 'Set weightCorrelation to 0.');
  }
  if (scaling === NO_SCALING) return;
  const parametrisation = choiceOf(values, 'parametrisation');
  if (parametrisation !== 'standard') {
    fail(
      'scaling',
      `expected the standard parametrisation with "${scaling}", got ${parametrisation}`,
      'Other parametrisations have scales of their own.',
    );
  }
  if (depth !== 1)
    fail('scaling', `expected one hidden layer with "${scaling}", got ${depth}`, 'Free exponents work at any depth.');
}

function checkLowRank(values: Values): void {
  const depth = numberOf(values, 'depth');
  if (depth > 1) {
    fail('initialisation', `expected one hidden layer with a start of low rank, got ${depth}`, 'Set depth to 1.');
  }
  const alignment = numberOf(values, 'initAlignment');
  if (choiceOf(values, 'initDirection') === 'random' && alignment !== 1) {
    fail('initAlignment', `expected 1 with a random direction, got ${alignment}`, 'Set initDirection to "task".');
  }
  const scale = numberOf(values, 'initScaleOutput');
  if (choiceOf(values, 'initOutput') === 'balanced' && scale !== 1) {
    fail('initScaleOutput', `expected 1 with balanced output weights, got ${scale}`, 'They are as large as the input weights.');
  }
}

/** Options of a low-rank start have no meaning in others. */
function checkNoDirection(values: Values, start: string): void {
  for (const [id, usual] of [
    ['initDirection', 'random'],
    ['initAlignment', 1],
    ['initOutput', 'gaussian'],
  ] as const) {
    if ((values[id] ?? usual) !== usual) {
      fail(id, `expected ${usual} with a start that is ${start}, got ${values[id]}`, 'It belongs to initialisation "low-rank".');
    }
  }
}

function checkStructured(values: Values, start: string): void {
  const depth = numberOf(values, 'depth');
  if (numberOf(values, 'bias') > 0) {
    fail(
      'initialisation',
      `expected no bias with a start that is ${start}, got bias ${numberOf(values, 'bias')}`,
      'Set bias to 0.',
    );
  }
  if (start === 'balanced' && depth > 1) {
    fail('initialisation', `expected one hidden layer with a balanced start, got ${depth}`, 'Deeper networks can start aligned.');
  }
  for (const id of ['weightExponent', 'weightImbalanceExponent']) {
    const exponent = numberOf(values, id);
    if (exponent !== 0) {
      fail(id, `expected 0 with a start that is ${start}, got ${exponent}`, 'Its scale is productScale.');
    }
  }
  if (choiceOf(values, 'scaling') !== NO_SCALING) {
    const got = choiceOf(values, 'scaling');
    fail(
      'scaling',
      `expected none with a start that is ${start}, got ${got}`,
      'Free exponents of output scale and rates remain.',
    );
  }
}
