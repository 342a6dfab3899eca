// Turns the benchmark's rows into text. Measures nothing.

const number = (value, digits = 3) => (value === null || !Number.isFinite(value) ? '–' : value.toPrecision(digits));
const percent = (value) => (Number.isFinite(value) ? `${Math.round(100 * value)} %` : '–');

/** Columns padded to their widest cell; the first two left-aligned. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The shape as kernels name it: B, P, d, h. */
export const shapeOf = ({ networks, samples, inputDim, width }) => [networks, samples, inputDim, width].join(',');

/** The activation, with the output scale where it is not 1. */
export const activationOf = ({ activation, outputScale = 1 }) =>
  outputScale === 1 ? activation : `${activation}, α̃ ${outputScale}`;

/** Times, rates, ratios to each peer and shares of both peaks, as one table per depth. */
export function formatReport({ adapter, browser, peaks, rows }) {
  const lines = [`adapter: ${adapter}`, `browser: ${browser}`];
  for (const { name, rate } of peaks) lines.push(`peak, ${name}: ${number(rate)} GFLOP/s`);
  const names = rows[0]?.timings.map(({ contender }) => contender) ?? [];
  const own = 'phase-atlas';
  const peers = names.includes(own) ? names.filter((name) => name !== own) : [];
  const titles = [
    'B,P,d,h',
    'activation',
    ...names,
    ...peers.map((name) => `× ${name}`),
    ...peaks.map(({ name }) => `of ${name}`),
  ];
  for (const depth of [...new Set(rows.map(({ problem }) => problem.depth))]) {
    const body = rows
      .filter(({ problem }) => problem.depth === depth)
      .map(({ problem, timings }) => {
        const rateOf = (name) => timings.find(({ contender }) => contender === name)?.rate ?? null;
        const mine = rateOf(own);
        const ratio = (name) => (mine === null || rateOf(name) === null ? Number.NaN : mine / rateOf(name));
        return [
          shapeOf(problem),
          activationOf(problem),
          ...names.map((name) => number(rateOf(name))),
          ...peers.map((name) => number(ratio(name), 2)),
          ...peaks.map(({ rate }) => percent((mine ?? Number.NaN) / rate)),
        ];
      });
    lines.push('', `depth ${depth}: median useful GFLOP/s; × is phase-atlas over the peer`, table([titles, ...body]));
  }
  const failures = rows.flatMap(({ problem, timings }) =>
    timings
      .filter(({ failure }) => failure !== null)
      .map(
        ({ contender, failure }) =>
          `${contender} at depth ${problem.depth}, ${shapeOf(problem)}, ${activationOf(problem)}: ${failure}`,
      ),
  );
  if (failures.length > 0) lines.push('', 'Did not run:', ...failures);
  return lines.join('\n');
}
