// An integrator of the tests' own: extrapolation of the modified midpoint rule (Gragg, Bulirsch and
// Stoer), order 16, adaptive step.

const COLUMNS = 8;

/** dy/dt into `slope`. */
export type Field = (y: Float64Array, slope: Float64Array) => void;

/** y at each of `times` (ascending, from time 0 on), to `tolerance` per step relative to the largest |y|. */
export function integrate(field: Field, start: Float64Array, times: readonly number[], tolerance = 1e-14): Float64Array[] {
  const size = start.length;
  const table = Array.from({ length: COLUMNS }, () => new Float64Array(size));
  const [slope, first, now, before] = Array.from({ length: 4 }, () => new Float64Array(size));

  /** Midpoint rule with `count` substeps of `step`, smoothed, into `end`. */
  function midpoint(y: Float64Array, step: number, count: number, end: Float64Array): void {
    const h = step / count;
    before.set(y);
    for (let i = 0; i < size; i++) now[i] = y[i] + h * first[i];
    for (let n = 1; n < count; n++) {
      field(now, slope);
      for (let i = 0; i < size; i++) {
        const next = before[i] + 2 * h * slope[i];
        before[i] = now[i];
        now[i] = next;
      }
    }
    field(now, slope);
    for (let i = 0; i < size; i++) end[i] = (now[i] + before[i] + h * slope[i]) / 2;
  }

  let y = start.slice();
  let time = 0;
  let step = 1e-3;
  return times.map((goal) => {
    while (time < goal) {
      const attempted = Math.min(step, goal - time);
      field(y, first);
      let error = Number.POSITIVE_INFINITY;
      let largest = 0;
      for (let k = 0; k < COLUMNS; k++) {
        midpoint(y, attempted, 2 * (k + 1), table[k]);
        // Neville's scheme in h²: table[0] becomes the value of highest order.
        for (let j = k - 1; j >= 0; j--) {
          const ratio = ((k + 1) / (j + 1)) ** 2 - 1;
          for (let i = 0; i < size; i++) table[j][i] = table[j + 1][i] + (table[j + 1][i] - table[j][i]) / ratio;
        }
        if (k < COLUMNS - 1) continue;
        error = 0;
        for (let i = 0; i < size; i++) {
          error = Math.max(error, Math.abs(table[0][i] - table[1][i]));
          largest = Math.max(largest, Math.abs(y[i]));
        }
      }
      const share = error / (tolerance * Math.max(largest, 1e-300));
      if (share <= 1) {
        y = table[0].slice();
        time = attempted === goal - time ? goal : time + attempted;
      }
      const factor = 0.9 * Math.max(share, 1e-14) ** (-1 / (2 * COLUMNS - 1));
      step = attempted < step && share <= 1 ? step : attempted * Math.min(4, Math.max(0.1, factor));
    }
    return y.slice();
  });
}
