// The page of examples: fills in versions and addresses, and gives one figure a sweep of its own.

import type { PhaseCurves, PhaseDiagram, PhaseHeatmap, PhaseViewer } from '../elements.ts';
import '../elements.ts';
import { version } from '../version.ts';
import stripe from './stripe.json?url';

/** Small enough to be trained while the text above it is read. */
const SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'stripe', samples: 64 },
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 16 },
    { parameter: 'width', values: [8, 16, 32] },
  ],
  fixed: { depth: 1, activation: 'tanh', loss: 'softHinge' },
  seeds: 2,
  training: { method: 'flow', maxTime: 10, checkpoints: 12, stop: { margins: true } },
  observables: ['kernelChange', 'testError'],
};

for (const snippet of document.querySelectorAll('pre')) {
  const cdn = `https://cdn.jsdelivr.net/npm/phase-atlas@${version}/dist`;
  snippet.textContent = (snippet.textContent ?? '').replaceAll('{cdn}', cdn).replaceAll('{version}', version);
  snippet.tabIndex = 0;
}

for (const element of document.querySelectorAll<PhaseViewer | PhaseHeatmap | PhaseCurves>('[data-stored]')) element.src = stripe;

const own = document.querySelector<PhaseDiagram>('#own-sweep');
if (own !== null) {
  own.sweep = SWEEP;
  own.addEventListener('phase-cell-select', ({ detail: { cell, values = {} } }) => {
    const places = Object.entries(values).map(([parameter, value]) => `${parameter} ${value}`);
    const heard = document.querySelector('#heard');
    if (heard !== null) heard.textContent = `Cell ${cell}: ${places.join(', ')}.`;
  });
}
