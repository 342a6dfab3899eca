// Aligned modes of balanced deep linear networks: one scalar equation per mode, solved by quadrature. No closed form is known.
//
//   W_{l+1}ᵀW_{l+1} − W_lW_lᵀ = λ_l I is conserved, so every mode has weights a_l with a_l² = a² + c_l, a the smallest of them, and
//   τ da/dt = h(a) (s̃ − a h(a)),  h = Π_{others} a_l,  s = a h(a)

/** One mode of a deep network. */
export interface DeepMode {
  /** s̃ > 0. */
  readonly target: number;
  /** Weights a_l ≥ 0 of the layers at the start, input to output, at least two; their product below s̃. */
  readonly weights: readonly number[];
}

/** a_l at T = t/τ, input to output. */
export interface DeepCourse {
  weights(time: number): Float64Array;
  /** s(T) = Π a_l. */
  product(time: number): number;
}

/** Nodes and weights of Gauss and Kronrod's rule (7, 15) on −1 … 1: node, weight of 15, weight of 7. */
const KRONROD: readonly (readonly [number, number, number])[] = [
  [0, 0.20948214108472782, 0.4179591836734694],
  [0.20778495500789848, 0.20443294007529889, 0],
  [0.4058451513773972, 0.19035057806478542, 0.3818300505051189],
  [0.5860872354676911, 0.1690047266392679, 0],
  [0.7415311855993945, 0.14065325971552592, 0.27970539148927664],
  [0.8648644233597691, 0.10479001032225019, 0],
  [0.9491079123427585, 0.06309209262997856, 0.1294849661688697],
  [0.9914553711208126, 0.022935322010529224, 0],
];
/** Deeper than this a part is what rounding left of it. */
const MOST_HALVINGS = 12;
/** Gauss and Legendre's rule of five points on 0 … 1: node and weight. */
const LEGENDRE: readonly (readonly [number, number])[] = [
  [0.5, 0.28444444444444444],
  [0.23076534494715845, 0.23931433524968324],
  [0.7692346550528415, 0.23931433524968324],
  [0.04691007703066802, 0.11846344252809454],
  [0.953089922969332, 0.11846344252809454],
];
/** Share of the goal below which what is missing is integrated, not subtracted. */
const NEAR = 0.02;

/** ∫ f from `from` to `to`, every part to `tolerance` relative to itself. */
function integrate(f: (x: number) => number, from: number, to: number, tolerance = 1e-13, depth = 0): number {
  const middle = (from + to) / 2;
  const half = (to - from) / 2;
  let fine = 0;
  let coarse = 0;
  for (const [node, weight, other] of KRONROD) {
    const sum = node === 0 ? f(middle) : f(middle - half * node) + f(middle + half * node);
    fine += weight * sum;
    coarse += other * sum;
  }
  // The difference overestimates the error of the finer rule by far: its square, in units of the integral, is nearer.
  const error = Math.abs(fine - coarse) / Math.abs(fine);
  if (half === 0 || !(error ** 1.5 > tolerance) || depth === MOST_HALVINGS) return fine * half;
  return integrate(f, from, middle, tolerance, depth + 1) + integrate(f, middle, to, tolerance, depth + 1);
}

/** Solves a mode. The layer with the smallest weight carries the equation. */
export function solveDeepMode({ target, weights }: DeepMode): DeepCourse {
  const smallest = weights.indexOf(Math.min(...weights));
  const start = weights[smallest];
  // Squares of the others above the smallest: a² − a_min² without cancellation.
  const offsets = weights.map((weight, l) => (l === smallest ? 0 : (weight - start) * (weight + start)));
  const others = (a: number) =>
    offsets.reduce((product, offset, l) => (l === smallest ? product : product * Math.sqrt(a * a + offset)), 1);
  const excess = (a: number) => target - a * others(a);
  // The weight at which the product is s̃, by bisection on an increasing function.
  let [low, high] = [start, Math.max(start, target, 1)];
  while (excess(high) > 0) high *= 2;
  for (let n = 0; n < 200 && high - low > Number.EPSILON * high; n++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  const goal = (low + high) / 2;
  /** ds/da = Σ_l Π_{k≠l} a_k · da_l/da. */
  const slope = (a: number) => {
    const h = others(a);
    return offsets.reduce((sum, offset, l) => sum + (l === smallest ? h : (h * a * a) / (a * a + offset)), 0);
  };
  // a = goal − (goal − start) e^{−z}; dT/dz stays bounded where a comes near its goal.
  const at = (z: number) => goal - (goal - start) * Math.exp(-z);
  const pace = (z: number) => {
    const rest = (goal - start) * Math.exp(-z);
    const a = goal - rest;
    let mean = 0;
    if (rest < NEAR * goal) for (const [node, weight] of LEGENDRE) mean += weight * slope(a + node * rest);
    else mean = excess(a) / rest;
    return 1 / (mean * others(a));
  };
  /** z beyond which a is its goal in float64. */
  const furthest = 40;

  /** a(T): Newton's method on T(z), which has the slope `pace`, from the left. */
  function weightAt(time: number): number {
    if (start === goal || others(start) === 0 || time === 0) return start;
    let [from, spent, z] = [0, 0, 0];
    let bound = Number.POSITIVE_INFINITY;
    let least = 0;
    for (let n = 0; n < 200; n++) {
      if (z > furthest) return goal;
      spent += integrate(pace, from, z);
      from = z;
      const missing = time - spent;
      if (Math.abs(missing) <= 1e-13 * time) break;
      if (missing > 0) least = z;
      else bound = z;
      const guess = z + missing / pace(z);
      const limited = Math.min(guess, z + 1);
      z = limited > least && limited < bound ? limited : (least + Math.min(bound, least + 1)) / 2;
    }
    return at(z);
  }
  const weightsAt = (time: number) => {
    const a = weightAt(time);
    return Float64Array.from(offsets, (offset, l) => (l === smallest ? a : Math.sqrt(a * a + offset)));
  };
  return { weights: weightsAt, product: (time) => weightsAt(time).reduce((product, weight) => product * weight, 1) };
}

/**
 * Layers whose weight nearly vanishes at the start: exactly one gives lazy, exponential learning at the rate of the product
 * of the others' squares; two or more give a saddle and sigmoidal, rich learning. `small` is the share of the largest
 * weight that counts as none.
 */
export function vanishingLayers(weights: readonly number[], small = 0.1): number {
  const largest = Math.max(...weights);
  return weights.filter((weight) => weight <= small * largest).length;
}
