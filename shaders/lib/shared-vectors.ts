// Loads that all lanes of a workgroup want alike, shared among them where there are subgroups. A piece of WGSL, no kernel.

import { u32 } from '../wgsl.ts';
import { each } from './training/head.ts';

/**
 * Declares `name0 … name<count−1>`, the vec4s `at(index)` that all lanes want alike. With subgroups of `size` lanes (0:
 * none) each lane loads its share and the rest comes from its neighbours: a load costs more than a shuffle.
 * Needs uniform control flow and `sid`.
 */
export function sharedVectors(name: string, count: number, size: number, at: (index: string) => string): string {
  if (size < 2 || count < 2) return each(count, (v) => `let ${name}${v} = ${at(u32(v))};`);
  const loads = Math.ceil(count / size);
  // A quad is what lanes exchange cheapest.
  const broadcast = size === 4 ? 'quadBroadcast' : 'subgroupBroadcast';
  return `
        ${each(loads, (m) => `let own_${name}${m} = ${at(`min(${u32(m * size)} + sid, ${u32(count - 1)})`)};`)}
        ${each(count, (v) => `let ${name}${v} = ${broadcast}(own_${name}${Math.floor(v / size)}, ${u32(v % size)});`)}`;
}
