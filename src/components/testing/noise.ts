// Repeatable noise for the stand-in engine; not for science: see core/random.ts.

/** A number near a standard normal draw for two whole numbers. */
export function gaussian(a: number, b: number): number {
  const one = (k: number) => {
    const s = Math.sin(a * 127.1 + b * 311.7 + k * 74.7) * 43758.5453;
    return s - Math.floor(s);
  };
  return (one(1) + one(2) + one(3) - 1.5) * 2;
}
