// What a session with several trainers says of its engine. Text alone; which trainer computes how is their own business.

/**
 * One label for trainers with these: their own where all agree, else the shortest with what others add to it, "WebGPU, float32,
 * in part difference form".
 */
export function commonLabel(labels: readonly string[]): string {
  const [shortest = '', ...longer] = [...new Set(labels)].sort((a, b) => a.length - b.length);
  const additions = longer.map((label) => (label.startsWith(`${shortest}, `) ? label.slice(shortest.length + 2) : label));
  return additions.length === 0 ? shortest : `${shortest}, in part ${additions.join(', ')}`;
}
