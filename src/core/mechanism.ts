// The rule that names how the output of a network with one hidden layer changed. Takes numbers; who measures or predicts them is
// elsewhere. Mechanisms of Xu and Ziyin 2024 (arXiv:2401.07085); the thresholds are ours.

/** In the order of their class numbers. */
export const MECHANISMS = ['static', 'kernel', 'alignment', 'disalignment', 'rescaling'] as const;
export type MechanismLabel = (typeof MECHANISMS)[number];

/** Smallest change of the output that counts, as a share of the larger of start and target. */
const STATIC_SHARE = 1e-3;
/** |ln| of a ratio of kernels or norms that counts as change. */
export const RATIO_CHANGE = Math.log(1.1);
/** Change of |cos| that counts. */
export const COSINE_CHANGE = 0.1;

/**
 * Class number of a mechanism. `change`, `start`, `target`: of the output φ (or anything proportional to it), target φ* at which
 * the data are fitted. `logKernel`: largest |ln Θ/Θ₀| on the way. `cosineStart`, `cosineEnd`: cos between the layers.
 */
export function mechanismClass(
  change: number,
  start: number,
  target: number,
  logKernel: number,
  cosineStart: number,
  cosineEnd: number,
): number {
  if (Math.abs(change) <= STATIC_SHARE * Math.max(Math.abs(start), Math.abs(target))) return 0;
  if (logKernel <= RATIO_CHANGE) return 1;
  const growth = Math.abs(cosineEnd) - Math.abs(cosineStart);
  if (cosineStart * cosineEnd < 0) return growth > -COSINE_CHANGE ? 2 : 3;
  if (growth >= COSINE_CHANGE) return 2;
  return growth <= -COSINE_CHANGE ? 3 : 4;
}

/**
 * Smallest Θ on a way along which φ changed its sign: Θ² − 4 η_uη_w (Σuw)² is conserved and Θ least where Σuw = 0. `kernel`:
 * η_u|w|² + η_w|u|² at any point of the way, `product`: Σuw there, `rates`: η_uη_w.
 */
export function leastKernel(kernel: number, product: number, rates: number): number {
  return Math.sqrt(Math.max(0, kernel * kernel - 4 * rates * product * product));
}
